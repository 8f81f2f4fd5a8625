// Package shell is the frame around the pages: window, navigation, routes and
// history, toolbar, status bar, shortcuts, background work, lock screen. It
// refuses to know what a page is about: it sees a list of places and pages with
// abilities.
package shell

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
)

// Settings keeps small texts between runs: the size of the window, the last page.
type Settings interface {
	Get(key string) string
	Set(key, value string)
}

// The keys the shell keeps in Settings.
const (
	SettingSize   = "window.size"
	settingPage   = "window.page"
	settingNarrow = "window.nav" // "narrow", "wide" or "" for by width
)

// Options is what the program gives the shell.
type Options struct {
	Places   []Place
	Settings Settings
	Version  string
	Runner   Runner                      // optional: Background
	After    func(time.Duration, func()) // optional; calls back on the UI goroutine
	Now      func() time.Time            // the clock idle time is measured with

	IdleLock time.Duration                 // optional: 0 never locks by itself
	Unlock   func(passphrase string) error // optional: nil means there is no lock; runs off the UI goroutine
	OnLock   func()                        // optional: forget the key
	OnUnlock func()                        // optional: another officer may have come

	Exchange func()           // optional: meet the hub now, Ctrl+R
	Search   Search           // optional: records for Ctrl+K
	Keys     func() []KeyHelp // optional: further lines of the sheet of keys
}

// Shell is the frame. All methods belong on the UI goroutine.
type Shell struct {
	win     fyne.Window
	o       Options
	history history
	page    Page
	nav     *nav
	tools   *toolbar
	status  *statusBar
	body    *fyne.Container
	toasts  *widgets.Toasts
	lock    *lock
	jobs    []*job
	touched time.Time
	stopped bool
}

// New builds the frame in a window; Start shows the first page.
func New(win fyne.Window, o Options) *Shell {
	if o.Runner == nil {
		o.Runner = Background{}
	}
	if o.After == nil {
		o.After = func(d time.Duration, f func()) { time.AfterFunc(d, func() { fyne.Do(f) }) }
	}
	s := &Shell{win: win, o: o, touched: o.Now()}
	s.toasts = widgets.NewToasts(o.After)
	s.lock = &lock{shell: s}
	s.status = newStatusBar(o.Version)
	s.frame()
	win.SetPadded(false)
	win.Resize(LastSize(o.Settings))
	win.SetCloseIntercept(s.Close)
	widgets.OnActivity(s.touch)
	widgets.OnHint(s.hint)
	s.shortcuts()
	return s
}

// frame lays the parts out; it runs again after a change of language or scale.
func (s *Shell) frame() {
	s.nav = newNav(s)
	s.tools = newToolbar(s)
	s.body = container.NewStack()
	main := widgets.NewBorder(s.tools.root, s.status.root(), nil, nil, s.body)
	s.win.SetContent(container.NewStack(newSensor(s.touch), &fyne.Container{
		Layout: &frameLayout{nav: s.nav}, Objects: []fyne.CanvasObject{s.nav.root, main},
	}, s.toasts.Root))
}

// Start opens the page of the last run, or the first place, and begins to watch for idleness.
func (s *Shell) Start() {
	first := Route{Page: s.o.Settings.Get(settingPage)}
	if s.place(first.Page) == nil {
		first.Page = s.o.Places[0].Key
	}
	s.history.push(first)
	s.show(s.history.move(0))
	if s.o.IdleLock > 0 && s.o.Unlock != nil {
		s.o.After(idleStep, s.checkIdle)
	}
}

// Window returns the window, as the parent of dialogs.
func (s *Shell) Window() fyne.Window { return s.win }

// Page returns the page shown.
func (s *Shell) Page() Page { return s.page }

// Route returns where one is.
func (s *Shell) Route() Route {
	if len(s.history.visits) == 0 {
		return Route{}
	}
	return s.history.visits[s.history.at].route
}

func (s *Shell) place(key string) *Place {
	for i := range s.o.Places {
		if s.o.Places[i].Key == key {
			return &s.o.Places[i]
		}
	}
	return nil
}

// Go opens a page at an argument. Going where one is does nothing; an unknown
// key does nothing either, since it can only come from an old setting or link.
func (s *Shell) Go(page, arg string) {
	to := Route{page, arg}
	if to == s.Route() || s.place(page) == nil {
		return
	}
	s.leave(func() {
		s.history.push(to)
		s.show(s.history.move(0))
	})
}

// Back goes to the visit before, if there is one.
func (s *Shell) Back() { s.step(-1) }

// Forward goes to the visit after, if there is one.
func (s *Shell) Forward() { s.step(1) }

