package hub

import (
	"bytes"
	"errors"

	"anxin/model"
	"anxin/sync/wire"
)

func (t *sqlTx) Meta(key string) (value string, err error) {
	err = t.row("SELECT value FROM meta WHERE key = ?", []any{key}, &value)
	return value, err
}

func (t *sqlTx) SetMeta(key, value string) error {
	return t.exec("INSERT INTO meta VALUES(?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value", key, value)
}

func (t *sqlTx) Invite(id string) (v Invite, err error) {
	var expires int64
	err = t.row("SELECT id, hash, name, scope, expires, tries, used FROM invite WHERE id = ?"+t.lock, []any{id},
		&v.ID, &v.Hash, &v.Name, &v.Scope, &expires, &v.Tries, &v.Used)
	v.Expires = instant(expires)
	return v, err
}

func (t *sqlTx) SaveInvite(v Invite) error {
	return t.exec(`INSERT INTO invite VALUES(?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT(id) DO UPDATE SET tries = excluded.tries, used = excluded.used`,
		v.ID, v.Hash, v.Name, v.Scope, millis(v.Expires), v.Tries, string(v.Used))
}

const deviceColumns = "SELECT id, name, scope, grants, key, epoch, enrolled, until, revoked, seen, pending, bytes, heard FROM device"

func scanDevice(scan func(...any) error) (d Device, err error) {
	var grants []byte
	var enrolled, until, revoked, seen int64
	if err = scan(&d.ID, &d.Name, &d.Scope, &grants, &d.Key, &d.Epoch, &enrolled, &until, &revoked, &seen, &d.Pending, &d.Bytes, &d.Heard); err != nil {
		return d, err
	}
	d.Enrolled, d.Until, d.Revoked, d.Seen = instant(enrolled), instant(until), instant(revoked), instant(seen)
	return d, decode(grants, &d.Grants)
}

func (t *sqlTx) Device(id model.ID) (Device, error) {
	return scanDevice(func(into ...any) error {
		return t.row(deviceColumns+" WHERE id = ?"+t.lock, []any{string(id)}, into...)
	})
}

func (t *sqlTx) Devices() (out []Device, err error) {
	err = t.rows(deviceColumns+" ORDER BY enrolled, id", nil, func(scan func(...any) error) error {
		d, err := scanDevice(scan)
		out = append(out, d)
		return err
	})
	return out, err
}

func (t *sqlTx) SaveDevice(d Device) error {
	grants, err := wire.JSON(d.Grants)
	if err != nil {
		return err
	}
	return t.exec(`INSERT INTO device VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT(id) DO UPDATE SET name = excluded.name, scope = excluded.scope, grants = excluded.grants, epoch = excluded.epoch,
		until = excluded.until, revoked = excluded.revoked, seen = excluded.seen, pending = excluded.pending, bytes = excluded.bytes, heard = excluded.heard`,
		string(d.ID), d.Name, d.Scope, string(grants), d.Key, d.Epoch, millis(d.Enrolled), millis(d.Until), millis(d.Revoked),
		millis(d.Seen), d.Pending, d.Bytes, d.Heard)
}

func (t *sqlTx) fetchStates(devices []model.ID) error {
	if len(devices) == 0 {
		return nil
	}
	return t.rows("SELECT device, epoch, last_seq, last_hash, nonce, forked FROM state WHERE device "+t.among+" ORDER BY device, epoch"+t.lock,
		[]any{t.list(texts(devices))}, func(scan func(...any) error) error {
			var s State
			err := scan(&s.Device, &s.Epoch, &s.LastSeq, &s.LastHash, &s.Nonce, &s.Forked)
			s.LastHash = bytes.Clone(s.LastHash)
			t.state[logID{s.Device, s.Epoch}] = s
			return err
		})
}

func (t *sqlTx) State(device model.ID, epoch int) (State, error) {
	if s, ok := t.state[logID{device, epoch}]; ok {
		return s, nil
	}
	s := State{Device: device, Epoch: epoch}
	err := t.row("SELECT last_seq, last_hash, nonce, forked FROM state WHERE device = ? AND epoch = ?"+t.lock,
		[]any{string(device), epoch}, &s.LastSeq, &s.LastHash, &s.Nonce, &s.Forked)
	if errors.Is(err, model.ErrNotFound) {
		return s, nil
	}
	return s, err
}

