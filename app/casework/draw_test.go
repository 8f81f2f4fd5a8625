package casework

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"anxin/forms"
	"anxin/model"
	"anxin/model/modeltest"
)

// lottery is a keeper with units and officers to draw from.
type lottery struct {
	*keeper
	officers, employers []model.ID
	site                model.ID
}

func newLottery(t *testing.T) *lottery {
	l := &lottery{keeper: newKeeper(t, 1)}
	l.desk.Checklist = &forms.Form{Root: &forms.Question{Children: []*forms.Question{{Name: "C01"}, {Name: "C14"}, {Name: "C15"}, {Name: "C16"}}}}
	l.put(modeltest.Office())
	for n := range 4 {
		l.officers = append(l.officers, l.put(modeltest.Officer(n+1)))
	}
	late := modeltest.Officer(9)
	late.ValidTo = "2025-12-31"
	l.put(late)
	l.put(&model.Grid{Code: "430725", Level: 1, Name: "桃源县"})
	l.put(&model.Grid{Code: "43072501", Level: 2, Parent: "430725", Name: "漳江镇"})
	l.put(&model.Grid{Code: "43072501001", Level: 3, Parent: "43072501", Name: "文昌社区"})
	for n := range 12 {
		e := modeltest.Employer(n + 1)
		e.Grid, e.Grade, e.Industry = "43072501001", []string{"A", "B", "C", ""}[n%4], []string{"房屋建筑业", "餐饮业"}[n%2]
		l.employers = append(l.employers, l.put(e))
	}
	l.put(&model.Employer{Name: "并入的", Grid: "43072501001", Twin: model.Twin{MergedInto: l.employers[0]}})
	l.site = l.put(modeltest.Site(1, l.employers[0]))
	done, nobody := modeltest.Site(2, l.employers[1]), modeltest.Site(3, "")
	done.Stage = model.StageFinished
	l.put(done)
	l.put(nobody)
	return l
}

// asked is a draw as its form is filled in.
func (l *lottery) asked() model.Draw {
	return model.Draw{Name: "九月抽查", Matter: "工资支付情况", Of: model.DrawEmployers, Pick: 5, Weighted: true, Seed: "20260918 017",
		Begin: time.Date(2026, 9, 21, 9, 0, 0, 0, modeltest.Day.Location())}
}

func TestThePoolIsWhatIsAskedFor(t *testing.T) {
	l := newLottery(t)
	l.put(&model.Inspection{State: model.InspectionRecorded, Employer: l.employers[2], Start: l.Clock.Now()})
	l.put(&model.Inspection{State: model.InspectionRecorded, Employer: l.employers[3], Start: l.Clock.Now().AddDate(-1, 0, 0)})
	for _, c := range []struct {
		name             string
		ask              func(*model.Draw)
		units, officers  int
		unbuilt, weights int
	}{
		{"all that stand for themselves", func(*model.Draw) {}, 12, 4, 0, 27},
		{"without grades", func(d *model.Draw) { d.Weighted = false }, 12, 4, 0, 12},
		{"of an industry", func(d *model.Draw) { d.Industry = "餐饮" }, 6, 4, 0, 12},
		{"of the county", func(d *model.Draw) { d.Grid = "430725" }, 12, 4, 0, 27},
		{"of another grid", func(d *model.Draw) { d.Grid = "43072502" }, 0, 4, 0, 0},
		{"not seen this year", func(d *model.Draw) { d.SkipSeen = true }, 11, 4, 0, 23},
		{"officers named", func(d *model.Draw) { d.Officers = l.officers[:2] }, 12, 2, 0, 27},
		{"sites being built", func(d *model.Draw) { d.Of = model.DrawSites }, 1, 4, 1, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := l.asked()
			c.ask(&d)
			p, err := l.desk.Pool(t.Context(), d)
			l.sure(err)
			weights := 0
			for _, u := range p.Units {
				weights += u.Weight
			}
			if len(p.Units) != c.units || len(p.Officers) != c.officers || p.Unbuilt != c.unbuilt || weights != c.weights {
				t.Errorf("units %d, officers %d, unbuilt %d, weights %d: %+v", len(p.Units), len(p.Officers), p.Unbuilt, weights, c)
			}
		})
	}
}

