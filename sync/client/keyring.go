package client

import (
	"crypto/ed25519"
	"slices"
	"sync"

	"anxin/model"
)

// Keyring holds the keys the hub has published. Make it before the store,
// which asks it through Key, and give it to New, which fills it.
type Keyring struct {
	mu   sync.RWMutex
	keys []model.PublicKey
}

// NewKeyring makes an empty ring.
func NewKeyring() *Keyring { return &Keyring{} }

// Key is the key a device signs with.
func (k *Keyring) Key(device model.ID) (ed25519.PublicKey, bool) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	for _, p := range k.keys {
		if p.Device == device {
			return p.Key, true
		}
	}
	return nil, false
}

// All are the keys papers are verified with.
func (k *Keyring) All() []model.PublicKey {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return slices.Clone(k.keys)
}

func (k *Keyring) set(keys []model.PublicKey) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.keys = keys
}
