package page

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"github.com/xuri/excelize/v2"

	"anxin/app/casework"
	"anxin/app/lang"
	"anxin/app/uitest"
	"anxin/model"
	"anxin/model/modeltest"
)

// furnishDraw adds units, and a third officer who may be drawn.
func (w *world) furnishDraw() {
	var changes []model.Change
	for n := 2; n < 8; n++ {
		changes = append(changes, model.Change{ID: modeltest.ID(8, n), Record: modeltest.Employer(n)})
	}
	changes = append(changes, model.Change{ID: modeltest.ID(8, 20), Record: modeltest.Officer(5)})
	_, err := w.store.Commit(w.Context(), model.Batch{Author: w.me, Changes: changes})
	sure(w, err)
}

// TestUnitsAndOfficersAreDrawn: an empty list says what to do; what is asked for
// stays when one leaves; a recusal is added, taken out and put back; the draw is
// asked about, falls, is proved, and its visits are planned.
func TestUnitsAndOfficersAreDrawn(t *testing.T) {
	for _, tag := range lang.Languages {
		t.Run(tag, func(t *testing.T) {
			w := newWorld(t)
			w.furnishDraw()
			uitest.Language(t, tag)
			p := NewDraws(w.env, DrawsArg)
			w.show(p)
			w.wide()
			w.screen.MustSee(strings.Split(lang.T("draws.empty"), "\n")[0])
			w.screen.Tap(lang.T("draws.new"))
			w.screen.Fill(said(tag, "任务名称", "Name"), "九月抽查")
			w.screen.Fill(said(tag, "检查事项", "Matters"), "工资支付情况")
			p.Submit() // how many is not said yet
			w.screen.MustSee(said(tag, "请填写抽取户数。", "Say how many are drawn."))
			w.screen.Fill(said(tag, "抽取户数", "Units to draw"), "3")
			w.recuse(tag)
			w.screen.Capture("draw-ask-" + tag)
			p.Leave()
			p = NewDraws(w.env, newArg)
			w.show(p)
			w.screen.MustSee("九月抽查", "邻居") // what was typed waits
			p.Submit()
			w.screen.MustSee(lang.T("draws.confirm", "pool", 7, "pick", 3, "officers", 3))
			w.screen.Capture("draw-confirm-" + tag)
			w.screen.Press(fyne.KeyReturn)
			k := only[model.Draw](w)
			if len(k.Value.Pairs) != 3 || len(k.Value.Recusals) != 1 || !k.Value.Weighted || k.Value.Seed == "" {
				t.Fatalf("drawn %+v", k.Value)
			}
			w.screen.MustSee(k.Value.Seed, k.Value.Hash, lang.T("draws.pairs", "n", 3))
			w.screen.Capture("draw-drawn-" + tag)
			w.act(lang.T("draws.prove"))
			w.screen.MustSee(lang.T("draws.proved", "pool", 7, "pick", 3))
			w.screen.Press(fyne.KeyEscape)
			p.FocusFirst()
			w.screen.Press(fyne.KeyReturn)
			if got := w.host.last(); got != [2]string{placeInspections, string(k.Value.Pairs[0].Visit)} {
				t.Errorf("a pair leads to %v", got)
			}
			if w.env.Prefs.Get(prefDrawDraft) != "" {
				t.Error("what was drawn waits to be drawn")
			}
			w.screen.Resize(863, 452)
			w.screen.Capture("draw-narrow-" + tag)
		})
	}
}

// said is a word of the form in the language of the screen.
func said(tag, zh, en string) string {
	if tag == "en" {
		return en
	}
	return zh
}

// recuse keeps the third officer away from the employer; taken out by a tap it
// comes back by undoing.
func (w *world) recuse(tag string) {
	w.Helper()
	w.screen.Tap(lang.T("draws.recusal.add"))
	w.screen.Capture("draw-recusal-" + tag)
	w.screen.Tap(lang.T("draws.recusal.take"))
	w.screen.MustSee(lang.T("officers.missing"), lang.T("draws.recusal.why"))
	name := newRegisters(w.env).name(modeltest.ID(8, 20))
	people, err := newRegisters(w.env).officers()
	sure(w, err)
	for _, o := range people {
		if o.Key == string(modeltest.ID(8, 20)) {
			w.screen.Pick(lang.T("draws.recusal.officer"), o.Label)
		}
	}
	w.screen.Fill(lang.T("draws.recusal.unit"), modeltest.Employer(1).Name)
	w.screen.Press(fyne.KeyDown, fyne.KeyReturn)
	w.screen.Fill(lang.T("draws.recusal.reason"), "邻居")
	w.screen.Tap(lang.T("draws.recusal.take"))
	w.screen.MustSee(name, "邻居")
	w.screen.Tap("邻居")
	w.screen.MustNotSee("邻居")
	w.host.undo()
	w.screen.MustSee("邻居")
}