func TestADrawIsDrawnOnceAndProved(t *testing.T) {
	l := newLottery(t)
	ask := l.asked()
	ask.Recusals = []model.Recusal{{Officer: l.officers[0], Unit: l.employers[0], Reason: "亲属"}}
	id, err := l.desk.Draw(t.Context(), ask)
	l.sure(err)
	v, rev, err := load[model.Draw](t.Context(), l.desk, id)
	l.sure(err)
	l.sure(l.desk.ProveDraw(t.Context(), id))
	if sum := sha256.Sum256([]byte(DrawList(v))); v.Hash != hex.EncodeToString(sum[:]) || len(v.Units) != 12 || len(v.Officers) != 4 {
		t.Errorf("hash %s of %d units and %d officers", v.Hash, len(v.Units), len(v.Officers))
	}
	visits, err := l.desk.DrawnVisits(t.Context(), v)
	l.sure(err)
	at := map[string]bool{}
	for _, x := range visits {
		i := x.Inspection.Value
		if i.State != model.InspectionPlanned || i.Source != "双随机" || i.Employer != x.Unit || !slices.Equal(i.Officers, x.Officers) || i.Place == "" {
			t.Errorf("visit %+v of %+v", i, x)
		}
		for _, o := range i.Officers {
			if when := fmt.Sprint(o, i.Start); at[when] {
				t.Errorf("an officer is in two places at %v", i.Start)
			} else {
				at[when] = true
			}
		}
		if worked, _ := l.desk.Law.Calendar.Working(i.Start); !worked || i.Start.Hour() != 9 {
			t.Errorf("a visit at %v", i.Start)
		}
	}
	changed := *v
	changed.Pairs = slices.Clone(v.Pairs)
	changed.Pairs[0].Officers = []model.ID{l.officers[3], l.officers[2]}
	if _, err := l.desk.commit(t.Context(), model.Change{ID: id, Base: rev, Record: &changed}); !errors.Is(err, model.ErrFrozen) {
		t.Errorf("another pair: %v", err)
	}
	if _, err := l.desk.Save(t.Context(), "", "", v); err == nil || !strings.Contains(err.Error(), "不能直接新建") {
		t.Errorf("a draw that was not drawn: %v", err)
	}
	ask.Seed = ""
	second, err := l.desk.Draw(t.Context(), ask)
	l.sure(err)
	w, _, err := load[model.Draw](t.Context(), l.desk, second)
	l.sure(err)
	if len(w.Seed) != 2*seedBytes {
		t.Errorf("the machine's seed is %q", w.Seed)
	}
}

func TestAForgedDrawIsFound(t *testing.T) {
	l := newLottery(t)
	id, err := l.desk.Draw(t.Context(), l.asked())
	l.sure(err)
	v, _, err := load[model.Draw](t.Context(), l.desk, id)
	l.sure(err)
	for _, c := range []struct {
		name, says string
		forge      func(*model.Draw)
	}{
		{"another seed", "名单被改动过", func(d *model.Draw) { d.Seed = "别的" }},
		{"a unit left out", "名单被改动过", func(d *model.Draw) { d.Units = d.Units[1:] }},
		{"a unit put in for another", "第 1 户与记录不一致", func(d *model.Draw) { d.Pairs[0].Unit = "x" }},
		{"a unit dropped", "记录的是 4 户", func(d *model.Draw) { d.Pairs = d.Pairs[:4] }},
		{"another officer", "第 2 户与记录不一致", func(d *model.Draw) { d.Pairs[1].Officers = []model.ID{"a", "b"} }},
	} {
		forged := *v
		forged.Pairs = slices.Clone(v.Pairs)
		c.forge(&forged)
		if err := l.desk.ProveDraw(t.Context(), l.put(&forged)); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.name, err)
		} else if !strings.Contains(err.Error(), "请停止使用这次抽取，报告局里并核对修改历史") {
			t.Errorf("%s: no cure in %v", c.name, err)
		}
	}
}

