package page

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/widgets"
	"anxin/model"
)

// reader reads one thing after another off the window; only the answer to the
// newest question is shown.
type reader struct {
	turn int
	stop func()
}

// read asks anew and forgets what was asked before. A title shows the work and
// lets one stop it; "" is for what takes moments.
func (r *reader) read(env *Env, title string, work func(ctx context.Context) error, then func(error)) {
	if r.stop != nil {
		r.stop()
	}
	r.turn++
	mine := r.turn
	r.stop = env.Host.Run(title, func(ctx context.Context, _ func(float64, string)) error { return work(ctx) }, func(err error) {
		if mine == r.turn && !errors.Is(err, context.Canceled) {
			then(err)
		}
	})
}

// wanted is what a list is to show.
type wanted struct{ text, state string }

func (p *recordPage[T, P]) wanted() wanted {
	a := wanted{text: strings.TrimSpace(p.search.Text)}
	if p.filter != nil {
		a.state = p.filter.Key()
	}
	return a
}

// reload reads the list off the window and keeps the open record marked in it.
func (p *recordPage[T, P]) reload() {
	what := p.wanted()
	var rows []kept[T]
	waiting := -1
	p.reader.read(p.env, "", func(ctx context.Context) (err error) {
		if rows, err = p.readRows(ctx, what); err != nil {
			return err
		}
		waiting, err = p.countWaiting(ctx)
		return err
	}, func(err error) {
		if err != nil {
			dialogs.Error(p.env.Host.Window(), err)
			return
		}
		p.showRows(rows)
		p.showWaiting(waiting)
	})
}

func (p *recordPage[T, P]) showRows(rows []kept[T]) {
	p.empty.Objects = []fyne.CanvasObject{p.emptyState()}
	p.quiet = true
	p.list.SetRows(rows)
	p.list.SelectWhere(func(k kept[T]) bool { return p.id != "" && k.ID == p.id })
	p.quiet = false
	words := lang.T("page.count", "n", len(rows))
	if len(rows) >= mostRows {
		words = lang.T("page.count.most", "n", mostRows)
	}
	n := widgets.NewCaption(words)
	n.Wrapping = fyne.TextWrapOff
	p.count.Objects = []fyne.CanvasObject{n}
	p.count.Refresh()
}

// tally tells the navigation how many records wait.
func (p *recordPage[T, P]) tally() {
	if len(p.spec.Waiting) == 0 {
		return
	}
	n := 0
	p.env.Host.Run("", func(ctx context.Context, _ func(float64, string)) (err error) {
		n, err = p.countWaiting(ctx)
		return err
	}, func(err error) {
		if err == nil { // a count that cannot be read is told by the list beside it
			p.showWaiting(n)
		}
	})
}

func (p *recordPage[T, P]) countWaiting(ctx context.Context) (int, error) {
	if len(p.spec.Waiting) == 0 {
		return -1, nil
	}
	return p.env.Desk.Journal.Count(ctx, model.Query{Kind: P(new(T)).Kind(), States: p.spec.Waiting})
}

func (p *recordPage[T, P]) showWaiting(n int) {
	if n >= 0 {
		p.env.Host.SetCount(p.spec.Place, n)
	}
}

// rows are those the list is to show now.
func (p *recordPage[T, P]) rows() ([]kept[T], error) {
	return p.readRows(context.Background(), p.wanted())
}

// readRows are the newest records, or those of them and of the whole journal
// that a search finds: what a row shows, and what its record is searched by.
func (p *recordPage[T, P]) readRows(ctx context.Context, what wanted) ([]kept[T], error) {
	q := model.Query{Limit: mostRows}
	if what.state != "" {
		q.States = []string{what.state}
	}
	rows, err := readList[T, P](ctx, p.env, q)
	if err != nil {
		return nil, err
	}
	if what.state == "" && what.text == "" && p.spec.Hide != nil {
		rows = slices.DeleteFunc(rows, p.spec.Hide)
	}
	if what.text == "" {
		p.warm(ctx, rows)
		return rows, nil
	}
	rows = slices.DeleteFunc(rows, func(k kept[T]) bool { return !p.reads(k, what.text) })
	if utf8.RuneCountInString(what.text) < 2 {
		return rows, nil
	}
	q.Text = what.text
	found, err := readList[T, P](ctx, p.env, q)
	for _, k := range found {
		if !slices.ContainsFunc(rows, func(r kept[T]) bool { return r.ID == k.ID }) {
			rows = append(rows, k)
		}
	}
	return rows, err
}

// warm words every row once, so that names are known before the window asks.
func (p *recordPage[T, P]) warm(ctx context.Context, rows []kept[T]) {
	for _, k := range rows {
		if ctx.Err() != nil {
			return
		}
		for _, c := range p.spec.Columns {
			c.Cell(k)
		}
	}
}

// reads tells whether a row shows every word.
func (p *recordPage[T, P]) reads(k kept[T], text string) bool {
	var row strings.Builder
	for _, c := range p.spec.Columns {
		row.WriteString(strings.ToLower(c.Cell(k)) + "\n")
	}
	for _, word := range strings.Fields(strings.ToLower(text)) {
		if !strings.Contains(row.String(), word) {
			return false
		}
	}
	return true
}
