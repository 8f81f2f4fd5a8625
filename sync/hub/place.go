package hub

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"anxin/model"
	"anxin/sync/merge"
	"anxin/sync/wire"
)

// place finds the outcome of one operation and writes it down.
func (b *batch) place(i int) error {
	op := b.ops[i]
	ack := model.Ack{Seq: op.Seq, Outcome: model.OutcomeApplied, Reason: b.reasons[i]}
	_, err := b.tx.Revision(op.Revision.Rev)
	known := err == nil
	if err != nil && !errors.Is(err, model.ErrNotFound) {
		return err
	}
	scope := ""
	if ack.Reason == "" && !known {
		if scope, ack.Reason, err = b.refuse(op); err != nil {
			return err
		}
	}
	if ack.Reason != "" {
		ack.Outcome = model.OutcomeQuarantined
		b.own = append(b.own, b.enter(op, ack))
		return b.resettle(op.Revision.Record)
	}
	if !known {
		if ack.Outcome, err = b.keep(i, scope); err != nil {
			return err
		}
	}
	number, err := b.number(op)
	if err != nil {
		return err
	}
	ack.Reason = strings.Join(slices.DeleteFunc([]string{number, b.ahead(op)}, func(s string) bool { return s == "" }), "；")
	b.own = append(b.own, b.enter(op, ack))
	if ack.Outcome != model.OutcomeMerged {
		return nil
	}
	return b.mergeInto(op.Revision)
}

// maxAhead is how far a laptop's clock may run before the hub's without a word.
const maxAhead = 24 * time.Hour

// ahead names a clock that runs far before the hub's. It decides nothing: what
// was done is done, and time never settles a conflict.
func (b *batch) ahead(op model.Op) string {
	if op.Revision.Time.Sub(b.now) <= maxAhead {
		return ""
	}
	return "本机时间比局服务器快一天以上，请校正时间；这条记录的时间以局服务器收到的为准"
}

// refuse says why an operation must be set aside, "" when it need not, and the
// scope its record belongs to afterwards.
func (b *batch) refuse(op model.Op) (scope, reason string, err error) {
	r := op.Revision
	scope = op.Scope
	if scope == "" {
		scope = b.who.Scope
	}
	head, err := b.tx.Head(r.Record)
	switch {
	case errors.Is(err, model.ErrNotFound):
	case err != nil:
		return "", "", err
	case head.Kind != r.Kind:
		return "", "同一编号已用于别的种类的记录", nil
	case !b.who.may(head.Scope, RoleWrite):
		return "", "本机无权改动“" + head.Scope + "”范围的记录", nil
	default:
		// Where a record lives is the bureau's to say, see Move: a laptop may
		// not have heard yet that it has moved.
		scope = head.Scope
	}
	if !b.who.may(scope, RoleWrite) {
		return "", "本机无权写入“" + scope + "”范围的记录", nil
	}
	issue, use := issued(r), op.Number
	if issue != nil && use != nil && *use != (model.NumberUse{Series: issue.Series, Serial: issue.Serial, Document: r.Record}) {
		return "", "操作所记的文号与文书内容不一致", nil
	}
	reason, err = b.refuseParents(r)
	return scope, reason, err
}

// refuseParents says why a revision may not follow what it names as its
// parents.
func (b *batch) refuseParents(r model.Revision) (string, error) {
	for _, p := range r.Parents {
		parent, err := b.tx.Revision(p)
		if errors.Is(err, model.ErrNotFound) || err == nil && parent.Record != r.Record {
			return "它所依据的上一版本不在局服务器上", nil
		}
		if err != nil {
			return "", err
		}
		if err := b.h.checkSuccessor(parent, r); err != nil {
			return err.Error(), nil
		}
	}
	return "", nil
}

// checkSuccessor says whether a revision may follow its parent, by its content
// and by who wrote it; what the hub joined itself is nobody's.
func (h *Hub) checkSuccessor(parent, r model.Revision) error {
	if err := model.CheckSuccessor(r.Kind, parent.Body, r.Body); err != nil || r.Device == h.device.ID {
		return err
	}
	return model.CheckAuthor(r.Kind, parent.Body, r.Device)
}

