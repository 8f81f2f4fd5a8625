package store

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"sync"

	"modernc.org/sqlite"

	"anxin/model"
	"anxin/model/seal"
)

// Merger joins two heads of a record that grew from base (nil when it is not
// known here). It returns the joined body, or the names of the members that
// both changed, which makes a conflict.
type Merger func(kind model.Kind, base, ours, theirs []byte) (merged []byte, fields []string, err error)

// Options are what a store needs from outside. Dir, Keys, Device, Clock and IDs
// must be given.
type Options struct {
	Dir    string
	Keys   *seal.Keys
	Device seal.Device
	Clock  model.Clock
	IDs    model.IDs
	// Devices finds the key that a colleague's laptop signs with; nil knows
	// none. The store's own device is always known.
	Devices func(model.ID) (ed25519.PublicKey, bool)
	// Merge is asked when a pulled revision and an unsent own one grew apart;
	// nil makes every such pair a conflict.
	Merge Merger
	// Upcast reads a body of an older schema; nil is model.Upcast.
	Upcast func(model.Revision) (model.Revision, error)
	// Marks is a folder outside Dir that keeps a second high-water mark for
	// each device: a Dir put back as a whole brings its own mark along and could
	// not be told from the original. "" keeps none.
	Marks string
	// Upgrading is told, from 0 to 1, how much is done of bringing up the
	// database of an older program, which may take a while: 1 when it is kept.
	// Until then cancelling Open's context leaves it as it was. nil tells nobody.
	Upgrading func(done float64)
}

// Store is an open database. It is safe for concurrent use: one writes at a
// time, readers do not wait for it.
type Store struct {
	opt  Options
	read *sql.DB

	mu         sync.Mutex // held by the one transaction that writes
	writeDB    *sql.DB
	writer     *sql.Conn
	statements map[string]*sql.Stmt
	mark       highWater
	markErr    error
	copying    map[*sqlite.Backup]bool // copies under way, tied to the writer
	closed     bool

	ahead prepared // what Pulled takes next

	deviceMu sync.RWMutex
	device   seal.Device // with the epoch of this life
	restored bool
}

// Open opens or creates the database in Dir and brings it up to date. When the
// database was put back from a copy, or came from another laptop, it starts a
// new epoch; see Restored.
//
// The error wraps ErrNewer, ErrKeys, ErrBusy, ErrFull, ErrCorrupt or ErrDisk.
func Open(ctx context.Context, opt Options) (*Store, error) { return open(ctx, opt, schema) }

func open(ctx context.Context, opt Options, scripts fs.FS) (*Store, error) {
	if opt.Upcast == nil {
		opt.Upcast = model.Upcast
	}
	s := &Store{opt: opt, device: opt.Device, statements: map[string]*sql.Stmt{}, copying: map[*sqlite.Backup]bool{}}
	err := s.openFiles(ctx)
	if err == nil {
		err = s.bringUp(ctx, scripts)
	}
	if err == nil {
		err = s.openLife(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// settingKeys is there to be opened: that it does shows the keys to be those of
// this database, whatever has become of its revisions.
const settingKeys = "keys"

// checkKeys refuses to go on under keys that do not belong here, which would
// seal one database under two. A database of an older program shows by its
// bodies whose it is: when none of the oldest and newest opens, the keys are
// another's.
func (s *Store) checkKeys(ctx context.Context) error {
	known, err := s.Setting(ctx, settingKeys)
	if known != "" || err != nil && !isBad(err) {
		return err
	}
	foreign := err != nil
	opened, bad, err := s.tryBodies(ctx)
	if err != nil {
		return err
	}
	if opened == 0 && (bad > 0 || foreign) {
		return fmt.Errorf("数据文件“%s”%w", s.path(), ErrKeys)
	}
	return s.SetSetting(ctx, settingKeys, "1")
}

// tryBodies counts which of the three oldest and the three newest bodies open.
func (s *Store) tryBodies(ctx context.Context) (opened, bad int, err error) {
	err = s.eachRow(ctx, func(scan func(...any) error) error {
		_, err := s.scanRevision(scan)
		if isBad(err) {
			bad++
			return nil
		}
		opened++
		return err
	}, `SELECT `+revisionColumns+` FROM journal j WHERE j.n IN
		(SELECT * FROM (SELECT n FROM journal ORDER BY n LIMIT 3) UNION SELECT * FROM (SELECT n FROM journal ORDER BY n DESC LIMIT 3))`)
	return opened, bad, err
}

// Close ends all use of the database; a Commit that is running ends first, a
// later one gets model.ErrLocked. Closing again does nothing.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	s.ahead.forget()
	errs := []error{s.markErr}
	if s.read != nil {
		errs = append(errs, s.read.Close())
	}
	for b := range s.copying {
		errs = append(errs, b.Finish())
	}
	for _, st := range s.statements {
		errs = append(errs, st.Close())
	}
	if s.writer != nil {
		errs = append(errs, s.writer.Close())
	}
	if s.writeDB != nil {
		errs = append(errs, s.writeDB.Close())
	}
	errs = append(errs, s.mark.close())
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("关闭数据文件: %w", err)
	}
	return nil
}

// Restored says that Open found the database behind what this laptop had
// already done: it was put back from a copy. Numbers leased before are gone,
// what had not reached the hub is logged again under the new epoch.
func (s *Store) Restored() bool { return s.restored }

// Device is the signing identity with the epoch of this life of the laptop.
func (s *Store) Device() seal.Device {
	s.deviceMu.RLock()
	defer s.deviceMu.RUnlock()
	return s.device
}

func (s *Store) setDevice(d seal.Device) {
	s.deviceMu.Lock()
	defer s.deviceMu.Unlock()
	s.device = d
}

// keyOf finds the key that checks what a device signed.
func (s *Store) keyOf(device model.ID) (ed25519.PublicKey, bool) {
	if device == s.opt.Device.ID {
		return s.opt.Device.Public(), true
	}
	if s.opt.Devices == nil {
		return nil, false
	}
	return s.opt.Devices(device)
}
