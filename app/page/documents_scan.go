package page

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
)

// scanTypes are the files a scanner or a camera gives.
var scanTypes = []string{".pdf", ".png", ".jpg", ".jpeg"}

// askScans asks for scans of signed papers: one file, or a scanner's folder.
func (p *Documents) askScans() {
	win := p.env.Host.Window()
	dialogs.Choose(win, lang.T("documents.scan"), lang.T("documents.scan.text"), nil,
		widgets.Action{Label: lang.T("documents.scan.folder"), Icon: fynetheme.FolderOpenIcon(), Do: func() { dialogs.PickFolder(win, p.scanFolder) }},
		widgets.Action{Label: lang.T("documents.scan.file"), Icon: fynetheme.FileIcon(), Primary: true, Do: func() {
			dialogs.PickFile(win, scanTypes, func(path string) { p.Dropped([]string{path}) })
		}})
}

// scanFolder takes every scan of a folder.
func (p *Documents) scanFolder(dir string) {
	list, err := os.ReadDir(dir)
	if err != nil {
		showError(p.env, err)
		return
	}
	var paths []string
	for _, f := range list {
		if !f.IsDir() && slices.Contains(scanTypes, strings.ToLower(filepath.Ext(f.Name()))) {
			paths = append(paths, filepath.Join(dir, f.Name()))
		}
	}
	p.Dropped(paths)
}

// Dropped sorts scanned files, in any order, to the papers their page marks
// name; nothing is kept before the officer has seen what was found.
func (p *Documents) Dropped(paths []string) {
	if p.droppedOnAsk(paths) {
		return
	}
	if len(paths) == 0 {
		p.env.Host.Toast(lang.T("documents.scan.none"), theme.Warning)
		return
	}
	var cancel func()
	working := dialogs.ShowWorking(p.env.Host.Window(), lang.T("documents.scan.reading", "n", len(paths)), func() { cancel() })
	var found Scans
	cancel = p.env.Host.Run(lang.T("documents.scan"), func(ctx context.Context, _ func(float64, string)) (err error) {
		found, err = p.env.Papers.ReadScans(ctx, paths)
		return err
	}, func(err error) {
		working.Done()
		if err != nil {
			showError(p.env, err)
			return
		}
		p.showScans(found)
	})
}

// showScans lists the papers found, with the pages and signatures that are
// missing, and the pages that belong nowhere.
func (p *Documents) showScans(found Scans) {
	body := container.NewVBox()
	if len(found.Documents) > 0 {
		body.Add(widgets.NewSectionCard(lang.T("documents.scan.found"), rowsOf(scannedLines(found.Documents))))
	}
	if len(found.Strays) > 0 {
		body.Add(widgets.NewSectionCard(lang.T("documents.scan.strays"), rowsOf(strayLines(found.Strays))))
	}
	scroll, _ := widgets.NewFormScroll(body)
	dialogs.Custom(p.env.Host.Window(), lang.T("documents.scan"), widgets.AtLeast(600, 320, scroll), nil, func(shut func()) []widgets.Action {
		if len(found.Documents) == 0 {
			return nil
		}
		return []widgets.Action{{Label: lang.T("documents.scan.keep"), Primary: true, Do: func() {
			shut()
			p.keepScans(found)
		}}}
	})
}

func scannedLines(list []ScannedPaper) (out []line) {
	for _, d := range list {
		l := line{Tag: lang.T("documents.scan.whole"), Tone: theme.Good, Title: d.Title, Text: d.Number}
		notes := []string{lang.T("documents.scan.pages", "n", len(d.Pages))}
		note := func(key, text string) {
			l.Tag, l.Tone = lang.T("documents.scan.gaps"), theme.Warning
			notes = append(notes, lang.T(key, "pages", text))
		}
		if len(d.Missing) > 0 {
			note("documents.scan.missing", numbers(d.Missing))
		}
		if len(d.Twice) > 0 {
			notes = append(notes, lang.T("documents.scan.twice", "pages", numbers(d.Twice)))
		}
		for _, page := range d.Pages {
			if len(page.Unsigned) > 0 {
				note("documents.scan.unsigned", lang.T("documents.scan.unsigned.page", "n", page.Page, "who", strings.Join(page.Unsigned, lang.T("list.comma"))))
			}
		}
		l.Note = joined(notes...)
		out = append(out, l)
	}
	return out
}

func strayLines(list []ScannedPage) (out []line) {
	for _, page := range list {
		out = append(out, line{Tag: lang.T("documents.scan.stray"), Tone: theme.Bad,
			Title: page.File, Text: lang.T("documents.scan.at", "n", page.At), Note: page.Why})
	}
	return out
}

// keepScans files the scans with their papers.
func (p *Documents) keepScans(found Scans) {
	p.env.Host.Run(lang.T("documents.scan.keep"), func(ctx context.Context, _ func(float64, string)) error {
		return found.Keep(ctx)
	}, func(err error) {
		if err != nil {
			showError(p.env, err)
			return
		}
		p.env.Host.Toast(lang.T("documents.scan.kept", "n", len(found.Documents)), theme.Good)
		p.Refresh()
	})
}

// numbers writes page numbers as a list.
func numbers(list []int) string {
	words := make([]string, len(list))
	for i, n := range list {
		words[i] = strconv.Itoa(n)
	}
	return strings.Join(words, lang.T("list.comma"))
}
