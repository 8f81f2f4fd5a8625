package store

import (
	"context"
	"fmt"
	"strings"

	"anxin/model"
)

// collect runs a query on the reading pool and maps each row.
func collect[T any](ctx context.Context, s *Store, one func(scan func(...any) error) (T, error), query string, args ...any) ([]T, error) {
	rows, err := s.read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, s.explain(err)
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := one(rows.Scan)
		if err != nil {
			return nil, s.explain(err)
		}
		out = append(out, v)
	}
	return out, s.explain(rows.Err())
}

func (s *Store) readRow(ctx context.Context, query string, args ...any) scanner {
	return scanner{row: s.read.QueryRowContext(ctx, query, args...)}
}

const headColumns = `h.state, h.date, h.due, h.amount_fen, h.count, h.number, h.case_id, h.parent,
	EXISTS (SELECT 1 FROM conflict c WHERE c.record = h.id), ` + revisionColumns

func (s *Store) scanHead(scan func(...any) error) (model.Head, error) {
	var h model.Head
	var date string
	sum := &h.Summary
	r, err := s.scanRevision(scan, &sum.State, &date, &sum.Due, &sum.AmountFen, &sum.Count, &sum.Number, &sum.Case, &sum.Parent, &h.Conflict)
	if err != nil {
		return h, err
	}
	h.ID, h.Kind, h.Rev, h.Author, h.Updated, h.Body = r.Record, r.Kind, r.Rev, r.Author, r.Time, s.present(r).Body
	sum.Date, err = timeOfText(date)
	return h, err
}

// Head is the newest state of a record; the error wraps model.ErrNotFound.
func (s *Store) Head(ctx context.Context, id model.ID) (model.Head, error) {
	h, err := s.scanHead(s.readRow(ctx, `SELECT `+headColumns+` FROM head h JOIN journal j ON j.n = h.n WHERE h.id = ?`, id).Scan)
	if err != nil {
		return h, fmt.Errorf("记录 %s: %w", id, s.explain(err))
	}
	return h, nil
}

// List selects heads, newest to this laptop first or by due day. Of those that
// have the words of a text, the ones whose name has them come first.
func (s *Store) List(ctx context.Context, q model.Query) ([]model.Head, error) {
	if q.Limit == 0 {
		q.Limit = 200
	}
	sel := s.selection(q)
	if sel.named == "" || q.ByDue {
		return s.page(ctx, sel, q, q.Limit, q.Offset)
	}
	first, rest := sel.tiers()
	out, err := s.page(ctx, first, q, q.Limit, q.Offset)
	if err != nil || len(out) == q.Limit {
		return out, err
	}
	before := q.Offset + len(out) // how many have it in their name
	if q.Offset > 0 && len(out) == 0 {
		if before, err = s.count(ctx, first); err != nil {
			return nil, err
		}
	}
	more, err := s.page(ctx, rest, q, q.Limit-len(out), max(0, q.Offset-before))
	return append(out, more...), err
}

func (s *Store) page(ctx context.Context, sel selection, q model.Query, limit, offset int) ([]model.Head, error) {
	order := sel.newest
	if q.ByDue {
		order = "h.due = '', h.due, h.n DESC"
	}
	query := "SELECT " + headColumns + " FROM " + sel.from + " CROSS JOIN journal j ON j.n = h.n" + sel.where() + " ORDER BY " + order + " LIMIT ? OFFSET ?"
	return collect(ctx, s, s.scanHead, query, append(sel.all(), limit, offset)...)
}

// Count is how many heads a query selects, its limit and offset aside.
func (s *Store) Count(ctx context.Context, q model.Query) (int, error) {
	return s.count(ctx, s.selection(q))
}

func (s *Store) count(ctx context.Context, sel selection) (int, error) {
	var n int
	err := s.readRow(ctx, "SELECT count(*) FROM "+sel.from+sel.where(), sel.all()...).Scan(&n)
	return n, s.explain(err)
}

// selection is a query as SQL.
type selection struct {
	from    string // head as h, behind the search index when words are asked for
	words   string // what the index is asked for, "" when it is not
	named   string // the same of names alone
	clauses []string
	args    []any
	newest  string // how to order newest first
}

func (s *Store) selection(q model.Query) selection {
	sel := selection{from: "head h", newest: "h.n DESC"}
	wanted, named := s.wanted(q.Text)
	for _, x := range q.Exact {
		if word := s.opt.Keys.Exact(x); word != "" { // locked: the bodies say so
			wanted = append(wanted, `"`+word+`"`)
		}
	}
	if len(wanted) > 0 {
		if q.Kind != "" {
			wanted = append(wanted, `"`+kindWord(q.Kind)+`"`)
		}
		sel.from = "search CROSS JOIN head h ON h.n = search.rowid"
		sel.newest = "search.rowid DESC" // the order the index reads in: the first page needs no sorting
		sel.words, sel.named = strings.Join(wanted, " AND "), strings.Join(named, " AND ")
	}
	if len(q.States) > 0 {
		sel.and("h.state IN (?"+strings.Repeat(", ?", len(q.States)-1)+")", anys(q.States)...)
	}
	if q.DueBefore != "" {
		sel.and("h.due <> '' AND h.due <= ?", q.DueBefore)
	}
	sel.equal("h.kind", string(q.Kind))
	sel.equal("h.case_id", string(q.Case))
	sel.equal("h.parent", string(q.Parent))
	sel.equal("h.number", q.Number)
	return sel
}

// tiers splits a search into those that have the words in their name and the
// others.
func (s selection) tiers() (first, rest selection) {
	first, rest = s, s
	first.words = s.words + " AND " + s.named
	rest.words = "(" + s.words + ") NOT (" + s.named + ")"
	return first, rest
}

func (s *selection) and(clause string, args ...any) {
	s.clauses, s.args = append(s.clauses, clause), append(s.args, args...)
}

// where has the word WHERE, or is empty.
func (s selection) where() string {
	clauses := s.clauses
	if s.words != "" {
		clauses = append([]string{"search MATCH ?"}, clauses...)
	}
	if len(clauses) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(clauses, " AND ")
}

// all are the arguments of where.
func (s selection) all() []any {
	if s.words == "" {
		return s.args
	}
	return append([]any{s.words}, s.args...)
}

// equal restricts a column, unless nothing is asked of it. Columns that are
// mostly empty have indexes over the rest, which SQLite uses only when told.
func (s *selection) equal(column, value string) {
	if value != "" {
		s.and(column+" = ? AND "+column+" <> ''", value)
	}
}

func anys(list []string) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}

// History is every revision of a record this laptop knows, oldest first.
func (s *Store) History(ctx context.Context, id model.ID) ([]model.Revision, error) {
	out, err := collect(ctx, s, func(scan func(...any) error) (model.Revision, error) { return s.scanRevision(scan) },
		`SELECT `+revisionColumns+` FROM journal j WHERE j.record = ? ORDER BY j.n`, id)
	if err == nil && len(out) == 0 {
		return nil, fmt.Errorf("记录 %s: %w", id, model.ErrNotFound)
	}
	return out, err
}

// Have says whether a revision is in the journal.
func (s *Store) Have(ctx context.Context, record model.ID, rev model.Rev) (bool, error) {
	var n int
	err := s.readRow(ctx, `SELECT count(*) FROM journal WHERE record = ? AND rev = ?`, record, rev).Scan(&n)
	return n > 0, s.explain(err)
}
