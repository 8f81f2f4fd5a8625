package modeltest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"anxin/model"
)

func numbers(t *testing.T, b *bench) {
	if _, err := b.NextNumber(ctx, "令/2026"); !errors.Is(err, model.ErrNoNumber) {
		t.Errorf("no block yet: %v", err)
	}
	b.block(t, "令/2026", 8, 9)
	b.block(t, "令/2026", 3, 4)
	b.block(t, "告/2026", 1, 1)
	for _, want := range []int{3, 4, 8} {
		_, d, err := b.issue(t, "令/2026")
		if err != nil || d.Issued.Serial != want {
			t.Fatalf("want %d: %+v, %v", want, d, err)
		}
	}
	b.refused(t, model.ErrNotFound, model.Batch{Changes: []model.Change{{ID: "x", Base: "1-x", Record: Employer(1)}}, Void: &model.NumberVoid{Series: "令/2026", Serial: 9, Reason: "印坏"}})
	if _, err := b.Commit(ctx, model.Batch{Author: author, Void: &model.NumberVoid{Series: "令/2026", Serial: 9, Reason: "印坏"}}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := b.issue(t, "令/2026"); !errors.Is(err, model.ErrNoNumber) {
		t.Errorf("used up: %v", err)
	}
	rows, err := b.Numbers(ctx, "令/2026")
	got := ""
	for _, r := range rows {
		got += fmt.Sprintf("%d%s%s ", r.Serial, r.State, r.Reason)
		if r.At.IsZero() || (r.State == "已用") != (r.Document != "") {
			t.Errorf("row %+v", r)
		}
	}
	if got != "3已用 4已用 8已用 9作废印坏 " || err != nil {
		t.Errorf("register %s, %v", got, err)
	}
	if next, err := b.NextNumber(ctx, "告/2026"); next != 1 || err != nil {
		t.Errorf("another series: %d, %v", next, err)
	}
}

func numbersRefused(t *testing.T, b *bench) {
	b.block(t, "令/2026", 1, 9)
	if _, _, err := b.issue(t, "令/2026"); err != nil {
		t.Fatal(err)
	}
	draft := Draft("", "某公司")
	d := b.save(t, model.Change{Record: draft})[0]
	issue := func(series string, serial int) []model.Change {
		return []model.Change{{ID: d.Record, Base: d.Rev, Record: Issued(draft, series, serial, Day)}}
	}
	use := func(series string, serial int, id model.ID) *model.NumberUse {
		return &model.NumberUse{Series: series, Serial: serial, Document: id}
	}
	for name, batch := range map[string]model.Batch{
		"used before":           {Changes: issue("令/2026", 1), Use: use("令/2026", 1, d.Record)},
		"out of turn":           {Changes: issue("令/2026", 3), Use: use("令/2026", 3, d.Record)},
		"without taking it":     {Changes: issue("令/2026", 2)},
		"another's":             {Changes: issue("令/2026", 2), Use: use("令/2026", 2, ID(9, 9))},
		"paper says another":    {Changes: issue("令/2026", 3), Use: use("令/2026", 2, d.Record)},
		"other series":          {Changes: issue("告/2026", 2), Use: use("令/2026", 2, d.Record)},
		"series without block":  {Changes: issue("告/2026", 1), Use: use("告/2026", 1, d.Record)},
		"taken for nothing":     {Use: use("令/2026", 2, d.Record)},
		"given up, no reason":   {Void: &model.NumberVoid{Series: "令/2026", Serial: 2}},
		"given up, out of turn": {Void: &model.NumberVoid{Series: "令/2026", Serial: 5, Reason: "印坏"}},
		"given up, used before": {Void: &model.NumberVoid{Series: "令/2026", Serial: 1, Reason: "印坏"}},
	} {
		if _, err := b.Commit(ctx, batch); err == nil {
			t.Errorf("%s: accepted", name)
		}
		if next, err := b.NextNumber(ctx, "令/2026"); next != 2 || err != nil {
			t.Errorf("%s: next is %d, %v", name, next, err)
		}
	}
	plain := Issued(draft, "", 0, Day)
	plain.Issued.Number = ""
	if _, err := b.Commit(ctx, model.Batch{Changes: []model.Change{{ID: d.Record, Base: d.Rev, Record: plain}}}); err != nil {
		t.Errorf("a type without numbers: %v", err)
	}
}

func blocks(t *testing.T, b *bench) {
	lease := model.Block{Series: "令/2026", From: 10, To: 20, Next: 12, Source: "hub", Expires: Day.Add(time.Hour)}
	for range 2 { // the hub's answer may come twice
		if err := b.AddBlock(ctx, lease); err != nil {
			t.Fatal(err)
		}
	}
	got, err := b.Blocks(ctx)
	if err != nil || len(got) != 1 || got[0].Next != 12 || got[0].Left() != 9 || got[0].Source != "hub" || !got[0].Expires.Equal(lease.Expires) {
		t.Fatalf("blocks %+v, %v", got, err)
	}
	for name, bad := range map[string]model.Block{
		"overlap": {Series: "令/2026", From: 20, To: 30}, "inside": {Series: "令/2026", From: 13, To: 14}, "backwards": {Series: "令/2026", From: 30, To: 29},
		"from zero": {Series: "令/2026", From: 0, To: 9}, "no series": {From: 1, To: 2}, "another laptop's": {Series: "令/2026", From: 30, To: 40, Device: "x", Epoch: 1},
		"next beyond": {Series: "令/2026", From: 30, To: 40, Next: 42},
	} {
		if err := b.AddBlock(ctx, bad); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if n, err := b.NextNumber(ctx, "令/2026"); n != 12 || err != nil {
		t.Errorf("next %d, %v", n, err)
	}
	b.clock.Move(2 * time.Hour)
	if _, err := b.NextNumber(ctx, "令/2026"); !errors.Is(err, model.ErrNoNumber) {
		t.Errorf("the lease has run out: %v", err)
	}
}

// acts is a journal beside what a plain map says it must hold.
type acts struct {
	*bench
	before int                 // employers of others
	names  map[model.ID]string // employers
	revs   map[model.ID][]model.Rev
	ids    []model.ID
	used   []string // register of numbers
	left   int      // numbers of the block
}

// anyActs holds a journal against the map after any sequence of acts. Each
// sequence has its own records and series, so that one does not see another's.
func anyActs(t *testing.T, b *bench) {
	sequence := 0
	rapid.Check(t, func(t *rapid.T) {
		sequence++
		series := fmt.Sprintf("令%d/2026", sequence)
		before, err := b.Count(ctx, model.Query{Kind: model.KindEmployer})
		if err != nil {
			t.Fatal(err)
		}
		a := &acts{bench: b, before: before, names: map[model.ID]string{}, revs: map[model.ID][]model.Rev{}}
		t.Repeat(map[string]func(*rapid.T){
			"create": a.create,
			"change": a.change,
			"stale":  a.stale,
			"lease": func(t *rapid.T) {
				if a.left == 0 {
					from := len(a.used) + 1
					b.block(t, series, from, from+2)
					a.left = 3
				}
			},
			"issue": func(t *rapid.T) { a.issueOne(t, series) },
			"void":  func(t *rapid.T) { a.voidOne(t, series) },
			"":      func(t *rapid.T) { a.agree(t, series) },
		})
	})
}

func (a *acts) create(t *rapid.T) {
	name := rapid.StringN(1, 8, 40).Draw(t, "name")
	r := a.save(t, model.Change{Record: &model.Employer{Name: name}})[0]
	a.ids = append(a.ids, r.Record)
	a.names[r.Record], a.revs[r.Record] = name, []model.Rev{r.Rev}
}

func (a *acts) change(t *rapid.T) {
	if len(a.ids) == 0 {
		return
	}
	id := rapid.SampledFrom(a.ids).Draw(t, "id")
	name := rapid.StringN(1, 8, 40).Draw(t, "name")
	r := a.save(t, model.Change{ID: id, Base: a.revs[id][len(a.revs[id])-1], Record: &model.Employer{Name: name}})[0]
	if name != a.names[id] {
		a.revs[id] = append(a.revs[id], r.Rev)
	}
	a.names[id] = name
}

func (a *acts) stale(t *rapid.T) {
	if len(a.ids) == 0 {
		return
	}
	id := rapid.SampledFrom(a.ids).Draw(t, "id")
	if n := len(a.revs[id]); n > 1 {
		a.refused(t, model.ErrStale, model.Batch{Changes: []model.Change{{ID: id, Base: a.revs[id][n-2], Record: &model.Employer{Name: "旧"}}}})
	}
}

func (a *acts) issueOne(t *rapid.T, series string) {
	_, d, err := a.issue(t, series)
	if a.left == 0 {
		if !errors.Is(err, model.ErrNoNumber) {
			t.Fatalf("no number left: %v", err)
		}
		return
	}
	if err != nil || d.Issued.Serial != len(a.used)+1 {
		t.Fatalf("issued %+v, %v", d, err)
	}
	a.left--
	a.used = append(a.used, "已用")
}

func (a *acts) voidOne(t *rapid.T, series string) {
	if a.left == 0 {
		return
	}
	if _, err := a.Commit(ctx, model.Batch{Void: &model.NumberVoid{Series: series, Serial: len(a.used) + 1, Reason: "印坏"}}); err != nil {
		t.Fatal(err)
	}
	a.left--
	a.used = append(a.used, "作废")
}

func (a *acts) agree(t *rapid.T, series string) {
	if n, err := a.Count(ctx, model.Query{Kind: model.KindEmployer}); n != a.before+len(a.ids) || err != nil {
		t.Fatalf("%d employers, %v, want %d", n, err, a.before+len(a.ids))
	}
	if len(a.ids) > 0 {
		a.agreeOn(t, rapid.SampledFrom(a.ids).Draw(t, "id"))
	}
	rows, err := a.Numbers(ctx, series)
	if err != nil || len(rows) != len(a.used) {
		t.Fatalf("%d numbers, %v, want %d", len(rows), err, len(a.used))
	}
	for i, r := range rows {
		if r.Serial != i+1 || r.State != a.used[i] {
			t.Fatalf("number %d is %+v, want %s", i+1, r, a.used[i])
		}
	}
}

func (a *acts) agreeOn(t *rapid.T, id model.ID) {
	h, err := a.Head(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	e, err := model.As[model.Employer](h.Body)
	if err != nil || e.Name != a.names[id] {
		t.Fatalf("%s is %q, %v, want %q", id, e.Name, err, a.names[id])
	}
	past, err := a.History(ctx, id)
	if err != nil || len(past) != len(a.revs[id]) || past[len(past)-1].Rev != h.Rev {
		t.Fatalf("history of %d, %v, want %d", len(past), err, len(a.revs[id]))
	}
}
