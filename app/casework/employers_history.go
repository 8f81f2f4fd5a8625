package casework

import (
	"cmp"
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
	cases, err := naming(ctx, d, of, func(v *model.Case) bool { return of[v.Employer] || of[v.Site] }, "employer", "site")
	if err != nil {
		return nil, err
	}
	visits, err := naming(ctx, d, of, func(v *model.Inspection) bool { return of[v.Employer] || of[v.Site] }, "employer", "site")
	if err != nil {
		return nil, err
	}
	var out []Past
	var papers []model.Query
	for _, k := range cases {
		v := k.Value
		out = append(out, Past{Record: k.ID, Kind: model.KindCase, State: v.State, Title: v.Cause, Number: v.Number, On: v.OpenedAt, Due: v.DueBy, Case: k.ID})
		papers = append(papers, model.Query{Case: k.ID})
	}
	for _, k := range visits {
		v := k.Value
		out = append(out, Past{Record: k.ID, Kind: model.KindInspection, Type: v.Type, State: v.State, Title: v.Matter, On: v.Start, Case: v.Case})
		papers = append(papers, model.Query{Parent: k.ID})
	}
	found, err := each[model.Document](ctx, d, papers)
	if err != nil {
		return nil, err
	}
	for _, k := range found {
		out = append(out, paperPast(k))
	}
	slices.SortStableFunc(out, func(a, b Past) int { return cmp.Or(b.On.Compare(a.On), cmp.Compare(b.Record, a.Record)) })
	return out, nil
}

// naming are the records that name one of these in one of the members, by the
// index; sure says so of a body, for an index without keys selects all.
func naming[T any, P interface {
	*T
	model.Record
}](ctx context.Context, d *Desk, of map[model.ID]bool, sure func(P) bool, members ...string) ([]Kept[T], error) {
	var asked []model.Query
	for id := range of {
		for _, member := range members {
			asked = append(asked, model.Query{Exact: []string{model.Exactly(member, string(id))}})
		}
	}
	found, err := each[T, P](ctx, d, asked)
	return slices.DeleteFunc(found, func(k Kept[T]) bool { return !sure(k.Value) }), err
}

// each are the records that any of the queries selects, once and newest first.
func each[T any, P interface {
	*T
	model.Record
}](ctx context.Context, d *Desk, queries []model.Query) ([]Kept[T], error) {
	var out []Kept[T]
	for _, q := range queries {
		found, err := all[T, P](ctx, d, q)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	slices.SortFunc(out, func(a, b Kept[T]) int { return cmp.Compare(b.ID, a.ID) })
	return slices.CompactFunc(out, func(a, b Kept[T]) bool { return a.ID == b.ID }), nil
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
func (d *Desk) PreviewRegisters(ctx context.Context, name string, r io.Reader, as *Import) (Report, error) {
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
