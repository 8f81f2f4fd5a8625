package main

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/day"
	"anxin/app/lang"
	"anxin/app/office"
	"anxin/app/page"
	"anxin/app/shell"
	"anxin/assets"
	"anxin/model"
	"anxin/sync/client"
	"anxin/sync/wire"
)

// desktop is the running program: a window and, once unlocked, an office.
type desktop struct {
	app fyne.App
	win fyne.Window
	dir string
	// marks is where the store keeps its high-water marks outside dir; "" for
	// the sample, whose identity every machine shares.
	marks string
	own   ownFolder // set while the sample is open

	free    func() error // lets go of dir; nil while it is not held
	watched string       // the folder that gets the stack of a fault
	fault   string       // where the last run's is kept

	mu     sync.Mutex
	office *office.Office // nil while locked
	prefs  *preferences
	shell  *shell.Shell
	env    *page.Env
	me     model.Officer // who is at work

	exchange *exchange      // with the hub; nil while locked
	closes   sync.WaitGroup // folders that are being closed
	post     func(func())   // has something done on the window's goroutine
	due      atomic.Bool    // a look at the exchange waits to be shown
	stands   standing       // how it stood when last looked
	shown    int            // cycles whose end the window has shown

	// How the shell works off the window and waits; nil is its own way.
	runner shell.Runner
	after  func(time.Duration, func())
}

// options are how the folder is opened, once what was open of it is closed.
func (d *desktop) options() office.Options {
	d.closes.Wait()
	return office.Options{Dir: d.dir, Marks: d.marks}
}

// sampleDir stands beside the data folder and never inside it.
const sampleDir = "anxin-sample"

func newDesktop(a fyne.App, dir string) *desktop {
	d := &desktop{app: a, win: a.NewWindow(appName), dir: dir, prefs: &preferences{kept: map[string]string{}}, post: fyne.Do}
	d.win.SetMaster()
	plainCanvas()
	return d
}

// run works off the window's goroutine, also before there is a shell.
func (d *desktop) run(_ string, work shell.Work, then func(error)) (cancel func()) {
	if d.runner == nil {
		return shell.Background{}.Start(work, func(float64, string) {}, then)
	}
	return d.runner.Start(work, func(float64, string) {}, then)
}

func (d *desktop) unlock(ctx context.Context, passphrase string) error {
	return d.openTold(ctx, passphrase, func(float64) {})
}

// openTold is unlock that tells how far an older program's data is brought up.
func (d *desktop) openTold(ctx context.Context, passphrase string, upgrading func(float64)) error {
	opt := d.options()
	opt.Upgrading = upgrading
	o, err := office.Open(ctx, opt, passphrase)
	if err != nil {
		return err
	}
	return d.take(ctx, o)
}

// create makes the data folder. Without a hub this laptop numbers its papers
// itself; a hub that cannot be reached now can be joined later.
func (d *desktop) create(ctx context.Context, s page.SetUp) error {
	if s.HubCode != "" {
		if _, err := wire.ParseCode(s.HubCode); err != nil {
			return err // nothing is made before the code can be read
		}
	}
	o, err := office.Create(ctx, d.options(), office.SetUp{Office: s.Office, Officers: s.Officers, Passphrase: s.Passphrase})
	if err != nil {
		return err
	}
	if s.HubCode == "" {
		if err := o.TakeLocalNumbers(ctx, o.Now().Year(), localNumbers); err != nil {
			return errors.Join(err, o.Close())
		}
		return d.take(ctx, o)
	}
	if err := o.Sync.Enrol(ctx, s.HubCode); err != nil {
		d.prefs.notice = err.Error()
		return d.take(ctx, o)
	}
	if _, err := o.Exchange(ctx, nil); err != nil {
		d.prefs.notice = err.Error()
	}
	return d.take(ctx, o)
}

// localNumbers is the size of a block an office without a hub gives itself.
const localNumbers = 200

