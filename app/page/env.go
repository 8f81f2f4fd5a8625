// Package page holds the pages of the desktop, one file each: what an officer
// sees of leads, visits, cases, papers, registers, sync and settings. A page
// lists, opens, edits and saves records through the use cases of casework; it
// decides nothing about the law, and it reaches store, paper and sync only
// through the small interfaces below.
package page

import (
	"context"
	"io"
	"time"

	"fyne.io/fyne/v2"

	"anxin/app/casework"
	"anxin/app/theme"
	"anxin/forms"
	"anxin/model"
)

// Host is what a page uses of the shell around it.
type Host interface {
	Go(page, arg string)
	Say(text string)
	Toast(text string, tone theme.Tone)
	Window() fyne.Window
	ShowActions()
	// Run works off the window's goroutine and comes back on it; a nil then
	// shows the error.
	Run(title string, work func(ctx context.Context, tell func(done float64, text string)) error, then func(error)) (cancel func())
	SetCount(place string, n int)
	SetNetwork(online bool, pending int)
	SetTextScale(scale float32)
	Rebuild()
}

// Files reads evidence and papers and hands them to the system.
type Files interface {
	Open(ctx context.Context, sha256 string) (io.ReadCloser, error)
	// Export writes bytes of the blob room under a readable name and returns
	// the path.
	Export(ctx context.Context, sha256, name string) (path string, err error)
	// Show opens a file with the system's program for it.
	Show(path string) error
	// Print sends a PDF to the default printer.
	Print(ctx context.Context, path, title string) error
	// Verify checks the QR of a token, a PDF or a picture file.
	Verify(ctx context.Context, target string) (Verified, error)
}

// Verified is what checking a QR said.
type Verified struct {
	Valid  bool
	Reason string // why not, or what it means
	Claim  model.Claim
}

// Numbers is the register of number blocks of this laptop.
type Numbers interface {
	Blocks(ctx context.Context) ([]model.Block, error)
	AddBlock(ctx context.Context, b model.Block) error
}

// Hub is the way to the central system.
type Hub interface {
	Status(ctx context.Context) (HubStatus, error)
	Enrol(ctx context.Context, code string) error
	Sync(ctx context.Context, tell func(done float64, text string)) (HubSummary, error)
	Conflicts(ctx context.Context) ([]model.Conflict, error)
}

// HubStatus is how this laptop stands to the hub.
type HubStatus struct {
	Enrolled bool
	URL      string
	Pending  int // acts the hub does not have yet
	LastSync time.Time
}

// HubSummary is what one sync did.
type HubSummary struct {
	Pushed, Pulled, Conflicts, Blobs int
	Bytes                            int64
}

// Preferences are this laptop's own settings (language, text size, …).
type Preferences interface {
	Get(key string) string
	Set(key, value string)
}

// Env is everything a page works with.
type Env struct {
	Host    Host
	Desk    *casework.Desk
	Files   Files
	Numbers Numbers
	Hub     Hub
	Prefs   Preferences
	// Form compiles a form of assets/forms by its id ("employer").
	Form func(id string) (*forms.Form, error)
	// Now is the injected clock, with the office's zone.
	Now func() time.Time
	// Version of the program, for Settings.
	Version string
	// UseLanguage switches the words on screen ("zh-Hans", "en").
	UseLanguage func(tag string) error
	// AddHolidays takes in a year's holiday arrangement from a file and tells
	// how many due days moved.
	AddHolidays func(ctx context.Context, path string) (moved int, err error)
	// AddOfficer gives an officer a passphrase of their own on this laptop.
	AddOfficer func(ctx context.Context, officer model.ID, passphrase string) error
}
