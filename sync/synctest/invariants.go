package synctest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"

	"anxin/model"
	"anxin/model/seal"
	"anxin/sync/hub"
	"anxin/sync/merge"
	"anxin/sync/wire"
)

// Done is everything officers did in a world, as the stores confirmed it: each
// revision with the laptop it was made on.
type Done struct {
	Revision model.Revision
	Laptop   int // index in World.Laptops
}

// Invariants checks what must hold once the world is at rest. The names are
// those of the design: I1 every acknowledged operation is at the hub once; I2
// nothing done is lost; I3 all replicas agree; I5 nobody's edit vanishes; I6
// issued papers are the same everywhere; I7 every number has one holder and
// both sides know him; I8 the feed skipped nothing; I9 evidence is what its
// name says.
func (w *World) Invariants(done []Done) { w.invariants(done, everybody) }

// view is who must have what: not every laptop may see every record, and of
// some files nothing is left.
type view struct {
	reads func(*Laptop, model.ID) bool // the laptop may see the record
	apart func(*Laptop, model.ID) bool // it goes its own way there: the hub did not take what it did
	gone  map[string]bool              // files that are nowhere any more
}

// everybody sees everything.
var everybody = view{reads: func(*Laptop, model.ID) bool { return true }, apart: func(*Laptop, model.ID) bool { return false }}

func (w *World) invariants(done []Done, v view) {
	w.T.Helper()
	report, err := w.Hub.Verify(context.Background())
	w.Check(err)
	for _, f := range report.Faults {
		w.T.Errorf("hub: %s", f)
	}
	w.Inspect(func(tx hub.Tx) error {
		return errors.Join(w.acknowledged(tx), w.kept(tx, done, v.gone), w.joined(tx, done), w.agree(tx, v), w.numbers(tx), w.spent(tx), w.complete(tx, v))
	})
	for _, l := range w.Laptops {
		for _, f := range l.verify() {
			w.T.Errorf("laptop %d: %s", l.N, f)
		}
	}
}

// acknowledged is I1.
func (w *World) acknowledged(tx hub.Tx) error {
	for _, l := range w.Laptops {
		acked, err := l.Store.AckedSeq(context.Background())
		if err != nil {
			return err
		}
		ops, err := l.Store.Ops(context.Background(), 0, int(acked)+1)
		if err != nil {
			return err
		}
		if len(ops) > int(acked) {
			w.T.Errorf("I13: laptop %d has operations beyond %d that were never sent", l.N, acked)
		}
		for _, op := range ops {
			e, err := tx.Op(op.Device, op.Epoch, op.Seq)
			if err != nil {
				w.T.Errorf("I1: laptop %d operation %d: %v", l.N, op.Seq, err)
				continue
			}
			if !bytes.Equal(e.Op.Hash, op.Hash) {
				w.T.Errorf("I1: laptop %d operation %d is another one at the hub", l.N, op.Seq)
			}
		}
	}
	return nil
}

// kept is I2 and I5.
func (w *World) kept(tx hub.Tx, done []Done, gone map[string]bool) error {
	asides, err := setAside(tx)
	if err != nil {
		return err
	}
	for _, d := range done {
		r := d.Revision
		at, err := tx.Revision(r.Rev)
		if errors.Is(err, model.ErrNotFound) && w.aside(r, asides) {
			continue
		}
		if err != nil {
			w.T.Errorf("I2: revision %s of laptop %d: %v", r.Rev, d.Laptop+1, err)
			continue
		}
		if !bytes.Equal(at.Body, r.Body) || !bytes.Equal(at.Sig, r.Sig) {
			w.T.Errorf("I2: revision %s was changed at the hub", r.Rev)
		}
		if r.Kind == model.KindEvidence {
			if err := w.evidence(tx, r, gone); err != nil {
				return err
			}
		}
		graph, leaves, err := shown(tx, r.Record)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(leaves, func(leaf model.Rev) bool { return graph.Descends(leaf, r.Rev) }) {
			w.T.Errorf("I5: revision %s is neither in the head nor in a conflict", r.Rev)
		}
	}
	return nil
}

// setAside are the revisions the hub keeps without having taken them.
func setAside(tx hub.Tx) (map[model.Rev]model.Revision, error) {
	out := map[model.Rev]model.Revision{}
	return out, tx.EachOp(func(e hub.Entry) error {
		if e.Ack.Outcome == model.OutcomeQuarantined {
			out[e.Op.Revision.Rev] = e.Op.Revision
		}
		return nil
	})
}

