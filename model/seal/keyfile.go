package seal

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"anxin/model"
)

// KeyFile is the name of the key file in the data folder. It holds nothing
// about a person but officers' record ids, and nothing that opens without a
// passphrase or the bureau's recovery key.
const KeyFile = "keys.json"

const keyFormat = 1

// Params are the costs of turning a passphrase into a key by Argon2id.
type Params struct {
	Passes    uint32 `json:"passes"`
	MemoryKiB uint32 `json:"memory_kib"`
	Threads   uint8  `json:"threads"`
}

// DefaultParams are above the OWASP floor (19 MiB, 2 passes): about a third of
// a second on an office laptop.
func DefaultParams() Params { return Params{Passes: 3, MemoryKiB: 64 << 10, Threads: 1} }

// valid keeps a damaged file from asking for all memory of the machine.
func (p Params) valid() bool {
	return p.Passes >= 1 && p.Passes <= 64 && p.MemoryKiB >= 8 && p.MemoryKiB <= 2<<20 && p.Threads >= 1 && p.Threads <= 16
}

type keyFile struct {
	Format   int            `json:"format"`
	Slots    []keySlot      `json:"slots"`
	Recovery []recoverySlot `json:"recovery,omitempty"`
	Trusted  []trustedSlot  `json:"trusted,omitempty"`
	Device   deviceEntry    `json:"device"`
}

// keySlot is the data key as one officer's passphrase opens it.
type keySlot struct {
	Officer model.ID `json:"officer"`
	Salt    []byte   `json:"salt"`
	Params
	Sealed []byte `json:"sealed"`
}

type deviceEntry struct {
	ID     model.ID `json:"id"`
	Epoch  int      `json:"epoch"`
	Public []byte   `json:"public"`
	Seed   []byte   `json:"seed"` // sealed under the data key
}

func newSlot(officer model.ID, passphrase string, dataKey []byte, p Params) (keySlot, error) {
	if passphrase == "" {
		return keySlot{}, errors.New("口令不能为空，请输入口令")
	}
	if !p.valid() {
		return keySlot{}, fmt.Errorf("口令的强度参数无效: %+v", p)
	}
	s := keySlot{Officer: officer, Params: p, Salt: randomBytes(16)}
	s.Sealed = newBox(s.wrapping(passphrase)).Seal(nil, nil, dataKey, s.bound())
	return s, nil
}

// wrapping derives the slot's key from a passphrase. The same characters give
// the same key whichever way an input method composed them.
func (s keySlot) wrapping(passphrase string) []byte {
	return argon2.IDKey([]byte(norm.NFKC.String(passphrase)), s.Salt, s.Passes, s.MemoryKiB, s.Threads, keySize)
}

func (s keySlot) bound() []byte { return []byte("slot\x00" + string(s.Officer)) }

// open returns the data key, or nil when the passphrase is another's.
func (s keySlot) open(passphrase string) []byte {
	key, err := newBox(s.wrapping(passphrase)).Open(nil, nil, s.Sealed, s.bound())
	if err != nil {
		return nil
	}
	return key
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails: the runtime ends the program instead
	return b
}

func readKeyFile(dir string) (keyFile, error) {
	path := filepath.Join(dir, KeyFile)
	var f keyFile
	text, err := os.ReadFile(path)
	if err != nil {
		return f, fmt.Errorf("读取密钥文件“%s”: %w", path, err)
	}
	if err := json.Unmarshal(text, &f); err != nil {
		return f, fmt.Errorf("密钥文件“%s”已经损坏，请从备份中恢复这个文件: %w", path, err)
	}
	if f.Format > keyFormat {
		return f, fmt.Errorf("密钥文件“%s”由更新的程序写入，请升级本程序", path)
	}
	for _, s := range f.Slots {
		if !s.valid() {
			return f, fmt.Errorf("密钥文件“%s”已经损坏，请从备份中恢复这个文件", path)
		}
	}
	return f, nil
}

func (f keyFile) write(dir string) error {
	text, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return fmt.Errorf("写出密钥文件: %w", err)
	}
	return WriteFile(filepath.Join(dir, KeyFile), text)
}
