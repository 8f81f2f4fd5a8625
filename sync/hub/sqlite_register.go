package hub

import (
	"bytes"
	"errors"

	"anxin/model"
)

func (t *sqliteTx) Meta(key string) (value string, err error) {
	err = t.row("SELECT value FROM meta WHERE key = ?", []any{key}, &value)
	return value, err
}

func (t *sqliteTx) SetMeta(key, value string) error {
	return t.exec("INSERT INTO meta VALUES(?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", key, value)
}

func (t *sqliteTx) Invite(id string) (v Invite, err error) {
	var expires int64
	err = t.row("SELECT id, hash, name, scope, expires, tries, used FROM invite WHERE id = ?", []any{id},
		&v.ID, &v.Hash, &v.Name, &v.Scope, &expires, &v.Tries, &v.Used)
	v.Expires = instant(expires)
	return v, err
}

func (t *sqliteTx) SaveInvite(v Invite) error {
	return t.exec(`INSERT INTO invite VALUES(?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET tries = excluded.tries, used = excluded.used`,
		v.ID, v.Hash, v.Name, v.Scope, millis(v.Expires), v.Tries, string(v.Used))
}

const deviceColumns = "SELECT id, name, scope, key, epoch, enrolled, revoked FROM device"

func scanDevice(scan func(...any) error) (d Device, err error) {
	var enrolled, revoked int64
	err = scan(&d.ID, &d.Name, &d.Scope, &d.Key, &d.Epoch, &enrolled, &revoked)
	d.Enrolled, d.Revoked = instant(enrolled), instant(revoked)
	return d, err
}

func (t *sqliteTx) Device(id model.ID) (Device, error) {
	return scanDevice(func(into ...any) error { return t.row(deviceColumns+" WHERE id = ?", []any{string(id)}, into...) })
}

func (t *sqliteTx) Devices() (out []Device, err error) {
	err = t.rows(deviceColumns+" ORDER BY enrolled, id", nil, func(scan func(...any) error) error {
		d, err := scanDevice(scan)
		out = append(out, d)
		return err
	})
	return out, err
}

func (t *sqliteTx) SaveDevice(d Device) error {
	return t.exec(`INSERT INTO device VALUES(?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET name = excluded.name, scope = excluded.scope, epoch = excluded.epoch, revoked = excluded.revoked`,
		string(d.ID), d.Name, d.Scope, d.Key, d.Epoch, millis(d.Enrolled), millis(d.Revoked))
}

func (t *sqliteTx) State(device model.ID, epoch int) (State, error) {
	s := State{Device: device, Epoch: epoch}
	err := t.row("SELECT last_seq, last_hash, nonce, forked FROM state WHERE device = ? AND epoch = ?",
		[]any{string(device), epoch}, &s.LastSeq, &s.LastHash, &s.Nonce, &s.Forked)
	if errors.Is(err, model.ErrNotFound) {
		return s, nil
	}
	return s, err
}

func (t *sqliteTx) SaveState(s State) error {
	return t.exec(`INSERT INTO state VALUES(?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
		last_seq = excluded.last_seq, last_hash = excluded.last_hash, nonce = excluded.nonce, forked = excluded.forked`,
		string(s.Device), s.Epoch, s.LastSeq, nonNil(s.LastHash), s.Nonce, s.Forked)
}

// nonNil keeps an empty value out of the way of NOT NULL.
func nonNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

const blockColumns = "SELECT series, lo, hi, device, epoch, source, expires FROM block WHERE series = ? ORDER BY lo, hi, device"

func (t *sqliteTx) Blocks(series string) (out []model.Block, err error) {
	err = t.rows(blockColumns, []any{series}, func(scan func(...any) error) error {
		var b model.Block
		var expires int64
		err := scan(&b.Series, &b.From, &b.To, &b.Device, &b.Epoch, &b.Source, &expires)
		b.Next, b.Expires = b.From, instant(expires)
		out = append(out, b)
		return err
	})
	return out, err
}

func (t *sqliteTx) AddBlock(b model.Block) error {
	return t.exec("INSERT INTO block VALUES(?, ?, ?, ?, ?, ?, ?)",
		b.Series, b.From, b.To, string(b.Device), b.Epoch, b.Source, millis(b.Expires))
}

func scanHolder(scan func(...any) error) (h Holder, err error) {
	var at int64
	err = scan(&h.Series, &h.Serial, &h.Document, &h.Device, &h.Rev, &at)
	h.At = instant(at)
	return h, err
}

func (h Holder) columns() []any {
	return []any{h.Series, h.Serial, string(h.Document), string(h.Device), string(h.Rev), millis(h.At)}
}

func (t *sqliteTx) Number(series string, serial int) (Holder, error) {
	return scanHolder(func(into ...any) error {
		return t.row("SELECT series, serial, document, device, rev, at FROM number WHERE series = ? AND serial = ?",
			[]any{series, serial}, into...)
	})
}

func (t *sqliteTx) MaxNumber(series string) (n int, err error) {
	err = t.row("SELECT coalesce(max(serial), 0) FROM number WHERE series = ?", []any{series}, &n)
	return n, err
}

func (t *sqliteTx) AddNumber(h Holder) error {
	return t.exec("INSERT INTO number VALUES(?, ?, ?, ?, ?, ?)", h.columns()...)
}

func (t *sqliteTx) AddClash(h Holder) error {
	return t.exec("INSERT INTO clash VALUES(?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", h.columns()...)
}

func (t *sqliteTx) Clashes() (out []Holder, err error) {
	err = t.rows("SELECT series, serial, document, device, rev, at FROM clash ORDER BY series, serial, document", nil,
		func(scan func(...any) error) error {
			h, err := scanHolder(scan)
			out = append(out, h)
			return err
		})
	return out, err
}

const blobColumns = "SELECT sha, size, leaves, stored, device, at FROM blob"

func scanBlob(scan func(...any) error) (b Blob, err error) {
	var leaves []byte
	var at int64
	err = scan(&b.SHA256, &b.Size, &leaves, &b.Stored, &b.Device, &at)
	b.At = instant(at)
	for i := 0; i+leafHash <= len(leaves); i += leafHash {
		b.Leaves = append(b.Leaves, leaves[i:i+leafHash])
	}
	return b, err
}

// leafHash is the size of a SHA-256 in bytes.
const leafHash = 32

func (t *sqliteTx) Blob(sha string) (Blob, error) {
	return scanBlob(func(into ...any) error { return t.row(blobColumns+" WHERE sha = ?", []any{sha}, into...) })
}

func (t *sqliteTx) SaveBlob(b Blob) error {
	return t.exec(`INSERT INTO blob VALUES(?, ?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET size = excluded.size, leaves = excluded.leaves, stored = excluded.stored`,
		b.SHA256, b.Size, nonNil(bytes.Join(b.Leaves, nil)), b.Stored, string(b.Device), millis(b.At))
}

func (t *sqliteTx) EachBlob(fn func(Blob) error) error {
	return t.rows(blobColumns+" ORDER BY sha", nil, func(scan func(...any) error) error {
		b, err := scanBlob(scan)
		if err != nil {
			return err
		}
		return fn(b)
	})
}
