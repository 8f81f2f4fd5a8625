package dialogs

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"

	"anxin/app/lang"
)

// Picker asks for paths. ok is false when the person changed their mind; an
// unreadable choice has already been told.
type Picker interface {
	Open(win fyne.Window, extensions []string, then func(path string))
	Folder(win fyne.Window, then func(path string))
	Save(win fyne.Window, name string, then func(path string))
}

var picker Picker = inWindow{}

// UsePicker replaces the way files are picked, for tests and for a system's own
// dialogs, and returns a function that puts the former back.
func UsePicker(p Picker) (restore func()) {
	former := picker
	picker = p
	return func() { picker = former }
}

// PickFile asks for an existing file with one of the extensions (".pdf"; none
// means any) and calls then with its path unless cancelled.
func PickFile(win fyne.Window, extensions []string, then func(path string)) {
	picker.Open(win, extensions, then)
}

// PickFolder asks for a folder.
func PickFolder(win fyne.Window, then func(path string)) { picker.Folder(win, then) }

// SaveFile asks where to save, proposing a name.
func SaveFile(win fyne.Window, name string, then func(path string)) { picker.Save(win, name, then) }

// inWindow is Fyne's own file dialog. It must be shown before it is resized:
// Resize of an unshown one panics in 2.8.1.
type inWindow struct{}

func (inWindow) Open(win fyne.Window, extensions []string, then func(string)) {
	d := dialog.NewFileOpen(func(file fyne.URIReadCloser, err error) {
		if err != nil {
			Error(win, err)
			return
		}
		if file == nil {
			return
		}
		path := file.URI().Path()
		if err := file.Close(); err != nil {
			Error(win, err)
			return
		}
		then(path)
	}, win)
	if len(extensions) > 0 {
		d.SetFilter(storage.NewExtensionFileFilter(extensions))
	}
	d.SetTitleText(lang.T("dialog.open"))
	d.SetConfirmText(lang.T("dialog.open.verb"))
	present(win, d)
}

func (inWindow) Folder(win fyne.Window, then func(string)) {
	d := dialog.NewFolderOpen(func(folder fyne.ListableURI, err error) {
		switch {
		case err != nil:
			Error(win, err)
		case folder != nil:
			then(folder.Path())
		}
	}, win)
	d.SetTitleText(lang.T("dialog.folder"))
	d.SetConfirmText(lang.T("dialog.folder.verb"))
	present(win, d)
}

func (inWindow) Save(win fyne.Window, name string, then func(string)) {
	d := dialog.NewFileSave(func(file fyne.URIWriteCloser, err error) {
		if err != nil {
			Error(win, err)
			return
		}
		if file == nil {
			return
		}
		path := file.URI().Path()
		if err := file.Close(); err != nil {
			Error(win, err)
			return
		}
		then(path)
	}, win)
	d.SetFileName(name)
	d.SetTitleText(lang.T("dialog.save"))
	d.SetConfirmText(lang.T("dialog.save.verb"))
	present(win, d)
}

func present(win fyne.Window, d *dialog.FileDialog) {
	d.SetDismissText(lang.T("dialog.cancel"))
	d.Show()
	room := win.Canvas().Size()
	d.Resize(fyne.NewSize(min(860, room.Width-40), min(600, room.Height-40)))
}
