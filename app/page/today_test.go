package page

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"anxin/app/casework"
	"anxin/app/lang"
	"anxin/app/uitest"
	"anxin/app/widgets"
	"anxin/model"
	"anxin/model/modeltest"
)

func TestTodayIsEmptyAndSaysWhatToDo(t *testing.T) {
	w := newWorld(t)
	p := NewToday(w.env, "")
	w.show(p)
	w.screen.MustSee(lang.T("today.empty"))
	w.screen.Tap(lang.T("leads.new"))
	if w.host.last() != [2]string{placeLeads, newArg} {
		t.Errorf("went to %v", w.host.last())
	}
}

func TestTodayGroupsAndOpens(t *testing.T) {
	w := newWorld(t)
	w.planned()
	w.clock.Move(24 * time.Hour * 7)
	_, err := w.env.Desk.RegisterLead(t.Context(), model.Lead{Source: "信访", SourceNo: "XF-7", Employer: w.employer, Claim: "拖欠工资"})
	sure(t, err)
	p := NewToday(w.env, "")
	w.show(p)
	w.screen.Resize(1366-168, 768-60)
	w.screen.Capture("today")
	w.screen.MustSee(lang.T("today.group", "title", lang.T("today.overdue"), "n", 1), "审批检查", "逾期7天", "案件办理期限", "信访 XF-7")
	if w.host.counts["today"] != 1 {
		t.Errorf("counts %v", w.host.counts)
	}
	w.screen.Tap("审批检查")
	if got := w.host.last(); got != [2]string{placeInspections, string(only[model.Inspection](w).ID)} {
		t.Errorf("went to %v", got)
	}
	w.screen.Resize(1000-168, 700-60)
	w.screen.Capture("today-narrow")
	uitest.Language(t, "en")
	w.show(NewToday(w.env, ""))
	w.screen.MustSee("Overdue")
}

func TestTasksAreGroupedByTheirDay(t *testing.T) {
	uitest.New(t)
	friday := modeltest.Day // 18 September 2026
	tasks := []casework.Task{{Title: "a", Due: "2026-09-17", Overdue: true}, {Title: "b", Due: "2026-09-18"}, {Title: "c", Due: "2026-09-20"},
		{Title: "d", Due: "2026-09-21"}, {Title: "e"}}
	want := []string{"a", "bc", "d", "e"}
	for i, g := range groupTasks(tasks, friday) {
		got := ""
		for _, task := range g.tasks {
			got += task.Title
		}
		if got != want[i] {
			t.Errorf("group %d (%s) has %q, want %q", i, g.title, got, want[i])
		}
	}
	sunday := friday.AddDate(0, 0, 2)
	if g := groupTasks([]casework.Task{{Due: "2026-09-20"}, {Due: "2026-09-21"}}, sunday); len(g[1].tasks) != 1 || len(g[2].tasks) != 1 {
		t.Errorf("on a Sunday the week has %d tasks and later %d", len(g[1].tasks), len(g[2].tasks))
	}
}

func TestTodayTellsOfTheHub(t *testing.T) {
	for _, tag := range lang.Languages {
		t.Run(tag, func(t *testing.T) {
			w := newWorld(t)
			h, v := w.hub(), w.safe()
			v.behind = 65 * time.Minute
			h.status = HubStatus{Enrolled: true, Pending: 7, Alarm: "2026-09-18 日志与检查点矛盾", LastSync: time.Date(2026, 9, 17, 9, 0, 0, 0, time.UTC)}
			h.conflicts = []model.Conflict{{Record: w.employer, Kind: model.KindEmployer, Fields: []string{"phone"}}}
			w.planned()
			uitest.Language(t, tag)
			w.show(NewToday(w.env, ""))
			w.wide()
			w.screen.MustSee("日志与检查点矛盾", lang.T("sync.conflicts", "n", 1), lang.T("status.pending", "n", 7), "2026-09-17 17:00", lang.T("task.visit.approve"))
			w.screen.Capture("today-hub-" + tag)
			w.screen.Tap(lang.T("sync.conflicts", "n", 1))
			if w.host.last() != [2]string{"sync", ""} || w.host.counts["sync"] != 1 {
				t.Errorf("went to %v, counts %v", w.host.last(), w.host.counts)
			}
			w.screen.Tap(lang.T("today.clock.behind", "n", 65))
			w.tapLast(lang.T("today.clock.verb"))
			w.screen.MustSee(lang.T("today.clock.missing"))
			w.screen.Fill(lang.T("today.clock.why"), "主板电池没电，已按手机校时")
			w.tapLast(lang.T("today.clock.verb"))
			w.screen.MustNotSee(lang.T("today.clock.behind", "n", 65))
			if v.reason != "主板电池没电，已按手机校时" {
				t.Errorf("the reason is %q", v.reason)
			}
		})
	}
}

