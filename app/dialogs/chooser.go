package dialogs

import (
	"cmp"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
)

// purpose is what a chooser is opened for.
type purpose int

const (
	toOpen purpose = iota
	toFolder
	toSave
)

// chooser is the dialog that picks a file or folder. In the list Up and Down move,
// Enter opens, BackSpace goes up, letters go to the next name that matches, also by
// pinyin initials. A path can be typed above it; Ctrl+L goes there.
type chooser struct {
	win        fyne.Window
	modal      *modal
	purpose    purpose
	extensions []string
	then       func(path string)

	folder string
	typed  string // letters typed in the list since the last other key
	path   *widgets.Entry
	name   *widgets.Entry // nil unless saving
	list   *widgets.RecordList[item]
	note   *widgets.Paragraph
	every  bool           // files of all kinds are listed
	all    *widgets.Check // asks for that; nil where all kinds are
}

// choose opens the dialog; name is what is proposed to save as.
func choose(win fyne.Window, p purpose, extensions []string, name string, then func(path string)) {
	c := &chooser{win: win, purpose: p, extensions: extensions, then: then, note: widgets.NewCaption("")}
	c.note.Importance = widget.DangerImportance
	c.note.Hide()
	c.path = widgets.NewEntry()
	c.path.SetPlaceHolder(lang.T("chooser.path"))
	c.path.OnSubmitted = c.enter
	c.list = widgets.NewRecordList(columns(), widgets.NewEmptyState(fynetheme.FolderOpenIcon(), lang.T("chooser.empty"), c.wider()))
	c.list.OnOpen = c.open
	c.list.OnSelect = c.selected
	c.list.OnKey, c.list.OnRune = c.key, c.letter
	if p == toSave {
		c.name = widgets.NewEntry()
		c.name.SetText(name)
		c.name.OnSubmitted = func(string) { c.accept() }
	}
	c.show()
}

// wider is offered where a folder holds nothing to choose: all its files where
// only some kinds are shown.
func (c *chooser) wider() widgets.Action {
	if c.purpose != toOpen || len(c.extensions) == 0 {
		return widgets.Action{Label: lang.T("chooser.up"), Icon: fynetheme.MoveUpIcon(), Do: c.up}
	}
	return widgets.Action{Label: lang.T("chooser.showall"), Do: func() { c.all.SetChecked(true) }}
}

func columns() []widgets.Column[item] {
	byDir := func(a, b item, order int) int {
		if a.dir != b.dir {
			if a.dir {
				return -1
			}
			return 1
		}
		return order
	}
	return []widgets.Column[item]{
		{Title: lang.T("chooser.name"), Cell: func(i item) string { return i.name }, Compare: func(a, b item) int { return byDir(a, b, cmp.Compare(strings.ToLower(a.name), strings.ToLower(b.name))) }},
		{Title: lang.T("chooser.size"), Width: 84, DropBelow: 380, Cell: func(i item) string {
			if i.dir {
				return lang.T("chooser.folder")
			}
			return readableSize(i.size)
		}, Compare: func(a, b item) int { return byDir(a, b, cmp.Compare(a.size, b.size)) }},
		{Title: lang.T("chooser.changed"), Width: 130, DropBelow: 480, Cell: func(i item) string { return i.changed.Format(widgets.DateTimeLayout) },
			Compare: func(a, b item) int { return byDir(a, b, a.changed.Compare(b.changed)) }},
	}
}

// words are the title and the verb of each purpose.
var words = map[purpose][2]string{
	toOpen:   {"dialog.open", "dialog.open.verb"},
	toFolder: {"dialog.folder", "dialog.folder.verb"},
	toSave:   {"dialog.save", "dialog.save.verb"},
}

func (c *chooser) show() {
	room := c.win.Canvas().Size()
	scale := fynetheme.TextSize() / 13
	wide, high := min(820*scale, room.Width-40), min(420*scale, room.Height-190*scale)
	head, side, foot := c.head(), c.side(), c.foot()
	body := container.New(layout.NewBorderLayout(head, foot, side, nil), head, side, c.list, foot) // Tab goes as one reads
	c.modal = newModal(c.win, lang.T(words[c.purpose][0]), widgets.AtLeast(0, max(high, 160), body))
	c.modal.wide = wide
	c.modal.cancel, c.modal.accept = c.modal.then(nil), c.accept
	c.visit(startFolder())
	var first fyne.Focusable
	if c.name != nil {
		first = c.name
	}
	c.modal.show(first,
		widgets.Action{Label: lang.T("dialog.cancel"), Do: c.modal.cancel},
		widgets.Action{Label: lang.T(words[c.purpose][1]), Do: c.accept, Primary: true})
	if c.name == nil {
		c.list.Focus()
	}
}

// head is the line with the way up and the path.
func (c *chooser) head() fyne.CanvasObject {
	up := widgets.NewQuietButton(lang.T("chooser.up"), fynetheme.MoveUpIcon(), c.up)
	if c.purpose == toOpen {
		return container.New(layout.NewBorderLayout(nil, nil, up, nil), up, c.path)
	}
	fresh := widgets.NewQuietButton(lang.T("chooser.newfolder"), fynetheme.FolderNewIcon(), c.newFolder)
	return container.New(layout.NewBorderLayout(nil, nil, up, fresh), up, c.path, fresh)
}

// side is the column of places.
func (c *chooser) side() fyne.CanvasObject {
	column := container.NewVBox()
	for _, p := range places() {
		b := widgets.NewQuietButton(p.label, nil, func() {
			c.visit(p.path)
			c.list.Focus()
		})
		b.Alignment = widget.ButtonAlignLeading
		column.Add(b)
	}
	return widgets.NewPanel(theme.Background, widgets.AtLeast(104*fynetheme.TextSize()/13, 0, container.NewVScroll(column)))
}

