package page

import (
	"context"
	"time"

	"anxin/model"
)

// Vault keeps this laptop's data: its keys, who may open it, and its copies.
type Vault interface {
	Standing(ctx context.Context) (VaultStanding, error)
	// Backup writes everything into a file that must not exist yet, then reads
	// it to its end. A cancelled ctx leaves nothing behind.
	Backup(ctx context.Context, path string, tell func(done float64, text string)) (Backup, error)
	// ChangePassphrase is refused with model.ErrPassphrase when the old one is
	// not that of the officer who opened the folder.
	ChangePassphrase(ctx context.Context, old, fresh string) error
	// MakeRecovery writes a new private recovery key into a file that must not
	// exist yet, lets it open the data from now on, and returns it as text.
	MakeRecovery(ctx context.Context, path string) (private string, err error)
	// Trust says whether the passphrase need not be typed on this machine.
	Trust(ctx context.Context, on bool) error
	// SignBy chooses how papers are signed: one of the model's Alg….
	SignBy(ctx context.Context, alg string) error
	// ClockBehind is how far the machine's clock stands below a time seen here
	// before, while that blocks issuing; ConfirmClock says why it is right.
	ClockBehind(ctx context.Context) (time.Duration, error)
	ConfirmClock(ctx context.Context, reason string) error
	// WriteKeys writes the list of issuer keys, signed, for whoever checks papers.
	WriteKeys(ctx context.Context, path string) error
}

// VaultStanding is how the keeping of the data stands.
type VaultStanding struct {
	Device     model.ID
	KeyID      string
	Epoch      int
	Recoveries int // recovery keys that open the data
	Trusted    bool
	Algorithm  string
	Keys       []model.PublicKey // those papers may be signed with
}

// Backup is what a backup holds.
type Backup struct {
	Records, Files int
	Bytes          int64
	Missing        []string // files that records name and that are not here
	Recovery       bool     // a recovery key opens it too
}

// Editions are the form packages of the office.
type Editions interface {
	Editions(ctx context.Context) ([]Edition, error)
	// Install takes in the file of a package; keys is the path of a list of
	// keys the officer vouches for, "" for those the office knows.
	Install(ctx context.Context, path, keys string) (Edition, error)
}

// Templates are how the papers of the office read.
type Templates interface {
	// Templates lists the types with what new papers are printed on.
	Templates(ctx context.Context) ([]Template, error)
	TemplateText(ctx context.Context, docType string) (string, error)
	// PreviewTemplate prints the sample on a text that is being written; its
	// error names the line that is wrong ("D06.paper:12：…").
	PreviewTemplate(ctx context.Context, docType, text string) ([]byte, error)
	// SaveTemplate makes a text the office's own template; DropTemplate takes
	// the office's own out of use.
	SaveTemplate(ctx context.Context, docType, text string) error
	DropTemplate(ctx context.Context, docType, reason string) error
}

// Template is the template of a type of document.
type Template struct {
	Type, Title string
	Version     string // of the form package it comes from, "" for the program's
	Own         bool   // written by this office
}

// Edition is one version of one form.
type Edition struct {
	ID            model.ID
	Form, Version string
	Title         string
	Law           string // version of the law tables it was written for
	From, To      model.Date
	Withdrawn     bool
	InForce       bool   // what something new is begun on today
	Fault         string // why it cannot be used, "" if it can
}
