package main

import (
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/office"
	"anxin/app/theme"
	"anxin/app/widgets"
)

// hold takes a data folder for this program and lets go of the one before.
func (d *desktop) hold(dir string) error {
	free, err := office.Hold(dir)
	if err != nil {
		return err
	}
	return d.moveTo(dir, free)
}

// moveTo works on a data folder that is held from now on.
func (d *desktop) moveTo(dir string, free func() error) error {
	before := d.free
	d.dir, d.free = dir, free
	if before != nil {
		return before()
	}
	return nil
}

// held says that the data folder cannot be worked on, and why; then is called
// once it can.
func (d *desktop) held(err error, then func()) {
	text := dialogs.Sentence(err)
	if errors.Is(err, office.ErrHeld) {
		text = lang.T("held.text", "dir", d.dir)
	}
	again := widgets.NewActionButton(widgets.Action{Label: lang.T("held.again"), Do: func() {
		if err := d.hold(d.dir); err != nil {
			d.held(err, then)
			return
		}
		then()
	}})
	quit := widgets.NewActionButton(widgets.Action{Label: lang.T("held.quit"), Primary: true, Do: d.win.Close})
	box := container.NewVBox(widgets.NewPageTitle(lang.T("held.title")), widgets.NewParagraph(text), container.NewHBox(quit, again))
	d.win.SetContent(widgets.NewPanel(theme.NavBack, container.NewCenter(widgets.NewCard(widgets.AtLeast(420, 0, box)))))
	d.win.Canvas().Focus(quit)
	dialogs.OwnKeys(d.win, func(k *fyne.KeyEvent) {
		if k.Name == fyne.KeyEscape {
			d.win.Close()
		}
	})
}
