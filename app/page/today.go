package page

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"anxin/app/casework"
	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/model"
)

// Today shows what waits, by when it is due.
type Today struct {
	env     *Env
	root    *fyne.Container
	content *fyne.Container
	line    *fyne.Container // how things stand to the hub
	first   *linkRow        // of the tasks; nil while there is none
	turn    int             // of the newest reading: an older one that ends later is dropped
}

// NewToday reads the tasks. arg is not used: the page has no record of its own.
func NewToday(env *Env, _ string) *Today {
	t := &Today{env: env, content: container.NewVBox(), line: container.NewVBox()}
	t.root, _ = widgets.NewFormScroll(container.NewPadded(t.content))
	t.Refresh()
	return t
}

// Title implements shell.Page.
func (t *Today) Title() string { return lang.T("nav.today") }

// Content implements shell.Page.
func (t *Today) Content() fyne.CanvasObject { return t.root }

// Actions implements shell.Acter.
func (t *Today) Actions() []widgets.Action {
	return []widgets.Action{
		{Label: lang.T("leads.new"), Icon: fynetheme.ContentAddIcon(), Primary: true, Do: func() { t.env.Host.Go(placeLeads, newArg) }},
		{Label: lang.T("inspections.new"), Icon: fynetheme.ContentAddIcon(), Do: func() { t.env.Host.Go(placeInspections, newArg) }},
		{Label: lang.T("page.refresh"), Icon: fynetheme.ViewRefreshIcon(), Do: t.Refresh},
	}
}

// taskGroup is one span of due days.
type taskGroup struct {
	title string
	tone  theme.Tone
	tasks []casework.Task
}

// mostTasks is how many tasks a group shows; the pages of the records show all.
const mostTasks = 50

// Refresh reads the tasks again, off the window: they are those of every open
// case.
func (t *Today) Refresh() {
	t.turn++
	turn := t.turn
	var tasks []casework.Task
	t.env.Host.Run(lang.T("today.reading"), func(ctx context.Context, _ func(float64, string)) (err error) {
		tasks, err = t.env.Desk.Today(ctx)
		return err
	}, func(err error) {
		switch {
		case err != nil:
			showError(t.env, err)
		case turn == t.turn:
			t.show(tasks)
		}
	})
}

// FocusFirst implements shell.FirstFielder: the keyboard goes to the first task,
// where the arrow keys move and Enter opens.
func (t *Today) FocusFirst() {
	if t.first != nil {
		widgets.Focus(t.first)
	}
}

func (t *Today) show(tasks []casework.Task) {
	groups := groupTasks(tasks, t.env.Now())
	t.first = nil
	t.content.RemoveAll()
	if t.env.LeaveSample != nil {
		t.content.Add(t.sampleStrip())
	}
	t.content.Add(counters(groups))
	t.content.Add(t.line)
	t.readLine()
	if len(tasks) == 0 {
		t.content.Add(widgets.NewCard(widgets.AtLeast(0, 220, widgets.NewEmptyState(fynetheme.ConfirmIcon(), lang.T("today.empty"),
			widgets.Action{Label: lang.T("leads.new"), Do: func() { t.env.Host.Go(placeLeads, newArg) }}))))
	}
	for _, g := range groups {
		if len(g.tasks) > 0 {
			t.content.Add(t.card(g))
		}
	}
	t.content.Refresh()
	t.env.Host.SetCount("today", len(groups[0].tasks))
}

// sampleStrip says that nothing here is real, and leads out.
func (t *Today) sampleStrip() fyne.CanvasObject {
	leave := widgets.NewActionButton(widgets.Action{Label: lang.T("sample.leave"), Icon: fynetheme.LogoutIcon(), Do: t.env.LeaveSample})
	return widgets.NewCard(widgets.NewBorder(nil, nil, widgets.NewTag(lang.T("sample.tag"), theme.Warning), leave, widgets.NewParagraph(lang.T("sample.text"))))
}

// groupTasks sorts tasks into overdue, this week (up to Sunday), later, no date.
func groupTasks(tasks []casework.Task, now time.Time) []taskGroup {
	groups := []taskGroup{{lang.T("today.overdue"), theme.Bad, nil}, {lang.T("today.week"), theme.Warning, nil},
		{lang.T("today.later"), theme.Info, nil}, {lang.T("today.undated"), theme.Neutral, nil}}
	sunday := model.DateOf(now.AddDate(0, 0, (7-int(now.Weekday()))%7))
	for _, task := range tasks {
		at := 2
		switch {
		case task.Overdue:
			at = 0
		case task.Due == "":
			at = 3
		case task.Due <= sunday:
			at = 1
		}
		groups[at].tasks = append(groups[at].tasks, task)
	}
	return groups
}

// counters are the groups as figures.
func counters(groups []taskGroup) fyne.CanvasObject {
	row := container.NewGridWithColumns(len(groups))
	for _, g := range groups {
		n := widget.NewLabelWithStyle(strconv.Itoa(len(g.tasks)), fyne.TextAlignCenter, fyne.TextStyle{Bold: true})
		n.SizeName = fynetheme.SizeNameHeadingText
		n.Importance = importance(g)
		name := widgets.NewCaption(g.title)
		name.Alignment = fyne.TextAlignCenter
		row.Add(widgets.NewCard(container.NewVBox(n, name)))
	}
	return row
}

// importance colours a figure only when it says something.
func importance(g taskGroup) widget.Importance {
	switch {
	case len(g.tasks) == 0:
		return widget.LowImportance
	case g.tone == theme.Bad:
		return widget.DangerImportance
	case g.tone == theme.Warning:
		return widget.WarningImportance
	}
	return widget.MediumImportance
}

