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

// sound fails the test when Verify finds a fault.
func sound(t *testing.T, l *modeltest.Laptop) {
	t.Helper()
	if report, err := l.Verify(ctx); err != nil || len(report.Faults) > 0 {
		t.Errorf("%v, %v", report.Faults, err)
	}
}

func headOf(t *testing.T, l *modeltest.Laptop, id model.ID) model.Head {
	t.Helper()
	h, err := l.Head(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// shown are the conflicts as text, "record: ours theirs".
func shown(t *testing.T, l *modeltest.Laptop) string {
	t.Helper()
	list, err := l.Conflicts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	out := ""
	for _, c := range list {
		out += fmt.Sprintf("%s: %s %s\n", c.Record, c.Ours, c.Theirs)
	}
	return out
}

func shows(ours, theirs model.Revision) string {
	return fmt.Sprintf("%s: %s %s\n", ours.Record, ours.Rev, theirs.Rev)
}

// counts fails the test when a query selects another number of heads.
func counts(t *testing.T, l *modeltest.Laptop, q model.Query, want int) {
	t.Helper()
	if n, err := l.Count(ctx, q); n != want || err != nil {
		t.Errorf("%+v counts %d, %v, want %d", q, n, err, want)
	}
}

func TestPullFollowsAColleague(t *testing.T) {
	a, b := modeltest.NewLaptop(t, 1), modeltest.NewLaptop(t, 2)
	r1 := a.Save(t, model.Change{Record: modeltest.Employer(1)})[0]
	r2 := a.Save(t, model.Change{ID: r1.Record, Base: r1.Rev, Record: modeltest.Employer(2)})[0]
	r3 := a.Save(t, model.Change{ID: r1.Record, Base: r2.Rev, Record: modeltest.Employer(3)})[0]
	if got := fmt.Sprintf("%+v", pull(t, b, r1, r2)); got != "{Applied:1 Known:0 History:1 Merged:0 Conflicts:0 Duplicates:[]}" {
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
	if h := headOf(t, b, r1.Record); h.Rev != r3.Rev {
		t.Errorf("head %s", h.Rev)
	}
	counts(t, b, model.Query{Text: modeltest.Employer(3).Name}, 1)
	counts(t, b, model.Query{Text: modeltest.Employer(2).Phone}, 0)
	cursor, err := b.Cursor(ctx, "430725")
	last, err2 := b.LastSeq(ctx)
	if cursor != 1 || last != 0 || err != nil || err2 != nil {
		t.Errorf("cursor %d, own log %d, %v, %v", cursor, last, err, err2)
	}
	sound(t, b)
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
	if _, err := b.Rebuild(ctx, nil); err != nil {
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
	list, err := b.Conflicts(ctx)
	if err != nil || len(list) != 1 || list[0].Base != mine.Parents[0] || strings.Join(list[0].Fields, " ") != "address headcount legal_rep name phone source uscc" {
		t.Fatalf("%+v, %v", list, err)
	}
	if got := shown(t, b); got != shows(mine, theirs) {
		t.Error(got)
	}
	if h := headOf(t, b, mine.Record); !h.Conflict || h.Rev != mine.Rev {
		t.Errorf("head %+v", h)
	}
	before := answers(t, b, []model.Query{{}})
	if _, err := b.Rebuild(ctx, nil); err != nil || answers(t, b, []model.Query{{}}) != before {
		t.Errorf("rebuilding chose another head, %v", err)
	}
	further := a.Save(t, model.Change{ID: theirs.Record, Base: theirs.Rev, Record: modeltest.Employer(4)})[0]
	pull(t, b, further)
	if got := shown(t, b); got != shows(mine, further) {
		t.Errorf("they went on: %s", got)
	}
	settled := b.Save(t, model.Change{ID: mine.Record, Base: mine.Rev, Settles: further.Rev, Record: modeltest.Employer(4)})[0]
	if len(settled.Parents) != 2 || settled.Rev.Generation() != 4 {
		t.Errorf("settled as %+v", settled)
	}
	if got := pull(t, a, past(t, b, mine.Record)...); got.Conflicts != 0 || got.Applied != 1 || got.History != 1 {
		t.Errorf("at the colleague's: %+v", got)
	}
	for _, l := range []*modeltest.Laptop{a, b} {
		if got := shown(t, l); got != "" {
			t.Errorf("still shown: %s", got)
		}
		sound(t, l)
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
	if got := pull(t, b, past(t, a, doc.ID)...); len(got.Duplicates) != 1 || got.Duplicates[0] != twice.Summary.Number || got.Applied != 1 {
		t.Errorf("%+v", got)
	}
	served, err := model.As[model.Document](doc.Body)
	if err != nil {
		t.Fatal(err)
	}
	served.Events = []model.Event{{Kind: model.EventServed, At: modeltest.Day}}
	b.Save(t, model.Change{ID: doc.ID, Base: doc.Rev, Record: served}) // both papers exist and both go on
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
	sound(t, b)
}

// waiting fails the test unless so many entries are pending and acknowledged.
func waiting(t *testing.T, l *modeltest.Laptop, pending int, acked int64) {
	t.Helper()
	p, err := l.Pending(ctx)
	a, err2 := l.AckedSeq(ctx)
	if p != pending || a != acked || err != nil || err2 != nil {
		t.Errorf("%d pending, %d acknowledged, %v, %v; want %d, %d", p, a, err, err2, pending, acked)
	}
}

func acks(last int64) (out []model.Ack) {
	for n := int64(1); n <= last; n++ {
		out = append(out, model.Ack{Seq: n, Outcome: model.OutcomeApplied, Position: 10 * n})
	}
	return out
}

func TestAcks(t *testing.T) {
	l := modeltest.NewLaptop(t, 1)
	for n := range 5 {
		l.Save(t, model.Change{Record: modeltest.Employer(n)})
	}
	waiting(t, l, 5, 0)
	for _, bad := range [][]model.Ack{acks(3)[1:], {{Seq: 0}}, {acks(3)[0], acks(3)[2]}, acks(6)} {
		if err := l.Acked(ctx, bad); err == nil {
			t.Errorf("accepted %+v", bad)
		}
		waiting(t, l, 5, 0)
	}
	for range 2 {
		if err := l.Acked(ctx, acks(3)); err != nil {
			t.Fatal(err)
		}
		waiting(t, l, 2, 3)
	}
	for position, acked := range map[int64]int64{99: 3, 15: 1} {
		if err := errors.Join(l.Acked(ctx, acks(3)), l.HubLost(ctx, position)); err != nil {
			t.Fatal(err)
		}
		waiting(t, l, int(5-acked), acked)
	}
	st, err := l.Stats(ctx)
	if err != nil || st.Records != 5 || st.Revisions != 5 || st.Bytes == 0 {
		t.Errorf("%+v, %v", st, err)
	}
}

func TestOpsAreChainedAndSigned(t *testing.T) {
	l := modeltest.NewLaptop(t, 1)
	for n := range 5 {
		l.Save(t, model.Change{Record: modeltest.Employer(n)})
	}
	ops, err := l.Ops(ctx, 1, 2)
	if err != nil || len(ops) != 2 || ops[0].Seq != 2 || ops[1].Seq != 3 || string(ops[1].Prev) != string(ops[0].Hash) {
		t.Errorf("%+v, %v", ops, err)
	}
	pub := modeltest.Device(1).Public()
	for _, op := range ops {
		if err := errors.Join(seal.CheckOp(op, pub), seal.CheckRevision(op.Revision, pub)); err != nil {
			t.Error(err)
		}
	}
}

// A page that brings a draft's issue and its service is one step forward.
func TestPullIssuedAndServedAtOnce(t *testing.T) {
	a, b := modeltest.NewLaptop(t, 1), modeltest.NewLaptop(t, 2)
	if err := a.AddBlock(ctx, model.Block{Series: "令/2026", From: 1, To: 9}); err != nil {
		t.Fatal(err)
	}
	doc, _ := a.Issue(t, "令/2026")
	pull(t, b, past(t, a, doc.ID)[0])
	served, err := model.As[model.Document](doc.Body)
	if err != nil {
		t.Fatal(err)
	}
	served.State = model.DocumentServed
	a.Save(t, model.Change{ID: doc.ID, Base: doc.Rev, Record: served})
	if got := pull(t, b, past(t, a, doc.ID)...); got.Applied != 1 || got.Conflicts != 0 {
		t.Errorf("%+v", got)
	}
	if h := headOf(t, b, doc.ID); h.Summary.State != model.DocumentServed {
		t.Errorf("head %+v", h.Summary)
	}
	sound(t, b)
}

// A colleague's program that changes an issued document is not followed.
func TestPullBreachOfFrozen(t *testing.T) {
	a, b := modeltest.NewLaptop(t, 1), modeltest.NewLaptop(t, 2)
	if err := a.AddBlock(ctx, model.Block{Series: "令/2026", From: 1, To: 9}); err != nil {
		t.Fatal(err)
	}
	doc, _ := a.Issue(t, "令/2026")
	history := past(t, a, doc.ID)
	pull(t, b, history...)
	breach := history[1]
	breach.Parents, breach.Body = []model.Rev{doc.Rev}, json.RawMessage(strings.Replace(string(doc.Body), "336000.00", "1.00", 1))
	if err := modeltest.Device(1).SignRevision(&breach); err != nil {
		t.Fatal(err)
	}
	hidden := breach
	hidden.Parents, hidden.Body = []model.Rev{breach.Rev}, doc.Body
	if err := modeltest.Device(1).SignRevision(&hidden); err != nil {
		t.Fatal(err)
	}
	for _, r := range []model.Revision{breach, hidden} { // the second puts it right again, but the way there was not allowed
		if got := pull(t, b, r); got.Conflicts != 1 || got.Applied != 0 {
			t.Errorf("%+v", got)
		}
		if h := headOf(t, b, doc.ID); h.Rev != doc.Rev || !h.Conflict {
			t.Errorf("head %+v", h)
		}
	}
}
