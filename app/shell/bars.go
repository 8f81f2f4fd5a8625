package shell

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
)

// mostActions is how many actions the toolbar shows; the rest is in a menu.
const mostActions = 6

// toolbar holds back and forward, the title of the page and its actions.
type toolbar struct {
	root          *fyne.Container
	back, forward *widgets.Button
	title         *widget.Label
	actions       *fyne.Container
}

func newToolbar(s *Shell) *toolbar {
	t := &toolbar{
		back:    widgets.NewQuietButton("", fynetheme.NavigateBackIcon(), s.Back).Hinted(lang.T("keys.back")),
		forward: widgets.NewQuietButton("", fynetheme.NavigateNextIcon(), s.Forward).Hinted(lang.T("keys.forward")),
		title:   widgets.NewPageTitle(""),
		actions: container.NewStack(),
	}
	left := container.NewHBox(t.back, t.forward)
	row := widgets.NewBorder(nil, nil, left, t.actions, t.title)
	high := widgets.AtLeast(0, theme.Size(theme.SizeToolbar), container.New(layout.NewCustomPaddedLayout(3, 3, 6, 6), row))
	t.root = container.NewVBox(widgets.NewPanel(theme.Card, high), hairline())
	return t
}

func hairline() fyne.CanvasObject {
	line := canvas.NewRectangle(theme.CardBorder)
	line.SetMinSize(fyne.NewSize(0, 1))
	return line
}

func (t *toolbar) show(p Page, back, forward bool) {
	t.title.SetText(p.Title())
	enable(t.back, back)
	enable(t.forward, forward)
	t.actions.Objects = nil
	if a, ok := p.(Acter); ok {
		t.actions.Objects = []fyne.CanvasObject{widgets.NewToolbar(a.Actions(), mostActions)}
	}
	t.actions.Refresh()
}

func enable(b *widgets.Button, on bool) {
	if on {
		b.Enable()
	} else {
		b.Disable()
	}
}

// statusBar tells the last action, the work going on, the network and the version.
type statusBar struct {
	said, doing, network *widget.Label
	last                 string        // what was said last, shown again after a hint
	machine              *widget.Label // clock and storage
	version              string
	progress             *widgets.Progress
	stop                 *fyne.Container // holds the button that stops the work, once it takes long
}

func newStatusBar(version string) *statusBar {
	b := &statusBar{said: caption(), doing: caption(), network: caption(), machine: caption(), version: version, progress: widgets.NewProgress(), stop: container.NewHBox()}
	b.progress.Hide()
	return b
}

func caption() *widget.Label {
	l := widget.NewLabel("")
	l.SizeName = fynetheme.SizeNameCaptionText
	l.Truncation = fyne.TextTruncateEllipsis
	return l
}

func (b *statusBar) root() *fyne.Container {
	for _, l := range []*widget.Label{b.doing, b.network, b.machine} {
		l.Truncation = fyne.TextTruncateOff
	}
	version := caption()
	version.Truncation = fyne.TextTruncateOff
	version.SetText(b.version)
	right := container.NewHBox(b.doing, b.progress, b.stop, b.machine, b.network, version)
	row := widgets.NewBorder(nil, nil, nil, right, b.said)
	high := widgets.AtLeast(0, theme.Size(theme.SizeStatus), container.New(layout.NewCustomPaddedLayout(0, 0, 6, 6), row))
	return container.NewVBox(hairline(), widgets.NewPanel(theme.Header, high))
}

// Say shows the last action in the status bar.
func (s *Shell) Say(text string) {
	s.status.last = text
	s.status.said.SetText(text)
}

// hint shows what a button does in place of the last action, "" that again.
func (s *Shell) hint(text string) { s.status.said.SetText(cmp.Or(text, s.status.last)) }

// SetLine shows how the exchange with the hub stands; trouble stands out.
func (s *Shell) SetLine(text string, trouble bool) { stand(s.status.network, text, trouble) }

// SetMachine shows how clock and storage stand; trouble stands out.
func (s *Shell) SetMachine(text string, trouble bool) { stand(s.status.machine, text, trouble) }

func stand(l *widget.Label, text string, trouble bool) {
	l.Importance = widget.MediumImportance
	if trouble {
		l.Importance = widget.DangerImportance
	}
	l.SetText(text)
}

// job is one piece of work; the status bar shows those that have a title.
type job struct {
	title  string
	cancel func()
}

// stopAfter is how long a work goes on before a button to stop it is offered.
const stopAfter = 700 * time.Millisecond

// Working tells whether any work is going on.
func (s *Shell) Working() bool { return len(s.jobs) > 0 }

// Run does work in the background and shows it in the status bar. then is called
// on the UI goroutine with the result; a nil then shows an error by itself. The
// function returned cancels the work, and so do the button that comes up when it
// takes long and its key. Work without a title goes on unseen.
func (s *Shell) Run(title string, work Work, then func(error)) (cancel func()) {
	t := &job{title: title}
	s.jobs = append(s.jobs, t)
	s.showJobs(0, title)
	s.o.After(stopAfter, s.offerStop)
	stop := s.o.Runner.Start(work,
		func(done float64, text string) {
			if text == "" {
				text = title
			}
			s.showJobs(done, text)
		},
		func(err error) {
			s.jobs = slices.DeleteFunc(s.jobs, func(other *job) bool { return other == t })
			s.showJobs(0, "")
			if errors.Is(err, context.Canceled) && title != "" {
				s.Say(lang.T("work.stopped", "act", title))
			}
			if then != nil {
				then(err)
			} else if err != nil {
				dialogs.Error(s.win, err)
			}
		})
	t.cancel = stop
	return stop
}

func (s *Shell) showJobs(done float64, text string) {
	newest := s.newestJob()
	if newest == nil {
		s.status.doing.SetText("")
		s.status.progress.Hide()
		s.status.stop.RemoveAll()
		return
	}
	if text == "" {
		text = newest.title
	}
	s.status.doing.SetText(text)
	s.status.progress.SetValue(done)
	s.status.progress.Show()
}

// newestJob is the work begun last of those that are shown, nil for none.
func (s *Shell) newestJob() *job {
	for _, t := range slices.Backward(s.jobs) {
		if t.title != "" {
			return t
		}
	}
	return nil
}

// offerStop shows the button that stops what still goes on.
func (s *Shell) offerStop() {
	if s.newestJob() != nil && len(s.status.stop.Objects) == 0 {
		s.status.stop.Add(widgets.NewQuietButton(lang.T("keys.stop.verb"), nil, s.stopJob))
	}
}

// stopJob stops the work begun last.
func (s *Shell) stopJob() {
	if t := s.newestJob(); t != nil && t.cancel != nil {
		t.cancel()
	}
}
