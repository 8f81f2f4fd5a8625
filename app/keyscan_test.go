package main

import (
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"

	"fyne.io/fyne/v2"

	"anxin/app/casework"
	"anxin/app/lang"
	"anxin/model"
)

// scanResolution is what an office's scanner is set to, in dots per inch.
const scanResolution = 200

// scan brings the signed order back from a scanner's folder, the last page
// first: what was found is read before it is kept.
func (k *keyDay) scan() {
	id, order := one[model.Document](k, model.Query{States: []string{model.DocumentServed, model.DocumentIssued}, Text: "指令书"})
	dir := k.t.TempDir()
	pages := k.printed(dir, order)
	k.key(fyne.Key1)
	k.task("task.paper.scan")
	k.command(lang.T("documents.scan"))
	k.button(lang.T("documents.scan.folder"))
	k.choose(dir)
	for _, text := range []string{lang.T("documents.scan.pages", "n", pages), lang.T("documents.scan.stray"), "blank.png"} {
		if !k.Sees(text) {
			k.t.Fatalf("the screen does not show %q, but\n%s", text, read(k.Win))
		}
	}
	k.button(lang.T("documents.scan.keep"))
	k.shut()
	h, err := k.d.office.Store.Head(k.t.Context(), id)
	k.ok(err)
	if order, err = model.As[model.Document](h.Body); err != nil || len(casework.MissingScans(order)) > 0 {
		k.t.Fatalf("of the order pages %v are missing, %v; the screen says\n%s", casework.MissingScans(order), err, read(k.Win))
	}
}

// printed leaves the pages of an issued paper in a folder as a scanner does, with a
// sheet that belongs to none, and tells how many pages there are.
func (k *keyDay) printed(dir string, of *model.Document) int {
	k.t.Helper()
	pdf, err := k.d.office.ReadBlob(k.t.Context(), of.Issued.PDF)
	k.ok(err)
	paper, err := viewer().Open(k.t.Context(), pdf)
	k.ok(err)
	defer paper.Close()
	for i := range paper.Pages() {
		img, err := paper.Render(k.t.Context(), i, scanResolution)
		k.ok(err)
		file, err := os.Create(filepath.Join(dir, fmt.Sprintf("scan%02d.png", 90-i)))
		k.ok(err)
		k.ok(png.Encode(file, img))
		k.ok(file.Close())
	}
	blank, err := os.Create(filepath.Join(dir, "blank.png"))
	k.ok(err)
	k.ok(png.Encode(blank, image.NewGray(image.Rect(0, 0, 300, 420))))
	k.ok(blank.Close())
	return paper.Pages()
}
