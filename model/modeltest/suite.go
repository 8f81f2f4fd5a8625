package modeltest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"anxin/model"
)

// Journal is what the use cases ask of the room that keeps records.
type Journal interface {
	Commit(context.Context, model.Batch) ([]model.Revision, error)
	Head(context.Context, model.ID) (model.Head, error)
	List(context.Context, model.Query) ([]model.Head, error)
	Count(context.Context, model.Query) (int, error)
	History(context.Context, model.ID) ([]model.Revision, error)
	NextNumber(context.Context, string) (int, error)
	AddBlock(context.Context, model.Block) error
	Blocks(context.Context) ([]model.Block, error)
	Numbers(context.Context, string) ([]model.NumberRow, error)
	Setting(context.Context, string) (string, error)
	SetSetting(context.Context, string, string) error
}

// JournalSuite is what every Journal must do. open returns an empty one, and
// the clock it asks, which steps forward at each question.
func JournalSuite(t *testing.T, open func(*testing.T) (Journal, *Clock)) {
	for name, test := range map[string]func(*testing.T, *bench){
		"save and read":           saveAndRead,
		"members of newer bodies": keepUnknownMembers,
		"absent":                  absent,
		"base":                    checkBase,
		"all or nothing":          allOrNothing,
		"nothing changed":         nothingChanged,
		"frozen":                  frozen,
		"numbers":                 numbers,
		"numbers refused":         numbersRefused,
		"blocks":                  blocks,
		"backward clock":          backwardClock,
		"list":                    list,
		"search":                  search,
		"settings":                settings,
		"any acts":                anyActs,
	} {
		t.Run(name, func(t *testing.T) {
			j, c := open(t)
			test(t, &bench{Journal: j, clock: c})
		})
	}
}

var ctx = context.Background()

// bench is a journal under test.
type bench struct {
	Journal
	clock *Clock
}

// tester is a *testing.T or a *rapid.T.
type tester interface {
	Helper()
	Fatal(...any)
	Errorf(string, ...any)
}

const author = model.ID("01990000-0000-7000-8000-0000000000aa")

func (b *bench) save(t tester, changes ...model.Change) []model.Revision {
	t.Helper()
	revs, err := b.Commit(ctx, model.Batch{Author: author, Changes: changes})
	if err != nil {
		t.Fatal(err)
	}
	return revs
}

// issue issues a new document under the series' next number.
func (b *bench) issue(t tester, series string) (model.Revision, *model.Document, error) {
	t.Helper()
	draft := Draft("", Employer(1).Name)
	first := b.save(t, model.Change{Record: draft})[0]
	serial, err := b.NextNumber(ctx, series)
	if err != nil {
		return model.Revision{}, nil, err
	}
	issued := Issued(draft, series, serial, Day)
	revs, err := b.Commit(ctx, model.Batch{Author: author, Changes: []model.Change{{ID: first.Record, Base: first.Rev, Record: issued}},
		Use: &model.NumberUse{Series: series, Serial: serial, Document: first.Record}})
	if err != nil {
		return model.Revision{}, nil, err
	}
	return revs[0], issued, nil
}

func (b *bench) block(t tester, series string, from, to int) {
	t.Helper()
	if err := b.AddBlock(ctx, model.Block{Series: series, From: from, To: to, Source: "局里分配"}); err != nil {
		t.Fatal(err)
	}
}

func (b *bench) refused(t tester, why error, batch model.Batch) {
	t.Helper()
	batch.Author = author
	if _, err := b.Commit(ctx, batch); !errors.Is(err, why) {
		t.Errorf("got %v, want %v", err, why)
	}
}

func saveAndRead(t *testing.T, b *bench) {
	employer := Employer(1)
	revs := b.save(t, model.Change{Record: employer}, model.Change{Record: WageRoll(1, 28, "")})
	if len(revs) != 2 || revs[0].Kind != model.KindEmployer || revs[1].Kind != model.KindWageRoll {
		t.Fatalf("revisions %+v", revs)
	}
	employer.Phone = "0736-6620001"
	second := b.save(t, model.Change{ID: revs[0].Record, Base: revs[0].Rev, Record: employer})[0]
	past, err := b.History(ctx, revs[0].Record)
	if err != nil || len(past) != 2 || past[0].Rev != revs[0].Rev || !reflect.DeepEqual(past[1].Parents, []model.Rev{revs[0].Rev}) {
		t.Errorf("history %+v, %v", past, err)
	}
	b.reads(t, second, employer)
}

