package seal

import (
	"crypto/ecdh"
	"crypto/hpke"
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
	key, err := hpke.DHKEM(ecdh.X25519()).NewPublicKey(public)
	if err != nil {
		return fmt.Errorf("恢复公钥无效，请向局里核对: %w", err)
	}
	sealed, err := hpke.Seal(key, hpke.HKDFSHA256(), hpke.AES256GCM(), []byte(recoveryInfo), k.dataKey)
	if err != nil {
		return fmt.Errorf("用恢复公钥密封: %w", err)
	}
	f := k.file
	f.Recovery = append(f.Recovery[:len(f.Recovery):len(f.Recovery)], recoverySlot{Public: public, Sealed: sealed})
	if err := f.write(k.dir); err != nil {
		return err
	}
	k.file = f
	return nil
}

// Recover opens the key file with the bureau's private recovery key; p are the
// costs of the slots added afterwards. The error wraps model.ErrPassphrase
// when the key is not one the file was sealed to.
func Recover(dir string, private []byte, p Params) (*Keys, error) {
	f, err := readKeyFile(dir)
	if err != nil {
		return nil, err
	}
	key, err := hpke.DHKEM(ecdh.X25519()).NewPrivateKey(private)
	if err != nil {
		return nil, fmt.Errorf("恢复密钥无效，请核对: %w", err)
	}
	for _, s := range f.Recovery {
		dataKey, err := hpke.Open(key, hpke.HKDFSHA256(), hpke.AES256GCM(), []byte(recoveryInfo), s.Sealed)
		if err == nil {
			return newKeys(dir, dataKey, f, p)
		}
	}
	return nil, fmt.Errorf("恢复密钥打不开这份数据: %w", model.ErrPassphrase)
}