// foot is the name to save as, or the kinds of files shown, and what went wrong.
func (c *chooser) foot() fyne.CanvasObject {
	line := container.NewVBox()
	switch {
	case c.name != nil:
		line.Add(widgets.NewFieldGrid(widgets.NewField(lang.T("chooser.saveas"), c.name).Span()))
	case c.purpose == toOpen && len(c.extensions) > 0:
		c.all = widgets.NewCheck(lang.T("chooser.every", "kinds", strings.Join(c.extensions, " ")), func(on bool) {
			c.every = on
			c.visit(c.folder)
		})
		line.Add(c.all)
	}
	line.Add(c.note)
	return line
}

// visit shows a folder; one that cannot be read is told and the former stays.
func (c *chooser) visit(folder string) {
	extensions := c.extensions
	if c.every {
		extensions = nil
	}
	items, err := listFolder(folder, extensions)
	if err != nil {
		c.say(Sentence(err))
		return
	}
	if c.purpose == toFolder {
		items = onlyFolders(items)
	}
	c.say("")
	former := c.folder
	c.folder, c.typed = folder, ""
	c.path.SetText(folder)
	c.list.SetRows(items)
	if !c.list.SelectWhere(func(i item) bool { return i.path == former }) && len(items) > 0 && c.name == nil {
		c.list.Select(0)
	}
}

func onlyFolders(items []item) []item {
	var dirs []item
	for _, i := range items {
		if i.dir {
			dirs = append(dirs, i)
		}
	}
	return dirs
}

func (c *chooser) say(text string) {
	c.note.SetText(text)
	c.note.Hidden = text == ""
	if c.modal != nil && c.modal.layer != nil {
		c.modal.fit()
	}
}

func (c *chooser) up() { c.visit(filepath.Dir(c.folder)) }

// key is a key in the list.
func (c *chooser) key(k *fyne.KeyEvent) bool {
	c.typed = ""
	if k.Name == fyne.KeyBackspace {
		c.up()
		return true
	}
	return false
}

// letter goes to the next name that matches what was typed.
func (c *chooser) letter(r rune) bool {
	typed := c.typed + string(r)
	if !c.list.SelectWhere(func(i item) bool {
		rank, ok := widgets.Match(i.name, typed)
		return ok && rank <= 1
	}) {
		c.list.SelectWhere(func(i item) bool {
			_, ok := widgets.Match(i.name, typed)
			return ok
		})
	}
	c.typed = typed
	return true
}

// selected shows the name of the file one stands on as the name to save as.
func (c *chooser) selected(i item) {
	if c.name != nil && !i.dir {
		c.name.SetText(i.name)
	}
}

// open is Enter on a row.
func (c *chooser) open(i item) {
	switch {
	case i.dir:
		c.visit(i.path)
	case c.name != nil:
		c.accept()
	default:
		c.take(i.path)
	}
}

// enter is Enter in the path: a folder is shown, a file is taken.
func (c *chooser) enter(typed string) {
	path := resolve(typed, c.folder)
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		c.visit(path)
		c.list.Focus()
	case err == nil && c.purpose == toOpen:
		c.take(path)
	case c.purpose == toSave && (err == nil || errors.Is(err, os.ErrNotExist)):
		c.save(path)
	case err == nil:
		c.say(lang.T("chooser.notfolder"))
	default:
		c.say(Sentence(err))
	}
}

// accept is the button: of what is selected, or of the folder shown.
func (c *chooser) accept() {
	chosen, any := c.list.Selected()
	switch {
	case c.name != nil:
		if strings.TrimSpace(c.name.Text) == "" {
			c.say(lang.T("chooser.noname"))
			return
		}
		c.save(resolve(c.name.Text, c.folder))
	case c.purpose == toFolder && any:
		c.take(chosen.path)
	case c.purpose == toFolder:
		c.take(c.folder)
	case any:
		c.open(chosen)
	default:
		c.say(lang.T("chooser.nofile"))
	}
}

// save takes a path to write to; a file that is there already is asked about.
func (c *chooser) save(path string) {
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		c.visit(path)
		return
	}
	if folder, err := os.Stat(filepath.Dir(path)); err != nil || !folder.IsDir() {
		c.say(lang.T("chooser.nofolder"))
		return
	}
	if err != nil {
		c.take(path)
		return
	}
	Confirm(c.win, Question{Title: lang.T("chooser.replace"), Text: lang.T("chooser.replace.text", "name", filepath.Base(path)),
		Verb: lang.T("chooser.replace.verb"), Danger: true, Yes: func() { c.take(path) }})
}

func (c *chooser) take(path string) {
	folder := filepath.Dir(path)
	if c.purpose == toFolder {
		folder = path
	}
	useFolder(folder)
	c.modal.then(func() { c.then(path) })()
}

func (c *chooser) newFolder() {
	Ask(c.win, Prompt{Title: lang.T("chooser.newfolder"), Label: lang.T("chooser.name"), Verb: lang.T("chooser.newfolder"),
		Check: func(name string) error {
			name = strings.TrimSpace(name)
			if name == "" || strings.ContainsAny(name, `/\:*?"<>|`) {
				return errors.New(lang.T("chooser.badname"))
			}
			return os.Mkdir(filepath.Join(c.folder, name), 0o755)
		},
		OK: func(name string) {
			c.visit(filepath.Join(c.folder, strings.TrimSpace(name)))
			c.list.Focus()
		}})
}
