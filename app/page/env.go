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
	"anxin/app/widgets"
	"anxin/forms"
	"anxin/model"
	"anxin/model/statute"
)

// Host is what a page uses of the shell around it.
type Host interface {
	Go(page, arg string)
	Say(text string)
	Toast(text string, tone theme.Tone)
	// ToastUndo tells what was done and offers to undo it for a while.
	ToastUndo(text string, undo func())
	Window() fyne.Window
	ShowActions()
	// Run works off the window's goroutine and comes back on it; a nil then
	// shows the error.
	Run(title string, work func(ctx context.Context, tell func(done float64, text string)) error, then func(error)) (cancel func())
	SetCount(place string, n int)
	SetTextScale(scale float32)
	Rebuild()
}

// Files reads evidence and papers and hands them to the system.
type Files interface {
	// Has says whether a file has come to this laptop; Bring fetches one that
	// has not, as Open and Export do by themselves.
	Has(ctx context.Context, sha256 string) (bool, error)
	Bring(ctx context.Context, sha256 string) error
	Open(ctx context.Context, sha256 string) (io.ReadCloser, error)
	// Export writes bytes of the blob room under a readable name and returns
	// the path.
	Export(ctx context.Context, sha256, name string) (path string, err error)
	// Show opens a file with the system's program for it.
	Show(path string) error
	// Thumbnail is a small JPEG of a picture of the blob room, its longer side
	// at most edge pixels, turned as the camera says (EXIF 1-8).
	Thumbnail(ctx context.Context, sha256 string, edge, orientation int) ([]byte, error)
	// Verify checks the QR of a token, a PDF or a picture file.
	Verify(ctx context.Context, target string) (Verified, error)
}

// Papers is what lies between papers and the machines around them.
type Papers interface {
	// Printers are those the machine knows; none is no error.
	Printers(ctx context.Context) ([]Printer, error)
	// PrintAll prints papers one after another and gives back those that were
	// not printed, in order. A cancelled ctx leaves the rest unprinted.
	PrintAll(ctx context.Context, items []PrintItem, s PrintSettings, progress func(done, total int)) []PrintFault
	// Copy is a copy of an issued paper by its name.
	Copy(ctx context.Context, document model.ID, name string) ([]byte, error)
	// Pages opens a PDF for the screen.
	Pages(ctx context.Context, pdf []byte) (Pages, error)
	// ReadScans sorts scanned files to the issued papers they show; nothing is
	// kept before Keep.
	ReadScans(ctx context.Context, paths []string) (Scans, error)
	// BindFile writes the file of a case as one PDF, and beside it as a bundle
	// that is signed.
	BindFile(ctx context.Context, of model.ID, path string, tell Tell) (BoundFile, error)
	// ExportCase writes a case with its journal and its bytes as one signed
	// file and tells how many files went into it.
	ExportCase(ctx context.Context, of model.ID, path string, tell Tell) (files int, err error)
}

// Printer is a printer of the machine.
type Printer struct {
	Name    string
	Default bool
}

// PrintSettings say where and how papers are printed.
type PrintSettings struct {
	Printer string // "" for the machine's default
	Copies  int
	Duplex  bool // on both sides, turned at the long edge
}

// PrintItem is a PDF to be printed.
type PrintItem struct {
	Title string   // what the queue of the printer shows
	Of    model.ID // the document it is, "" for none
	// Copies are the names of the copies it can be printed in; Copy is the one
	// that is, "" for the paper without the name of a copy.
	Copies []string
	Copy   string
	PDF    func(ctx context.Context, name string) ([]byte, error)
}

// PrintFault is a paper that was not printed, and why.
type PrintFault struct {
	At  int // in the list that was to be printed
	Err error
}

// Pages are the pages of an open PDF.
type Pages = widgets.PDFPages

// Scans is a heap of scanned pages sorted to the papers they show.
type Scans struct {
	Documents []ScannedPaper
	Strays    []ScannedPage // pages of no paper that is known here
	Keep      func(ctx context.Context) error
}

// ScannedPaper is an issued paper and its scanned pages.
type ScannedPaper struct {
	ID            model.ID
	Title, Number string
	Pages         []ScannedPage
	Missing       []int // pages no scan shows, now or before
	Twice         []int // pages several scans show
}

