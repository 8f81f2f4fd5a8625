package casework

import (
	"context"
	"fmt"

	"anxin/model"
)

// Printing is one time an issued paper left the laptop.
type Printing struct {
	Document model.ID
	Copies   int    // at least 1
	Copy     string // which of the copies the law names (送达联), "" as issued
	Printer  string // its name; "" for the machine's default
	File     string // a word for the file it was written into, "" where it was printed
}

// NotePrinted notes that issued papers were printed, or written into files, all
// in one act. Each time is a record of its own: the document itself stays as it
// is, so that two laptops that print it apart do not contradict each other.
func (d *Desk) NotePrinted(ctx context.Context, list ...Printing) error {
	var changes []model.Change
	for _, p := range list {
		doc, _, err := load[model.Document](ctx, d, p.Document)
		if err != nil {
			return err
		}
		if doc.Issued == nil {
			return fmt.Errorf("《%s》还没有签发，打印的只是草稿，不作登记", doc.Title)
		}
		event, note := model.CustodyPrinted, joined(p.Copy, fmt.Sprintf("%d份", max(p.Copies, 1)), p.printer())
		if p.File != "" {
			event, note = model.CustodyExported, joined(p.Copy, p.File)
		}
		changes = append(changes, model.Change{ID: d.IDs.NewID(), Record: &model.Custody{
			Evidence: p.Document, Case: doc.Case, Event: event, At: d.Clock.Now(), By: d.me, Note: note}})
	}
	if len(changes) == 0 {
		return nil
	}
	if _, err := d.commit(ctx, changes...); err != nil {
		return fmt.Errorf("登记文书的打印: %w", err)
	}
	return nil
}

func (p Printing) printer() string {
	if p.Printer == "" {
		return "默认打印机"
	}
	return p.Printer
}

// Printings are the times a paper was printed or written into a file, earliest
// first.
func (d *Desk) Printings(ctx context.Context, doc model.ID) (out []CustodyStep, err error) {
	entries, err := all[model.Custody](ctx, d, model.Query{Parent: doc})
	for i := len(entries) - 1; i >= 0; i-- { // a list begins with the newest
		v := entries[i].Value
		out = append(out, CustodyStep{Event: v.Event, At: v.At, By: v.By, Note: v.Note})
	}
	return out, err
}

// printedPapers are the papers somebody printed, or wrote into a file, at
// least once.
func (d *Desk) printedPapers(ctx context.Context) (map[model.ID]bool, error) {
	entries, err := all[model.Custody](ctx, d, model.Query{States: []string{model.CustodyPrinted, model.CustodyExported}})
	out := map[model.ID]bool{}
	for _, k := range entries {
		out[k.Value.Evidence] = true
	}
	return out, err
}
