package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/google/uuid"

	"anxin/model"
)

const keySize = 32

// Keys is an unlocked key file: the data key and what is derived from it. It
// is safe for concurrent use. After Forget every method returns
// model.ErrLocked.
type Keys struct {
	dir    string
	params Params

	mu      sync.RWMutex
	file    keyFile
	dataKey []byte // nil once forgotten
	search  []byte
	makers  *wordMakers // by search
	boxes   map[string]cipher.AEAD
}

// What the data key is split into; each room has a key of its own.
const (
	roomBody    = "body"
	roomSetting = "setting"
	roomBlob    = "blob"
	roomDevice  = "device"
	roomSearch  = "search"
)

// Identity is a device's id and the seed of its signing key (32 bytes). The
// zero value asks for new ones; a sample that must come out the same each time
// gives its own.
type Identity struct {
	ID   model.ID
	Seed []byte
}

// complete fills what is not given.
func (i Identity) complete() (Identity, error) {
	if i.ID == "" {
		id, err := uuid.NewV7()
		if err != nil {
			return i, fmt.Errorf("生成设备编号: %w", err)
		}
		i.ID = model.ID(id.String())
	}
	if i.Seed == nil {
		i.Seed = randomBytes(ed25519.SeedSize)
	}
	if len(i.Seed) != ed25519.SeedSize {
		return i, fmt.Errorf("签名密钥的种子应为 %d 字节", ed25519.SeedSize)
	}
	return i, nil
}

// CreateKeys makes the key file of a new data folder: a data key, the first
// officer's passphrase slot and a device key in epoch 1. It refuses to replace
// a key file, because what it opens would be lost.
func CreateKeys(dir, passphrase string, officer model.ID, p Params) (*Keys, error) {
	return CreateKeysAs(Identity{}, dir, passphrase, officer, p)
}

// CreateKeysAs is CreateKeys for a given identity.
func CreateKeysAs(as Identity, dir, passphrase string, officer model.ID, p Params) (*Keys, error) {
	path := filepath.Join(dir, KeyFile)
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("“%s”已经存在，不能覆盖；请用原来的口令打开: %w", path, fs.ErrExist)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("建立数据文件夹“%s”: %w", dir, err)
	}
	as, err := as.complete()
	if err != nil {
		return nil, err
	}
	k, err := newKeys(dir, randomBytes(keySize), keyFile{Format: keyFormat}, p)
	if err != nil {
		return nil, err
	}
	slot, err := newSlot(officer, passphrase, k.dataKey, p)
	if err != nil {
		return nil, err
	}
	public := ed25519.NewKeyFromSeed(as.Seed).Public().(ed25519.PublicKey)
	k.file.Slots = []keySlot{slot}
	k.file.Device = deviceEntry{ID: as.ID, Epoch: 1, Public: public}
	k.file.Device.Seed = k.boxes[roomDevice].Seal(nil, nil, as.Seed, []byte(k.file.Device.ID))
	return k, k.file.write(dir)
}

// Unlock opens the key file with a passphrase and says whose it is. The error
// wraps model.ErrPassphrase when no slot opens, fs.ErrNotExist when the folder
// has no key file yet.
func Unlock(dir, passphrase string) (*Keys, model.ID, error) {
	f, err := readKeyFile(dir)
	if err != nil {
		return nil, "", err
	}
	for _, s := range f.Slots {
		if dataKey := s.open(passphrase); dataKey != nil {
			k, err := newKeys(dir, dataKey, f, s.Params)
			return k, s.Officer, err
		}
	}
	return nil, "", model.ErrPassphrase
}

func newKeys(dir string, dataKey []byte, f keyFile, p Params) (*Keys, error) {
	k := &Keys{dir: dir, params: p, file: f, dataKey: dataKey, makers: &wordMakers{}, boxes: map[string]cipher.AEAD{}}
	for _, room := range []string{roomBody, roomSetting, roomBlob, roomDevice} {
		key, err := subkey(dataKey, room)
		if err != nil {
			return nil, err
		}
		k.boxes[room] = newBox(key)
		clear(key)
	}
	var err error
	k.search, err = subkey(dataKey, roomSearch)
	return k, err
}

func subkey(dataKey []byte, room string) ([]byte, error) {
	key, err := hkdf.Key(sha256.New, dataKey, nil, "anxin "+room, keySize)
	if err != nil {
		return nil, fmt.Errorf("派生密钥: %w", err)
	}
	return key, nil
}

// newBox is AES-256-GCM that draws its nonce at random and puts it in front.
func newBox(key []byte) cipher.AEAD {
	return must(cipher.NewGCMWithRandomNonce(must(aes.NewCipher(key))))
}

