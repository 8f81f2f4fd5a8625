package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"anxin/app/lang"
)

// Action is something a page can do, as data: the toolbar, menus, empty states
// and tests read the same literal.
type Action struct {
	Label    string
	Icon     fyne.Resource
	Do       func()
	Primary  bool
	Danger   bool
	Disabled bool
}

// Button is Fyne's button that also answers Enter and lets function keys and Escape through.
type Button struct {
	widget.Button
	Hint string // the verb of a button that carries only an icon
	lit  bool
}

// NewActionButton makes the button of an action.
func NewActionButton(a Action) *Button {
	b := &Button{}
	b.Text, b.Icon, b.OnTapped = a.Label, a.Icon, a.Do
	switch {
	case a.Primary:
		b.Importance = widget.HighImportance
	case a.Danger:
		b.Importance = widget.DangerImportance
	}
	b.ExtendBaseWidget(b)
	if a.Disabled {
		b.Disable()
	}
	return b
}

// NewQuietButton makes a button without a ground, for toolbars and rows.
func NewQuietButton(label string, icon fyne.Resource, do func()) *Button {
	b := NewActionButton(Action{Label: label, Icon: icon, Do: do})
	b.Importance = widget.LowImportance
	return b
}

// Hinted names the verb of a button without words and returns the button.
func (b *Button) Hinted(verb string) *Button {
	b.Hint = verb
	return b
}

// Verb is what the button does, in words.
func (b *Button) Verb() string {
	if b.Text != "" {
		return b.Text
	}
	return b.Hint
}

// MouseIn implements desktop.Hoverable.
func (b *Button) MouseIn(e *desktop.MouseEvent) {
	b.Button.MouseIn(e)
	tellHint(b, b.Hint)
}

// MouseOut implements desktop.Hoverable.
func (b *Button) MouseOut() {
	b.Button.MouseOut()
	dropHint(b)
}

// FocusGained implements fyne.Focusable.
func (b *Button) FocusGained() {
	b.lit = true
	b.Button.FocusGained()
	arrive(b)
	tellHint(b, b.Hint)
}

// FocusLost implements fyne.Focusable.
func (b *Button) FocusLost() {
	b.lit = false
	b.Button.FocusLost()
	dropHint(b)
}

// TypedShortcut implements fyne.Shortcutable.
func (b *Button) TypedShortcut(s fyne.Shortcut) { passShortcut(b, s) }

// CreateRenderer implements fyne.Widget.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	return withRing(&b.lit, b.Button.CreateRenderer())
}

// TypedKey implements fyne.Focusable.
func (b *Button) TypedKey(k *fyne.KeyEvent) {
	if passKey(b, k) {
		return
	}
	if k.Name == fyne.KeyReturn || k.Name == fyne.KeyEnter {
		b.Tapped(nil)
		return
	}
	b.Button.TypedKey(k)
}

// NewToolbar shows the first actions as buttons and the rest in a menu, so that
// a bar never becomes wider than so many buttons.
func NewToolbar(actions []Action, most int) *fyne.Container {
	bar := container.NewHBox()
	shown := actions
	if len(actions) > most {
		shown = actions[:most-1]
	}
	for _, a := range shown {
		b := NewActionButton(a)
		if !a.Primary {
			b.Importance = widget.LowImportance
		}
		bar.Add(b)
	}
	if rest := actions[len(shown):]; len(rest) > 0 {
		bar.Add(moreButton(rest))
	}
	return bar
}

func moreButton(actions []Action) *Button {
	var more *Button
	more = NewQuietButton(lang.T("widget.more"), fynetheme.MoreHorizontalIcon(), func() {
		items := make([]*fyne.MenuItem, len(actions))
		for i, a := range actions {
			items[i] = fyne.NewMenuItem(a.Label, a.Do)
			items[i].Icon, items[i].Disabled = a.Icon, a.Disabled
		}
		widget.ShowPopUpMenuAtRelativePosition(fyne.NewMenu("", items...), canvasOf(more), fyne.NewPos(0, more.Size().Height), more)
	})
	return more
}
