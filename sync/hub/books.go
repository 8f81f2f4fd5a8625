package hub

import (
	"maps"
	"slices"
	"time"

	"anxin/model"
	"anxin/sync/wire"
)

// books are what one transaction writes at its end: the hub's log, and the
// feeds of the scopes it touched. They are shared by the pushes of a group.
type books struct {
	h       *Hub
	tx      Tx
	now     time.Time
	entries []*Entry // without positions until close
	batches []*batch
	touched map[string][]model.ID // records by scope, in the order they changed
	left    map[string][]model.ID // records by the scope they left
}

func (h *Hub) books(tx Tx) *books {
	return &books{h: h, tx: tx, now: h.opt.Clock.Now(), touched: map[string][]model.ID{}, left: map[string][]model.ID{}}
}

// enter notes one operation for the hub's log.
func (k *books) enter(op model.Op, ack model.Ack) *Entry {
	if ack.Outcome != model.OutcomeQuarantined {
		op.Revision.Body = nil // it stands in the journal
	}
	e := &Entry{Op: op, Ack: ack}
	k.entries = append(k.entries, e)
	return e
}

// touch notes that a record must appear in the feed.
func (k *books) touch(scope string, record model.ID) {
	if !slices.Contains(k.touched[scope], record) {
		k.touched[scope] = append(k.touched[scope], record)
	}
}

// leave notes that a record goes from a scope; a record that has come back in
// the same transaction has not left.
func (k *books) leave(scope string, record model.ID) {
	k.touched[scope] = slices.DeleteFunc(k.touched[scope], func(id model.ID) bool { return id == record })
	if !slices.Contains(k.left[scope], record) {
		k.left[scope] = append(k.left[scope], record)
	}
}

// close appends to the log, whose end it locks as late as can be, and raises
// the feeds' counters last of all, in the order of the scopes' names.
func (k *books) close() error {
	log, err := k.tx.Log()
	if err != nil {
		return err
	}
	for _, b := range k.batches {
		b.before = log
		for _, e := range k.entries[b.from:b.to] {
			k.append(&log, e)
		}
		b.after = log
	}
	for _, e := range k.entries {
		if e.Ack.Position == 0 { // of no push: the hub's own
			k.append(&log, e)
		}
		if err := k.tx.AddOp(*e); err != nil {
			return err
		}
	}
	if len(k.entries) > 0 {
		if err := k.tx.SaveLog(log); err != nil {
			return err
		}
	}
	return k.feed()
}

func (k *books) append(log *wire.Frontier, e *Entry) {
	e.Hashes = log.Append(e.Op.Hash)
	e.Ack.Position = log.Size
}

func (k *books) feed() error {
	var moved []model.ID
	scopes := map[string]bool{}
	for scope, list := range k.left {
		for _, id := range list {
			if !slices.Contains(k.touched[scope], id) {
				moved = append(moved, id)
			}
		}
		scopes[scope] = true
	}
	if len(moved) > 0 {
		if err := k.tx.Restart(moved); err != nil {
			return err
		}
	}
	for scope := range k.touched {
		scopes[scope] = true
	}
	for _, scope := range slices.Sorted(maps.Keys(scopes)) {
		gone := slices.DeleteFunc(k.left[scope], func(id model.ID) bool { return slices.Contains(k.touched[scope], id) })
		if len(gone) > 0 {
			if err := k.tx.Leave(scope, gone); err != nil {
				return err
			}
		}
		if list := k.touched[scope]; len(list) > 0 {
			if err := k.tx.Bump(scope, list); err != nil {
				return err
			}
		}
	}
	return nil
}