// issued is what issuing fixed in a document's revision, nil for all others.
func issued(r model.Revision) *model.Issue {
	if r.Kind != model.KindDocument {
		return nil
	}
	d, err := model.As[model.Document](r.Body)
	if err != nil {
		return nil
	}
	return d.Issued
}

// keep adds the revision to its record and moves the head if it may.
func (b *batch) keep(i int, scope string) (string, error) {
	r := b.ops[i].Revision
	if err := errors.Join(b.tx.AddRevision(r), cite(b.tx, r)); err != nil {
		return "", err
	}
	b.touch(scope, r.Record)
	head, err := b.tx.Head(r.Record)
	if errors.Is(err, model.ErrNotFound) {
		return model.OutcomeApplied, b.tx.SaveHead(Head{Record: r.Record, Kind: r.Kind, Scope: scope, Rev: r.Rev})
	}
	if err != nil {
		return "", err
	}
	if len(r.Parents) == 1 && r.Parents[0] == head.Rev && head.Open == 0 {
		head.Rev = r.Rev
		return model.OutcomeApplied, b.tx.SaveHead(head)
	}
	return b.weigh(i, head)
}

// weigh places a revision that does not simply follow the head.
func (b *batch) weigh(i int, head Head) (string, error) {
	r := b.ops[i].Revision
	graph, err := b.tx.Graph(r.Record)
	if err != nil {
		return "", err
	}
	if graph.Descends(r.Rev, head.Rev) {
		head.Rev = r.Rev
		return model.OutcomeApplied, b.settle(head, graph)
	}
	if b.joinedLater(i, head, graph) {
		return model.OutcomeApplied, nil
	}
	fields, err := b.obstacles(r, head, graph)
	if err != nil {
		return "", err
	}
	if len(fields) == 0 {
		return model.OutcomeMerged, nil
	}
	return model.OutcomeConflict, b.settle(head, graph)
}

// joinedLater reports whether a later, unobjectionable operation of the same
// push comes from both the head and this revision: the laptop has joined them
// itself.
func (b *batch) joinedLater(i int, head Head, stored merge.Graph) bool {
	graph := merge.Graph{}
	for rev, parents := range stored {
		graph[rev] = parents
	}
	r := b.ops[i].Revision
	for j := i + 1; j < len(b.ops); j++ {
		next := b.ops[j].Revision
		if next.Record != r.Record || b.reasons[j] != "" {
			continue
		}
		graph[next.Rev] = next.Parents
		if graph.Descends(next.Rev, head.Rev) && graph.Descends(next.Rev, r.Rev) {
			return true
		}
	}
	return false
}

// obstacles are the fields that keep a revision from joining the head. One
// that carries on a side of an open conflict stays with that side: only an
// officer settles a conflict.
func (b *batch) obstacles(r model.Revision, head Head, graph merge.Graph) ([]string, error) {
	open, err := b.tx.Conflicts(r.Record)
	if err != nil {
		return nil, err
	}
	for _, c := range open {
		if len(c.Fields) > 0 && graph.Descends(r.Rev, c.Theirs) {
			return c.Fields, nil
		}
	}
	_, fields, err := b.three(r, head, graph)
	return fields, err
}

func (b *batch) three(r model.Revision, head Head, graph merge.Graph) (merged []byte, fields []string, err error) {
	ours, err := b.tx.Revision(head.Rev)
	if err != nil {
		return nil, nil, err
	}
	var base model.Revision
	if rev := graph.Base(head.Rev, r.Rev); rev != "" {
		if base, err = b.tx.Revision(rev); err != nil {
			return nil, nil, err
		}
	}
	for _, shape := range []*model.Revision{&base, &ours, &r} {
		if *shape, err = model.Upcast(*shape); err != nil {
			return nil, nil, err
		}
	}
	return merge.Three(r.Kind, base.Body, ours.Body, r.Body)
}

