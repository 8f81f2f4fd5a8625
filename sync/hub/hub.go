package hub

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"sync/atomic"
	"time"

	"anxin/model"
	"anxin/model/seal"
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
	// Trust is how long what was read of a device may be taken for true; 0
	// means that every request looks it up.
	Trust time.Duration
	// HighWater is the file that keeps the mark by which a database put back from
	// a copy is noticed; "" keeps none, or, for Open, the one in its folder.
	HighWater string
	// AtWork is how many messages of laptops are worked at together; eight times
	// as many files may be on their way. 0 means 64.
	AtWork int
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
// Several hubs of one Identity may work on one Store and one Blobs: replicas.
type Hub struct {
	opt      Options
	store    Store
	blobs    Blobs
	identity Identity
	device   seal.Device // the hub as the author of merges
	pushes   queue
	gate     *gate // of messages
	lanes    *gate // of files, which take as long as a laptop's line does
	arriving arrivals
	known    devices
	water    *highWater
	began    atomic.Bool // a life, when this hub was opened
	public   *limiter
	enrol    *limiter
	login    *limiter
	count    *metrics
}

// Open opens the hub whose data lies in dir, creating keys, database and
// folder at the first start. Several processes may have it open.
func Open(ctx context.Context, dir string, opt Options) (*Hub, error) {
	id, err := OpenIdentity(dir, opt.Clock, opt.IDs)
	if err != nil {
		return nil, err
	}
	store, err := OpenSQLite(ctx, filepath.Join(dir, "hub.db"), id.Seal())
	if err != nil {
		return nil, err
	}
	blobs, err := OpenFolder(filepath.Join(dir, "blobs"), id.Seal())
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	if opt.HighWater == "" {
		opt.HighWater = filepath.Join(dir, HighWater)
	}
	return Assemble(ctx, id, store, blobs, opt)
}

// Assemble makes a hub of its parts, which it closes when it is closed, and at
// once when they do not belong together.
func Assemble(ctx context.Context, id Identity, store Store, blobs Blobs, opt Options) (*Hub, error) {
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	if opt.Scope == "" {
		opt.Scope = defaultScope
	}
	if opt.CodeLife == 0 {
		opt.CodeLife = defaultCodeLife
	}
	if opt.AtWork == 0 {
		opt.AtWork = defaultAtWork
	}
	if opt.Lease == 0 {
		opt.Lease = defaultLease
	}
	water, err := openHighWater(opt.HighWater)
	if err != nil {
		return nil, errors.Join(err, store.Close(), blobs.Close())
	}
	h := &Hub{opt: opt, water: water, gate: newGate(opt.Clock, opt.AtWork), lanes: newGate(opt.Clock, lanesEach*opt.AtWork), arriving: arrivals{most: int64(opt.AtWork / quietPart)},
		store: store, blobs: blobs, identity: id,
		device: seal.Device{ID: id.hub, Epoch: 1, Key: id.sign}, count: newMetrics(), known: devices{read: map[model.ID]remembered{}},
		public: newLimiter(opt.Clock, publicPerMinute), enrol: newLimiter(opt.Clock, enrolPerMinute), login: newLimiter(opt.Clock, loginPerMinute)}
	var at mark
	back := false
	err = store.Update(ctx, func(tx Tx) (err error) {
		if err := h.settle(tx); err != nil {
			return err
		}
		at, back, err = h.noticeCopy(tx)
		return err
	})
	if err = errors.Join(err, h.noted(at, back, err)); err != nil {
		return nil, errors.Join(err, h.Close())
	}
	h.began.Store(back)
	return h, nil
}

// settle makes sure that the database is this hub's own, and complete.
func (h *Hub) settle(tx Tx) error {
	owner, err := tx.Meta(metaHub)
	switch {
	case errors.Is(err, model.ErrNotFound):
		return errors.Join(tx.SetMeta(metaHub, string(h.device.ID)), tx.SetMeta(metaCited, "1"), tx.SetMeta(metaMark, h.water.numbers.id))
	case err == nil && owner != string(h.device.ID):
		return errors.New("数据库属于另一台局服务器：请把那台的 identity.json 复制到本机的数据目录，再启动")
	case err != nil:
		return err
	}
	return errors.Join(h.sameMark(tx), citeAll(tx))
}

// What a hub keeps as text beside its records.
const (
	metaHub   = "hub"
	metaURL   = "url"
	metaScope = "scope"       // home of laptops invited without one
	metaEpoch = "epoch"       // the hub's life, see epoch.go
	metaSince = "epoch_since" // when it began, Unix seconds
	metaOpen  = "lease_open"  // the life in which leases were allowed again by hand
	metaActs  = "acts"        // how often the bureau changed what a device may
	metaMark  = "mark"        // the name of the mark beside the records, see highest.go
	metaUnled = "mark_broken" // the life, from 1, in which another mark was found
	metaAhead = "mark_ahead"  // the life, from 1, in which the mark was ahead of the records
	metaHigh  = "highest"     // numbers that no block here holds and that are taken
	metaCited = "cited"       // "1" once files have readers, see citeAll
	metaCopy  = "backup"      // size of the log in the newest checked backup, and when
)

// View runs fn on one unchanging state of the records.
func (h *Hub) View(ctx context.Context, fn func(Tx) error) error { return h.store.View(ctx, fn) }

// Close closes the hub's files.
func (h *Hub) Close() error { return errors.Join(h.store.Close(), h.blobs.Close(), h.water.close()) }

// Devices lists the laptops that joined.
func (h *Hub) Devices(ctx context.Context) (out []Device, err error) {
	err = h.store.View(ctx, func(tx Tx) error {
		out, err = tx.Devices()
		return err
	})
	return out, err
}
