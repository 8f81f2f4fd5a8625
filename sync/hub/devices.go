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
// request of a busy replica need not ask the database for the key it is signed
// with. How the device stands and what it may reach is read again in the
// transaction of each request.
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

// handedIn takes what has arrived off what a device said it had not handed in,
// so that the bureau need not wait for its next hello to see it.
func handedIn(tx Tx, d Device, things int, size int64) error {
	if d.Pending == 0 {
		return nil
	}
	d.Pending, d.Bytes = max(0, d.Pending-things), max(0, d.Bytes-size)
	return tx.SaveDevice(d)
}

// fileArrived does so for a file.
func (h *Hub) fileArrived(ctx context.Context, who caller, sha string) error {
	if who.Pending == 0 {
		return nil
	}
	return h.store.Update(ctx, func(tx Tx) error {
		b, err := tx.Blob(sha)
		if err != nil {
			return err
		}
		d, err := tx.Device(who.ID)
		if err != nil {
			return err
		}
		return handedIn(tx, d, 1, b.Size)
	})
}

// forget makes the next request of a device be looked up.
func (h *Hub) forget(id model.ID) {
	h.known.mu.Lock()
	defer h.known.mu.Unlock()
	delete(h.known.read, id)
}

// forgetAll does so for all devices.
func (h *Hub) forgetAll() {
	h.known.mu.Lock()
	defer h.known.mu.Unlock()
	clear(h.known.read)
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
