package hub

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"anxin/model"
)

// Seal is the key a hub seals records and evidence with before they reach its
// database and its folder or object store, 32 bytes. It lies in identity.json,
// so what is stolen without it tells nothing of what officers wrote and saw.
type Seal [32]byte

// box seals by AES-256-GCM. Each text is bound to its name, so that one cannot
// be put in the place of another.
type box struct {
	aead cipher.AEAD
	mark []byte // key of the digests of what issuing fixed
}

func newBox(key Seal) (box, error) {
	sealing, err1 := hkdf.Expand(sha256.New, key[:], "anxin hub body 1", len(key))
	mark, err2 := hkdf.Expand(sha256.New, key[:], "anxin hub fixed 1", sha256.Size)
	if err := errors.Join(err1, err2); err != nil {
		return box{}, fmt.Errorf("局服务器的密封密钥: %w", err)
	}
	block, err := aes.NewCipher(sealing)
	if err != nil {
		return box{}, fmt.Errorf("局服务器的密封密钥: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return box{}, fmt.Errorf("局服务器的密封密钥: %w", err)
	}
	return box{aead, mark}, nil
}

func (b box) seal(name string, plain []byte) []byte {
	return b.aead.Seal(make([]byte, 0, len(plain)+b.aead.Overhead()), nil, plain, []byte(name))
}

// open appends what was sealed under a name.
func (b box) open(to []byte, name string, sealed []byte) ([]byte, error) {
	plain, err := b.aead.Open(slices.Grow(to, len(sealed)), nil, sealed, []byte(name))
	if err != nil {
		return nil, fmt.Errorf("局服务器数据库中的 %s 打不开：数据已损坏，或数据目录里的密钥文件不是这个数据库的", name)
	}
	return plain, nil
}

// opName binds an operation to its place in its device's log.
func opName(op model.Op) string { return fmt.Sprintf("%s %d %d", op.Device, op.Epoch, op.Seq) }

// fixed is a digest of what issuing fixed in a document for ever, empty for
// everything else. The database compares it and so need not read the body.
func (b box) fixed(r model.Revision) []byte {
	var members map[string]json.RawMessage
	if r.Kind != model.KindDocument || json.Unmarshal(r.Body, &members) != nil {
		return []byte{}
	}
	if issued := members["issued"]; len(issued) == 0 || bytes.Equal(issued, []byte("null")) {
		return []byte{}
	}
	delete(members, "state")
	delete(members, "events")
	text, err := json.Marshal(members)
	if err != nil {
		return []byte{}
	}
	mac := hmac.New(sha256.New, b.mark)
	mac.Write(text)
	return mac.Sum(nil)
}

// newSeal draws a key.
func newSeal() (key Seal, err error) {
	_, err = rand.Read(key[:])
	return key, err
}