// TestResultsAreMadePublicAndTakenBack: with a visit made the day is told, the
// sheet and the list are kept, the note is written and undone.
func TestResultsAreMadePublicAndTakenBack(t *testing.T) {
	for _, tag := range lang.Languages {
		t.Run(tag, func(t *testing.T) {
			w := newWorld(t)
			w.furnishDraw()
			uitest.Language(t, tag)
			id, err := w.env.Desk.Draw(t.Context(), model.Draw{Name: "九月抽查", Matter: "工资支付情况", Of: model.DrawEmployers, Pick: 2, Begin: w.clock.Now().Add(24 * time.Hour)})
			sure(t, err)
			k := only[model.Draw](w)
			visit, err := readOne[model.Inspection](w.env, k.Value.Pairs[1].Visit)
			sure(t, err)
			i := *visit.Value
			i.State, i.Start, i.End = model.InspectionRecorded, w.clock.Now().Add(-time.Hour), w.clock.Now()
			_, err = w.store.Commit(t.Context(), model.Batch{Author: w.me, Changes: []model.Change{{ID: visit.ID, Base: visit.Rev, Record: &i}}})
			sure(t, err)
			if !IsDraw(w.env, string(id)) || IsDraw(w.env, string(visit.ID)) || !IsDraw(w.env, DrawsArg) {
				t.Error("draws are not told from visits")
			}
			p := NewDraws(w.env, string(id))
			w.show(p)
			w.wide()
			w.screen.MustSee(lang.T("draws.due"))
			dir := t.TempDir()
			uitest.AnswerFiles(t, filepath.Join(dir, "公示.xlsx"), filepath.Join(dir, "名单.txt"))
			w.act(lang.T("draws.sheet"))
			w.act(lang.T("draws.list"))
			f, err := excelize.OpenFile(filepath.Join(dir, "公示.xlsx"))
			sure(t, err)
			defer f.Close()
			rows, err := f.GetRows("随机抽查结果公示")
			sure(t, err)
			if len(rows) != 2 || !strings.Contains(strings.Join(rows[1], " "), "未发现问题") {
				t.Errorf("sheet %v", rows)
			}
			raw, err := os.ReadFile(filepath.Join(dir, "名单.txt"))
			sure(t, err)
			if string(raw) != casework.DrawList(k.Value) {
				t.Errorf("list %s", raw)
			}
			p.Submit()
			w.screen.Capture("draw-publish-" + tag)
			w.screen.Type("县政府网站")
			w.screen.Press(fyne.KeyReturn)
			w.screen.MustSee("县政府网站", lang.T("draws.published"))
			w.screen.MustNotSee(lang.T("draws.due"))
			w.screen.Capture("draw-published-" + tag)
			w.host.undo()
			w.screen.MustSee(lang.T("draws.due"))
			w.screen.MustNotSee("县政府网站")
		})
	}
}

// TestAVisitThatIsNotHereIsSaid: a draw with a visit that did not arrive on this
// laptop opens all the same and says so of it.
func TestAVisitThatIsNotHereIsSaid(t *testing.T) {
	for _, tag := range lang.Languages {
		t.Run(tag, func(t *testing.T) {
			w := newWorld(t)
			w.furnishDraw()
			uitest.Language(t, tag)
			_, err := w.env.Desk.Draw(t.Context(), model.Draw{Name: "九月抽查", Matter: "工资支付情况", Of: model.DrawEmployers, Pick: 2, Begin: w.clock.Now().Add(24 * time.Hour)})
			sure(t, err)
			far := *only[model.Draw](w).Value
			far.Pairs = append([]model.DrawPair{}, far.Pairs...)
			far.Pairs[0].Visit = modeltest.ID(77, 7)
			id := modeltest.ID(8, 90)
			_, err = w.store.Commit(t.Context(), model.Batch{Author: w.me, Changes: []model.Change{{ID: id, Record: &far}}})
			sure(t, err)
			p := NewDraws(w.env, string(id))
			w.show(p)
			w.wide()
			w.screen.MustSee(lang.T("draws.away.tag"), lang.T("draws.away"), lang.T("draws.pairs", "n", 2))
			w.screen.Capture("draw-away-" + tag)
			before := w.host.last()
			p.FocusFirst()
			w.screen.Press(fyne.KeyReturn)
			if got := w.host.last(); got != before {
				t.Errorf("a visit that is not here leads to %v", got)
			}
		})
	}
}