// openSample opens the sample office, apart from real data.
func (d *desktop) openSample(ctx context.Context, tell page.Tell) error {
	apart := filepath.Join(filepath.Dir(d.dir), sampleDir)
	free, err := office.Hold(day.OfficeDir(apart))
	if err != nil {
		return err
	}
	step := 0
	before := func(name string) {
		tell(float64(step)/float64(day.Steps()), name)
		step++
	}
	if _, err := day.Run(ctx, day.Options{In: assets.Sample, Out: apart, Before: before}); err != nil {
		return errors.Join(err, free())
	}
	own := ownFolder{d.dir, d.marks}
	d.marks = ""
	if err := d.moveTo(day.OfficeDir(apart), free); err != nil {
		return err
	}
	d.own = own
	return d.unlock(ctx, day.Passphrase)
}

// join makes this a further laptop of an office that the hub knows. What an
// attempt that broke off left behind is taken up again.
func (d *desktop) join(ctx context.Context, code, passphrase string, tell page.Tell) ([]page.Colleague, error) {
	if _, err := wire.ParseCode(code); err != nil {
		return nil, err
	}
	opt := d.options()
	o, err := d.joining(ctx, opt, code, passphrase)
	if err != nil {
		return nil, err
	}
	if _, err := o.Exchange(ctx, func(p client.Progress) { tell(shareOf(p), progressText(p)) }); err != nil {
		return nil, errors.Join(err, o.Close())
	}
	return colleagues(ctx, o), d.take(ctx, o)
}

func (d *desktop) joining(ctx context.Context, opt office.Options, code, passphrase string) (*office.Office, error) {
	if !office.Exists(d.dir) {
		return office.Join(ctx, opt, passphrase, code)
	}
	o, err := office.Open(ctx, opt, passphrase)
	if err != nil {
		return nil, err
	}
	if known, err := o.Sync.Enrolled(ctx); err != nil || known {
		return o, err
	}
	if err := o.Sync.Enrol(ctx, code); err != nil {
		return nil, errors.Join(err, o.Close())
	}
	return o, nil
}

// colleagues are the office's people, inspectors first.
func colleagues(ctx context.Context, o *office.Office) []page.Colleague {
	heads, err := o.Store.List(ctx, model.Query{Kind: model.KindOfficer, Limit: 1000})
	if err != nil {
		return nil
	}
	var first, rest []page.Colleague
	for _, h := range heads {
		v, err := model.As[model.Officer](h.Body)
		if err != nil {
			continue
		}
		c := page.Colleague{ID: h.ID, Name: v.Name}
		if v.Role == model.RoleInspector {
			first = append(first, c)
		} else {
			rest = append(rest, c)
		}
	}
	return append(first, rest...)
}

func (d *desktop) become(ctx context.Context, officer model.ID) error {
	o, err := d.at()
	if err != nil {
		return err
	}
	return o.Become(ctx, officer)
}

// take makes an open office the one that is worked on.
func (d *desktop) take(ctx context.Context, o *office.Office) error {
	if err := d.prefs.open(ctx, o.Store); err != nil {
		return errors.Join(err, o.Close())
	}
	o.Sync.SetMetered(d.prefs.Get(prefMetered) != "")
	d.mu.Lock()
	defer d.mu.Unlock()
	d.office, d.exchange = o, beginExchange(o, d.exchanged)
	if d.env != nil {
		d.env.Desk = o.Desk
	}
	return nil
}

// at is the open office; the error says that it is locked.
func (d *desktop) at() (*office.Office, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.office == nil {
		return nil, errLocked
	}
	return d.office, nil
}

// show builds the shell around the open office.
func (d *desktop) show() {
	if tag := d.prefs.Get(page.PrefLanguage); tag != "" {
		if err := d.useLanguage(tag); err != nil {
			fyne.LogError("language", err)
		}
	}
	o, err := d.at()
	if err != nil {
		return
	}
	if _, err := o.Desk.Office(context.Background()); errors.Is(err, model.ErrNotFound) {
		d.lock() // the first run was cut off before its first save
		d.firstRun()
		return
	}
	d.scaleText(d.prefs.Get(page.PrefScale))
	rooms := &backstage{d: d}
	d.env = &page.Env{Desk: o.Desk, Files: rooms, Papers: rooms, Numbers: rooms, Hub: rooms, Vault: rooms, Editions: rooms, Templates: rooms, Prefs: d.prefs, After: d.after, Form: o.FormInForce, Now: o.Now,
		Version: appVersion, UseLanguage: d.useLanguage, AddOfficer: rooms.AddOfficer, AddHolidays: rooms.AddHolidays, Copied: copied, ReadCode: office.ReadCode, ReadVisitCode: readVisitCode, Region: office.Region}
	if d.own != (ownFolder{}) {
		d.env.LeaveSample = d.leaveSample
	}
	d.shell = shell.New(d.win, shell.Options{Places: d.places(), Settings: d.prefs, Version: appVersion, Now: time.Now,
		Runner: d.runner, After: d.after, IdleLock: d.prefs.idle(), Unlock: func(p string) error { return d.unlock(context.Background(), p) }, OnLock: d.lock, OnUnlock: d.welcome,
		Exchange: d.meetHub, Search: d.search, Keys: formKeys})
	d.env.Host = d.shell
	d.win.SetOnDropped(d.dropped)
	d.identify()
	d.shell.Start()
	d.started()
}