func (t *sqlTx) SaveState(s State) error {
	t.state[logID{s.Device, s.Epoch}] = s
	return t.exec(`INSERT INTO state VALUES(?, ?, ?, ?, ?, ?) ON CONFLICT(device, epoch) DO UPDATE SET
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

func (t *sqlTx) Blocks(series string) (out []model.Block, err error) {
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

func (t *sqlTx) AddBlock(b model.Block) error {
	if err := t.LockSeries(b.Series); err != nil {
		return err
	}
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

func (t *sqlTx) Number(series string, serial int) (Holder, error) {
	return scanHolder(func(into ...any) error {
		return t.row("SELECT series, serial, document, device, rev, at FROM number WHERE series = ? AND serial = ?",
			[]any{series, serial}, into...)
	})
}

func (t *sqlTx) MaxNumber(series string) (n int, err error) {
	err = t.row("SELECT coalesce(max(serial), 0) FROM number WHERE series = ?", []any{series}, &n)
	return n, err
}

func (t *sqlTx) AddNumber(h Holder) error {
	return t.exec("INSERT INTO number VALUES(?, ?, ?, ?, ?, ?)", h.columns()...)
}

func (t *sqlTx) AddClash(h Holder) error {
	return t.exec("INSERT INTO clash VALUES(?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", h.columns()...)
}

func (t *sqlTx) Clashes() (out []Holder, err error) {
	err = t.rows("SELECT series, serial, document, device, rev, at FROM clash ORDER BY series, serial, document", nil,
		func(scan func(...any) error) error {
			h, err := scanHolder(scan)
			out = append(out, h)
			return err
		})
	return out, err
}

func (t *sqlTx) Holders(series string) (out []Holder, err error) {
	err = t.rows("SELECT series, serial, document, device, rev, at FROM number WHERE series = ? ORDER BY serial", []any{series},
		func(scan func(...any) error) error {
			h, err := scanHolder(scan)
			out = append(out, h)
			return err
		})
	return out, err
}

func (t *sqlTx) Series() (out []string, err error) {
	err = t.rows("SELECT name FROM series UNION SELECT series FROM number UNION SELECT series FROM spent ORDER BY 1", nil,
		func(scan func(...any) error) error {
			var name string
			err := scan(&name)
			out = append(out, name)
			return err
		})
	return out, err
}

func (t *sqlTx) LockSeries(series string) error {
	if err := t.exec("INSERT INTO series VALUES(?) ON CONFLICT DO NOTHING", series); err != nil {
		return err
	}
	var name string
	return t.row("SELECT name FROM series WHERE name = ?"+t.lock, []any{series}, &name)
}

func (t *sqlTx) AddSpent(s Spent) error {
	return t.exec("INSERT INTO spent VALUES(?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		s.Series, s.Serial, string(s.Device), s.State, s.Reason, millis(s.At))
}

func (t *sqlTx) Spent(series string) (out []Spent, err error) {
	err = t.rows("SELECT series, serial, device, state, reason, at FROM spent WHERE series = ? ORDER BY serial", []any{series},
		func(scan func(...any) error) error {
			var s Spent
			var at int64
			err := scan(&s.Series, &s.Serial, &s.Device, &s.State, &s.Reason, &at)
			s.At = instant(at)
			out = append(out, s)
			return err
		})
	return out, err
}

const blobColumns = "SELECT sha, size, leaves, stored, device, at, sm3, verified FROM blob"

func scanBlob(scan func(...any) error) (b Blob, err error) {
	var leaves []byte
	var at, verified int64
	err = scan(&b.SHA256, &b.Size, &leaves, &b.Stored, &b.Device, &at, &b.SM3, &verified)
	b.At, b.Verified = instant(at), instant(verified)
	b.Leaves = split(append([]byte(nil), leaves...))
	return b, err
}

func (t *sqlTx) Blob(sha string) (Blob, error) {
	return scanBlob(func(into ...any) error { return t.row(blobColumns+" WHERE sha = ?"+t.lock, []any{sha}, into...) })
}

func (t *sqlTx) SaveBlob(b Blob) error {
	return t.exec(`INSERT INTO blob VALUES(?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT(sha) DO UPDATE SET size = excluded.size, leaves = excluded.leaves, stored = excluded.stored,
		sm3 = excluded.sm3, verified = excluded.verified`,
		b.SHA256, b.Size, join(b.Leaves), b.Stored, string(b.Device), millis(b.At), b.SM3, millis(b.Verified))
}

func (t *sqlTx) EachBlob(fn func(Blob) error) error {
	return t.rows(blobColumns+" ORDER BY sha", nil, func(scan func(...any) error) error {
		b, err := scanBlob(scan)
		if err != nil {
			return err
		}
		return fn(b)
	})
}

func (t *sqlTx) Lacking(limit int) (out []Blob, err error) {
	err = t.rows(blobColumns+" WHERE NOT stored ORDER BY sha LIMIT ?", []any{limit}, func(scan func(...any) error) error {
		b, err := scanBlob(scan)
		out = append(out, b)
		return err
	})
	return out, err
}

func (t *sqlTx) Cite(sha string, record model.ID) error {
	return t.exec("INSERT INTO cite VALUES(?, ?) ON CONFLICT DO NOTHING", sha, string(record))
}

func (t *sqlTx) Citing(sha string) (out []model.ID, err error) {
	err = t.rows("SELECT record FROM cite WHERE sha = ? ORDER BY record", []any{sha}, func(scan func(...any) error) error {
		var id model.ID
		err := scan(&id)
		out = append(out, id)
		return err
	})
	return out, err
}

const accountColumns = "SELECT name, hash, since, disabled FROM account"

func scanAccount(scan func(...any) error) (a Account, err error) {
	var since int64
	err = scan(&a.Name, &a.Hash, &since, &a.Disabled)
	a.Since = instant(since)
	return a, err
}

func (t *sqlTx) Account(name string) (Account, error) {
	return scanAccount(func(into ...any) error { return t.row(accountColumns+" WHERE name = ?", []any{name}, into...) })
}

func (t *sqlTx) Accounts() (out []Account, err error) {
	err = t.rows(accountColumns+" ORDER BY name", nil, func(scan func(...any) error) error {
		a, err := scanAccount(scan)
		out = append(out, a)
		return err
	})
	return out, err
}

func (t *sqlTx) SaveAccount(a Account) error {
	return t.exec(`INSERT INTO account VALUES(?, ?, ?, ?)
		ON CONFLICT(name) DO UPDATE SET hash = excluded.hash, since = excluded.since, disabled = excluded.disabled`,
		a.Name, a.Hash, millis(a.Since), a.Disabled)
}
