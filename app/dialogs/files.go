package dialogs

import "fyne.io/fyne/v2"

// Picker asks for paths; then is not called when the person changed their mind.
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

// inWindow is our own chooser.
type inWindow struct{}

func (inWindow) Open(win fyne.Window, extensions []string, then func(string)) {
	choose(win, toOpen, extensions, "", then)
}

func (inWindow) Folder(win fyne.Window, then func(string)) { choose(win, toFolder, nil, "", then) }

func (inWindow) Save(win fyne.Window, name string, then func(string)) {
	choose(win, toSave, nil, name, then)
}
