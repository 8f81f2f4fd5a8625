package page

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/casework"
	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
)

// templates is the side of the settings on how papers read: the types, and one
// of them in an editor beside its sample.
type templates struct {
	reading
	env  *Env
	acts *acts
	find *widgets.Entry
	rows *fyne.Container
	list []Template
	edit *templateEditor // nil while the types are listed
}

func newTemplates(env *Env) *templates {
	t := &templates{env: env, acts: &acts{env: env}, find: widgets.NewEntry(), rows: container.NewVBox()}
	t.find.SetPlaceHolder(lang.T("page.search"))
	t.find.OnChanged = func(string) { t.show() }
	t.content = container.NewStack()
	t.Refresh()
	return t
}

// Refresh lists the types anew, unless one of them is being written.
func (t *templates) Refresh() {
	if t.edit != nil {
		return
	}
	root, _ := widgets.NewFormScroll(container.NewPadded(t.rows))
	t.put(widgets.NewBorder(container.NewPadded(container.NewVBox(widgets.NewParagraph(lang.T("templates.text")), t.find)), nil, nil, nil, root))
	t.read(lang.T("templates.reading"), func(ctx context.Context) (err error) {
		t.list, err = t.env.Templates.Templates(ctx)
		return err
	}, t.show)
}

// read runs what only reads.
func (t *templates) read(title string, work func(ctx context.Context) error, then func()) {
	t.env.Host.Run(title, func(ctx context.Context, _ func(float64, string)) error { return work(ctx) }, func(err error) {
		if err != nil {
			showError(t.env, err)
			return
		}
		then()
	})
}

func (t *templates) put(o fyne.CanvasObject) {
	box := t.content.(*fyne.Container)
	box.Objects = []fyne.CanvasObject{o}
	box.Refresh()
}

// show lists the types that hold the text looked for, the office's own first.
func (t *templates) show() {
	var own, delivered []line
	for _, x := range t.list {
		if !strings.Contains(strings.ToLower(x.Type+" "+x.Title), strings.ToLower(strings.TrimSpace(t.find.Text))) {
			continue
		}
		l := line{Tag: lang.T("templates.delivered"), Tone: theme.Neutral, Title: x.Title, Text: x.Type, Open: func() { t.open(x) }}
		switch {
		case x.Own:
			l.Tag, l.Tone = lang.T("templates.own"), theme.Info
			own = append(own, l)
			continue
		case x.Version != "":
			l.Tag, l.Note = lang.T("templates.packaged"), x.Version
		}
		delivered = append(delivered, l)
	}
	t.rows.Objects = []fyne.CanvasObject{rowsOf(slices.Concat(own, delivered))}
	t.rows.Refresh()
}

// open shows the template of a type in the editor.
func (t *templates) open(of Template) {
	var text string
	t.read(lang.T("templates.reading"), func(ctx context.Context) (err error) {
		text, err = t.env.Templates.TemplateText(ctx, of.Type)
		return err
	}, func() {
		t.edit = newTemplateEditor(t.env, of, text)
		t.put(t.edit.root)
		t.env.Host.ShowActions()
		t.FocusFirst()
	})
}

// Actions implements settingsSide.
func (t *templates) Actions() []widgets.Action {
	if t.edit == nil {
		return nil
	}
	out := []widgets.Action{{Label: lang.T("page.save"), Icon: fynetheme.DocumentSaveIcon(), Primary: true, Do: t.save},
		{Label: lang.T("templates.back"), Icon: fynetheme.ListIcon(), Do: t.back}}
	if t.edit.of.Own {
		out = append(out, widgets.Action{Label: lang.T("templates.drop"), Icon: fynetheme.ContentUndoIcon(), Danger: true, Do: t.drop})
	}
	return out
}

// Dirty implements settingsSide.
func (t *templates) Dirty() bool { return t.edit != nil && t.edit.dirty() }

// FocusFirst implements settingsSide.
func (t *templates) FocusFirst() {
	if t.edit != nil {
		widgets.Focus(t.edit.text)
	} else {
		widgets.Focus(t.find)
	}
}

// Leave implements settingsSide.
func (t *templates) Leave() {
	if t.edit != nil {
		t.edit.close()
	}
}

// back goes to the list of types, after asking about what is not saved.
func (t *templates) back() {
	leave := func() {
		t.edit.close()
		t.edit = nil
		t.Refresh()
		t.env.Host.ShowActions()
		t.FocusFirst()
	}
	if !t.edit.dirty() {
		leave()
		return
	}
	dialogs.Choose(t.env.Host.Window(), lang.T("shell.dirty.title"), lang.T("shell.dirty.text", "page", t.edit.of.Title), nil,
		widgets.Action{Label: lang.T("shell.dirty.discard"), Danger: true, Do: leave},
		widgets.Action{Label: lang.T("page.save"), Primary: true, Do: t.save})
}

// save makes the text the office's own template.
func (t *templates) save() {
	if t.edit == nil {
		return
	}
	e, text := t.edit, t.edit.text.Text
	t.keep(e.of, text, func() {
		e.saved, e.of.Own = text, true
		t.env.Host.ShowActions()
	})
}