// Forget takes the keys out of memory.
func (k *Keys) Forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	clear(k.dataKey)
	clear(k.search)
	k.dataKey, k.search, k.makers, k.boxes = nil, nil, nil, nil
}

// Device is the laptop's signing identity as the key file holds it.
func (k *Keys) Device() (Device, error) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	d := k.file.Device
	seed, err := k.open(roomDevice, d.Seed, string(d.ID))
	if err != nil {
		return Device{}, err
	}
	if len(seed) != ed25519.SeedSize {
		return Device{}, fmt.Errorf("密钥文件“%s”里的设备密钥已经损坏", filepath.Join(k.dir, KeyFile))
	}
	return Device{ID: d.ID, Epoch: d.Epoch, Key: ed25519.NewKeyFromSeed(seed)}, nil
}

// AddSlot lets another officer open the data with a passphrase of their own.
func (k *Keys) AddSlot(officer model.ID, passphrase string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.dataKey == nil {
		return model.ErrLocked
	}
	if k.slotOf(officer) >= 0 {
		return errors.New("这名执法人员已经有口令，请用“修改口令”")
	}
	slot, err := newSlot(officer, passphrase, k.dataKey, k.params)
	if err != nil {
		return err
	}
	return k.replaceSlots(append(k.file.Slots[:len(k.file.Slots):len(k.file.Slots)], slot))
}

// ChangePassphrase replaces an officer's passphrase; the error wraps
// model.ErrPassphrase when the old one is not theirs.
func (k *Keys) ChangePassphrase(officer model.ID, old, fresh string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.dataKey == nil {
		return model.ErrLocked
	}
	at := k.slotOf(officer)
	if at < 0 || k.file.Slots[at].open(old) == nil {
		return model.ErrPassphrase
	}
	slot, err := newSlot(officer, fresh, k.dataKey, k.params)
	if err != nil {
		return err
	}
	slots := append([]keySlot{}, k.file.Slots...)
	slots[at] = slot
	return k.replaceSlots(slots)
}

func (k *Keys) slotOf(officer model.ID) int {
	for i, s := range k.file.Slots {
		if s.Officer == officer {
			return i
		}
	}
	return -1
}

// replaceSlots keeps the old slots in memory when the file cannot be written.
func (k *Keys) replaceSlots(slots []keySlot) error {
	f := k.file
	f.Slots = slots
	if err := f.write(k.dir); err != nil {
		return err
	}
	k.file = f
	return nil
}

// ErrDamaged: sealed bytes do not open: they were changed, cut, put in
// another's place, or sealed under other keys.
var ErrDamaged = errors.New("密封的数据打不开，可能已经损坏或被改动")

// open must be called with the lock held.
func (k *Keys) open(room string, sealed []byte, bound string) ([]byte, error) {
	if k.boxes == nil {
		return nil, model.ErrLocked
	}
	plain, err := k.boxes[room].Open(nil, nil, sealed, []byte(bound))
	if err != nil {
		return nil, ErrDamaged
	}
	return plain, nil
}

func (k *Keys) openIn(room string, sealed []byte, bound string) ([]byte, error) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.open(room, sealed, bound)
}

func (k *Keys) sealIn(room string, plain []byte, bound string) ([]byte, error) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	if k.boxes == nil {
		return nil, model.ErrLocked
	}
	return k.boxes[room].Seal(nil, nil, plain, []byte(bound)), nil
}

// SealBody seals the body of one revision; it opens only under the same record
// and revision, so a body cannot be moved to another's place.
func (k *Keys) SealBody(record model.ID, rev model.Rev, plain []byte) ([]byte, error) {
	return k.sealIn(roomBody, plain, string(record)+"\x00"+string(rev))
}

// OpenBody undoes SealBody; the error is ErrDamaged or model.ErrLocked.
func (k *Keys) OpenBody(record model.ID, rev model.Rev, sealed []byte) ([]byte, error) {
	return k.openIn(roomBody, sealed, string(record)+"\x00"+string(rev))
}

// Seal seals a small named value, such as a setting.
func (k *Keys) Seal(name string, plain []byte) ([]byte, error) {
	return k.sealIn(roomSetting, plain, name)
}

// Open undoes Seal under the same name.
func (k *Keys) Open(name string, sealed []byte) ([]byte, error) {
	return k.openIn(roomSetting, sealed, name)
}

// SealFileKey seals the key that one file of evidence is encrypted with, bound
// to the header of that file.
func (k *Keys) SealFileKey(header, key []byte) ([]byte, error) {
	return k.sealIn(roomBlob, key, string(header))
}

// OpenFileKey undoes SealFileKey.
func (k *Keys) OpenFileKey(header, sealed []byte) ([]byte, error) {
	return k.openIn(roomBlob, sealed, string(header))
}
