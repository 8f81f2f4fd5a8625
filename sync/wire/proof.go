package wire

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"anxin/model"
	"anxin/model/seal"
)

// ErrProof: a key list or a checkpoint is not signed by the hub, or its log is
// not what it signed.
var ErrProof = errors.New("局服务器的签名不正确，请不要继续同步并联系管理员")

// domainKeys begins what the hub signs as its list of keys.
const domainKeys = "anxin keys 1\n"

// KeyList is every key revisions and papers may be signed with, the hub's own
// included, signed by the hub.
type KeyList struct {
	Keys []model.PublicKey `json:"keys"`
	At   time.Time         `json:"at"`
	Sig  []byte            `json:"sig"`
}

// Digest names the content of the list, whenever it was signed.
func (l KeyList) Digest() (string, error) {
	text, err := seal.Canonical(l.Keys)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

func (l KeyList) text() ([]byte, error) {
	digest, err := l.Digest()
	return fmt.Appendf(nil, "%s%s\n%d\n", domainKeys, digest, l.At.Unix()), err
}

// Sign signs the list as the hub.
func (l *KeyList) Sign(hub ed25519.PrivateKey) error {
	text, err := l.text()
	if err == nil {
		l.Sig = ed25519.Sign(hub, text)
	}
	return err
}

// Check says whether the hub signed the list; the error wraps ErrProof.
func (l KeyList) Check(hub ed25519.PublicKey) error {
	text, err := l.text()
	if err != nil || len(hub) != ed25519.PublicKeySize || !ed25519.Verify(hub, text, l.Sig) {
		return fmt.Errorf("公钥清单: %w", ErrProof)
	}
	return nil
}
