package page

import (
	"context"
	"errors"
	"slices"
	"strconv"
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
	var rows listed[T]
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

// listed is what a list shows, and of how many: those that it leaves out count.
type listed[T any] struct {
	rows  []kept[T]
	total int // 0: the rows are all
	found bool
}

// words say how many there are.
func (l listed[T]) words() string {
	switch {
	case l.total <= len(l.rows):
		return lang.T("page.count", "n", grouped(len(l.rows)))
	case l.found:
		return lang.T("page.count.found", "n", grouped(len(l.rows)), "total", grouped(l.total))
	}
	return lang.T("page.count.most", "n", grouped(len(l.rows)), "total", grouped(l.total))
}

// grouped writes a count with its thousands apart.
func grouped(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

func (p *recordPage[T, P]) showRows(l listed[T]) {
	p.empty.Objects = []fyne.CanvasObject{p.emptyState()}
	p.quiet = true
	p.list.SetRows(l.rows)
	p.list.SelectWhere(func(k kept[T]) bool { return p.id != "" && k.ID == p.id })
	p.quiet = false
	n := widgets.NewCaption(l.words())
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
	l, err := p.readRows(context.Background(), p.wanted())
	return l.rows, err
}

// readRows are the newest records, or those of them and of the whole journal
// that a search finds: what a row shows, and what its record is searched by.
func (p *recordPage[T, P]) readRows(ctx context.Context, what wanted) (l listed[T], err error) {
	q := model.Query{Limit: mostRows, Exact: p.spec.Exact}
	if what.state != "" {
		q.States = []string{what.state}
	}
	if l.rows, err = readList[T, P](ctx, p.env, q); err != nil {
		return l, err
	}
	cut := len(l.rows) == mostRows
	hides := what.state == "" && what.text == "" && p.spec.Hide != nil
	if hides {
		l.rows = slices.DeleteFunc(l.rows, p.spec.Hide)
	}
	if what.text == "" {
		p.warm(ctx, l.rows)
		if cut {
			l.total, err = p.countAll(ctx, q, hides)
		}
		return l, err
	}
	l.found = true
	l.rows = slices.DeleteFunc(l.rows, func(k kept[T]) bool { return !p.reads(k, what.text) })
	if utf8.RuneCountInString(what.text) < 2 {
		return l, nil
	}
	q.Text = what.text
	found, err := readList[T, P](ctx, p.env, q)
	if err == nil && len(found) == mostRows {
		l.total, err = p.countAll(ctx, q, false)
	}
	for _, k := range found {
		if !slices.ContainsFunc(l.rows, func(r kept[T]) bool { return r.ID == k.ID }) {
			l.rows = append(l.rows, k)
		}
	}
	return l, err
}

// hiddenStates are those of the records a list leaves out, see recordSpec.Hide.
var hiddenStates = []string{model.RegisterMerged, model.EntryStruck}

// countAll is how many records a query selects, without those a list hides.
func (p *recordPage[T, P]) countAll(ctx context.Context, q model.Query, hides bool) (int, error) {
	q.Kind, q.Limit = P(new(T)).Kind(), 0
	n, err := p.env.Desk.Journal.Count(ctx, q)
	if err != nil || !hides {
		return n, err
	}
	q.States = hiddenStates
	hidden, err := p.env.Desk.Journal.Count(ctx, q)
	return n - hidden, err
}

// warm words every row once, so that names are known before the window asks.
func (p *recordPage[T, P]) warm(ctx context.Context, rows []kept[T]) {
	for _, k := range rows {
		if ctx.Err() != nil {
			return
		}
		for _, c := range p.spec.Columns {
			c.Cell(k)
			if c.Note != nil {
				c.Note(k)
			}
		}
	}
}

// reads tells whether a row shows every word.
func (p *recordPage[T, P]) reads(k kept[T], text string) bool {
	var row strings.Builder
	for _, c := range p.spec.Columns {
		row.WriteString(strings.ToLower(c.Cell(k)) + "\n")
		if c.Note != nil {
			row.WriteString(strings.ToLower(c.Note(k)) + "\n")
		}
	}
	for _, word := range strings.Fields(strings.ToLower(text)) {
		if !strings.Contains(row.String(), word) {
			return false
		}
	}
	return true
}
