package store_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"anxin/model"
	"anxin/model/modeltest"
)

// What is called so stands before what only mentions it; both newest first, and
// the pages of any size put together are the whole list.
func TestNamesComeFirst(t *testing.T) {
	text := rapid.StringOfN(rapid.SampledFrom([]rune("桃源钢构建筑")), 2, 6, -1)
	l := modeltest.NewLaptop(t, 1)
	round := 0
	rapid.Check(t, func(rt *rapid.T) {
		round++
		of := modeltest.ID(5, round)
		var kept []*model.Lead
		var changes []model.Change
		for range rapid.IntRange(1, 12).Draw(rt, "records") {
			s := &model.Lead{Site: of, Claim: text.Draw(rt, "claim"), Complainant: text.Draw(rt, "complainant")}
			kept = append([]*model.Lead{s}, kept...)
			changes = append(changes, model.Change{Record: s})
		}
		l.Save(t, changes...)
		words := rapid.SliceOfN(rapid.StringOfN(rapid.SampledFrom([]rune("桃源钢构建筑")), 2, 2, -1), 1, 2).Draw(rt, "words")
		var named, other []string
		for _, s := range kept {
			switch {
			case has(words, s.Claim):
				named = append(named, s.Claim+s.Complainant)
			case has(words, s.Claim, s.Complainant):
				other = append(other, s.Claim+s.Complainant)
			}
		}
		want := append(named, other...)
		size := rapid.IntRange(1, 13).Draw(rt, "page")
		q := model.Query{Kind: model.KindLead, Parent: of, Text: strings.Join(words, " "), Limit: size}
		var got []string
		for ; ; q.Offset += size {
			heads, err := l.List(ctx, q)
			if err != nil {
				rt.Fatal(err)
			}
			for _, h := range heads {
				s, err := model.As[model.Lead](h.Body)
				if err != nil {
					rt.Fatal(err)
				}
				got = append(got, s.Claim+s.Complainant)
			}
			if len(heads) < size {
				break
			}
		}
		if n, err := l.Count(ctx, q); n != len(want) || err != nil || !slices.Equal(got, want) {
			rt.Fatalf("%q found %q (%d, %v), want %q", words, got, n, err, want)
		}
	})
}

// has tells whether each word stands in one of the texts.
func has(words []string, texts ...string) bool {
	return !slices.ContainsFunc(words, func(w string) bool {
		return !slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(text, w) })
	})
}

// A member that a record is picked by must be that value, no more and no less,
// and the newest state counts.
func TestPickedByAMember(t *testing.T) {
	l := modeltest.NewLaptop(t, 1)
	in := func(n int, grid, industry string) *model.Employer {
		e := modeltest.Employer(n)
		e.Grid, e.Industry = grid, industry
		return e
	}
	moved := l.Save(t, model.Change{Record: in(1, "430725001", "建筑业")}, model.Change{Record: in(2, "4307250011", "建筑业")},
		model.Change{Record: in(3, "430725", "建筑业")}, model.Change{Record: in(4, "430725001", "餐饮业")})[0]
	l.Save(t, model.Change{ID: moved.Record, Base: moved.Rev, Record: in(1, "430725002", "建筑业")}, model.Change{Record: &model.Grid{Code: "430725001", Parent: "430725001"}})
	for _, c := range []struct {
		q    model.Query
		want int
	}{
		{model.Query{Exact: []string{model.Exactly("grid", "430725001")}}, 1},
		{model.Query{Exact: []string{model.Exactly("grid", "430725002")}}, 1},
		{model.Query{Exact: []string{model.Exactly("grid", "4307250")}}, 0},
		{model.Query{Exact: []string{model.Exactly("industry", "建筑业")}}, 3},
		{model.Query{Exact: []string{model.Exactly("industry", "建筑业")}, Text: "有限公司", Kind: model.KindEmployer}, 3},
		{model.Query{Exact: []string{model.Exactly("industry", "建筑业"), model.Exactly("grid", "430725")}, Text: "第3建筑"}, 1},
		{model.Query{Exact: []string{model.Exactly("parent", "430725001")}}, 1},
	} {
		heads, err := l.List(ctx, c.q)
		if n, countErr := l.Count(ctx, c.q); len(heads) != c.want || err != nil || n != c.want || countErr != nil {
			t.Errorf("%+v: %d, %v; %d, %v", c.q, len(heads), err, n, countErr)
		}
	}
	sound(t, l)
}
