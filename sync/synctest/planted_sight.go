//go:build planted

package synctest

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"slices"
	"sync"

	"anxin/model"
	"anxin/sync/hub"
)

// diskStore is a hub's records with the mistakes about who may see what.
func (b Bugs) diskStore(s hub.Store) hub.Store {
	if len(b.set) == 0 {
		return s
	}
	return &looseStore{Store: s, bugs: b, grants: map[model.ID][]hub.Grant{}}
}

// mark is the file of the hub's mark, none when it is to be ignored; of what it
// says of numbers only the name may be left.
func (b Bugs) mark(path string) string {
	if b.has(MarkIgnored) {
		return ""
	}
	if b.has(NumbersForgotten) {
		b.forgetNumbers(path + ".numbers")
	}
	return path
}

func (b Bugs) forgetNumbers(path string) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	var file struct {
		ID      string         `json:"id"`
		Highest map[string]int `json:"highest"`
	}
	if err = errors.Join(err, json.Unmarshal(text, &file)); err == nil {
		clear(file.Highest)
		text, err = json.Marshal(file)
	}
	if err = errors.Join(err, os.WriteFile(path, text, 0o600)); err != nil {
		panic(err)
	}
}

type looseStore struct {
	hub.Store
	bugs   Bugs
	mu     sync.Mutex
	grants map[model.ID][]hub.Grant // all there ever were
}

func (s *looseStore) Update(ctx context.Context, fn func(hub.Tx) error) error {
	return s.Store.Update(ctx, func(tx hub.Tx) error { return fn(&looseTx{tx, s}) })
}

func (s *looseStore) View(ctx context.Context, fn func(hub.Tx) error) error {
	return s.Store.View(ctx, func(tx hub.Tx) error { return fn(&looseTx{tx, s}) })
}

type looseTx struct {
	hub.Tx
	s *looseStore
}

func (t *looseTx) SaveDevice(d hub.Device) error {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	for _, g := range d.Grants { // what Device gave comes back here: each once
		if !slices.Contains(t.s.grants[d.ID], g) {
			t.s.grants[d.ID] = append(t.s.grants[d.ID], g)
		}
	}
	return t.Tx.SaveDevice(d)
}

func (t *looseTx) Device(id model.ID) (hub.Device, error) {
	d, err := t.Tx.Device(id)
	if t.s.bugs.has(GrantOutlives) {
		t.s.mu.Lock()
		defer t.s.mu.Unlock()
		d.Grants = t.s.grants[id]
	}
	return d, err
}

func (t *looseTx) Feed(scope string, after int64, limit int, fn func(hub.Line) bool) error {
	if !t.s.bugs.has(ScopesMixed) {
		return t.Tx.Feed(scope, after, limit, fn)
	}
	all, err := t.Tx.Scopes()
	for _, other := range all {
		err = errors.Join(err, t.Tx.Feed(other.Name, after, limit, fn))
	}
	return err
}

func (t *looseTx) Leave(scope string, records []model.ID) error {
	if t.s.bugs.has(MoveNotLeft) {
		return nil
	}
	return t.Tx.Leave(scope, records)
}

func (t *looseTx) SaveHead(h hub.Head) error {
	if old, err := t.Tx.Head(h.Record); err == nil && t.s.bugs.has(MoveForgotten) {
		h.Scope = old.Scope
	}
	return t.Tx.SaveHead(h)
}

func (t *looseTx) Citing(sha string) (out []model.ID, err error) {
	if !t.s.bugs.has(FileForEverybody) {
		return t.Tx.Citing(sha)
	}
	return out, t.Tx.EachHead("", func(h hub.Head) error {
		out = append(out, h.Record)
		return nil
	})
}

func (t *looseTx) AddOp(e hub.Entry) error {
	if e.Ack.Outcome == model.OutcomeQuarantined && t.s.bugs.has(BodyInRefusal) {
		e.Ack.Reason += string(e.Op.Revision.Body)
	}
	if e.Ack.Outcome == model.OutcomeQuarantined && t.s.bugs.has(AsideEmptied) {
		e.Op.Revision.Body = []byte(`{}`)
	}
	return t.Tx.AddOp(e)
}

func (t *looseTx) AddRevision(r model.Revision) error {
	if t.s.bugs.has(BodyInLog) {
		t.s.bugs.log.Info("revision", "body", string(r.Body))
	}
	if t.s.bugs.has(BodyAtRest) {
		if err := t.Tx.SetMeta("newest", string(r.Body)); err != nil {
			return err
		}
	}
	return t.Tx.AddRevision(r)
}
