package page

import (
	"context"
	"errors"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/model"
)

// Sync is how this laptop stands to the central system: what waits to be sent,
// what could not be merged, and the numbers it may give.
type Sync struct {
	env     *Env
	regs    *registers
	root    *fyne.Container
	content *fyne.Container

	status    HubStatus
	conflicts []model.Conflict
	blocks    []model.Block

	code    *widgets.Entry
	pause   *widgets.Check // stays where the keyboard is when it is turned
	metered *widgets.Check
	bar     *widgets.Progress
	doing   *widget.Label
	running bool
	cancel  func()
	failure string // why the last sync failed, as a sentence
}

// NewSync reads how things stand. arg is not used: the page has no record of its own.
func NewSync(env *Env, _ string) *Sync {
	s := &Sync{env: env, regs: newRegisters(env), content: container.NewVBox(), code: widgets.NewEntry(), bar: widgets.NewProgress(), doing: widget.NewLabel("")}
	s.pause = widgets.NewCheck(lang.T("sync.pause"), func(on bool) { s.switched(s.env.Hub.Pause(on)) })
	s.metered = widgets.NewCheck(lang.T("sync.metered"), func(on bool) { s.switched(s.env.Hub.SetMetered(on)) })
	s.root, _ = widgets.NewFormScroll(container.NewPadded(s.content))
	s.Refresh()
	return s
}

// Title implements shell.Page.
func (s *Sync) Title() string { return lang.T("nav.sync") }

// Content implements shell.Page.
func (s *Sync) Content() fyne.CanvasObject { return s.root }

// Actions implements shell.Acter.
func (s *Sync) Actions() []widgets.Action {
	return []widgets.Action{
		{Label: lang.T("sync.now"), Icon: fynetheme.UploadIcon(), Primary: true, Disabled: !s.ready(), Do: s.Submit},
		{Label: lang.T("sync.block.add"), Icon: fynetheme.ContentAddIcon(), Do: s.askBlock},
		{Label: lang.T("page.refresh"), Icon: fynetheme.ViewRefreshIcon(), Do: s.Refresh},
	}
}

// FocusFirst puts the keyboard where the code of joining goes, or on the switches.
func (s *Sync) FocusFirst() {
	if s.status.Enrolled {
		widgets.Focus(s.pause)
		return
	}
	widgets.Focus(s.code)
}

// Exchanged reads the state again after an exchange the program ran by itself.
func (s *Sync) Exchanged() {
	if s.running {
		return
	}
	s.failure = ""
	s.regs.forget()
	s.Refresh()
}

// Refresh reads the state again.
func (s *Sync) Refresh() {
	var status HubStatus // read off the window, shown on it
	var conflicts []model.Conflict
	var blocks []model.Block
	s.env.Host.Run(lang.T("sync.reading"), func(ctx context.Context, _ func(float64, string)) (err error) {
		if status, err = s.env.Hub.Status(ctx); err != nil {
			return err
		}
		if conflicts, err = s.env.Hub.Conflicts(ctx); err != nil {
			return err
		}
		blocks, err = s.env.Numbers.Blocks(ctx)
		return err
	}, func(err error) {
		if err != nil {
			showError(s.env, err)
		} else {
			s.status, s.conflicts, s.blocks = status, conflicts, blocks
		}
		s.draw()
	})
}

func (s *Sync) draw() {
	s.content.Objects = nil
	if s.status.Alarm != "" {
		s.content.Add(s.alarmCard())
	}
	s.content.Add(s.standing())
	for _, card := range []fyne.CanvasObject{s.toldCard(), s.asideCard()} {
		if card != nil {
			s.content.Add(card)
		}
	}
	if !s.status.Enrolled {
		s.content.Add(s.enrolCard())
	}
	if s.status.Enrolled || len(s.conflicts) > 0 {
		s.content.Add(s.conflictCard())
	}
	if s.status.Enrolled {
		s.content.Add(s.lineCard())
	}
	s.content.Add(s.blockCard())
	s.content.Refresh()
	s.env.Host.SetCount("sync", len(s.conflicts))
	s.env.Host.ShowActions()
}

