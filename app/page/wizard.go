package page

import (
	"context"
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
	"anxin/model"
	"anxin/model/statute"
)

// SetUp is what the first run asked for: all a data folder is made from.
type SetUp struct {
	Office     model.Office
	Officers   []model.Officer // two inspectors; the first unlocks this laptop
	Passphrase string
	HubCode    string // "" works without the hub until a code is entered
}

// Runner works off the window's goroutine and comes back on it; the shell's
// Run is one.
type Runner func(title string, work func(ctx context.Context, tell func(done float64, text string)) error, then func(error)) (cancel func())

// WizardOptions is what the first run works with; all are needed.
type WizardOptions struct {
	Window fyne.Window
	Now    func() time.Time
	Run    Runner
	// Create makes the data folder; its error is shown and nothing entered is lost.
	Create func(ctx context.Context, s SetUp) error
	// OpenSample opens the sample office, which lives apart from real data.
	OpenSample func(ctx context.Context, tell Tell) error
	// Join makes this a further laptop of an office the hub knows and returns
	// the officers who may work on it; Become says which one does.
	Join   func(ctx context.Context, code, passphrase string, tell Tell) ([]Colleague, error)
	Become func(ctx context.Context, officer model.ID) error
	// Region judges what is written as the office's region and gives its usual form.
	Region func(text string) statute.Verdict
	// ReadCode reads the code of joining from a picture of its QR.
	ReadCode func(path string) (string, error)
	// Restore takes up a backup, opened by a passphrase of its day.
	Restore func(ctx context.Context, path, passphrase string, tell Tell) error
	// Speak switches the words on screen to another language and remembers it.
	Speak func(tag string) error
	// Done is called when there is an office to work with.
	Done func()
}

// wizardWidth is the widest the questions become, so that lines stay readable.
const wizardWidth = 700

// wizard leads through the steps of the first run.
type wizard struct {
	o     WizardOptions
	steps []*wizardStep
	at    int
	busy  bool

	office   officeStep
	officers [2]officerStep
	phrase   phraseStep
	code     *entered
	tongue   *widgets.Segments // the languages, on the first page

	root   *fyne.Container
	bottom *fyne.Container // the way on
	onward *widgets.Button
}

// wizardStep is one page of the wizard.
type wizardStep struct {
	key    string // names its texts: wizard.<key>, wizard.<key>.text
	body   fyne.CanvasObject
	asked  []*entered
	check  func() bool   // beside the single answers; nil: nothing more
	next   func() string // label of the way on
	onward func()        // the way on; nil: the next step
}

// NewWizard is the first run: it asks for the office, two officers, a
// passphrase and, if there is one, the code of the central system. Nothing is
// written before the last step.
func NewWizard(o WizardOptions) fyne.CanvasObject {
	w := &wizard{o: o, root: container.NewStack(), bottom: container.NewStack()}
	w.ask()
	dialogs.OwnKeys(o.Window, func(k *fyne.KeyEvent) { // until something has the keyboard
		if k.Name == fyne.KeyReturn || k.Name == fyne.KeyEnter {
			w.next()
		}
	})
	w.show(0)
	return w.root
}

// ask makes the steps in the language of the screen.
func (w *wizard) ask() {
	w.steps = []*wizardStep{w.welcome(), w.askOffice(), w.askOfficers(), w.askPhrase(), w.askCode(), w.finished()}
}

// speak asks everything anew in another language; what was entered stays.
func (w *wizard) speak(tag string) {
	if w.busy || tag == "" || tag == lang.Tag() {
		return
	}
	if err := w.o.Speak(tag); err != nil {
		dialogs.Error(w.o.Window, err)
		return
	}
	before := w.steps
	w.ask()
	for i, s := range before {
		for j, a := range s.asked {
			if a.text() != "" {
				w.steps[i].asked[j].entry.SetText(a.entry.Text)
			}
		}
	}
	w.show(0)
	w.o.Window.Canvas().Focus(w.tongue)
}

// show draws a step and puts the keyboard on its first question.
func (w *wizard) show(at int) {
	w.at = at
	s := w.steps[at]
	intro := widgets.NewParagraph(lang.T("wizard." + s.key + ".text"))
	body := container.NewVBox(w.head(s), intro, s.body)
	form, _ := widgets.NewFormScroll(container.New(atMost{wizardWidth}, container.New(layout.NewCustomPaddedLayout(18, 12, 24, 24), body)))
	w.foot(s)
	page := widgets.NewBorder(nil, w.bottom, nil, nil, form)
	w.root.Objects = []fyne.CanvasObject{widgets.NewBorder(nil, nil, w.rail(), nil, widgets.NewPanel(theme.Background, page))}
	w.root.Refresh()
	if len(s.asked) == 0 {
		w.o.Window.Canvas().Focus(w.onward)
		return
	}
	s.asked[len(s.asked)-1].entry.OnSubmitted = func(string) { w.next() } // Enter goes on
	w.o.Window.Canvas().Focus(s.asked[0].focus)
}

