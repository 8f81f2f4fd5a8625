package hub

import (
	"context"
	"crypto/ed25519"
	"errors"
	"log/slog"
	"path/filepath"
	"time"

	"anxin/model"
	"anxin/model/seal"
	"anxin/sync/wire"
)

// Options are what a hub is given from outside.
type Options struct {
	Clock model.Clock
	IDs   model.IDs
	// Log receives what happened, without anything about people; nil is silent.
	Log *slog.Logger
	// Scope is the home scope of devices invited by NewCode; "" means 本局.
	Scope string
	// CodeLife is how long an enrolment code is good; 0 means 15 minutes.
	CodeLife time.Duration
	// Lease is how many numbers a laptop gets when it names no count.
	Lease int
}

// Defaults of Options.
const (
	defaultScope    = "本局"
	defaultCodeLife = 15 * time.Minute
	defaultLease    = 20
)

// Hub is the bureau's server; all its methods may be called at the same time.
type Hub struct {
	opt      Options
	store    Store
	blobs    Blobs
	identity identity
	device   seal.Device // the hub as the author of merges
	public   *limiter
	enrol    *limiter
}

// Open opens the hub whose data lies in dir, creating keys, database and
// folder at the first start. Several processes may have it open.
func Open(ctx context.Context, dir string, opt Options) (*Hub, error) {
	id, err := openIdentity(dir, opt.Clock, opt.IDs)
	if err != nil {
		return nil, err
	}
	store, err := OpenSQLite(ctx, filepath.Join(dir, "hub.db"))
	if err != nil {
		return nil, err
	}
	blobs, err := OpenFolder(filepath.Join(dir, "blobs"))
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return assemble(id, store, blobs, opt), nil
}

func assemble(id identity, store Store, blobs Blobs, opt Options) *Hub {
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	if opt.Scope == "" {
		opt.Scope = defaultScope
	}
	if opt.CodeLife == 0 {
		opt.CodeLife = defaultCodeLife
	}
	if opt.Lease == 0 {
		opt.Lease = defaultLease
	}
	return &Hub{opt: opt, store: store, blobs: blobs, identity: id,
		device: seal.Device{ID: id.hub, Epoch: 1, Key: id.sign},
		public: newLimiter(opt.Clock, publicPerMinute), enrol: newLimiter(opt.Clock, enrolPerMinute)}
}

// Close closes the hub's files.
func (h *Hub) Close() error { return errors.Join(h.store.Close(), h.blobs.Close()) }

// Devices lists the laptops that joined.
func (h *Hub) Devices(ctx context.Context) (out []Device, err error) {
	err = h.store.View(ctx, func(tx Tx) error {
		out, err = tx.Devices()
		return err
	})
	return out, err
}

// Revoke shuts a device out from now on: its requests are refused and papers
// it signs afterwards are not good. What it sent before stays.
func (h *Hub) Revoke(ctx context.Context, id model.ID) error {
	return h.store.Update(ctx, func(tx Tx) error {
		d, err := tx.Device(id)
		if err != nil {
			return err
		}
		d.Revoked = h.opt.Clock.Now()
		return tx.SaveDevice(d)
	})
}

// keys is the list of keys papers and revisions are signed with, the hub's
// own first. A laptop's key has no first day: it may have issued papers in the
// field before it ever met the hub.
func (h *Hub) keys(tx Tx) (wire.KeyList, error) {
	devices, err := tx.Devices()
	if err != nil {
		return wire.KeyList{}, err
	}
	list := wire.KeyList{At: h.opt.Clock.Now(), Keys: []model.PublicKey{{
		ID: h.device.KeyID(), Key: h.device.Public(), Device: h.device.ID, Name: "局服务器", From: h.identity.since}}}
	for _, d := range devices {
		list.Keys = append(list.Keys, model.PublicKey{ID: seal.KeyID(ed25519.PublicKey(d.Key)), Key: d.Key,
			Device: d.ID, Name: d.Name, Revoked: d.Revoked})
	}
	return list, list.Sign(h.device.Key)
}

func (h *Hub) keyList(ctx context.Context) (list wire.KeyList, err error) {
	err = h.store.View(ctx, func(tx Tx) error {
		list, err = h.keys(tx)
		return err
	})
	return list, err
}

// keyOf is the key a device signs with: the hub's own or a laptop's.
func (h *Hub) keyOf(tx Tx, device model.ID) (ed25519.PublicKey, error) {
	if device == h.device.ID {
		return h.device.Public(), nil
	}
	d, err := tx.Device(device)
	return d.Key, err
}
