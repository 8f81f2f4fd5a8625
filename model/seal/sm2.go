package seal

import (
	"crypto/ecdsa"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"

	"github.com/emmansun/gmsm/sm2"

	"anxin/model"
)

const (
	sm2PublicSize = 65 // 04, x, y
	sm2Half       = 32
)

// SM2 is the device's second signing key, for offices whose papers must be
// signed by SM2 over SM3 (GB/T 32918, GB/T 32905). It follows from the device's
// seed, so that the key file and its backups need not know of it.
func (d Device) SM2() (*sm2.PrivateKey, error) {
	for try := range byte(8) { // one try fails once in 2^32
		raw, err := hkdf.Key(sha256.New, d.Key.Seed(), []byte{try}, "anxin sm2 1", sm2Half)
		if err != nil {
			return nil, fmt.Errorf("派生 SM2 密钥: %w", err)
		}
		if key, err := sm2.NewPrivateKey(raw); err == nil {
			return key, nil
		}
	}
	return nil, errors.New("派生不出 SM2 密钥")
}

// SM2Public is what checks the device's SM2 signatures: 65 bytes, not
// compressed.
func (d Device) SM2Public() ([]byte, error) {
	key, err := d.SM2()
	if err != nil {
		return nil, err
	}
	return sm2Bytes(&key.PublicKey), nil
}

func sm2Bytes(k *ecdsa.PublicKey) []byte {
	out := make([]byte, sm2PublicSize)
	out[0] = 4
	k.X.FillBytes(out[1 : 1+sm2Half])
	k.Y.FillBytes(out[1+sm2Half:])
	return out
}

// PublicKeys are the keys papers of this device may be signed with: Ed25519
// and SM2, both named by their own id.
func (d Device) PublicKeys(name string) ([]model.PublicKey, error) {
	second, err := d.SM2Public()
	if err != nil {
		return nil, err
	}
	return []model.PublicKey{
		{ID: d.KeyID(), Key: d.Public(), Device: d.ID, Name: name},
		{ID: KeyID(second), Alg: model.AlgSM2, Key: second, Device: d.ID, Name: name},
	}, nil
}

// sm2Pair is a signature as ASN.1 has it; a token carries r and s alone.
type sm2Pair struct{ R, S *big.Int }

func signSM2(key *sm2.PrivateKey, message []byte) ([]byte, error) {
	der, err := key.SignWithSM2(rand.Reader, nil, message)
	if err != nil {
		return nil, fmt.Errorf("SM2 签名: %w", err)
	}
	var p sm2Pair
	if _, err := asn1.Unmarshal(der, &p); err != nil {
		return nil, fmt.Errorf("SM2 签名: %w", err)
	}
	out := make([]byte, 2*sm2Half)
	p.R.FillBytes(out[:sm2Half])
	p.S.FillBytes(out[sm2Half:])
	return out, nil
}

func verifySM2(public []byte, message string, sig []byte) bool {
	if len(public) != sm2PublicSize || len(sig) != 2*sm2Half {
		return false
	}
	key, err := sm2.NewPublicKey(public)
	if err != nil {
		return false
	}
	der, err := asn1.Marshal(sm2Pair{new(big.Int).SetBytes(sig[:sm2Half]), new(big.Int).SetBytes(sig[sm2Half:])})
	return err == nil && sm2.VerifyASN1WithSM2(key, nil, []byte(message), der)
}