// head is the heading of a step with the way back before it: so the Tab key comes
// from the last answer to the way on, and still goes as one reads.
func (w *wizard) head(s *wizardStep) fyne.CanvasObject {
	heading := wizardHeading(lang.T("wizard." + s.key))
	if w.at == 0 || w.at == len(w.steps)-1 {
		return heading
	}
	back := widgets.NewQuietButton(lang.T("wizard.back"), fynetheme.NavigateBackIcon(), w.back)
	return widgets.NewBorder(nil, nil, container.NewCenter(back), nil, heading)
}

func wizardHeading(text string) fyne.CanvasObject {
	l := widget.NewLabelWithStyle(text, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	l.SizeName = fynetheme.SizeNameHeadingText
	l.Wrapping = widgets.WrapFor(text)
	return l
}

// rail is the left side: what has been done, where one is, what is to come.
func (w *wizard) rail() fyne.CanvasObject {
	box := container.NewVBox(railText(lang.T("app.name"), theme.NavText, true, fynetheme.Size(fynetheme.SizeNameHeadingText)), widgets.AtLeast(0, 10, layout.NewSpacer()))
	for i, s := range w.steps {
		mark, colour := "○", theme.NavText
		switch {
		case i < w.at:
			mark = "✓"
		case i == w.at:
			mark = "●"
		}
		box.Add(railText(mark+"  "+lang.T("wizard.step."+s.key), colour, i == w.at, fynetheme.TextSize()))
	}
	padded := container.New(layout.NewCustomPaddedLayout(20, 12, 16, 8), box)
	return widgets.NewPanel(theme.NavBack, widgets.AtLeast(theme.Size(theme.SizeNav), 0, padded))
}

func railText(text string, colour interface{ RGBA() (r, g, b, a uint32) }, bold bool, size float32) fyne.CanvasObject {
	t := canvas.NewText(text, colour)
	t.TextStyle.Bold, t.TextSize = bold, size
	return widgets.AtLeast(0, size*2, t)
}

// foot draws the way on.
func (w *wizard) foot(s *wizardStep) {
	row := container.NewHBox(layout.NewSpacer())
	w.onward = widgets.NewActionButton(widgets.Action{Label: s.next(), Primary: true, Do: w.next})
	row.Add(widgets.AtLeast(110, 0, w.onward))
	w.bottom.Objects = []fyne.CanvasObject{widgets.NewPanel(theme.Card, container.New(layout.NewCustomPaddedLayout(8, 8, 24, 24), row))}
	w.bottom.Refresh()
}

func (w *wizard) back() {
	if !w.busy {
		w.show(w.at - 1)
	}
}

// next goes on when every answer of the step stands; otherwise the keyboard
// goes to the first that does not.
func (w *wizard) next() {
	s := w.steps[w.at]
	if w.busy || !w.complete(s) {
		return
	}
	if s.onward != nil {
		s.onward()
		return
	}
	w.show(w.at + 1)
}

func (w *wizard) complete(s *wizardStep) bool {
	if bad := checkAll(s.asked); bad != nil {
		w.root.Refresh()
		w.o.Window.Canvas().Focus(bad.focus)
		return false
	}
	return s.check == nil || s.check()
}

// create makes the office from everything that was asked.
func (w *wizard) create() {
	set := SetUp{Office: w.office.value(), Passphrase: w.phrase.first.text(), HubCode: w.code.text()}
	for _, o := range w.officers {
		set.Officers = append(set.Officers, o.value(set.Office.Name))
	}
	w.work(lang.T("wizard.creating"), func(ctx context.Context, _ Tell) error { return w.o.Create(ctx, set) }, func() { w.show(len(w.steps) - 1) })
}

func (w *wizard) sample() {
	w.work(lang.T("wizard.sample.opening"), w.o.OpenSample, w.o.Done)
}

// work runs something long under a dialog that tells how far it is and can stop it;
// what was entered stays whatever happens.
func (w *wizard) work(title string, do func(context.Context, Tell) error, then func()) {
	if w.busy {
		return
	}
	w.busy = true
	underway(w.o.Window, w.o.Run, title, do, func(err error) {
		w.busy = false
		if err != nil {
			dialogs.Error(w.o.Window, err)
			return
		}
		then()
	})
}

// atMost keeps its only child from growing wider than it can be read.
type atMost struct{ width float32 }

func (a atMost) limit() float32 { return a.width * fynetheme.TextSize() / 13 }

// MinSize implements fyne.Layout.
func (a atMost) MinSize(o []fyne.CanvasObject) fyne.Size { return o[0].MinSize() }

// Layout implements fyne.Layout.
func (a atMost) Layout(o []fyne.CanvasObject, size fyne.Size) {
	o[0].Move(fyne.Position{})
	o[0].Resize(fyne.NewSize(min(size.Width, a.limit()), size.Height))
}
