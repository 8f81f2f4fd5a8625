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

// ErrProof: a key list or a checkpoint is not signed by the hub.
var ErrProof = errors.New("局服务器的签名不正确，请不要继续同步并联系管理员")

// What the hub signs begins with one of these.
const (
	domainKeys       = "anxin keys 1\n"
	domainCheckpoint = "anxin checkpoint 1\n"
)

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

// Checkpoint is the hub's signed word that its log had Size entries and that
// Root is the chain value of the last.
type Checkpoint struct {
	Hub  model.ID  `json:"hub"`
	Size int64     `json:"size"`
	Root []byte    `json:"root"`
	At   time.Time `json:"at"`
	Sig  []byte    `json:"sig"`
}

// Chain is the log's chain value after one more entry.
func Chain(root, entry []byte) []byte {
	h := sha256.New()
	h.Write(root)
	h.Write(entry)
	return h.Sum(nil)
}

func (c Checkpoint) text() []byte {
	return fmt.Appendf(nil, "%s%s\n%d\n%x\n%d\n", domainCheckpoint, c.Hub, c.Size, c.Root, c.At.Unix())
}

// Sign signs the checkpoint as the hub.
func (c *Checkpoint) Sign(hub ed25519.PrivateKey) { c.Sig = ed25519.Sign(hub, c.text()) }

// Check says whether the hub signed the checkpoint; the error wraps ErrProof.
func (c Checkpoint) Check(hub ed25519.PublicKey) error {
	if len(hub) != ed25519.PublicKeySize || !ed25519.Verify(hub, c.text(), c.Sig) {
		return fmt.Errorf("日志检查点: %w", ErrProof)
	}
	return nil
}
