package page

import (
	"cmp"
	"context"
	"errors"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/widgets"
	"anxin/model"
)

// Names under which this laptop's own settings are kept.
const (
	PrefLanguage = "language"     // "zh-Hans", "en"
	PrefScale    = "text.scale"   // "1.25"
	PrefLock     = "lock.minutes" // "10"
)

// DefaultLock is the idle time in minutes until another is chosen.
const DefaultLock = "10"

// Sides of the settings.
const (
	tabOffice   = "office"
	tabOfficers = "officers"
	tabNumbers  = "numbers"
	tabPapers   = "papers"
	tabPackages = "packages"
	tabLaw      = "law"
	tabVault    = "vault"
	tabMachine  = "machine"
	tabAbout    = "about"
)

// Settings is the page of the office, its officers, this laptop's own settings
// and the program.
type Settings struct {
	env  *Env
	tabs *widgets.Segments
	at   string
	side settingsSide
	body *fyne.Container
	root fyne.CanvasObject
}

// settingsSide is one of the page's sides.
type settingsSide interface {
	Content() fyne.CanvasObject
	Actions() []widgets.Action
	Dirty() bool
	FocusFirst()
	Leave()
}

// NewSettings opens the officer named by arg, else the office.
func NewSettings(env *Env, arg string) *Settings {
	s := &Settings{env: env, body: container.NewStack()}
	s.tabs = widgets.NewTabs([]widgets.Option{{Key: tabOffice, Label: lang.T("settings.office")}, {Key: tabOfficers, Label: lang.T("settings.officers")},
		{Key: tabNumbers, Label: lang.T("settings.numbers")}, {Key: tabPapers, Label: lang.T("settings.papers")}, {Key: tabPackages, Label: lang.T("settings.packages")}, {Key: tabLaw, Label: lang.T("settings.law")},
		{Key: tabVault, Label: lang.T("settings.vault")}, {Key: tabMachine, Label: lang.T("settings.machine")}, {Key: tabAbout, Label: lang.T("settings.about")}}, s.turn)
	s.root = widgets.NewBorder(container.NewPadded(s.tabs), nil, nil, nil, s.body)
	tab := tabOffice
	if arg != "" {
		if h, err := env.Desk.Journal.Head(context.Background(), model.ID(arg)); err == nil && h.Kind == model.KindOfficer {
			tab = tabOfficers
		}
	}
	s.show(tab, arg)
	return s
}

// turn goes to another side, after asking about what is not saved.
func (s *Settings) turn(tab string) {
	s.tabs.SetKey(s.at)
	if tab == "" || tab == s.at {
		return
	}
	if !s.Dirty() {
		s.show(tab, "")
		return
	}
	dialogs.Choose(s.env.Host.Window(), lang.T("shell.dirty.title"), lang.T("shell.dirty.text", "page", s.Title()), nil,
		widgets.Action{Label: lang.T("shell.dirty.discard"), Danger: true, Do: func() { s.show(tab, "") }},
		widgets.Action{Label: lang.T("page.save"), Primary: true, Do: s.Save})
}

func (s *Settings) show(tab, arg string) {
	if s.side != nil {
		s.side.Leave()
	}
	s.at = tab
	s.tabs.SetKey(tab)
	s.side = s.sideOf(tab, arg)
	s.body.Objects = []fyne.CanvasObject{s.side.Content()}
	s.body.Refresh()
	s.env.Host.ShowActions()
}

// sideOf builds a side; what is not known is the office.
func (s *Settings) sideOf(tab, arg string) settingsSide {
	switch tab {
	case tabOfficers:
		return newOfficers(s.env, arg)
	case tabNumbers:
		return newNumbering(s.env)
	case tabPapers:
		return newTemplates(s.env)
	case tabPackages:
		return newPackages(s.env)
	case tabLaw:
		return newLawTables(s.env)
	case tabVault:
		return newVault(s.env)
	case tabMachine:
		return &reading{s.machine()}
	case tabAbout:
		return &reading{s.about()}
	}
	s.at = tabOffice
	return s.office()
}

// office is the form of the office; there is one record of the kind.
func (s *Settings) office() settingsSide {
	k, err := s.env.Desk.Office(context.Background())
	if errors.Is(err, model.ErrNotFound) {
		k, err = kept[model.Office]{Value: &model.Office{Remedies: true, ReportDays: defaultReportDays}}, nil
	}
	var d *registerDetail[model.Office, *model.Office]
	if err == nil {
		d, err = newRegisterDetail[model.Office](s.env, "office", k, doubtOf{question: "phone", judge: doubtPhone})
	}
	var members map[string]any
	if err == nil {
		members, err = officeMembers(k.Value)
	}
	if err == nil {
		err = d.form.Fill(members)
	}
	if err != nil {
		return &reading{widgets.NewEmptyState(fynetheme.ErrorIcon(), dialogs.Sentence(err), widgets.Action{Label: lang.T("page.refresh"), Do: s.Refresh})}
	}
	d.judge()
	d.flags = []string{"remedies", "screen_signing"}
	d.write = func(v *model.Office) error {
		region := s.env.Region(v.Region)
		if !region.OK {
			return errors.New(region.Reason)
		}
		v.Region = region.Normal
		title := d.form.in.Value(questionPath(d.form.in.Form(), "order_title"))
		titles := map[string]string{}
		for docType, t := range k.Value.Titles {
			titles[docType] = t
		}
		delete(titles, orderType)
		if title != "" {
			titles[orderType] = title
		}
		v.Titles = titles
		return nil
	}
	return d
}

// officeMembers adds what the form asks under a name of its own.
func officeMembers(v *model.Office) (map[string]any, error) {
	members, err := membersOf(v)
	if err != nil {
		return nil, err
	}
	members["order_title"] = v.Titles[orderType]
	return members, nil
}

