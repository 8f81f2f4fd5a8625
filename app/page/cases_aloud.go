package page

import (
	"context"
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"anxin/app/casework"
	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/widgets"
	"anxin/model"
	"anxin/model/statute"
)

// What an interview needs while it goes on: how long it has taken, what the
// rules of the record say of it as it stands, and the record in large type for
// the person to read.

// stopwatch shows how long something has taken, each second while it goes on.
type stopwatch struct {
	now   func() time.Time
	span  func() (start, end time.Time)
	after func(time.Duration, func()) // calls back on the window's goroutine
	label *widget.Label
	turn  int // of the newest start: an older one stops by itself
}

func newStopwatch(env *Env, span func() (start, end time.Time)) *stopwatch {
	return &stopwatch{now: env.Now, after: env.waiter(), span: span, label: widget.NewLabel("")}
}

func (w *stopwatch) start() {
	w.turn++
	w.tick(w.turn)
}

func (w *stopwatch) stop() { w.turn++ }

func (w *stopwatch) tick(turn int) {
	if turn != w.turn {
		return
	}
	w.show()
	w.after(time.Second, func() { w.tick(turn) })
}

func (w *stopwatch) show() {
	start, end := w.span()
	text := ""
	switch {
	case start.IsZero() || start.After(w.now()):
	case end.After(start):
		text = lang.T("cases.statement.took", "time", hours(end.Sub(start)))
	default:
		text = lang.T("cases.statement.timer", "time", hours(w.now().Sub(start)))
	}
	if text != w.label.Text {
		w.label.SetText(text)
	}
}

// hours writes a span as 1:05:09.
func hours(d time.Duration) string {
	s := int(d.Seconds())
	return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
}

// Questions of the interview's form that hold its times.
const (
	askedStart = "/hearing/start"
	askedEnd   = "/hearing/end"
)

// span is when the interview began and ended, as far as that was written.
func (s *statement) span() (start, end time.Time) {
	read := func(path string) time.Time {
		t, err := time.Parse(time.RFC3339, s.form.in.Value(path))
		if err != nil {
			return time.Time{}
		}
		return t
	}
	return read(askedStart), read(askedEnd)
}

// buttons stand beside the heading: the stopwatch, its two marks, large type.
func (s *statement) buttons() []fyne.CanvasObject {
	mark := func(key, path string) fyne.CanvasObject {
		return widgets.NewQuietButton(lang.T(key), nil, func() { s.mark(path) })
	}
	return []fyne.CanvasObject{s.watch.label, mark("cases.statement.begin", askedStart), mark("cases.statement.end", askedEnd),
		widgets.NewQuietButton(lang.T("cases.statement.large"), fynetheme.ZoomInIcon(), s.readAloud)}
}

// steps are what belongs to a record beside the questions: the opening that is
// read out and confirmed, the bank, and that the closing comes by itself.
func (s *statement) steps() fyne.CanvasObject {
	acts := container.NewHBox(widgets.NewQuietButton(lang.T("cases.statement.opening"), fynetheme.VolumeUpIcon(), s.readOpening), container.NewCenter(s.told),
		widgets.NewQuietButton(lang.T("cases.statement.bank"), fynetheme.ListIcon(), s.openBank))
	return container.NewVBox(acts, widgets.NewCaption(lang.T("cases.statement.locked")))
}

// mark writes the time that it is now, to the minute, as the record has it.
func (s *statement) mark(path string) {
	changed, err := s.form.in.Set(path, s.d.env.Now().Truncate(time.Minute).Format(time.RFC3339))
	if err != nil {
		showError(s.d.env, err)
		return
	}
	s.form.view.Apply(changed)
	s.draft.touch()
	s.watch.show()
}

// judge looks off the window what the rules of the record say of the statement
// as it stands.
func (s *statement) judge(v model.Interview) {
	if v.Person == "" || v.End.IsZero() {
		return // it is still going on
	}
	s.judged++
	turn := s.judged
	var reasons []casework.Reason
	s.d.env.Host.Run(lang.T("cases.statement.judge"), func(ctx context.Context, _ func(float64, string)) (err error) {
		reasons, err = s.d.env.Desk.InterviewReasons(ctx, v)
		return err
	}, func(err error) {
		switch {
		case err != nil:
			showError(s.d.env, err)
		case turn == s.judged: // nothing was typed since
			s.note(v, reasons)
		}
	})
}

// note shows what stands against the record, and what is odd in it.
func (s *statement) note(v model.Interview, reasons []casework.Reason) {
	notes := []string{reasonList(reasons)}
	for _, text := range []string{doubtPhone(v.Phone), doubtPerson(v)} {
		if text != "" {
			notes = append(notes, lang.T("act.reason.warn", "text", strings.TrimRight(text, "。")))
		}
	}
	s.notes.SetText(strings.TrimSpace(strings.Join(notes, "\n")))
	s.notes.Importance = widget.LowImportance
	if blocks(reasons) {
		s.notes.Importance = widget.DangerImportance
	}
	s.notes.Hidden = s.notes.Text == ""
	s.content.Refresh()
}

// doubtPerson is what is odd about an identity number of the mainland.
func doubtPerson(v model.Interview) string {
	if v.IDType != "身份证" {
		return ""
	}
	return doubt(statute.CheckID(v.IDNo).Verdict, v.IDNo)
}

// readAloud shows the record as it will read, in large type, for the person to
// check before it is made.
func (s *statement) readAloud() {
	v, err := s.value()
	if err == nil {
		v.QAs, err = s.d.env.Desk.FramedInterview(context.Background(), v)
	}
	if err != nil {
		showError(s.d.env, err)
		return
	}
	dialogs.Show(s.d.env.Host.Window(), lang.T("cases.statement.large.title"), s.large(v.QAs))
}

// large is questions and answers in large type, over most of the window.
func (s *statement) large(list []model.QA) fyne.CanvasObject {
	body := container.NewVBox()
	for _, q := range list {
		body.Add(largeText(lang.T("cases.statement.question", "text", q.Question), true))
		body.Add(largeText(lang.T("cases.statement.answer", "text", q.Answer), false))
	}
	scroll, _ := widgets.NewFormScroll(body)
	room := s.d.env.Host.Window().Canvas().Size()
	return widgets.AtLeast(room.Width*largeShare, room.Height*largeShare, scroll)
}

// largeShare is how much of the window the large type fills.
const largeShare = 0.75

// largeText is a text for old eyes.
func largeText(text string, bold bool) *widgets.Paragraph {
	l := widgets.NewParagraph(text)
	l.SizeName = fynetheme.SizeNameHeadingText
	l.TextStyle.Bold = bold
	return l
}