// places are the pages in the order of the navigation.
func (d *desktop) places() []shell.Place {
	env := d.env
	return []shell.Place{
		{Key: "today", Icon: fynetheme.HomeIcon(), Build: func(a string) shell.Page { return page.NewToday(env, a) }},
		{Key: "leads", Icon: fynetheme.MailComposeIcon(), Build: func(a string) shell.Page { return page.NewLeads(env, a) }},
		{Key: "inspections", Icon: fynetheme.SearchIcon(), Build: func(a string) shell.Page {
			if page.IsDraw(env, a) {
				return page.NewDraws(env, a)
			}
			return page.NewInspections(env, a)
		}},
		{Key: "cases", Icon: fynetheme.FolderIcon(), Build: func(a string) shell.Page { return page.NewCases(env, a) }},
		{Key: "documents", Icon: fynetheme.DocumentIcon(), Build: func(a string) shell.Page {
			if a == page.LedgersArg {
				return page.NewLedgers(env)
			}
			if page.IsDaybook(env, a) {
				return page.NewDaybooks(env, a)
			}
			return page.NewDocuments(env, a)
		}},
		{Key: "employers", Icon: fynetheme.AccountIcon(), Build: func(a string) shell.Page {
			if a == page.ImportArg {
				return page.NewImport(env)
			}
			return page.NewEmployers(env, a)
		}},
		{Key: "sync", Icon: fynetheme.ViewRefreshIcon(), Build: func(a string) shell.Page {
			if strings.HasPrefix(a, page.ConflictArg) {
				return page.NewConflict(env, a)
			}
			return page.NewSync(env, a)
		}},
		{Key: "settings", Icon: fynetheme.SettingsIcon(), Build: func(a string) shell.Page { return page.NewSettings(env, a) }},
	}
}

// identify puts office and officer into the navigation, and how clock, storage
// and the exchange stand into the status bar.
func (d *desktop) identify() {
	o, err := d.at()
	if err != nil || d.shell == nil {
		return
	}
	ctx := context.Background()
	name := ""
	d.me = model.Officer{}
	if k, err := o.Desk.Office(ctx); err == nil {
		name = k.Value.Name
	}
	if who, err := o.Desk.Who(ctx); err == nil {
		d.me = *who
	}
	d.shell.SetIdentity(name, d.me.Name)
	d.shell.SetMachine(machineText(ctx, o))
	d.showLine()
}

// dropped hands files dragged onto the window to the page, if it takes any.
func (d *desktop) dropped(_ fyne.Position, files []fyne.URI) {
	p, ok := d.shell.Page().(interface{ Dropped(paths []string) })
	if !ok {
		d.shell.Say(lang.T("drop.nowhere"))
		return
	}
	var paths []string
	for _, f := range files {
		paths = append(paths, f.Path())
	}
	p.Dropped(paths)
}

// lock closes the folder: the keys leave memory.
func (d *desktop) lock() {
	d.mu.Lock()
	o, e := d.office, d.exchange
	d.office, d.exchange = nil, nil
	d.prefs.forget()
	d.mu.Unlock()
	if o != nil {
		d.closing(o, e)
	}
}

func (d *desktop) useLanguage(tag string) error {
	if err := lang.Load(assets.Lang, tag); err != nil {
		return err
	}
	d.prefs.Set(page.PrefLanguage, tag)
	d.identify()
	return nil
}
