package page

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"anxin/app/casework"
	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
)

// newFile is a file that becomes evidence.
type newFile struct {
	path  string
	taken time.Time // when the camera closed it; zero where that is not known
	clock casework.CameraClock
}

// Add keeps files as evidence, each as it is; what is odd about one is told,
// and one that cannot be read does not keep the others out.
func (b *evidenceBox) Add(paths []string) {
	files := make([]newFile, len(paths))
	for i, path := range paths {
		files[i].path = path
	}
	b.take(files, nil)
}

// take keeps files as evidence, off the window and with a way to stop: what was
// kept by then stays. kept is told which those are, at the end, and may be nil.
func (b *evidenceBox) take(files []newFile, kept func([]newFile)) {
	var warnings []casework.Warning
	var done []newFile
	b.env.Host.Run(lang.T("evidence.add"), func(ctx context.Context, tell func(float64, string)) error {
		var failed []error
		for i, f := range files {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			tell(float64(i)/float64(len(files)), lang.T("evidence.adding", "n", i+1, "all", len(files), "name", filepath.Base(f.path)))
			odd, err := b.keep(ctx, f)
			warnings = append(warnings, odd...)
			if err != nil {
				failed = append(failed, err)
				continue
			}
			done = append(done, f)
		}
		return errors.Join(failed...)
	}, func(err error) {
		b.reload()
		if kept != nil {
			kept(done)
		}
		if b.added != nil {
			b.added()
		}
		b.tellTaken(len(done), warnings, err)
	})
}

func (b *evidenceBox) tellTaken(n int, warnings []casework.Warning, err error) {
	switch {
	case err != nil:
		showError(b.env, err)
	case len(warnings) > 0:
		dialogs.Inform(b.env.Host.Window(), lang.T("evidence.odd"), warningList(warnings))
	default:
		b.env.Host.Toast(lang.T("evidence.added", "n", n), theme.Good)
	}
}

func (b *evidenceBox) keep(ctx context.Context, file newFile) ([]casework.Warning, error) {
	f, err := os.Open(file.path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	in := b.of
	in.Name, in.Taken, in.Clock = filepath.Base(file.path), file.taken, file.clock
	in.Category = categoryOf(in.Name)
	k, err := b.env.Desk.AddEvidence(ctx, in, f)
	if err != nil {
		return nil, err
	}
	if k.Rev != "" {
		return []casework.Warning{{Where: in.Name, Text: lang.T("evidence.again", "name", k.Value.Name)}}, nil
	}
	return casework.EvidenceWarnings(k.Value), nil
}

// categoryOf is the kind of evidence a file usually is (行政处罚法 46).
func categoryOf(name string) string {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".pdf", ".xlsx", ".xls", ".docx", ".doc", ".txt":
		return "书证"
	}
	return "视听资料"
}

func warningList(warnings []casework.Warning) string {
	var b strings.Builder
	for _, w := range warnings {
		b.WriteString("· " + w.String() + "\n")
	}
	return strings.TrimSpace(b.String())
}

// paste takes copied files and pictures as evidence; nothing is what to say
// where there are none.
func (b *evidenceBox) paste(text, nothing string) {
	if b.env.Copied == nil {
		b.env.Host.Toast(nothing, theme.Warning)
		return
	}
	var files []string
	drop := func() {}
	b.env.Host.Run(lang.T("evidence.paste"), func(ctx context.Context, _ func(float64, string)) (err error) {
		files, drop, err = b.env.Copied(ctx, text)
		return err
	}, func(err error) {
		switch {
		case err != nil:
			showError(b.env, err)
		case len(files) == 0:
			b.env.Host.Toast(nothing, theme.Warning)
		default:
			list := make([]newFile, len(files))
			for i, path := range files {
				list[i].path = path
			}
			b.take(list, func([]newFile) { drop() })
		}
	})
}