// Title implements shell.Page.
func (s *Settings) Title() string { return lang.T("nav.settings") }

// Content implements shell.Page.
func (s *Settings) Content() fyne.CanvasObject { return s.root }

// Actions implements shell.Acter.
func (s *Settings) Actions() []widgets.Action {
	if s.at == tabOffice {
		return []widgets.Action{{Label: lang.T("page.save"), Icon: fynetheme.DocumentSaveIcon(), Primary: true, Do: s.Save}}
	}
	return s.side.Actions()
}

// Save implements shell.Saver.
func (s *Settings) Save() {
	switch side := s.side.(type) {
	case *officers:
		side.Save()
	case *templates:
		side.save()
	case detail:
		side.Save(func(model.ID) {
			s.env.Host.Say(lang.T("page.saved"))
			s.show(s.at, "")
		})
	}
}

// New implements shell.Creator: a new officer.
func (s *Settings) New() {
	if o, ok := s.side.(*officers); ok {
		o.New()
	}
}

// Find implements shell.Finder.
func (s *Settings) Find() {
	if o, ok := s.side.(*officers); ok {
		o.Find()
	}
}

// Step implements shell.Stepper.
func (s *Settings) Step(by int) {
	if o, ok := s.side.(*officers); ok {
		o.Step(by)
	}
}

// Refresh reads the side again, unless something is being edited.
func (s *Settings) Refresh() {
	if o, ok := s.side.(interface{ Refresh() }); ok {
		o.Refresh()
	} else if !s.Dirty() {
		s.show(s.at, "")
	}
}

// Dirty implements shell.Dirtier.
func (s *Settings) Dirty() bool { return s.side.Dirty() }

// FocusFirst implements shell.FirstFielder.
func (s *Settings) FocusFirst() { s.side.FocusFirst() }

// Leave implements shell.Leaver.
func (s *Settings) Leave() { s.side.Leave() }

// State implements shell.Rememberer.
func (s *Settings) State() string { return s.at }

// Restore implements shell.Rememberer.
func (s *Settings) Restore(state string) {
	if state != s.at && !s.Dirty() {
		s.show(state, "")
	}
}

// scales are the text sizes offered, in per cent.
var scales = []int{100, 110, 125, 150}

// lockMinutes are the idle times after which the screen locks.
var lockMinutes = []int{5, 10, 15, 30}

// newTongues chooses the language of the screen; each is called by its own name.
func newTongues(speak func(tag string)) *widgets.Segments {
	tongues := widgets.NewSegments([]widgets.Option{{Key: "zh-Hans", Label: "中文"}, {Key: "en", Label: "English"}}, speak)
	tongues.SetKey(lang.Tag())
	return tongues
}

// machine are the settings of this laptop alone.
func (s *Settings) machine() fyne.CanvasObject {
	tongue := newTongues(s.speak)
	size := widgets.NewSegments(numbered(scales, "%"), func(key string) {
		if key == "" {
			return
		}
		scale := float32(wholeNumber(key)) / 100
		s.env.Prefs.Set(PrefScale, strconv.FormatFloat(float64(scale), 'f', 2, 32))
		s.env.Host.SetTextScale(scale)
	})
	size.SetKey(percent(s.env.Prefs.Get(PrefScale)))
	idle := widgets.NewSegments(numbered(lockMinutes, lang.T("settings.minutes")), func(key string) {
		if key != "" {
			s.env.Prefs.Set(PrefLock, key)
			s.env.Host.Say(lang.T("settings.lock.set", "n", key))
		}
	})
	idle.SetKey(cmp.Or(s.env.Prefs.Get(PrefLock), DefaultLock))
	fields := []*widgets.Field{widgets.NewField(lang.T("settings.language"), tongue).Span(), widgets.NewField(lang.T("settings.scale"), size).Span(),
		widgets.NewField(lang.T("settings.lock"), idle).Span()}
	fields[2].SetHint(lang.T("settings.lock.hint"))
	root, _ := widgets.NewFormScroll(container.NewPadded(container.NewVBox(
		widgets.NewSectionCard(lang.T("settings.machine"), widgets.NewFieldGrid(fields...)), s.printerCard(), s.hubCard(), s.holidayCard())))
	return root
}

// hubCard leads to where this laptop joins the hub, by a code or its picture.
func (s *Settings) hubCard() fyne.CanvasObject {
	open := widgets.NewActionButton(widgets.Action{Label: lang.T("settings.hub.open"), Icon: fynetheme.LoginIcon(), Do: func() { s.env.Host.Go("sync", "") }})
	return widgets.NewSectionCard(lang.T("settings.hub"), container.NewVBox(widgets.NewParagraph(lang.T("settings.hub.text")), container.NewHBox(open)))
}

// speak switches the words on screen; forms, papers and data keep theirs.
func (s *Settings) speak(tag string) {
	if tag == "" || tag == lang.Tag() {
		return
	}
	if err := s.env.UseLanguage(tag); err != nil {
		showError(s.env, err)
		return
	}
	s.env.Prefs.Set(PrefLanguage, tag)
	s.env.Host.Rebuild()
}

func numbered(list []int, unit string) []widgets.Option {
	out := make([]widgets.Option, len(list))
	for i, n := range list {
		out[i] = widgets.Option{Key: strconv.Itoa(n), Label: strconv.Itoa(n) + unit}
	}
	return out
}

// percent reads a kept scale; what cannot be read is 100 %.
func percent(scale string) string {
	f, err := strconv.ParseFloat(scale, 32)
	if err != nil {
		return strconv.Itoa(scales[0])
	}
	return strconv.Itoa(int(f*100 + 0.5))
}