// standing says whether this laptop is known to the hub, what waits, and what
// is being done.
func (s *Sync) standing() fyne.CanvasObject {
	state, tone := s.stateOfLine()
	last := lang.T("sync.never")
	if !s.status.LastSync.IsZero() {
		last = minuteText(s.status.LastSync.In(s.env.Now().Location()))
	}
	fields := []*widgets.Field{tagField(lang.T("sync.state"), state, tone),
		shownField(lang.T("sync.pending"), lang.T("sync.pending.n", "n", s.status.Pending)), shownField(lang.T("sync.last"), last)}
	if s.status.URL != "" {
		fields = append(fields, shownField(lang.T("sync.url"), s.status.URL))
	}
	if s.status.Enrolled {
		fields = append(fields, s.levels()...)
	}
	body := container.NewVBox(widgets.NewFieldGrid(fields...))
	if s.status.Enrolled {
		body.Add(widgets.NewCaption(lang.T("sync.levels.text")))
	}
	if failure := s.whyFailed(); failure != "" {
		body.Add(widgets.NewBorder(nil, nil, widgets.NewTag(lang.T("sync.failed"), theme.Bad), nil, widgets.NewParagraph(failure)))
	}
	if advice := s.advice(); advice != "" {
		body.Add(widgets.NewParagraph(lang.T(advice)))
	}
	if s.status.Doing != "" && !s.running {
		s.tell(s.status.Share, s.status.Doing)
		body.Add(container.NewVBox(s.doing, s.bar))
	}
	if s.running {
		stop := widgets.NewActionButton(widgets.Action{Label: lang.T("sync.stop"), Icon: fynetheme.CancelIcon(), Do: s.stop})
		body.Add(widgets.NewBorder(nil, nil, nil, stop, container.NewVBox(s.doing, s.bar)))
	}
	return widgets.NewSectionCard(lang.T("sync.standing"), body)
}

// whyFailed is why the last exchange failed, "" when it went well or another
// one runs.
func (s *Sync) whyFailed() string {
	if s.running || s.failure != "" {
		return s.failure
	}
	return s.status.Failure
}

// stateOfLine says in a word how this laptop stands to the hub.
func (s *Sync) stateOfLine() (string, theme.Tone) {
	switch {
	case !s.status.Enrolled:
		return lang.T("sync.enrolled.no"), theme.Neutral
	case s.status.Alarm != "":
		return lang.T("sync.alarm.state"), theme.Bad
	case s.status.Paused:
		return lang.T("sync.paused"), theme.Warning
	case s.status.Stalled:
		return lang.T("sync.stalled"), theme.Bad
	case s.whyFailed() != "":
		return lang.T("sync.enrolled.yes"), theme.Warning
	}
	return lang.T("sync.enrolled.yes"), theme.Good
}

// advice names the sentence that says what goes on now, or what to do, "" for none.
func (s *Sync) advice() string {
	switch {
	case !s.status.Enrolled || s.status.Alarm != "":
		return "" // a card of its own says it
	case s.status.Paused:
		return "sync.paused.text"
	case s.status.Stalled:
		return "sync.stalled.text"
	case s.whyFailed() != "":
		return "sync.failed.text"
	}
	return "sync.auto"
}

// Moved shows how far an exchange is that the program runs by itself.
func (s *Sync) Moved(share float64, doing string) {
	if s.running || doing == "" {
		return
	}
	shown := s.status.Doing != ""
	if s.status.Share, s.status.Doing = share, doing; shown {
		s.tell(share, doing)
		return
	}
	s.draw()
}

// enrolCard asks for the code that makes this laptop known to the hub.
func (s *Sync) enrolCard() fyne.CanvasObject {
	s.code.OnSubmitted = func(string) { s.enrol() }
	field := widgets.NewField(lang.T("sync.code"), s.code)
	field.SetHint(lang.T("sync.code.hint"))
	join := widgets.NewActionButton(widgets.Action{Label: lang.T("sync.enrol"), Primary: true, Do: s.enrol})
	scan := codeButton(s.env.Host.Window(), s.env.Host.Run, s.env.ReadCode, func(code string) { s.code.SetText(code) })
	return widgets.NewSectionCard(lang.T("sync.enrol.title"), container.NewVBox(widgets.NewParagraph(lang.T("sync.enrol.text")), widgets.NewFieldGrid(field.Span()), container.NewHBox(join, scan)))
}

func (s *Sync) enrol() {
	code := strings.TrimSpace(s.code.Text)
	if code == "" {
		dialogs.Inform(s.env.Host.Window(), lang.T("sync.enrol.title"), lang.T("sync.code.needed"))
		return
	}
	s.env.Host.Run(lang.T("sync.enrol.doing"), func(ctx context.Context, _ func(float64, string)) error { return s.env.Hub.Enrol(ctx, code) },
		func(err error) {
			if err != nil {
				showError(s.env, err)
				return
			}
			s.code.SetText("")
			s.env.Host.Toast(lang.T("sync.enrol.done"), theme.Good)
			s.Refresh()
		})
}