// ScannedPage is one page of a scanned file.
type ScannedPage struct {
	File     string
	At       int      // page of the file, from 1
	Page     int      // page of the paper, 0 where it is not known
	Why      string   // of a stray: why it belongs to nothing
	Unsigned []string // signature lines without ink
}

// BoundFile is what binding a case's file gave.
type BoundFile struct {
	Bundle   string // the same file signed by this laptop, with its contents
	Pages    int    // of the PDF
	Numbered int    // of them: without cover, contents and checks
	Pieces   int
	Failed   int      // items of the self-check that did not pass
	Absent   []string // what could not be bound, with the reason
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
	// Pause holds the exchange between two requests until it is undone;
	// SetMetered says that the line costs money: records go, files wait.
	Pause(on bool) error
	SetMetered(on bool) error
	// ClearAlarm ends an alarm after people have looked into it; Heard forgets
	// what exchanges told, once it was read.
	ClearAlarm(ctx context.Context) error
	Heard(ctx context.Context) error
	// UsbOut writes what waits into a file for the hub, UsbIn takes in the file
	// the hub answered with.
	UsbOut(ctx context.Context, path string) (HubSummary, error)
	UsbIn(ctx context.Context, path string) (HubSummary, error)
}

// HubStatus is how this laptop stands to the hub.
type HubStatus struct {
	Enrolled bool
	URL      string
	Pending  int // acts the hub does not have yet
	Logged   int // acts in the hub's signed log, as proved to this laptop
	BackedUp int // of them also in the hub's backup
	Files    int // of evidence the hub may lack
	Bytes    int64
	Wanted   int // files of colleagues that have not come yet
	LastSync time.Time
	Paused   bool
	Metered  bool
	Stalled  bool      // something has waited far too long although the hub was reached
	Alarm    string    // a contradiction of the hub that people must look into
	Failure  string    // why the last sync failed, "" when it went well
	Notes    []HubNote // what exchanges told and nobody has read yet, oldest first
	// Aside is what the hub keeps without having taken it, oldest first.
	Aside []model.Aside
	// Doing says what an exchange is at that the program runs by itself, "" when
	// none runs; Share is the part done, from 0 to 1.
	Doing string
	Share float64
}

// HubNote is a sentence of an exchange that people should read.
type HubNote struct {
	At   time.Time
	Text string
}

// HubSummary is what one sync did.
type HubSummary struct {
	Pushed, Pulled, Conflicts, Blobs int
	Bytes                            int64
	Deferred                         int      // files held back because the line costs money
	Notes                            []string // sentences people should read
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
	Papers  Papers
	Numbers Numbers
	Hub     Hub
	Prefs   Preferences
	Vault   Vault
	// Editions are the installed form packages.
	Editions Editions
	// Templates are how the papers read.
	Templates Templates
	// Form compiles a form of assets/forms by its id ("employer").
	Form func(id string) (*forms.Form, error)
	// Now is the injected clock, with the office's zone.
	Now func() time.Time
	// After calls back on the window's goroutine after a while; nil is a timer
	// of the machine.
	After func(wait time.Duration, do func())
	// Version of the program, for Settings.
	Version string
	// UseLanguage switches the words on screen ("zh-Hans", "en").
	UseLanguage func(tag string) error
	// AddHolidays takes in a year's holiday arrangement from a file and tells
	// how many due days moved.
	AddHolidays func(ctx context.Context, path string) (moved int, err error)
	// Copied gives the files that were copied, a picture as a file of its own;
	// text is what the clipboard says. drop is called when they were read. nil
	// where nothing can be pasted.
	Copied func(ctx context.Context, text string) (files []string, drop func(), err error)
	// ReadCode reads the QR code of a picture file.
	ReadCode func(path string) (string, error)
	// ReadVisitCode reads the code of a visit from a picture or a PDF of it: its
	// text, or where it cannot be read the picture and its name.
	ReadVisitCode func(ctx context.Context, path string) (text, name string, picture []byte, err error)
	// Region judges what is written as the office's region and gives its usual form.
	Region func(text string) statute.Verdict
	// LeaveSample goes from the sample office back to one's own; nil elsewhere.
	LeaveSample func()
	// AddOfficer gives an officer a passphrase of their own on this laptop.
	AddOfficer func(ctx context.Context, officer model.ID, passphrase string) error
}
