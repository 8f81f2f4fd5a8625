package widgets

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Option is one of several: Key is what is stored, Label what is read.
type Option struct{ Key, Label string }

// Check is Fyne's check box that scrolls itself into view and passes keys on.
type Check struct {
	widget.Check
	lit bool
}

// NewCheck makes a check box.
func NewCheck(label string, onChanged func(bool)) *Check {
	c := &Check{}
	c.Text, c.OnChanged = label, onChanged
	c.ExtendBaseWidget(c)
	return c
}

// Set checks or unchecks without calling OnChanged.
func (c *Check) Set(on bool) {
	c.Checked = on
	c.Refresh()
}

// FocusGained implements fyne.Focusable.
func (c *Check) FocusGained() {
	c.lit = true
	c.Check.FocusGained()
	arrive(c)
}

// FocusLost implements fyne.Focusable.
func (c *Check) FocusLost() {
	c.lit = false
	c.Check.FocusLost()
}

// TypedKey implements fyne.Focusable.
func (c *Check) TypedKey(k *fyne.KeyEvent) {
	if passKey(c, k) {
		return
	}
	if k.Name == fyne.KeyReturn || k.Name == fyne.KeyEnter {
		enter(c)
	}
}

// TypedShortcut implements fyne.Shortcutable.
func (c *Check) TypedShortcut(s fyne.Shortcut) { passShortcut(c, s) }

// CreateRenderer implements fyne.Widget.
func (c *Check) CreateRenderer() fyne.WidgetRenderer {
	return withRing(&c.lit, c.Check.CreateRenderer())
}

// Checks is a set of check boxes that wraps: any number of options may be picked.
type Checks struct {
	Root     *fyne.Container
	OnPicked func(keys []string) // in the order of the options

	options []Option
	boxes   []*Check
}

// NewChecks makes the set.
func NewChecks(options []Option, onPicked func(keys []string)) *Checks {
	c := &Checks{Root: NewFlow(), OnPicked: onPicked}
	c.SetChoices(options)
	return c
}

// SetChoices replaces the options and keeps what is picked and still there.
func (c *Checks) SetChoices(options []Option) {
	if slices.Equal(options, c.options) && len(c.boxes) > 0 {
		return
	}
	keys := c.Keys()
	c.options, c.boxes, c.Root.Objects = slices.Clone(options), nil, nil
	for _, o := range options {
		box := NewCheck(o.Label, func(bool) {
			if c.OnPicked != nil {
				c.OnPicked(c.Keys())
			}
		})
		c.boxes = append(c.boxes, box)
		c.Root.Objects = append(c.Root.Objects, box)
	}
	c.SetKeys(keys)
	c.Root.Refresh()
}

// Keys returns the picked keys in the order of the options.
func (c *Checks) Keys() []string {
	var keys []string
	for i, box := range c.boxes {
		if box.Checked {
			keys = append(keys, c.options[i].Key)
		}
	}
	return keys
}

// SetKeys picks exactly these keys without calling OnPicked.
func (c *Checks) SetKeys(keys []string) {
	for i, box := range c.boxes {
		if want := slices.Contains(keys, c.options[i].Key); box.Checked != want {
			box.Set(want)
		}
	}
}

// Boxes returns the check boxes, to focus or disable them.
func (c *Checks) Boxes() []*Check { return c.boxes }
