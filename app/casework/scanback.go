package casework

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"anxin/model"
)

// Scan is a file with scanned pages of one issued document, as the scanner gave it.
type Scan struct {
	Document model.ID
	Name     string // file name
	Raw      []byte // png, jpg or pdf
	Pages    []int  // pages of the document it shows, from 1
}

// KeepScan keeps the scan of a signed paper as evidence and links it to the
// issued document: the event names the evidence, whose hash stands in its own
// record, and the document names the hash of the PDF that was printed. The
// same file for the same document is kept once.
func (d *Desk) KeepScan(ctx context.Context, s Scan) (model.ID, error) {
	doc, rev, err := load[model.Document](ctx, d, s.Document)
	if err != nil {
		return "", err
	}
	if doc.Issued == nil {
		return "", fmt.Errorf("《%s》还没有签发，不能登记签署件扫描件", doc.Title)
	}
	for _, n := range s.Pages {
		if n < 1 || n > doc.Issued.Pages {
			return "", fmt.Errorf("《%s》共 %d 页，没有第 %d 页", doc.Title, doc.Issued.Pages, n)
		}
	}
	in := EvidenceIn{Case: doc.Case, Inspection: doc.Inspection, Name: s.Name, Category: "书证"}
	e, err := d.keep(ctx, in, bytes.NewReader(s.Raw))
	if err != nil {
		return "", err
	}
	for _, x := range doc.Events {
		if x.Kind != model.EventScanned || x.Record == "" {
			continue
		}
		if old, _, err := load[model.Evidence](ctx, d, x.Record); err == nil && old.SHA256 == e.SHA256 {
			return x.Record, nil
		}
	}
	id := d.IDs.NewID()
	doc.Events = append(doc.Events, model.Event{Kind: model.EventScanned, At: d.Clock.Now(), By: d.me, Record: id, Note: pagesNote(s.Pages)})
	if _, err := d.commit(ctx, model.Change{ID: id, Record: e}, model.Change{ID: s.Document, Base: rev, Record: doc}); err != nil {
		return "", fmt.Errorf("登记《%s》的扫描件: %w", doc.Title, err)
	}
	return id, nil
}

// pagesNote is how an event names the pages a scan shows; scannedPages reads it.
func pagesNote(pages []int) string {
	var out []string
	for _, n := range pages {
		out = append(out, fmt.Sprint(n))
	}
	return "第" + strings.Join(out, "、") + "页"
}

// MissingScans are the pages of an issued document no kept scan shows, from 1.
func MissingScans(doc *model.Document) []int {
	if doc.Issued == nil {
		return nil
	}
	var seen []int
	for _, e := range doc.Events {
		if e.Kind == model.EventScanned {
			seen = append(seen, scannedPages(e.Note)...)
		}
	}
	var out []int
	for n := 1; n <= doc.Issued.Pages; n++ {
		if !slices.Contains(seen, n) {
			out = append(out, n)
		}
	}
	return out
}

func scannedPages(note string) (out []int) {
	list, _ := strings.CutPrefix(note, "第")
	list, ok := strings.CutSuffix(list, "页")
	if !ok {
		return nil
	}
	for _, w := range strings.Split(list, "、") {
		var n int
		if _, err := fmt.Sscan(w, &n); err == nil {
			out = append(out, n)
		}
	}
	return out
}
