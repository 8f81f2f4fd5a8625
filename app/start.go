package main

import (
	"strconv"
	"time"

	"fyne.io/fyne/v2"

	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/office"
	"anxin/app/page"
	"anxin/app/shell"
	"anxin/app/theme"
	"anxin/assets"
)

// begin shows the first run or the unlock screen, or that another program has
// the data folder.
func (d *desktop) begin() {
	d.win.Resize(firstSize)
	if err := d.hold(d.dir); err != nil {
		d.held(err, d.enter)
	} else {
		d.enter()
	}
	d.win.Show()
}

// firstSize is the window of the first run.
var firstSize = fyne.NewSize(1100, 720)

// enter shows what comes before the shell, as the screen was left.
func (d *desktop) enter() {
	if !office.Exists(d.dir) {
		d.firstRun()
		return
	}
	d.watchFaults()
	kept := d.prefs.onScreen(d.dir)
	if tag := kept.Get(page.PrefLanguage); tag != "" {
		if err := lang.Load(assets.Lang, tag); err != nil {
			fyne.LogError("language", err)
		}
	}
	d.scaleText(kept.Get(page.PrefScale))
	d.win.Resize(shell.LastSize(kept))
	d.win.SetContent(page.NewUnlock(page.UnlockOptions{Window: d.win, Run: d.run, Unlock: d.openTold, Trusted: d.openTrusted, Done: func() {
		shell.KeepSize(d.prefs, d.win)
		d.show()
	}}))
	d.win.Canvas().FocusNext()
}

// firstRun leads to an office. What it is read in stays the language.
func (d *desktop) firstRun() {
	d.prefs.Set(page.PrefLanguage, lang.Tag())
	d.win.SetContent(page.NewWizard(page.WizardOptions{Window: d.win, Now: time.Now, Run: d.run,
		Create: d.create, OpenSample: d.openSample, Join: d.join, Become: d.become, Restore: d.restore, ReadCode: office.ReadCode, Region: office.Region, Speak: d.useLanguage, Done: d.show}))
}

// started is what remains to be done once the shell stands.
func (d *desktop) started() {
	kept := d.prefs.onScreen(d.dir)
	for key := range onScreen {
		kept.Set(key, d.prefs.Get(key))
	}
	dialogs.RememberFolder(d.prefs.Get(prefFolder), func(folder string) { d.prefs.Set(prefFolder, folder) })
	d.watchFaults()
	if d.prefs.notice != "" {
		d.shell.Say(d.prefs.notice)
	}
	if d.fault != "" {
		dialogs.Inform(d.win, lang.T("crash.title"), lang.T("crash.text", "file", d.fault))
		d.fault = ""
	}
}

// prefFolder is the folder of files used last.
const prefFolder = "files.folder"

// welcome follows an unlocking: each officer has a passphrase of their own, and
// what one of them left on the page is not another's.
func (d *desktop) welcome() {
	before := d.me
	d.identify()
	if before.Name != d.me.Name || before.CertNo != d.me.CertNo {
		d.shell.Rebuild()
	}
}

// watchFaults has the runtime write faults into the data folder, from the time
// there is one, and takes note of the last run's.
func (d *desktop) watchFaults() {
	if d.watched == d.dir {
		return
	}
	last, err := watchCrash(d.dir)
	if err != nil {
		fyne.LogError("watching for faults", err)
	}
	d.watched, d.fault = d.dir, last
}

// close ends all use of the data folder.
func (d *desktop) close() {
	d.lock()
	d.closes.Wait()
	if d.watched != "" {
		if err := ended(d.watched); err != nil {
			fyne.LogError("watching for faults", err)
		}
	}
	if d.free != nil {
		if err := d.free(); err != nil {
			fyne.LogError("letting go of the data folder", err)
		}
		d.free = nil
	}
}

// scaleText makes the text as large as it was left.
func (d *desktop) scaleText(kept string) {
	scale, err := strconv.ParseFloat(kept, 32)
	t, ours := d.app.Settings().Theme().(*theme.Theme)
	if err == nil && ours {
		d.app.Settings().SetTheme(t.WithScale(float32(scale)))
	}
}