// aside reports whether a revision was set aside: then it must be there whole.
func (w *World) aside(r model.Revision, asides map[model.Rev]model.Revision) bool {
	kept, known := asides[r.Rev]
	if known && (!bytes.Equal(kept.Body, r.Body) || !bytes.Equal(kept.Sig, r.Sig)) {
		w.T.Errorf("I2: revision %s was set aside and not kept whole", r.Rev)
	}
	return known
}

// evidence is the other half of I9: the file of every evidence record is at
// the hub in full.
func (w *World) evidence(tx hub.Tx, r model.Revision, gone map[string]bool) error {
	e, err := model.As[model.Evidence](r.Body)
	if err != nil || gone[e.SHA256] {
		return err
	}
	if b, err := tx.Blob(e.SHA256); err != nil || !b.Stored {
		w.T.Errorf("I9: file %.8s of record %s is not at the hub: %v", e.SHA256, r.Record, err)
	}
	return nil
}

// joined is the other half of I5: a revision of two parents that no officer
// made holds exactly what both sides changed, and joins nothing that must be
// shown.
func (w *World) joined(tx hub.Tx, done []Done) error {
	if done == nil {
		return nil // nobody says what officers did
	}
	byHand := map[model.Rev]bool{}
	for _, d := range done {
		byHand[d.Revision.Rev] = true
	}
	return tx.EachRevision(func(r model.Revision) error {
		if len(r.Parents) != 2 || byHand[r.Rev] {
			return nil
		}
		graph, err := tx.Graph(r.Record)
		if err != nil {
			return err
		}
		base, err := tx.Revision(graph.Base(r.Parents[0], r.Parents[1]))
		if err != nil && !errors.Is(err, model.ErrNotFound) {
			return err
		}
		ours, err1 := tx.Revision(r.Parents[0])
		theirs, err2 := tx.Revision(r.Parents[1])
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		merged, fields, err := merge.Three(r.Kind, base.Body, ours.Body, theirs.Body)
		if err != nil {
			return err
		}
		if canonical, err := seal.Canonical(json.RawMessage(merged)); len(fields) > 0 || err != nil || !bytes.Equal(canonical, r.Body) {
			w.T.Errorf("I5: revision %s of %s joins what it may not: %v", r.Rev, r.Kind, fields)
		}
		return nil
	})
}

// spent is the rest of I7: every number given up on a laptop is accounted for
// at the hub, and no number is on two papers.
func (w *World) spent(tx hub.Tx) error {
	list, err := tx.Spent(Series)
	if err != nil {
		return err
	}
	known := map[int]string{}
	for _, v := range list {
		known[v.Serial] = v.State
	}
	for _, l := range w.Laptops {
		rows, err := l.Store.Numbers(context.Background(), Series)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if row.Document == "" && known[row.Serial] != row.State && known[row.Serial] != row.Reason {
				w.T.Errorf("I7: number %d, %s on laptop %d, is %q at the hub", row.Serial, row.State, l.N, known[row.Serial])
			}
		}
	}
	holders, err := tx.Holders(Series)
	for _, h := range holders {
		if known[h.Serial] != "" {
			w.T.Errorf("I7: number %d is on a paper and %s", h.Serial, known[h.Serial])
		}
	}
	return err
}

// Rooted is I11: every checkpoint handed out is the root of the log as it is.
func (w *World) Rooted(points []wire.Checkpoint) {
	w.T.Helper()
	w.Inspect(func(tx hub.Tx) error {
		var log wire.Frontier
		roots := map[int64][]byte{0: log.Root()}
		err := tx.EachOp(func(e hub.Entry) error {
			log.Append(e.Op.Hash)
			roots[log.Size] = log.Root()
			return nil
		})
		for _, p := range points {
			if !bytes.Equal(roots[p.Size], p.Root) {
				w.T.Errorf("I11: the checkpoint of %d entries is not the log's", p.Size)
			}
		}
		return err
	})
}

// shown are the head of a record at the hub and the other sides of its open
// conflicts, sorted.
func shown(tx hub.Tx, record model.ID) (merge.Graph, []model.Rev, error) {
	graph, err := tx.Graph(record)
	if err != nil {
		return nil, nil, err
	}
	head, err := tx.Head(record)
	if err != nil {
		return nil, nil, err
	}
	open, err := tx.Conflicts(record)
	leaves := []model.Rev{head.Rev}
	for _, c := range open {
		leaves = append(leaves, c.Theirs)
	}
	slices.Sort(leaves)
	return graph, leaves, err
}

// records are all records of the hub.
func records(tx hub.Tx) (out []model.ID, err error) {
	err = tx.EachRevision(func(r model.Revision) error {
		if len(out) == 0 || out[len(out)-1] != r.Record {
			out = append(out, r.Record)
		}
		return nil
	})
	return out, err
}

