package shell

import (
	"fyne.io/fyne/v2"

	"anxin/app/widgets"
)

// Page is what fills the work area. A page is built when its route is opened and
// dropped when another is; it may have the abilities below, which the shell asks
// for, so that every shortcut lives in one place.
type Page interface {
	Title() string
	Content() fyne.CanvasObject
}

// The abilities a page may have, one small interface each.
type (
	// Acter puts actions on the toolbar, the most important first.
	Acter interface{ Actions() []widgets.Action }
	// Creator answers Ctrl+N.
	Creator interface{ New() }
	// Saver answers Ctrl+S.
	Saver interface{ Save() }
	// Submitter answers Ctrl+Enter.
	Submitter interface{ Submit() }
	// Finder answers Ctrl+F.
	Finder interface{ Find() }
	// Paster answers Ctrl+V where no input has the keyboard.
	Paster interface{ Paste() }
	// Backer answers Escape where nothing has the keyboard: it goes back within
	// the page, false when it is at its beginning.
	Backer interface{ Back() bool }
	// Printer answers Ctrl+P.
	Printer interface{ Print() }
	// Refresher answers F5 and is asked after a synchronisation.
	Refresher interface{ Refresh() }
	// Stepper answers Ctrl+PageUp (-1) and Ctrl+PageDown (+1).
	Stepper interface{ Step(by int) }
	// FirstFielder answers F2: the keyboard goes to the first input.
	FirstFielder interface{ FocusFirst() }
	// Undoer answers Ctrl+Z where no input has the keyboard; false means that
	// there was nothing to undo.
	Undoer interface{ Undo() bool }
	// Redoer answers Ctrl+Y likewise.
	Redoer interface{ Redo() bool }
	// Answerer answers F8: the keyboard goes to the next required question
	// without an answer, false when there is none.
	Answerer interface{ NextUnanswered() bool }
	// Arriver is told that the window shows the page now.
	Arriver interface{ Arrived() }
	// Dirtier is asked before the page is left; true asks the person first.
	Dirtier interface{ Dirty() bool }
	// Leaver is told that the page is dropped, or is about to be locked: stop
	// work, write drafts. It may be told more than once.
	Leaver interface{ Leave() }
	// Rememberer lets back and forward restore what was selected and typed: State
	// is a light text, given back to a new page of the same route.
	Rememberer interface {
		State() string
		Restore(state string)
	}
)

// Place is one entry of the navigation: its key names the text "nav.<key>".
type Place struct {
	Key   string
	Icon  fyne.Resource
	Build func(arg string) Page // arg: what of the page, such as a record id; "" for the whole
}

// Route says where one is; routes are compared with ==.
type Route struct{ Page, Arg string }

// visit is a route with what its page remembered when it was left.
type visit struct {
	route Route
	state string
}

// history is the row of visits back and forward move in.
type history struct {
	visits []visit
	at     int
}

// keep is how many visits are kept.
const keep = 100

// push drops what was ahead and goes to a new route.
func (h *history) push(r Route) {
	if len(h.visits) > 0 {
		h.visits = h.visits[:h.at+1]
	}
	h.visits = append(h.visits, visit{route: r})
	if over := len(h.visits) - keep; over > 0 {
		h.visits = h.visits[over:]
	}
	h.at = len(h.visits) - 1
}

// remember notes the state of the visit one is at.
func (h *history) remember(state string) {
	if h.at < len(h.visits) {
		h.visits[h.at].state = state
	}
}

// can tells whether there is a visit so many steps away.
func (h *history) can(by int) bool { return h.at+by >= 0 && h.at+by < len(h.visits) }

// move goes so many steps; the caller has asked can.
func (h *history) move(by int) visit {
	h.at += by
	return h.visits[h.at]
}