// reads fails the test unless a record's head is of revision r and holds want.
func (b *bench) reads(t tester, r model.Revision, want model.Record) {
	t.Helper()
	h, err := b.Head(ctx, r.Record)
	if err != nil {
		t.Fatal(err)
	}
	got, err := model.Decode(h.Kind, h.Body)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("came back as %+v, %v", got, err)
	}
	if h.Rev != r.Rev || h.Author != author || !h.Updated.Equal(r.Time) || h.Conflict {
		t.Errorf("head %+v of %+v", h, r)
	}
	if _, offset := h.Updated.Zone(); offset != 8*60*60 {
		t.Errorf("the zone is lost: %v", h.Updated)
	}
}

func absent(t *testing.T, b *bench) {
	b.save(t, model.Change{Record: Employer(1)})
	for _, id := range []model.ID{"", "nobody", ID(9, 9)} {
		_, headErr := b.Head(ctx, id)
		_, pastErr := b.History(ctx, id)
		if !errors.Is(headErr, model.ErrNotFound) || !errors.Is(pastErr, model.ErrNotFound) {
			t.Errorf("%q: %v, %v", id, headErr, pastErr)
		}
	}
}

// newer is an employer as a newer program would write it.
type newer struct {
	model.Employer
	Rating string  `json:"rating"`
	Exact  float64 `json:"exact"`
}

func keepUnknownMembers(t *testing.T, b *bench) {
	r := b.save(t, model.Change{Record: &newer{*Employer(1), "甲<级>", 1e-7}})[0]
	old := Employer(1)
	old.Note = "已联系"
	b.save(t, model.Change{ID: r.Record, Base: r.Rev, Record: old})
	h, err := b.Head(ctx, r.Record)
	if err != nil || !strings.Contains(string(h.Body), `"rating":"甲<级>"`) || !strings.Contains(string(h.Body), `"exact":1e-7`) || !strings.Contains(string(h.Body), "已联系") {
		t.Errorf("body %s, %v", h.Body, err)
	}
}

func checkBase(t *testing.T, b *bench) {
	r := b.save(t, model.Change{Record: Employer(1)})[0]
	next := b.save(t, model.Change{ID: r.Record, Base: r.Rev, Record: Employer(2)})[0]
	for name, c := range map[string]struct {
		change model.Change
		want   error
	}{
		"old base":             {model.Change{ID: r.Record, Base: r.Rev, Record: Employer(3)}, model.ErrStale},
		"no base":              {model.Change{ID: r.Record, Record: Employer(3)}, model.ErrStale},
		"base without id":      {model.Change{Base: r.Rev, Record: Employer(3)}, model.ErrStale},
		"unknown record":       {model.Change{ID: ID(9, 9), Base: r.Rev, Record: Employer(3)}, model.ErrNotFound},
		"nothing to settle":    {model.Change{ID: r.Record, Base: next.Rev, Settles: r.Rev, Record: Employer(3)}, model.ErrNotFound},
		"settles what is gone": {model.Change{ID: r.Record, Base: next.Rev, Settles: "9-x", Record: Employer(3)}, model.ErrNotFound},
	} {
		t.Run(name, func(t *testing.T) { b.refused(t, c.want, model.Batch{Changes: []model.Change{c.change}}) })
	}
	for name, c := range map[string]model.Change{"a head": {ID: r.Record, Base: next.Rev}, "a new record": {ID: ID(7, 8)}} {
		one, other := c, c
		one.Record, other.Record = Employer(3), Employer(4)
		t.Run(name+" changed twice", func(t *testing.T) { b.refused(t, model.ErrStale, model.Batch{Changes: []model.Change{one, other}}) })
	}
	if _, err := b.Commit(ctx, model.Batch{Changes: []model.Change{{ID: r.Record, Base: next.Rev, Record: Site(1, "")}}}); err == nil {
		t.Error("an employer became a site")
	}
	given := b.save(t, model.Change{ID: ID(7, 7), Record: Employer(4)})[0]
	if given.Record != ID(7, 7) || given.Rev.Generation() != 1 {
		t.Errorf("a given id became %+v", given)
	}
}

func allOrNothing(t *testing.T, b *bench) {
	b.block(t, "令/2026", 1, 5)
	r := b.save(t, model.Change{Record: Employer(1)})[0]
	draft := Draft("", "某公司")
	d := b.save(t, model.Change{Record: draft})[0]
	b.refused(t, model.ErrStale, model.Batch{
		Changes: []model.Change{
			{Record: Employer(2)},
			{ID: d.Record, Base: d.Rev, Record: Issued(draft, "令/2026", 1, Day)},
			{ID: r.Record, Base: "1-old", Record: Employer(3)},
		},
		Use: &model.NumberUse{Series: "令/2026", Serial: 1, Document: d.Record},
	})
	h, err := b.Head(ctx, d.Record)
	if n, countErr := b.Count(ctx, model.Query{}); n != 2 || countErr != nil || h.Rev != d.Rev || err != nil {
		t.Errorf("%d records, %v; draft at %s, %v", n, countErr, h.Rev, err)
	}
	if next, err := b.NextNumber(ctx, "令/2026"); next != 1 || err != nil {
		t.Errorf("next number %d, %v", next, err)
	}
	if rows, err := b.Numbers(ctx, "令/2026"); len(rows) != 0 || err != nil {
		t.Errorf("register %v, %v", rows, err)
	}
}