// agree is I3 and I6: on every laptop the head and the other sides of its
// conflicts are the hub's, and what issuing fixed is one text everywhere.
func (w *World) agree(tx hub.Tx, v view) error {
	all, err := records(tx)
	if err != nil {
		return err
	}
	for _, id := range all {
		_, want, err := shown(tx, id)
		if err != nil {
			return err
		}
		head, err := tx.Head(id)
		if err != nil {
			return err
		}
		r, err := tx.Revision(head.Rev)
		if err != nil {
			return err
		}
		for _, l := range w.Laptops {
			if !v.reads(l, id) {
				continue
			}
			local, got, err := l.shown(id)
			if mine, theirs := fixed(head.Kind, local.Body), fixed(head.Kind, r.Body); mine != "" && theirs != "" && mine != theirs {
				w.T.Errorf("I6: laptop %d, document %s: %s, hub %s", l.N, id, mine, theirs)
			}
			if v.apart(l, id) {
				continue
			}
			if err != nil {
				w.T.Errorf("I3: laptop %d, %s %s: %v", l.N, head.Kind, id, err)
				continue
			}
			if !slices.Equal(got, want) {
				w.T.Errorf("I3: laptop %d, %s %s: shows %v, hub %v", l.N, head.Kind, id, got, want)
			}
			if local.Rev == head.Rev && !bytes.Equal(local.Body, r.Body) {
				w.T.Errorf("I6: laptop %d, %s %s: other bytes under the same revision", l.N, head.Kind, id)
			}
		}
	}
	return nil
}

// fixed is what issuing fixed in a body, "" when nothing is.
func fixed(kind model.Kind, body []byte) string {
	var doc struct {
		Issued json.RawMessage `json:"issued"`
	}
	if kind != model.KindDocument || json.Unmarshal(body, &doc) != nil {
		return ""
	}
	return string(doc.Issued)
}

func (l *Laptop) shown(id model.ID) (model.Head, []model.Rev, error) {
	head, err := l.Store.Head(context.Background(), id)
	if err != nil {
		return head, nil, err
	}
	conflicts, err := l.Store.Conflicts(context.Background())
	leaves := []model.Rev{head.Rev}
	for _, c := range conflicts {
		if c.Record == id {
			leaves = append(leaves, c.Theirs)
		}
	}
	slices.Sort(leaves)
	return head, leaves, err
}

// numbers is I7.
func (w *World) numbers(tx hub.Tx) error {
	for _, l := range w.Laptops {
		rows, err := l.Store.Numbers(context.Background(), Series)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if row.Document == "" {
				continue
			}
			holder, err := tx.Number(row.Series, row.Serial)
			if err != nil {
				w.T.Errorf("I7: number %d of laptop %d: %v", row.Serial, l.N, err)
				continue
			}
			if holder.Document != row.Document {
				w.T.Errorf("I7: number %d: laptop %d says %s, hub %s", row.Serial, l.N, row.Document, holder.Document)
			}
		}
	}
	clashes, err := tx.Clashes()
	if len(clashes) > 0 {
		w.T.Errorf("I7: numbers held twice: %v", clashes)
	}
	return err
}

// complete is I8 and I9: every laptop of the scope has every revision and every
// file that the hub has.
func (w *World) complete(tx hub.Tx, v view) error {
	ctx := context.Background()
	cited := map[string]model.ID{}
	err := tx.EachRevision(func(r model.Revision) error {
		if e, err := model.As[model.Evidence](r.Body); r.Kind == model.KindEvidence && err == nil {
			cited[e.SHA256] = r.Record
		}
		for _, l := range w.Laptops {
			if !v.reads(l, r.Record) {
				continue
			}
			have, err := l.Store.Have(ctx, r.Record, r.Rev)
			if err != nil {
				return err
			}
			if !have {
				w.T.Errorf("I8: laptop %d never got revision %s of %s %s", l.N, r.Rev, r.Kind, r.Record)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return tx.EachBlob(func(b hub.Blob) error {
		if v.gone[b.SHA256] {
			return nil
		}
		record, known := cited[b.SHA256]
		for _, l := range w.Laptops {
			if !known || !v.reads(l, record) {
				continue
			}
			if err := l.Blobs.Check(ctx, b.SHA256); err != nil {
				w.T.Errorf("I9: laptop %d, file %.8s: %v", l.N, b.SHA256, err)
			}
		}
		if !b.Stored {
			w.T.Errorf("I9: file %.8s was announced and never completed", b.SHA256)
		}
		return nil
	})
}
