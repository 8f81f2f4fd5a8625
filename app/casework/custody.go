package casework

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"anxin/model"
)

// CustodyStep is one link of the chain of custody as it is read.
type CustodyStep struct {
	Event  string    `json:"event"` // a Custody… constant of model
	At     time.Time `json:"at"`
	By     model.ID  `json:"by,omitempty"`     // officer; "" for what the camera wrote
	Device model.ID  `json:"device,omitempty"` // the laptop that signed it
	Note   string    `json:"note,omitempty"`
}

// EvidenceViewed notes that the officer at this desk looked at a piece of
// evidence. Looking again on the same day is the same entry.
func (d *Desk) EvidenceViewed(ctx context.Context, id model.ID) error {
	today := model.DateOf(d.Clock.Now())
	seen, err := all[model.Custody](ctx, d, model.Query{Parent: id, States: []string{model.CustodyViewed}})
	if err != nil {
		return err
	}
	for _, k := range seen {
		if k.Value.By == d.me && model.DateOf(k.Value.At) == today && k.Value.Evidence == id {
			return nil
		}
	}
	return d.handled(ctx, model.CustodyViewed, "", id)
}

// EvidencePrinted notes that evidence went to a printer.
func (d *Desk) EvidencePrinted(ctx context.Context, printer string, ids ...model.ID) error {
	return d.handled(ctx, model.CustodyPrinted, printer, ids...)
}

// EvidenceExported notes that evidence left the laptop; to is a word for where
// it went, never a path with a person's name in it.
func (d *Desk) EvidenceExported(ctx context.Context, to string, ids ...model.ID) error {
	return d.handled(ctx, model.CustodyExported, to, ids...)
}

// handled appends one entry for each piece of evidence, all in one act.
func (d *Desk) handled(ctx context.Context, event, note string, ids ...model.ID) error {
	var changes []model.Change
	for _, id := range ids {
		e, _, err := load[model.Evidence](ctx, d, id)
		if err != nil {
			return err
		}
		changes = append(changes, model.Change{ID: d.IDs.NewID(), Record: &model.Custody{
			Evidence: id, Case: e.Case, Event: event, At: d.Clock.Now(), By: d.me, Note: note}})
	}
	if len(changes) == 0 {
		return nil
	}
	if _, err := d.commit(ctx, changes...); err != nil {
		return fmt.Errorf("登记证据的%s: %w", event, err)
	}
	return nil
}

// Custody is the chain of custody of a piece of evidence, earliest first: when
// the camera says it was taken, when it was imported, and every entry since.
func (d *Desk) Custody(ctx context.Context, id model.ID) ([]CustodyStep, error) {
	revs, err := d.Journal.History(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("打开证据: %w", err)
	}
	if revs[0].Kind != model.KindEvidence {
		return nil, fmt.Errorf("编号 %s 不是证据: %w", id, model.ErrNotFound)
	}
	e, err := model.As[model.Evidence](revs[0].Body)
	if err != nil {
		return nil, err
	}
	out := CustodyOrigin(e, revs[0].Device)
	entries, err := all[model.Custody](ctx, d, model.Query{Parent: id})
	if err != nil {
		return nil, err
	}
	for _, k := range entries {
		signed, err := d.Journal.History(ctx, k.ID)
		if err != nil {
			return nil, fmt.Errorf("打开证据的保管记录: %w", err)
		}
		out = append(out, CustodyStep{k.Value.Event, k.Value.At, k.Value.By, signed[0].Device, k.Value.Note})
	}
	slices.SortStableFunc(out, func(a, b CustodyStep) int { return a.At.Compare(b.At) })
	return out, nil
}

// CustodyOrigin are the links that stand in the evidence itself, as the device
// that imported it signed them.
func CustodyOrigin(e *model.Evidence, device model.ID) []CustodyStep {
	imported := CustodyStep{model.CustodyImported, e.ImportedAt, e.ImportedBy, device, "SHA-256 " + e.SHA256}
	if e.TakenAt.IsZero() {
		return []CustodyStep{imported}
	}
	var notes []string
	if !e.Zoned {
		notes = append(notes, "相机没有记录时区，按本机时区推定")
	}
	if e.Recorder != "" {
		notes = append(notes, "记录仪："+e.Recorder)
	}
	if clock := clockNote(e); clock != "" {
		notes = append(notes, clock)
	}
	return []CustodyStep{{Event: model.CustodyTaken, At: e.TakenAt, Note: strings.Join(notes, "；")}, imported}
}