func nothingChanged(t *testing.T, b *bench) {
	r := b.save(t, model.Change{Record: Employer(1)})[0]
	again := b.save(t, model.Change{ID: r.Record, Base: r.Rev, Record: Employer(1)})[0]
	past, err := b.History(ctx, r.Record)
	if again.Rev != r.Rev || len(past) != 1 || err != nil {
		t.Errorf("saved again as %s, history %d, %v", again.Rev, len(past), err)
	}
}

func frozen(t *testing.T, b *bench) {
	b.block(t, "令/2026", 1, 5)
	r, d, err := b.issue(t, "令/2026")
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*model.Document){
		"title": func(d *model.Document) { d.Title = "别的" }, "fields": func(d *model.Document) { d.Fields = map[string]any{"employer": "别人"} },
		"due": func(d *model.Document) { d.DueBy = "2027-01-01" }, "number": func(d *model.Document) { i := *d.Issued; i.Number = "x"; d.Issued = &i },
		"back to draft": func(d *model.Document) { d.State = model.DocumentDraft }, "issue gone": func(d *model.Document) { d.Issued = nil },
	} {
		t.Run(name, func(t *testing.T) {
			changed := *d
			change(&changed)
			b.refused(t, model.ErrFrozen, model.Batch{Changes: []model.Change{{ID: r.Record, Base: r.Rev, Record: &changed}}})
		})
	}
	served := *d
	served.State = model.DocumentServed
	served.Events = []model.Event{{Kind: model.EventServed, At: Day, By: author}}
	r2 := b.save(t, model.Change{ID: r.Record, Base: r.Rev, Record: &served})[0]
	other := served
	other.Events = []model.Event{{Kind: model.EventScanned, At: Day, By: author}}
	b.refused(t, model.ErrFrozen, model.Batch{Changes: []model.Change{{ID: r.Record, Base: r2.Rev, Record: &other}}})
	h, err := b.Head(ctx, r.Record)
	if err != nil || h.Summary.Number != d.Issued.Number || h.Summary.State != model.DocumentServed || !h.Summary.Date.Equal(Day) {
		t.Errorf("head %+v, %v", h.Summary, err)
	}
}

func settings(t *testing.T, b *bench) {
	if v, err := b.Setting(ctx, "printer"); v != "" || err != nil {
		t.Errorf("never set: %q, %v", v, err)
	}
	for _, v := range []string{"惠普", "佳能", ""} {
		if err := b.SetSetting(ctx, "printer", v); err != nil {
			t.Fatal(err)
		}
		if got, err := b.Setting(ctx, "printer"); got != v || err != nil {
			t.Errorf("%q came back as %q, %v", v, got, err)
		}
	}
}

