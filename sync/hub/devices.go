package hub

import (
	"context"
	"crypto/ed25519"
	"errors"
	"sync"
	"time"

	"anxin/model"
)

// devices remembers what was read of devices for Options.Trust, so that a
// request of a busy replica need not ask the database who is calling. A device
// shut out through another replica is refused here that much later.
type devices struct {
	mu   sync.Mutex
	read map[model.ID]remembered
}

type remembered struct {
	Device
	at time.Time
}

// deviceOf reads a device; the error is model.ErrNotFound for a stranger.
func (h *Hub) deviceOf(ctx context.Context, id model.ID) (d Device, err error) {
	now := h.opt.Clock.Now()
	h.known.mu.Lock()
	r, ok := h.known.read[id]
	h.known.mu.Unlock()
	if ok && h.opt.Trust > 0 && now.Sub(r.at) < h.opt.Trust {
		return r.Device, nil
	}
	err = h.store.View(ctx, func(tx Tx) error {
		d, err = tx.Device(id)
		return err
	})
	if err == nil && h.opt.Trust > 0 {
		h.known.mu.Lock()
		defer h.known.mu.Unlock()
		h.known.read[id] = remembered{d, now}
	}
	return d, err
}

// forget makes the next request of a device be looked up.
func (h *Hub) forget(id model.ID) {
	h.known.mu.Lock()
	defer h.known.mu.Unlock()
	delete(h.known.read, id)
}

// keyOf is the key a device signs with: the hub's own or a laptop's; nil for a
// stranger.
func (h *Hub) keyOf(ctx context.Context, device model.ID) (ed25519.PublicKey, error) {
	if device == h.device.ID {
		return h.device.Public(), nil
	}
	d, err := h.deviceOf(ctx, device)
	if errors.Is(err, model.ErrNotFound) {
		return nil, nil
	}
	return d.Key, err
}