// mergeInto joins a revision with the head by a revision of the hub's own,
// which enters the hub's log like any other operation.
func (b *batch) mergeInto(r model.Revision) error {
	head, err := b.tx.Head(r.Record)
	if err != nil {
		return err
	}
	graph, err := b.tx.Graph(r.Record)
	if err != nil {
		return err
	}
	body, fields, err := b.three(r, head, graph)
	if err != nil || len(fields) > 0 {
		return errors.Join(err, fmt.Errorf("记录 %s 的两个版本无法合并", r.Record))
	}
	m := model.Revision{Record: r.Record, Kind: r.Kind, Parents: []model.Rev{head.Rev, r.Rev}, Schema: max(r.Schema, model.Schema(r.Kind)),
		Author: r.Author, Time: b.now, Body: body}
	if err := b.h.device.SignRevision(&m); err != nil {
		return err
	}
	if err := errors.Join(b.tx.AddRevision(m), cite(b.tx, m)); err != nil {
		return err
	}
	if err := b.enterOwn(head.Scope, m, model.Ack{Outcome: model.OutcomeApplied}); err != nil {
		return err
	}
	graph[m.Rev] = m.Parents
	head.Rev = m.Rev
	return b.settle(head, graph)
}

// enterOwn enters a revision by an operation of the hub's own log.
func (b *batch) enterOwn(scope string, r model.Revision, ack model.Ack) error {
	state, err := b.tx.State(b.h.device.ID, b.h.device.Epoch)
	if err != nil {
		return err
	}
	op := model.Op{Seq: state.LastSeq + 1, Scope: scope, Prev: state.LastHash, Revision: r}
	b.h.device.SignOp(&op)
	state.LastSeq, state.LastHash = op.Seq, op.Hash
	ack.Seq = op.Seq
	b.enter(op, ack)
	return b.tx.SaveState(state)
}

// settle saves the head and makes the open conflicts what the graph says they
// are: every leaf beside the head.
func (b *batch) settle(head Head, graph merge.Graph) error {
	open, err := b.tx.Conflicts(head.Record)
	if err != nil {
		return err
	}
	leaf := map[model.Rev]bool{}
	for _, rev := range graph.Leaves() {
		leaf[rev] = rev != head.Rev
	}
	for _, c := range open {
		if leaf[c.Theirs] {
			delete(leaf, c.Theirs)
			continue
		}
		if err := b.tx.CloseConflict(head.Record, c.Theirs, b.now); err != nil {
			return err
		}
	}
	head.Open = 0
	for _, rev := range graph.Leaves() {
		if rev == head.Rev {
			continue
		}
		head.Open++
		if leaf[rev] {
			if err := b.addConflict(head, rev, graph); err != nil {
				return err
			}
		}
	}
	return b.tx.SaveHead(head)
}

// resettle shows what an operation now set aside was expected to join.
func (b *batch) resettle(record model.ID) error {
	head, err := b.tx.Head(record)
	if errors.Is(err, model.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	graph, err := b.tx.Graph(record)
	if err != nil {
		return err
	}
	return b.settle(head, graph)
}

func (b *batch) addConflict(head Head, theirs model.Rev, graph merge.Graph) error {
	r, err := b.tx.Revision(theirs)
	if err != nil {
		return err
	}
	_, fields, err := b.three(r, head, graph)
	if err != nil {
		return err
	}
	return b.tx.AddConflict(wire.Conflict{Record: head.Record, Kind: head.Kind, Base: graph.Base(head.Rev, theirs),
		Ours: head.Rev, Theirs: theirs, Fields: fields, At: b.now})
}

// number enters the number an operation took into the register. A second
// holder is written down and named, never renumbered: his paper is served.
func (b *batch) number(op model.Op) (string, error) {
	use := op.Number
	if issue := issued(op.Revision); use == nil && issue != nil && issue.Series != "" {
		use = &model.NumberUse{Series: issue.Series, Serial: issue.Serial, Document: op.Revision.Record}
	}
	if use == nil {
		return "", nil
	}
	mine := Holder{Series: use.Series, Serial: use.Serial, Document: use.Document, Device: op.Revision.Device, Rev: op.Revision.Rev, At: b.now}
	first, err := b.tx.Number(use.Series, use.Serial)
	switch {
	case errors.Is(err, model.ErrNotFound):
		return "", b.tx.AddNumber(mine)
	case err != nil || first.Document == use.Document:
		return "", err
	}
	return fmt.Sprintf("文号 %s 第 %d 号已由另一份文书使用，请到局里登记说明", use.Series, use.Serial), b.tx.AddClash(mine)
}