func (t *Today) card(g taskGroup) fyne.CanvasObject {
	var lines []line
	for _, task := range g.tasks[:min(len(g.tasks), mostTasks)] {
		tag := lang.T("today.nodate")
		if task.Due != "" {
			tag = dueLeft(task.Due, t.env.Now())
		}
		tone := g.tone
		if task.Due != "" {
			tone = dueTone(task.Due, t.env.Now())
		}
		lines = append(lines, line{Tag: tag, Tone: tone, Title: taskTitle(task), Text: task.Detail, Note: joined(string(task.Due), lang.Said(task.Article)),
			Open: func() { t.env.Host.Go(placeOf(task.Kind), string(task.Record)) }})
	}
	box := rowsOf(lines)
	if t.first == nil {
		t.first = box.Objects[0].(*linkRow)
	}
	if more := len(g.tasks) - mostTasks; more > 0 {
		box.Add(widgets.NewCaption(lang.T("today.more", "n", more)))
	}
	return widgets.NewSectionCard(lang.T("today.group", "title", g.title, "n", len(g.tasks)), box)
}

// taskTitle says what is to be done in the language of the screen. A clock is
// called as the law's table calls it where the screen is Chinese: an office may
// have its own table.
func taskTitle(task casework.Task) string {
	if key := "task." + task.Act; lang.Has(key) {
		return lang.T(key)
	}
	if strings.HasPrefix(task.Act, "clock.") && lang.Has(task.Act) && !strings.HasPrefix(lang.Tag(), "zh") {
		return lang.T(task.Act)
	}
	return task.Title
}

// readLine looks how things stand to the hub: what could not be merged, what
// waits to be sent, and what the hub must be asked about.
func (t *Today) readLine() {
	if t.env.Hub == nil || t.env.Vault == nil {
		return
	}
	var status HubStatus
	var behind time.Duration
	var conflicts []model.Conflict
	t.env.Host.Run(lang.T("sync.reading"), func(ctx context.Context, _ func(float64, string)) (err error) {
		if status, err = t.env.Hub.Status(ctx); err != nil {
			return err
		}
		if conflicts, err = t.env.Hub.Conflicts(ctx); err != nil {
			return err
		}
		behind, err = t.env.Vault.ClockBehind(ctx)
		return err
	}, func(err error) {
		if err != nil {
			t.env.Host.Say(dialogs.Sentence(err))
			return
		}
		t.line.Objects = nil
		lines := t.standing(status, len(conflicts))
		if behind > 0 {
			lines = append([]line{t.clockLine(behind)}, lines...)
		}
		if len(lines) > 0 {
			t.line.Add(widgets.NewCard(rowsOf(lines)))
		}
		t.line.Refresh()
		t.env.Host.SetCount("sync", len(conflicts))
	})
}

// clockLine says that the clock ran backwards; a tap asks why it is right.
func (t *Today) clockLine(behind time.Duration) line {
	return line{Tag: lang.T("today.clock"), Tone: theme.Bad, Title: lang.T("today.clock.behind", "n", int(behind.Round(time.Minute)/time.Minute)),
		Text: lang.T("today.clock.text"), Open: func() {
			dialogs.Ask(t.env.Host.Window(), dialogs.Prompt{Title: lang.T("today.clock.title", "now", minuteText(t.env.Now())), Label: lang.T("today.clock.why"),
				Hint: lang.T("today.clock.hint"), Verb: lang.T("today.clock.verb"), Lines: 2,
				Check: func(text string) error {
					if strings.TrimSpace(text) == "" {
						return errors.New(lang.T("today.clock.missing"))
					}
					return nil
				},
				OK: func(why string) {
					t.env.Host.Run(lang.T("today.clock.verb"), func(ctx context.Context, _ func(float64, string)) error { return t.env.Vault.ConfirmClock(ctx, why) },
						func(err error) {
							if err != nil {
								showError(t.env, err)
							}
							t.readLine()
						})
				}})
		}}
}

func (t *Today) standing(status HubStatus, conflicts int) (out []line) {
	open := func() { t.env.Host.Go("sync", "") }
	if status.Alarm != "" {
		out = append(out, line{Tag: lang.T("sync.alarm.tag"), Tone: theme.Bad, Title: lang.T("sync.alarm"), Text: status.Alarm, Open: open})
	}
	if conflicts > 0 {
		out = append(out, line{Tag: lang.T("today.conflict"), Tone: theme.Bad, Title: lang.T("sync.conflicts", "n", conflicts), Text: lang.T("today.conflict.text"), Open: open})
	}
	if !status.Enrolled {
		return out
	}
	last, tone := lang.T("sync.never"), theme.Info
	if !status.LastSync.IsZero() {
		last = lang.T("today.lastsync", "at", minuteText(status.LastSync.In(t.env.Now().Location())))
	}
	if status.Stalled {
		tone = theme.Warning
	}
	waits := lang.T("status.pending", "n", status.Pending)
	if status.Pending == 0 {
		waits = lang.T("today.sync.all")
	}
	return append(out, line{Tag: lang.T("nav.sync"), Tone: tone, Title: waits, Text: last, Open: open})
}

// placeOf is where a record of a kind is opened.
func placeOf(k model.Kind) string {
	switch k {
	case model.KindLead:
		return placeLeads
	case model.KindCase:
		return placeCases
	case model.KindInspection, model.KindDraw:
		return placeInspections
	}
	return placeDocuments
}
