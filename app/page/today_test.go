package page

import (
	"testing"
	"time"

	"anxin/app/casework"
	"anxin/app/lang"
	"anxin/app/uitest"
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