func (t *templates) keep(of Template, text string, then func()) {
	t.acts.does("templates.save", func(ctx context.Context) ([]casework.Reason, error) {
		return nil, t.env.Templates.SaveTemplate(ctx, of.Type, text)
	}, then)
}

// drop takes the office's own template out of use; for a while it can be had
// back.
func (t *templates) drop() {
	e := t.edit
	dialogs.Confirm(t.env.Host.Window(), dialogs.Question{Title: lang.T("templates.drop"), Text: lang.T("templates.drop.text", "title", e.of.Title),
		Verb: lang.T("templates.drop.verb"), Danger: true, Yes: func() {
			was := e.saved
			t.read(lang.T("templates.drop"), func(ctx context.Context) error {
				return t.env.Templates.DropTemplate(ctx, e.of.Type, lang.T("templates.drop.reason"))
			}, func() {
				e.of.Own = false
				t.reopen(e.of)
				t.env.Host.ToastUndo(lang.T("templates.dropped", "title", e.of.Title), func() {
					t.keep(e.of, was, func() { t.reopen(Template{Type: e.of.Type, Title: e.of.Title, Own: true}) })
				})
			})
		}})
}

// reopen shows what is in force now in the place of what is shown.
func (t *templates) reopen(of Template) {
	t.Leave()
	t.open(of)
}

// templateEditor is a template as text beside its sample, which follows what is
// typed. What is wrong is told under the text, and the last good sample stays.
type templateEditor struct {
	env    *Env
	of     Template
	saved  string
	text   *widgets.Entry
	view   *widgets.PDFView
	faults *fyne.Container
	good   bool // there is a sample to be seen
	turn   int  // of the newest look: an older one that comes late is dropped
	root   fyne.CanvasObject
}

// lookAfter is how long nothing is typed before the sample is made anew.
const lookAfter = 400 * time.Millisecond

func newTemplateEditor(env *Env, of Template, text string) *templateEditor {
	e := &templateEditor{env: env, of: of, saved: text, text: widgets.NewSource(), faults: container.NewVBox()}
	e.view = newPDFView(env, nil).PDFView
	e.text.SetText(text)
	e.text.OnChanged = func(string) { e.later() }
	left := widgets.NewBorder(widgets.NewCaption(of.Type+" "+of.Title), e.faults, nil, nil, e.text)
	e.root = container.NewPadded(container.NewGridWithColumns(2, left, e.view))
	e.view.Say(lang.T("pdf.opening"))
	e.turn++
	e.look(e.turn)
	return e
}

func (e *templateEditor) dirty() bool { return e.text.Text != e.saved }

func (e *templateEditor) close() {
	e.turn++
	e.view.Close()
}

// later looks when nothing more was typed for a moment.
func (e *templateEditor) later() {
	e.turn++
	turn := e.turn
	e.env.waiter()(lookAfter, func() {
		if turn == e.turn {
			e.look(turn)
		}
	})
}

// look prints the sample on what is typed.
func (e *templateEditor) look(turn int) {
	var pages Pages
	text := e.text.Text
	e.env.Host.Run(lang.T("templates.looking"), func(ctx context.Context, _ func(float64, string)) error {
		raw, err := e.env.Templates.PreviewTemplate(ctx, e.of.Type, text)
		if err != nil {
			return err
		}
		pages, err = e.env.Papers.Pages(ctx, raw)
		return err
	}, func(err error) {
		switch {
		case turn != e.turn && pages != nil:
			pages.Close()
		case turn != e.turn:
		case err != nil:
			e.tell(err)
			if !e.good {
				e.view.Say(lang.T("pdf.failed"))
			}
		default:
			e.good = true
			e.tell(nil)
			e.view.Open(pages)
		}
	})
}

// faultLine is how the press names a line: D06.paper:12：…
var faultLine = regexp.MustCompile(`^(\S+?):(\d+)：(.*)$`)

// mostFaults are told at once.
const mostFaults = 4

// tell shows what is wrong; nil: nothing. A fault of this text leads to its line.
func (e *templateEditor) tell(err error) {
	e.faults.Objects = nil
	if err != nil {
		for _, said := range strings.Split(err.Error(), "\n")[:min(mostFaults, strings.Count(err.Error(), "\n")+1)] {
			e.faults.Add(newLinkRow(e.fault(err, said)))
		}
	}
	e.faults.Refresh()
}

func (e *templateEditor) fault(err error, said string) line {
	m := faultLine.FindStringSubmatch(said)
	if m == nil {
		return line{Tag: lang.T("templates.fault"), Tone: theme.Bad, Title: e.of.Title, Note: dialogs.Sentence(err), Wrap: true}
	}
	l := line{Tag: lang.T("templates.fault"), Tone: theme.Bad, Title: lang.T("templates.line", "n", m[2]), Note: m[3], Wrap: true}
	if n, err := strconv.Atoi(m[2]); err == nil && m[1] == e.of.Type+".paper" {
		l.Open = func() { e.text.GoTo(n - 1) }
	} else {
		l.Note = said
	}
	return l
}
