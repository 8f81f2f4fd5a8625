// Package dialogs asks and tells people things in small windows of our own:
// confirm, error, prompt, passphrase, progress, picking files. It is the one
// place that words an error for a person. It refuses to decide anything.
//
// Everywhere Escape is cancel, and Enter the default button unless there is another
// input to go on to.
package dialogs

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"anxin/app/theme"
	"anxin/app/widgets"
)

// width of a dialog at 100 %.
const width = 420

// modal is one dialog: title, body, buttons at the right.
type modal struct {
	win     fyne.Window
	popup   *widget.PopUp
	layer   fyne.CanvasObject // what the popup is among the window's overlays
	cancel  func()            // Escape
	accept  func()            // Enter
	buttons []*widgets.Button
	wide    float32 // width of the dialog; 0: the usual one
}

func newModal(win fyne.Window, title string, body fyne.CanvasObject) *modal {
	m := &modal{win: win}
	head := widgets.NewPageTitle(title)
	head.Truncation = fyne.TextTruncateOff
	head.Wrapping = widgets.WrapFor(title)
	m.popup = widget.NewModalPopUp(container.NewStack(), win.Canvas())
	m.popup.Content = widgets.NewBorder(head, nil, nil, nil, body)
	return m
}

// show adds the buttons, the last one being the default, and opens the dialog.
// first takes the keyboard; nil means the default button.
func (m *modal) show(first fyne.Focusable, actions ...widgets.Action) {
	row := container.NewHBox(layout.NewSpacer())
	for _, a := range actions {
		b := widgets.NewActionButton(a)
		m.buttons = append(m.buttons, b)
		row.Add(widgets.AtLeast(72, 0, b))
	}
	hair := canvas.NewRectangle(theme.CardBorder)
	hair.SetMinSize(fyne.NewSize(0, 1))
	foot := container.NewVBox(hair, row)
	body := widgets.NewBorder(nil, foot, nil, nil, m.popup.Content)
	if m.wide == 0 {
		m.wide = width * fynetheme.TextSize() / 13
	}
	scaled := min(m.wide, m.win.Canvas().Size().Width-24)
	m.popup.Content = newRoom(m, container.New(layout.NewCustomPaddedLayout(8, 8, 12, 12), widgets.AtLeast(scaled-24, 0, body)))
	m.popup.Show()
	m.layer = m.win.Canvas().Overlays().Top()
	keyboardOf(m.win.Canvas()).open(m)
	m.fit()
	if first == nil && len(m.buttons) > 0 {
		first = m.buttons[len(m.buttons)-1]
	}
	if first != nil {
		m.win.Canvas().Focus(first)
	}
}

// fit asks twice, because wrapped texts know their height only once they have a width.
func (m *modal) fit() {
	for range 2 {
		m.popup.Resize(m.popup.Content.MinSize())
	}
}

// room is the inside of a dialog; the dialog becomes larger when what lies in it
// wants more height.
type room struct {
	widget.BaseWidget
	of   *modal
	body fyne.CanvasObject
}

func newRoom(m *modal, body fyne.CanvasObject) *room {
	r := &room{of: m, body: body}
	r.ExtendBaseWidget(r)
	return r
}

// MakeRoom implements widgets.Room.
func (r *room) MakeRoom() { r.of.fit() }

// TakeKey implements widgets.Keeper: Enter goes from input to input and after the
// last one presses the default button, never the one that cancels.
func (r *room) TakeKey(k *fyne.KeyEvent) bool {
	if k.Name != fyne.KeyReturn && k.Name != fyne.KeyEnter {
		return false
	}
	c := r.of.win.Canvas()
	from := c.Focused()
	c.FocusNext()
	if b, ok := c.Focused().(*widgets.Button); ok && slices.Contains(r.of.buttons, b) && r.of.accept != nil {
		c.Focus(from)
		r.of.accept()
	}
	return true
}

// TakeShortcut implements widgets.Keeper: Ctrl+Enter presses the default button
// from anywhere, as it does on a page.
func (r *room) TakeShortcut(s fyne.Shortcut) bool {
	key, ok := s.(*desktop.CustomShortcut)
	if !ok || key.Modifier != fyne.KeyModifierControl || key.KeyName != fyne.KeyReturn && key.KeyName != fyne.KeyEnter || r.of.accept == nil {
		return false
	}
	r.of.accept()
	return true
}

// Children lets objects inside be found.
func (r *room) Children() []fyne.CanvasObject { return []fyne.CanvasObject{r.body} }

// CreateRenderer implements fyne.Widget.
func (r *room) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.body) }

func (m *modal) typed(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyEscape:
		if m.cancel != nil {
			m.cancel()
		}
	case fyne.KeyReturn, fyne.KeyEnter:
		if m.accept != nil {
			m.accept()
		}
	}
}

// close takes the dialog away. What stands above it, the lock for one, stays:
// the toolkit would remove that too, so it is put back with its focus.
func (m *modal) close() {
	c := m.win.Canvas()
	keyboardOf(c).close(m)
	layers := slices.Clone(c.Overlays().List())
	above := layers[slices.Index(layers, m.layer)+1:]
	focused := c.Focused()
	m.popup.Hide()
	for _, layer := range above {
		c.Overlays().Add(layer)
	}
	if len(above) > 0 && focused != nil {
		c.Focus(focused)
	}
}

// keyboard gives the keys of a window to its topmost dialog, in whatever order
// dialogs close, and back to the window after the last.
type keyboard struct {
	canvas fyne.Canvas
	own    func(*fyne.KeyEvent)
	modals map[fyne.CanvasObject]*modal
}

var keyboards = map[fyne.Canvas]*keyboard{}

// OwnKeys gives the keys of a window that no input takes to f, once no dialog
// stands over it. Set on the canvas itself, they would be lost to a dialog that
// closes later and gives back what was there when it opened.
func OwnKeys(win fyne.Window, f func(*fyne.KeyEvent)) {
	if k := keyboards[win.Canvas()]; k != nil {
		k.own = f
		return
	}
	win.Canvas().SetOnTypedKey(f)
}

func keyboardOf(c fyne.Canvas) *keyboard {
	if keyboards[c] == nil {
		keyboards[c] = &keyboard{canvas: c, own: c.OnTypedKey(), modals: map[fyne.CanvasObject]*modal{}}
		c.SetOnTypedKey(keyboards[c].typed)
	}
	return keyboards[c]
}

func (k *keyboard) open(m *modal) {
	k.modals[m.layer] = m
	widgets.OpenLayer(m.layer, m.popup.Content)
}

func (k *keyboard) close(m *modal) {
	delete(k.modals, m.layer)
	widgets.CloseLayer(m.layer)
	if len(k.modals) == 0 {
		k.canvas.SetOnTypedKey(k.own)
		delete(keyboards, k.canvas)
	}
}

func (k *keyboard) typed(e *fyne.KeyEvent) {
	if m := k.modals[k.canvas.Overlays().Top()]; m != nil {
		m.typed(e)
	}
}

// then closes the dialog before it goes on, so that what follows may open another.
func (m *modal) then(do func()) func() {
	return func() {
		m.close()
		if do != nil {
			do()
		}
	}
}