func TestWhatCannotBeDrawn(t *testing.T) {
	l := newLottery(t)
	for _, c := range []struct {
		name, says string
		ask        func(*model.Draw)
	}{
		{"no name", "名称", func(d *model.Draw) { d.Name = "" }},
		{"no matter", "检查事项", func(d *model.Draw) { d.Matter = "" }},
		{"of nothing", "抽查对象", func(d *model.Draw) { d.Of = "" }},
		{"no day", "检查开始时间", func(d *model.Draw) { d.Begin = time.Time{} }},
		{"none", "至少是 1", func(d *model.Draw) { d.Pick = 0 }},
		{"a seed of two lines", "一行文字", func(d *model.Draw) { d.Seed = "a\nunit x 9" }},
		{"more than there are", "只有 12 户，不能抽取 13 户", func(d *model.Draw) { d.Pick = 13 }},
		{"an officer alone", "应当不少于两名", func(d *model.Draw) { d.Officers = l.officers[:1] }},
		{"all but one kept away", "只有 1 名", func(d *model.Draw) {
			for _, o := range l.officers[1:] {
				d.Recusals = append(d.Recusals, model.Recusal{Officer: o, Unit: l.employers[7]})
			}
		}},
		{"kept away from a unit that cannot be drawn", "不在这次抽查的名单里，请删去这条回避", func(d *model.Draw) {
			d.Industry, d.Recusals = "餐饮", []model.Recusal{{Officer: l.officers[0], Unit: l.employers[0]}}
		}},
		{"kept away from an employer where sites are drawn", modeltest.Employer(1).Name + "”不在这次抽查的名单里", func(d *model.Draw) {
			d.Of, d.Pick, d.Recusals = model.DrawSites, 1, []model.Recusal{{Officer: l.officers[0], Unit: l.employers[0]}}
		}},
		{"certificates that ran out", "应当不少于两名", func(d *model.Draw) { d.Begin = d.Begin.AddDate(40, 0, 0); d.Officers = l.officers }},
	} {
		d := l.asked()
		c.ask(&d)
		if _, err := l.desk.Draw(t.Context(), d); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if n, err := l.Count(t.Context(), model.Query{Kind: model.KindInspection}); err != nil || n != 0 {
		t.Errorf("%d visits were planned, %v", n, err)
	}
}

// TestCastFollowsFromTheList: a list of any size is drawn in the same way each
// time, everybody drawn may be, nobody is drawn twice, and the work is spread.
func TestCastFollowsFromTheList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := &model.Draw{Seed: rapid.StringMatching(`[0-9a-z ]{0,20}`).Draw(t, "seed")}
		for n := range rapid.IntRange(1, 30).Draw(t, "units") {
			d.Units = append(d.Units, model.DrawUnit{ID: modeltest.ID(1, n+1), Weight: rapid.IntRange(1, 9).Draw(t, "weight")})
		}
		for n := range rapid.IntRange(3, 9).Draw(t, "officers") {
			d.Officers = append(d.Officers, modeltest.ID(2, n+1))
		}
		for _, u := range d.Units { // each leaves two at least
			if rapid.Bool().Draw(t, "recused") {
				d.Recusals = append(d.Recusals, model.Recusal{Unit: u.ID, Officer: rapid.SampledFrom(d.Officers).Draw(t, "who")})
			}
		}
		d.Pick = rapid.IntRange(1, len(d.Units)).Draw(t, "pick")
		pairs, again := cast(d), cast(d)
		seen, tasks := map[model.ID]bool{}, map[model.ID]int{}
		for i, p := range pairs {
			if seen[p.Unit] || len(p.Officers) != 2 || p.Officers[0] == p.Officers[1] {
				t.Fatalf("pair %+v", p)
			}
			seen[p.Unit] = true
			for _, o := range p.Officers {
				tasks[o]++
				if keptAway(d, o, p.Unit) {
					t.Fatalf("%s must keep away from %s", o, p.Unit)
				}
			}
			if again[i].Unit != p.Unit || !slices.Equal(again[i].Officers, p.Officers) {
				t.Fatalf("%+v and then %+v", p, again[i])
			}
		}
		least, most := tasks[d.Officers[0]], 0
		for _, o := range d.Officers {
			least, most = min(least, tasks[o]), max(most, tasks[o])
		}
		if len(pairs) != d.Pick || len(d.Recusals) == 0 && most-least > 1 {
			t.Fatalf("%d pairs, from %d to %d of an officer", len(pairs), least, most)
		}
	})
}

// TestCastIsWhatItWas: a list that was drawn must be drawn the same by every later
// program; each unit is drawn as often as its weight says.
func TestCastIsWhatItWas(t *testing.T) {
	d := &model.Draw{Pick: 2, Seed: "20260918 017", Officers: []model.ID{"甲", "乙", "丙"}, Recusals: []model.Recusal{{Officer: "甲", Unit: "C"}}}
	for _, grade := range []string{"A", "B", "C"} {
		d.Units = append(d.Units, model.DrawUnit{ID: model.ID(grade), Weight: map[string]int{"A": 1, "B": 2, "C": 4}[grade]})
	}
	want := "anxin draw 1\nunits 2 of 3\nunit A 1\nunit B 2\nunit C 4\nofficer 甲\nofficer 乙\nofficer 丙\nrecusal 甲 C\nseed 20260918 017\n"
	if got := DrawList(d); got != want {
		t.Errorf("list\n%s", got)
	}
	if got := fmt.Sprint(drawHash(d)[:12], cast(d)); got != drawnBefore {
		t.Errorf("drawn %s", got)
	}
	d.Pick = 1
	count := map[model.ID]int{}
	for n := range 7000 {
		d.Seed = fmt.Sprint(n)
		count[cast(d)[0].Unit]++
	}
	for id, want := range map[model.ID]int{"A": 1000, "B": 2000, "C": 4000} {
		if got := count[id]; got < want*9/10 || got > want*11/10 {
			t.Errorf("%s was drawn %d times of 7000, want about %d", id, got, want)
		}
	}
}

// drawnBefore is the beginning of the hash and the pairs of the list above, as a
// program of another language draws them.
const drawnBefore = "b8aea30495bd[{C [乙 丙] } {B [甲 乙] }]"
