package seal

import (
	"crypto/ecdh"
	"crypto/hpke"
	"errors"
	"fmt"
)

// WrappedKeySize is the length of a stream key sealed to one recipient: the
// encapsulated key (32 bytes), the key and its tag.
const WrappedKeySize = 32 + StreamKeySize + tagSize

// ErrRecipient: a public key that nothing can be sealed to.
var ErrRecipient = errors.New("接收方的公钥无效，请向接收方核对")

// SealTo seals a short secret to the holder of an X25519 public key (32 bytes)
// by HPKE (RFC 9180). Purpose is a constant of the caller: what is sealed for
// one purpose does not open for another. The error wraps ErrRecipient.
func SealTo(public []byte, purpose string, secret []byte) ([]byte, error) {
	key, err := hpke.DHKEM(ecdh.X25519()).NewPublicKey(public)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRecipient, err)
	}
	sealed, err := hpke.Seal(key, hpke.HKDFSHA256(), hpke.AES256GCM(), []byte(purpose), secret)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRecipient, err)
	}
	return sealed, nil
}

// OpenWith undoes SealTo with the private X25519 key (32 bytes); the error
// wraps ErrDamaged when the secret was sealed to another's key or for another
// purpose.
func OpenWith(private []byte, purpose string, sealed []byte) ([]byte, error) {
	key, err := hpke.DHKEM(ecdh.X25519()).NewPrivateKey(private)
	if err != nil {
		return nil, fmt.Errorf("私钥无效，请核对密钥文件: %w", err)
	}
	secret, err := hpke.Open(key, hpke.HKDFSHA256(), hpke.AES256GCM(), []byte(purpose), sealed)
	if err != nil {
		return nil, ErrDamaged
	}
	return secret, nil
}
