package casework

import (
	"context"
	"io"
	"slices"
	"time"

	"anxin/model"
)

// Past is one thing that happened to an employer or on a site.
type Past struct {
	Record    model.ID
	Kind      model.Kind
	Type      string // of a visit or a paper
	State     string
	Title     string
	Number    string
	On        time.Time // in the zone it was kept in; zero when it has no day yet
	Due       model.Date
	AmountFen int64
	Case      model.ID
}

// past is what the records of one employer or site have behind them: cases,
// visits and papers, newest first.
func (d *Desk) past(ctx context.Context, of map[model.ID]bool) ([]Past, error) {
	cases, err := all[model.Case](ctx, d, model.Query{})
	if err != nil {
		return nil, err
	}
	var out []Past
	mine := map[model.ID]bool{}
	for _, k := range cases {
		if v := k.Value; of[v.Employer] || of[v.Site] {
			mine[k.ID] = true
			out = append(out, Past{Record: k.ID, Kind: model.KindCase, State: v.State, Title: v.Cause, Number: v.Number, On: v.OpenedAt, Due: v.DueBy, Case: k.ID})
		}
	}
	visits, err := all[model.Inspection](ctx, d, model.Query{})
	if err != nil {
		return nil, err
	}
	for _, k := range visits {
		if v := k.Value; of[v.Employer] || of[v.Site] {
			mine[k.ID] = true
			out = append(out, Past{Record: k.ID, Kind: model.KindInspection, Type: v.Type, State: v.State, Title: v.Matter, On: v.Start, Case: v.Case})
		}
	}
	papers, err := all[model.Document](ctx, d, model.Query{})
	if err != nil {
		return nil, err
	}
	for _, k := range papers {
		if v := k.Value; v.Case != "" && mine[v.Case] || v.Inspection != "" && mine[v.Inspection] {
			out = append(out, paperPast(k))
		}
	}
	slices.SortStableFunc(out, func(a, b Past) int { return b.On.Compare(a.On) })
	return out, nil
}

func paperPast(k Kept[model.Document]) Past {
	p := Past{Record: k.ID, Kind: model.KindDocument, Type: k.Value.Type, State: k.Value.State, Title: k.Value.Title, Due: k.Value.DueBy, Case: k.Value.Case}
	if k.Value.Issued != nil {
		p.Number, p.On, p.AmountFen = NumberOf(k.Value), k.Value.Issued.At, k.Value.Issued.AmountFen
	}
	return p
}

// PreviewRegisters tells what ImportRegisters would do with a workbook and
// commits nothing.
func (d *Desk) PreviewRegisters(ctx context.Context, name string, r io.Reader, as Columns) (Report, error) {
	dry := *d
	dry.Journal = uncommitted{d.Journal}
	return dry.ImportRegisters(ctx, name, r, as)
}

// uncommitted is a journal that only seems to take what it is given.
type uncommitted struct{ Journal }

func (uncommitted) Commit(_ context.Context, b model.Batch) ([]model.Revision, error) {
	out := make([]model.Revision, len(b.Changes))
	for i, c := range b.Changes {
		out[i].Record = c.ID
	}
	return out, nil
}