// From a planned task a visit is on its way in three keys: to the tasks, into the
// visit, begin. Then the keyboard is on the checklist.
func TestAVisitBeginsInThreeKeys(t *testing.T) {
	for _, tag := range lang.Languages {
		t.Run(tag, func(t *testing.T) {
			w := newWorld(t)
			visit := w.announced().id
			uitest.Language(t, tag)
			p := NewToday(w.env, "")
			w.show(p)
			w.clock.Move(2 * time.Hour)
			p.FocusFirst() // F2
			for !strings.Contains(w.focusedTask(), lang.T("task.visit.record")) {
				w.screen.Press(fyne.KeyDown)
			}
			w.screen.Press(fyne.KeyReturn)
			if w.host.last() != [2]string{placeInspections, string(visit)} {
				t.Fatalf("went to %v", w.host.last())
			}
			i := NewInspections(w.env, string(visit))
			w.show(i)
			w.screen.MustSee(lang.T("inspections.next.announced"))
			i.Submit() // Ctrl+Enter
			w.screen.MustSee(lang.T("inspections.next.started"))
			k := only[model.Inspection](w)
			if !casework.Started(k.Value) || !k.Value.Start.Equal(w.clock.Now()) {
				t.Errorf("began %v, now %v", k.Value.Start, w.clock.Now())
			}
			w.screen.Press(fyne.Key1)
			if _, ok := w.screen.Focused().(*widgets.Segments); !ok {
				t.Errorf("the keyboard is on %T", w.screen.Focused())
			}
			w.screen.Type("2")
			w.screen.MustSee(lang.T("inspections.tally.breach", "n", 1), lang.T("inspections.tally.unchecked", "n", 40))
		})
	}
}

// focusedTask is the title of the task with the keyboard.
func (w *world) focusedTask() string {
	w.Helper()
	row, ok := w.screen.Focused().(*linkRow)
	if !ok {
		w.Fatalf("the keyboard is on %T", w.screen.Focused())
	}
	return row.say.Title
}

func TestAPaperWaitsToBePrintedOnce(t *testing.T) {
	w := newWorld(t)
	w.announced()
	docs, err := readAll[model.Document](w.env, model.Query{States: []string{model.DocumentIssued}})
	sure(t, err)
	w.show(NewToday(w.env, ""))
	w.screen.MustSee(lang.T("task.paper.print"))
	for _, k := range docs {
		sure(t, w.env.Desk.NotePrinted(t.Context(), casework.Printing{Document: k.ID, Copies: 2, Copy: "送达联", Printer: "HP-LaserJet"}))
	}
	w.show(NewToday(w.env, ""))
	w.screen.MustNotSee(lang.T("task.paper.print"))
	steps, err := w.env.Desk.Printings(t.Context(), docs[0].ID)
	sure(t, err)
	if len(steps) != 1 || steps[0].By != w.me || steps[0].Note != "送达联 · 2份 · HP-LaserJet" {
		t.Errorf("printings %+v", steps)
	}
}

// Whatever clock runs, an English screen has words for it.
func TestEveryClockHasWords(t *testing.T) {
	w := newWorld(t)
	uitest.Language(t, "en")
	for _, key := range w.env.Desk.Law.ClockKeys() {
		task := casework.Task{Act: "clock." + key, Title: "表里的名称"}
		if got := taskTitle(task); got == task.Title || got == task.Act {
			t.Errorf("the clock %s is called %q", key, got)
		}
	}
	uitest.Language(t, "zh-Hans")
	if got := taskTitle(casework.Task{Act: "clock.order.file", Title: "表里的名称"}); got != "表里的名称" {
		t.Errorf("a Chinese screen calls it %q", got)
	}
}