// Submit sends and fetches now; Ctrl+Enter does the same.
func (s *Sync) Submit() {
	if !s.ready() {
		return
	}
	s.running, s.failure = true, ""
	s.tell(0, lang.T("sync.starting"))
	s.draw()
	var sum HubSummary
	cancel := s.env.Host.Run(lang.T("sync.now"), func(ctx context.Context, tell func(float64, string)) (err error) {
		shown := -1
		sum, err = s.env.Hub.Sync(ctx, func(done float64, text string) {
			tell(done, text)
			if step := int(done * 100); step != shown { // each telling repaints the window
				shown = step
				fyne.Do(func() { s.tell(done, text) })
			}
		})
		return err
	}, func(err error) { s.synced(sum, err) })
	if s.running {
		s.cancel = cancel
	}
}

// ready tells whether an exchange may begin.
func (s *Sync) ready() bool { return !s.running && s.status.Enrolled && !s.status.Paused }

func (s *Sync) tell(done float64, text string) {
	s.bar.SetValue(done)
	if text != "" {
		s.doing.SetText(text)
	}
}

func (s *Sync) stop() {
	if s.cancel != nil {
		s.doing.SetText(lang.T("sync.stopping"))
		s.cancel()
	}
}

// synced shows what a sync did; what was sent before a failure stays sent.
func (s *Sync) synced(sum HubSummary, err error) {
	s.running, s.cancel = false, nil
	switch {
	case errors.Is(err, context.Canceled):
		s.env.Host.Say(lang.T("sync.stopped"))
	case err != nil:
		s.failure = dialogs.Sentence(err)
		s.env.Host.Toast(lang.T("sync.failed"), theme.Bad)
	default:
		s.env.Host.Toast(lang.T("sync.done", "pushed", sum.Pushed, "pulled", sum.Pulled, "files", sum.Blobs), theme.Good)
	}
	s.regs.forget()
	s.Refresh()
	if notes := s.notes(sum); len(notes) > 0 {
		dialogs.Inform(s.env.Host.Window(), lang.T("sync.notes"), strings.Join(notes, "\n"))
	}
}

// notes are what people should read after a sync.
func (s *Sync) notes(sum HubSummary) []string {
	var notes []string
	for _, n := range sum.Notes {
		notes = append(notes, lang.Said(n))
	}
	if sum.Deferred > 0 {
		notes = append(notes, lang.T("sync.deferred", "n", sum.Deferred))
	}
	return notes
}

// conflictCard lists the records two officers changed at once.
func (s *Sync) conflictCard() fyne.CanvasObject {
	if len(s.conflicts) == 0 {
		return widgets.NewSectionCard(lang.T("sync.conflicts.title"), widgets.NewCaption(lang.T("sync.conflicts.none")))
	}
	box := container.NewVBox(widgets.NewCaption(lang.T("sync.conflicts.text")))
	for _, c := range s.conflicts {
		row := newLinkRow(line{Tag: kindLabel(c.Kind), Tone: theme.Warning, Title: s.regs.name(c.Record), Text: s.fieldNames(c),
			Note: minuteText(c.At), Open: func() { openRecord(s.env, c.Kind, c.Record) }})
		compare := widgets.NewQuietButton(lang.T("sync.compare"), fynetheme.ConfirmIcon(), func() { s.env.Host.Go("sync", ConflictArg+string(c.Theirs)) })
		box.Add(widgets.NewBorder(nil, nil, nil, container.NewCenter(compare), row))
	}
	return widgets.NewSectionCard(lang.T("sync.conflicts", "n", len(s.conflicts)), box)
}

// fieldNames names the fields two officers both changed, as the form of the
// record labels them.
func (s *Sync) fieldNames(c model.Conflict) string {
	labels := conflictLabels(s.env, c)
	names := make([]string, len(c.Fields))
	for i, f := range c.Fields {
		names[i] = labels(f)
	}
	return strings.Join(names, lang.T("sync.comma"))
}

// kindLabel names a kind of record on screen.
func kindLabel(k model.Kind) string {
	if key := "kind." + string(k); lang.Has(key) {
		return lang.T(key)
	}
	return string(k)
}

// openRecord shows a record of any kind where it is worked with; a payment is
// shown with its case.
func openRecord(env *Env, kind model.Kind, id model.ID) {
	if kind == model.KindPayment {
		if paid, err := readOne[model.Payment](env, id); err == nil && paid.Value.Case != "" {
			kind, id = model.KindCase, paid.Value.Case
		}
	}
	env.Host.Go(placeOfKind(kind), string(id))
}

// placeOfKind is where a record of any kind is opened.
func placeOfKind(k model.Kind) string {
	switch k {
	case model.KindEmployer, model.KindSite, model.KindGrid:
		return "employers"
	case model.KindOffice, model.KindOfficer:
		return "settings"
	}
	return placeOf(k)
}
