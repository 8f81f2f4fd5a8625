package office

import "anxin/model/hold"

// ErrHeld says that another program works on the data folder.
var ErrHeld = hold.ErrHeld

// Hold takes a data folder for this program alone, until release; see
// hold.Folder.
func Hold(dir string) (release func() error, err error) { return hold.Folder(dir) }
