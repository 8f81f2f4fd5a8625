package store_test

import (
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/model/seal"
	"anxin/model/store"
)

func answers(t *testing.T, l *modeltest.Laptop, queries []model.Query) string {
	t.Helper()
	var b strings.Builder
	for _, q := range queries {
		heads, err := l.List(ctx, q)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range heads {
			fmt.Fprintf(&b, "%s %s %+v %v\n", h.ID, h.Rev, h.Summary, h.Conflict)
		}
		b.WriteString("-\n")
	}
	return b.String()
}

// pull takes revisions as if they came down the feed.
func pull(t *testing.T, l *modeltest.Laptop, revs ...model.Revision) store.PullResult {
	t.Helper()
	r, err := l.Pulled(ctx, "430725", 1, revs)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func past(t *testing.T, l *modeltest.Laptop, id model.ID) []model.Revision {
	t.Helper()
	revs, err := l.History(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	return revs
}

func TestPullFollowsAColleague(t *testing.T) {
	a, b := modeltest.NewLaptop(t, 1), modeltest.NewLaptop(t, 2)
	r1 := a.Save(t, model.Change{Record: modeltest.Employer(1)})[0]
	r2 := a.Save(t, model.Change{ID: r1.Record, Base: r1.Rev, Record: modeltest.Employer(2)})[0]
	r3 := a.Save(t, model.Change{ID: r1.Record, Base: r2.Rev, Record: modeltest.Employer(3)})[0]
	if got := fmt.Sprintf("%+v", pull(t, b, r1, r2)); got != "{Applied:2 Known:0 History:0 Merged:0 Conflicts:0 Duplicates:[]}" {
		t.Error(got)
	}
	want := answers(t, b, []model.Query{{}})
	if got := pull(t, b, r1, r2); got.Known != 2 || got.Applied != 0 {
		t.Errorf("the same page again: %+v", got)
	}
	if got := answers(t, b, []model.Query{{}}); got != want {
		t.Errorf("the same page again changed\n%s to\n%s", want, got)
	}
	if got := pull(t, b, r3); got.Applied != 1 {
		t.Errorf("%+v", got)
	}
	h, err := b.Head(ctx, r1.Record)
	if err != nil || h.Rev != r3.Rev {
		t.Errorf("head %s, %v", h.Rev, err)
	}
	found, err := b.Count(ctx, model.Query{Text: modeltest.Employer(3).Name})
	gone, err2 := b.Count(ctx, model.Query{Text: modeltest.Employer(2).Phone})
	if found != 1 || gone != 0 || err != nil || err2 != nil {
		t.Errorf("search: %d, %d, %v, %v", found, gone, err, err2)
	}
	cursor, err := b.Cursor(ctx, "430725")
	last, err2 := b.LastSeq(ctx)
	if cursor != 1 || last != 0 || err != nil || err2 != nil {
		t.Errorf("cursor %d, own log %d, %v, %v", cursor, last, err, err2)
	}
	if report, err := b.Verify(ctx); err != nil || len(report.Faults) > 0 {
		t.Errorf("%v, %v", report.Faults, err)
	}
}

func TestPullWithoutWhatLiesBetween(t *testing.T) {
	a, b := modeltest.NewLaptop(t, 1), modeltest.NewLaptop(t, 2)
	revs := []model.Revision{a.Save(t, model.Change{Record: modeltest.Employer(0)})[0]}
	for n := 1; n < 5; n++ {
		last := revs[n-1]
		revs = append(revs, a.Save(t, model.Change{ID: last.Record, Base: last.Rev, Record: modeltest.Employer(n)})...)
	}
	for _, step := range []struct {
		give    int
		head    int
		applied int
	}{{1, 1, 1}, {3, 3, 1}, {0, 3, 0}, {2, 3, 0}, {4, 4, 1}} {
		got := pull(t, b, revs[step.give])
		h, err := b.Head(ctx, revs[0].Record)
		if got.Applied != step.applied || got.Conflicts != 0 || h.Rev != revs[step.head].Rev || err != nil {
			t.Errorf("given %d: %+v, head %s, %v", step.give, got, h.Rev, err)
		}
	}
	before := answers(t, b, []model.Query{{}})
	if err := b.Rebuild(ctx); err != nil {
		t.Fatal(err)
	}
	if after := answers(t, b, []model.Query{{}}); after != before {
		t.Errorf("rebuilt from\n%s to\n%s", before, after)
	}
}

func TestPullRefuses(t *testing.T) {
	a, b := modeltest.NewLaptop(t, 1), modeltest.NewLaptop(t, 2)
	good := a.Save(t, model.Change{Record: modeltest.Employer(1)})[0]
	stranger := good
	unknown := seal.Device{ID: "stranger", Key: ed25519.NewKeyFromSeed(make([]byte, 32))}
	if err := unknown.SignRevision(&stranger); err != nil {
		t.Fatal(err)
	}
	forged := good
	forged.Body = json.RawMessage(`{"name":"别的公司"}`)
	wrongKey := good
	wrongKey.Device = modeltest.Device(3).ID
	for name, c := range map[string]struct {
		rev  model.Revision
		want error
	}{"a stranger": {stranger, store.ErrUnknownDevice}, "changed on the way": {forged, seal.ErrForged}, "under another's name": {wrongKey, seal.ErrForged}} {
		_, err := b.Pulled(ctx, "430725", 7, []model.Revision{good, c.rev})
		n, countErr := b.Count(ctx, model.Query{})
		cursor, cursorErr := b.Cursor(ctx, "430725")
		if !errors.Is(err, c.want) || n != 0 || cursor != 0 || countErr != nil || cursorErr != nil {
			t.Errorf("%s: %v; %d records, cursor %d, %v, %v", name, err, n, cursor, countErr, cursorErr)
		}
	}
}

// apart gives two laptops the same record and lets each change it.
func apart(t *testing.T, a, b *modeltest.Laptop, first, as, bs model.Record) (mine, theirs model.Revision) {
	t.Helper()
	base := a.Save(t, model.Change{Record: first})[0]
	pull(t, b, base)
	mine = b.Save(t, model.Change{ID: base.Record, Base: base.Rev, Record: bs})[0]
	theirs = a.Save(t, model.Change{ID: base.Record, Base: base.Rev, Record: as})[0]
	return mine, theirs
}

func TestGrownApartIsShownAndSettled(t *testing.T) {
	a, b := modeltest.NewLaptop(t, 1), modeltest.NewLaptop(t, 2)
	mine, theirs := apart(t, a, b, modeltest.Employer(1), modeltest.Employer(2), modeltest.Employer(3))
	if got := pull(t, b, theirs); got.Conflicts != 1 || got.Applied != 0 {
		t.Fatalf("%+v", got)
	}
	shown, err := b.Conflicts(ctx)
	if err != nil || len(shown) != 1 || shown[0].Ours != mine.Rev || shown[0].Theirs != theirs.Rev || shown[0].Base != mine.Parents[0] ||
		strings.Join(shown[0].Fields, " ") != "address headcount legal_rep name phone source uscc" {
		t.Fatalf("%+v, %v", shown, err)
	}
	h, err := b.Head(ctx, mine.Record)
	if err != nil || !h.Conflict || h.Rev != mine.Rev {
		t.Errorf("head %+v, %v", h, err)
	}
	before := answers(t, b, []model.Query{{}})
	if err := b.Rebuild(ctx); err != nil || answers(t, b, []model.Query{{}}) != before {
		t.Errorf("rebuilding chose another head, %v", err)
	}
	further := a.Save(t, model.Change{ID: theirs.Record, Base: theirs.Rev, Record: modeltest.Employer(4)})[0]
	pull(t, b, further)
	if shown, err = b.Conflicts(ctx); err != nil || len(shown) != 1 || shown[0].Theirs != further.Rev {
		t.Fatalf("they went on: %+v, %v", shown, err)
	}
	settled := b.Save(t, model.Change{ID: mine.Record, Base: mine.Rev, Settles: further.Rev, Record: modeltest.Employer(4)})[0]
	if len(settled.Parents) != 2 || settled.Rev.Generation() != 4 {
		t.Errorf("settled as %+v", settled)
	}
	if shown, err = b.Conflicts(ctx); err != nil || len(shown) != 0 {
		t.Errorf("still shown: %+v, %v", shown, err)
	}
	if got := pull(t, a, past(t, b, mine.Record)...); got.Conflicts != 1 || got.Applied != 1 {
		t.Errorf("at the colleague's: %+v", got)
	}
	if shown, err := a.Conflicts(ctx); err != nil || len(shown) != 0 {
		t.Errorf("still shown at the colleague's: %+v, %v", shown, err)
	}
	for _, l := range []*modeltest.Laptop{a, b} {
		if report, err := l.Verify(ctx); err != nil || len(report.Faults) > 0 {
			t.Errorf("%v, %v", report.Faults, err)
		}
	}
}

// joinNotes stands in for the merge rules: it takes their phone and our rest.
func joinNotes(_ model.Kind, base, ours, theirs []byte) ([]byte, []string, error) {
	var o, x map[string]any
	if err := errors.Join(json.Unmarshal(ours, &o), json.Unmarshal(theirs, &x)); err != nil {
		return nil, nil, err
	}
	if base == nil || o["note"] != "" && x["note"] != "" {
		return nil, []string{"note"}, nil
	}
	o["phone"] = x["phone"]
	out, err := json.Marshal(o)
	return out, nil, err
}

func TestMergeIsARevisionOfThisLaptop(t *testing.T) {
	a, b := modeltest.NewLaptop(t, 1), modeltest.NewLaptop(t, 2)
	b.Reopen(t, func(o *store.Options) { o.Merge = joinNotes })
	phone, note := modeltest.Employer(1), modeltest.Employer(1)
	phone.Phone, note.Note = "0736-1", "已联系"
	mine, theirs := apart(t, a, b, modeltest.Employer(1), phone, note)
	if got := pull(t, b, theirs); got.Merged != 1 || got.Conflicts != 0 {
		t.Fatalf("%+v", got)
	}
	h, err := b.Head(ctx, mine.Record)
	if err != nil {
		t.Fatal(err)
	}
	e, err := model.As[model.Employer](h.Body)
	if err != nil || e.Phone != "0736-1" || e.Note != "已联系" || h.Author != mine.Author {
		t.Errorf("merged %+v, %v", e, err)
	}
	ops, err := b.Ops(ctx, 0, 10)
	if err != nil || len(ops) != 2 || fmt.Sprint(ops[1].Revision.Parents) != fmt.Sprint([]model.Rev{mine.Rev, theirs.Rev}) {
		t.Errorf("log %+v, %v", ops, err)
	}
	if got := pull(t, a, mine, ops[1].Revision); got.Applied != 1 {
		t.Errorf("at the colleague's: %+v", got)
	}
	note.Phone = "0736-2"
	phone.Note = "找不到人"
	_, theirs = apart(t, a, b, modeltest.Employer(2), phone, note)
	if got := pull(t, b, theirs); got.Conflicts != 1 {
		t.Errorf("both wrote a note: %+v", got)
	}
}

func TestIssuedElsewhere(t *testing.T) {
	a, b := modeltest.NewLaptop(t, 1), modeltest.NewLaptop(t, 2)
	for _, l := range []*modeltest.Laptop{a, b} { // a hub's mistake: the same block twice
		if err := l.AddBlock(ctx, model.Block{Series: "令/2026", From: 1, To: 9}); err != nil {
			t.Fatal(err)
		}
	}
	doc, _ := a.Issue(t, "令/2026")
	twice, _ := b.Issue(t, "令/2026")
	if got := pull(t, b, past(t, a, doc.ID)...); len(got.Duplicates) != 1 || got.Duplicates[0] != twice.Summary.Number || got.Applied != 2 {
		t.Errorf("%+v", got)
	}
	report, err := b.Verify(ctx)
	if err != nil || len(report.Faults) != 1 || !strings.Contains(report.Faults[0], "没有签发登记") {
		t.Errorf("%v, %v", report.Faults, err)
	}
}

// A draft that a colleague issued meanwhile: theirs is frozen, ours gives way
// only when an officer says so.
func TestDraftAgainstIssued(t *testing.T) {
	a, b := modeltest.NewLaptop(t, 1), modeltest.NewLaptop(t, 2)
	if err := a.AddBlock(ctx, model.Block{Series: "令/2026", From: 1, To: 9}); err != nil {
		t.Fatal(err)
	}
	doc, _ := a.Issue(t, "令/2026")
	history := past(t, a, doc.ID)
	pull(t, b, history[0])
	mine := modeltest.Draft("", "另一家公司")
	r := b.Save(t, model.Change{ID: doc.ID, Base: history[0].Rev, Record: mine})[0]
	if got := pull(t, b, history[1]); got.Conflicts != 1 {
		t.Fatalf("%+v", got)
	}
	theirs, err := model.As[model.Document](history[1].Body)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Commit(ctx, model.Batch{Changes: []model.Change{{ID: doc.ID, Base: r.Rev, Settles: doc.Rev, Record: mine}}}); !errors.Is(err, model.ErrFrozen) {
		t.Errorf("the issued one was overruled: %v", err)
	}
	b.Save(t, model.Change{ID: doc.ID, Base: r.Rev, Settles: doc.Rev, Record: theirs})
	h, err := b.Head(ctx, doc.ID)
	if err != nil || h.Summary.State != model.DocumentIssued || h.Conflict {
		t.Errorf("head %+v, %v", h, err)
	}
	if report, err := b.Verify(ctx); err != nil || len(report.Faults) > 0 {
		t.Errorf("%v, %v", report.Faults, err)
	}
}

func TestAcks(t *testing.T) {
	l := modeltest.NewLaptop(t, 1)
	for n := range 5 {
		l.Save(t, model.Change{Record: modeltest.Employer(n)})
	}
	ack := func(seq, position int64) model.Ack {
		return model.Ack{Seq: seq, Outcome: model.OutcomeApplied, Position: position}
	}
	state := func(want string) {
		t.Helper()
		pending, err := l.Pending(ctx)
		acked, err2 := l.AckedSeq(ctx)
		if got := fmt.Sprintf("%d pending, %d acked", pending, acked); got != want || err != nil || err2 != nil {
			t.Errorf("%s, want %s; %v %v", got, want, err, err2)
		}
	}
	state("5 pending, 0 acked")
	for _, bad := range [][]model.Ack{{ack(2, 1)}, {ack(0, 1)}, {ack(1, 1), ack(3, 3)}, {ack(1, 1), ack(2, 2), ack(3, 3), ack(4, 4), ack(5, 5), ack(6, 6)}} {
		if err := l.Acked(ctx, bad); err == nil {
			t.Errorf("accepted %+v", bad)
		}
		state("5 pending, 0 acked")
	}
	for range 2 {
		if err := l.Acked(ctx, []model.Ack{ack(1, 10), ack(2, 20), ack(3, 30)}); err != nil {
			t.Fatal(err)
		}
		state("2 pending, 3 acked")
	}
	if err := l.HubLost(ctx, 99); err != nil {
		t.Fatal(err)
	}
	state("2 pending, 3 acked")
	if err := l.HubLost(ctx, 15); err != nil {
		t.Fatal(err)
	}
	state("4 pending, 1 acked")
	ops, err := l.Ops(ctx, 1, 2)
	if err != nil || len(ops) != 2 || ops[0].Seq != 2 || ops[1].Seq != 3 || string(ops[1].Prev) != string(ops[0].Hash) {
		t.Errorf("%+v, %v", ops, err)
	}
	for _, op := range ops {
		if err := errors.Join(seal.CheckOp(op, modeltest.Device(1).Public()), seal.CheckRevision(op.Revision, modeltest.Device(1).Public())); err != nil {
			t.Error(err)
		}
	}
	st, err := l.Stats(ctx)
	if err != nil || st.Records != 5 || st.Revisions != 5 || st.Pending != 4 || st.Bytes == 0 {
		t.Errorf("%+v, %v", st, err)
	}
}