func backwardClock(t *testing.T, b *bench) {
	b.block(t, "令/2026", 1, 9)
	b.save(t, model.Change{Record: Employer(1)})
	b.clock.Move(-4 * time.Minute)
	if _, _, err := b.issue(t, "令/2026"); err != nil {
		t.Errorf("four minutes back: %v", err)
	}
	b.clock.Move(-2 * time.Hour)
	b.save(t, model.Change{Record: Employer(2)}) // work without a number goes on
	if _, _, err := b.issue(t, "令/2026"); !errors.Is(err, model.ErrClock) {
		t.Errorf("two hours back: %v", err)
	}
	if next, err := b.NextNumber(ctx, "令/2026"); next != 2 || err != nil {
		t.Errorf("the refused issue took a number: %d, %v", next, err)
	}
	if err := b.SetSetting(ctx, model.SettingClock, "主板电池没电，已按手机校时"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := b.issue(t, "令/2026"); err != nil {
		t.Errorf("confirmed: %v", err)
	}
	b.clock.Move(3 * time.Hour)
	b.save(t, model.Change{Record: Employer(3)})
	if v, err := b.Setting(ctx, model.SettingClock); v != "" || err != nil {
		t.Errorf("the reason outlived its cause: %q, %v", v, err)
	}
	b.clock.Move(-time.Hour)
	if _, _, err := b.issue(t, "令/2026"); !errors.Is(err, model.ErrClock) {
		t.Errorf("back again: %v", err)
	}
}

func list(t *testing.T, b *bench) {
	var cases []model.Revision
	for n := range 5 {
		c := Case(n, "", ID(3, n))
		c.DueBy = model.Date([]string{"2026-12-03", "", "2026-12-01", "2026-12-05", "2026-12-01"}[n])
		c.State = []string{model.CaseInvestigating, model.CaseCorrecting}[n%2]
		cases = append(cases, b.save(t, model.Change{Record: c})...)
	}
	roll := b.save(t, model.Change{Record: WageRoll(1, 3, cases[1].Record)})[0]
	moved := Case(0, "", ID(3, 0))
	moved.State, moved.DueBy = model.CaseClosed, "2026-12-03"
	cases[0] = b.save(t, model.Change{ID: cases[0].Record, Base: cases[0].Rev, Record: moved})[0]
	id := func(n ...int) (out []model.ID) {
		for _, i := range n {
			out = append(out, append(cases, roll)[i].Record)
		}
		return out
	}
	for _, c := range []struct {
		name  string
		query model.Query
		want  []model.ID
		count int
	}{
		{"all, newest first", model.Query{}, id(0, 5, 4, 3, 2, 1), 6},
		{"kind", model.Query{Kind: model.KindCase}, id(0, 4, 3, 2, 1), 5},
		{"page", model.Query{Kind: model.KindCase, Limit: 2, Offset: 1}, id(4, 3), 5},
		{"states", model.Query{States: []string{model.CaseClosed, model.CaseCorrecting}}, id(0, 3, 1), 3},
		{"case", model.Query{Case: cases[1].Record}, id(5), 1},
		{"parent", model.Query{Parent: ID(3, 4)}, id(4), 1},
		{"number", model.Query{Number: Case(2, "", "").Number}, id(2), 1},
		{"part of a number is no number", model.Query{Number: "2026"}, nil, 0},
		{"due before", model.Query{DueBefore: "2026-12-03", ByDue: true}, id(4, 2, 0), 3},
		{"by due, the undated last", model.Query{Kind: model.KindCase, ByDue: true}, id(4, 2, 0, 3, 1), 5},
		{"search and state", model.Query{Text: "拖欠", States: []string{model.CaseInvestigating}}, id(4, 2), 2},
		{"search by due", model.Query{Text: "拖欠", ByDue: true, Limit: 3}, id(4, 2, 0), 5},
	} {
		t.Run(c.name, func(t *testing.T) { b.selects(t, c.query, c.want, c.count) })
	}
	if h, err := b.Head(ctx, roll.Record); err != nil || h.Summary.Count != 3 || h.Summary.AmountFen != WageRoll(1, 3, "").TotalFen() || h.Summary.Find != nil {
		t.Errorf("summary %+v, %v", h.Summary, err)
	}
}

func (b *bench) selects(t *testing.T, q model.Query, want []model.ID, count int) {
	t.Helper()
	heads, err := b.List(ctx, q)
	if err != nil {
		t.Fatal(err)
	}
	var got []model.ID
	for _, h := range heads {
		got = append(got, h.ID)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%+v selects %v, want %v", q, got, want)
	}
	if n, err := b.Count(ctx, q); n != count || err != nil {
		t.Errorf("%+v counts %d, %v, want %d", q, n, err, count)
	}
}

func search(t *testing.T, b *bench) {
	two := &model.Officer{Name: "李雷", Role: model.RoleInspector, CertNo: "湘J00000001"}
	officer := b.save(t, model.Change{Record: two})[0].Record
	roll := b.save(t, model.Change{Record: WageRoll(100, 3, "")})[0].Record
	b.block(t, "令/2026", 1, 5)
	doc, _, err := b.issue(t, "令/2026")
	if err != nil {
		t.Fatal(err)
	}
	worker := PersonOf(101)
	for text, want := range map[string][]model.ID{
		"李雷": {officer}, "李 雷": {doc.Record, roll, officer}, "韩梅": nil, worker.Name: {roll}, string([]rune(worker.Name)[:2]): {roll},
		worker.IDNo: {roll}, worker.IDNo[:2]: {roll}, worker.IDNo[5:14]: {roll}, worker.IDNo[14:]: {roll}, "李雷 " + worker.Name: nil,
		PersonOf(100).Name + " " + worker.IDNo[10:]: {roll}, PersonOf(400).IDNo[6:]: nil, "令/2026第1号": {doc.Record}, "2026": {doc.Record},
		"湘j00000001": {officer}, "ｊ０００００００１": {officer}, Employer(1).Name: {doc.Record},
	} {
		t.Run(text, func(t *testing.T) { b.selects(t, model.Query{Text: text}, want, len(want)) })
	}
	b.selects(t, model.Query{Text: "建筑", Kind: model.KindOfficer}, nil, 0)
	h, err := b.Head(ctx, officer)
	if err != nil {
		t.Fatal(err)
	}
	renamed := *two
	renamed.Name = "韩梅"
	b.save(t, model.Change{ID: officer, Base: h.Rev, Record: &renamed})
	b.selects(t, model.Query{Text: "李雷"}, nil, 0)
	b.selects(t, model.Query{Text: "韩梅"}, []model.ID{officer}, 1)
}
