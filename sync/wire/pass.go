package wire

import (
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"time"

	"anxin/model"
	"anxin/model/seal"
)

// domainPass begins what the hub signs as a pass.
const domainPass = "anxin pass 1\n"

// Pass is the hub's signed word what a laptop may do. The laptop keeps it, and
// shows it to a hub that was put back from a backup and may know less. It never
// gives anything by itself.
type Pass struct {
	Hub    model.ID    `json:"hub"`
	Device model.ID    `json:"device"`
	Key    []byte      `json:"key"` // of the device, Ed25519
	Name   string      `json:"name"`
	Scope  string      `json:"scope"` // home scope
	Grants []PassGrant `json:"grants,omitempty"`
	// Life is the hub's, Acts how many acts of the bureau had gone before.
	Life int       `json:"life"`
	Acts int64     `json:"acts"`
	At   time.Time `json:"at"`
	Sig  []byte    `json:"sig"`
}

// PassGrant is a scope a laptop may reach beside its own, and in which role.
type PassGrant struct {
	Scope string `json:"scope"`
	Role  string `json:"role"`
}

func (p Pass) text() ([]byte, error) {
	p.Sig = nil
	p.At = p.At.UTC().Round(0)
	body, err := seal.Canonical(p)
	sum := sha256.Sum256(body)
	return fmt.Appendf(nil, "%s%x\n", domainPass, sum), err
}

// Sign signs the pass as the hub.
func (p *Pass) Sign(hub ed25519.PrivateKey) error {
	text, err := p.text()
	if err == nil {
		p.Sig = ed25519.Sign(hub, text)
	}
	return err
}

// Check says whether the hub signed the pass; the error wraps ErrProof.
func (p Pass) Check(hub ed25519.PublicKey) error {
	text, err := p.text()
	if err != nil || len(hub) != ed25519.PublicKeySize || len(p.Key) != ed25519.PublicKeySize || !ed25519.Verify(hub, text, p.Sig) {
		return fmt.Errorf("入网凭证: %w", ErrProof)
	}
	return nil
}

// Recall reminds a hub that was put back from a backup of what it had signed:
// the pass of the laptop that asks and the newest list of keys it was given.
type Recall struct {
	Pass *Pass   `json:"pass,omitempty"`
	Keys KeyList `json:"keys"`
}

// Recalled answers Recall. A laptop the hub does not know waits until the bureau
// has confirmed it.
type Recalled struct {
	Waiting bool `json:"waiting,omitempty"`
}
