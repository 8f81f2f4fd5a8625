package wire

import (
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/sha256"
)

const domainBox = "anxin box 1"

// Box is the X25519 key that files carried on a USB stick are sealed to. It is
// derived from the holder's signing key, so that it need not be kept beside it.
func Box(key ed25519.PrivateKey) *ecdh.PrivateKey {
	seed, err := hkdf.Key(sha256.New, key.Seed(), nil, domainBox, 32)
	if err != nil {
		panic("bug: box key: " + err.Error())
	}
	box, err := ecdh.X25519().NewPrivateKey(seed)
	if err != nil {
		panic("bug: box key: " + err.Error()) // any 32 bytes are a key
	}
	return box
}