func (s *Shell) step(by int) {
	if s.history.can(by) {
		s.leave(func() { s.show(s.history.move(by)) })
	}
}

// leave asks when the page holds something unsaved, then drops it and goes on.
func (s *Shell) leave(then func()) {
	drop := func() {
		if r, ok := s.page.(Rememberer); ok {
			s.history.remember(r.State())
		}
		if l, ok := s.page.(Leaver); ok {
			l.Leave()
		}
		then()
	}
	if d, ok := s.page.(Dirtier); !ok || !d.Dirty() {
		drop()
		return
	}
	ways := []widgets.Action{{Label: lang.T("shell.dirty.discard"), Danger: true, Do: drop}}
	if saver, ok := s.page.(Saver); ok {
		ways = append(ways, widgets.Action{Label: lang.T("shell.dirty.save"), Primary: true, Do: func() {
			saver.Save()
			if !s.page.(Dirtier).Dirty() { // else what was wrong has been shown on the page
				drop()
			}
		}})
	}
	dialogs.Choose(s.win, lang.T("shell.dirty.title"), lang.T("shell.dirty.text", "page", s.page.Title()), nil, ways...)
}

// show builds the page of a visit.
func (s *Shell) show(v visit) {
	p := s.place(v.route.Page)
	if on, ok := s.win.Canvas().Focused().(fyne.CanvasObject); ok && widgets.Holds(s.body, on) {
		s.win.Canvas().Unfocus() // an input of a page that is gone would keep every key
	}
	s.hint("") // and a button that is gone cannot say that it was left
	s.page = p.Build(v.route.Arg)
	s.body.Objects = []fyne.CanvasObject{s.page.Content()}
	s.body.Refresh()
	if r, ok := s.page.(Rememberer); ok && v.state != "" {
		r.Restore(v.state)
	}
	s.nav.mark(v.route.Page)
	s.tools.show(s.page, s.history.can(-1), s.history.can(1))
	s.win.SetTitle(lang.T("app.name") + " — " + s.page.Title())
	s.o.Settings.Set(settingPage, v.route.Page)
	if a, ok := s.page.(Arriver); ok {
		a.Arrived()
	}
}

// ShowActions draws the toolbar again after the page's actions or title changed.
// A page that is still being built may call it: it is drawn once it stands.
func (s *Shell) ShowActions() {
	if s.page == nil {
		return
	}
	s.tools.show(s.page, s.history.can(-1), s.history.can(1))
}

// Rebuild makes frame and page anew, after a change of language or text scale.
func (s *Shell) Rebuild() {
	s.leave(func() {
		s.frame()
		s.show(s.history.move(0))
	})
}

// SetTextScale changes the size of all text, 1 for 100 %, and rebuilds the screen.
func (s *Shell) SetTextScale(scale float32) {
	settings := fyne.CurrentApp().Settings()
	if t, ok := settings.Theme().(*theme.Theme); ok {
		settings.SetTheme(t.WithScale(scale))
		s.Rebuild()
	}
}

// Toast shows a short message that goes by itself.
func (s *Shell) Toast(text string, tone theme.Tone) { s.toasts.Show(text, tone) }

// ToastUndo tells what was done and offers to undo it for as long as the
// message stands, by its button or by Ctrl+Z away from any input.
func (s *Shell) ToastUndo(text string, undo func()) {
	s.toasts.Offer(text, lang.T("toast.undo"), undo)
}

// Close leaves the page, remembers the window and closes it.
func (s *Shell) Close() {
	s.leave(func() {
		KeepSize(s.o.Settings, s.win)
		for _, t := range s.jobs {
			t.cancel()
		}
		s.win.Close()
	})
}

// Stop leaves the page and lets go of the window, for another shell or screen
// to take it.
func (s *Shell) Stop() {
	if l, ok := s.page.(Leaver); ok {
		l.Leave()
	}
	s.stopped = true
	for _, t := range s.jobs {
		t.cancel()
	}
	s.win.SetCloseIntercept(nil)
}

// Smallest is the least window the screens are drawn for: 1366×768 at 150 %.
var Smallest = fyne.NewSize(900, 480)

// LastSize is the window as it was kept, or a size most screens have room for.
func LastSize(kept Settings) fyne.Size {
	var w, h float32
	if n, err := fmt.Sscanf(kept.Get(SettingSize), "%fx%f", &w, &h); n != 2 || err != nil {
		return fyne.NewSize(1280, 760)
	}
	return fyne.NewSize(w, h).Max(Smallest)
}

// KeepSize keeps the size of the window for LastSize.
func KeepSize(kept Settings, win fyne.Window) {
	size := win.Canvas().Size()
	kept.Set(SettingSize, fmt.Sprintf("%.0fx%.0f", size.Width, size.Height))
}
