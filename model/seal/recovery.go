package seal

import (
	"errors"
	"fmt"

	"anxin/model"
)

// recoverySlot is the data key as the bureau's recovery key opens it.
type recoverySlot struct {
	Public []byte `json:"public"` // X25519
	Sealed []byte `json:"sealed"` // HPKE (RFC 9180), encapsulated key in front
}

const recoveryInfo = "anxin recovery 1"

// AddRecovery lets the holder of the private half of an X25519 key open the
// data when every passphrase is lost.
func (k *Keys) AddRecovery(public []byte) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.dataKey == nil {
		return model.ErrLocked
	}
	sealed, err := SealTo(public, recoveryInfo, k.dataKey)
	if err != nil {
		return fmt.Errorf("登记恢复公钥: %w", err)
	}
	f := k.file
	f.Recovery = append(f.Recovery[:len(f.Recovery):len(f.Recovery)], recoverySlot{Public: public, Sealed: sealed})
	if err := f.write(k.dir); err != nil {
		return err
	}
	k.file = f
	return nil
}

// Recoveries are the public keys that a holder of the private half can open
// the data with.
func (k *Keys) Recoveries() [][]byte {
	k.mu.RLock()
	defer k.mu.RUnlock()
	var out [][]byte
	for _, s := range k.file.Recovery {
		out = append(out, s.Public)
	}
	return out
}

// Recover opens the key file with the bureau's private recovery key; p are the
// costs of the slots added afterwards. The error wraps model.ErrPassphrase
// when the key is not one the file was sealed to.
func Recover(dir string, private []byte, p Params) (*Keys, error) {
	f, err := readKeyFile(dir)
	if err != nil {
		return nil, err
	}
	for _, s := range f.Recovery {
		dataKey, err := OpenWith(private, recoveryInfo, s.Sealed)
		if err == nil {
			return newKeys(dir, dataKey, f, p)
		}
		if !errors.Is(err, ErrDamaged) {
			return nil, err
		}
	}
	return nil, fmt.Errorf("恢复密钥打不开这份数据: %w", model.ErrPassphrase)
}
