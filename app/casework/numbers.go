package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"anxin/model"
	"anxin/model/statute"
)

// NumberBook is the register of the numbers of this laptop.
type NumberBook interface {
	// Numbers is every number of a series that was used, given up or returned.
	Numbers(ctx context.Context, series string) ([]model.NumberRow, error)
	// Blocks are the runs of numbers this laptop holds.
	Blocks(ctx context.Context) ([]model.Block, error)
	// ReturnBlock gives back the unused rest of the block that begins at from.
	ReturnBlock(ctx context.Context, series string, from int) (model.Block, error)
}

// number takes the next number of the type's series, "" for a type without.
// Where this laptop has none left, far from any network, the document gets a
// provisional number, marked as such in print; Formalise gives it its own.
func (d *Desk) number(ctx context.Context, id model.ID, docType string, on time.Time) (string, *model.NumberUse, error) {
	o, err := d.Office(ctx)
	if err != nil {
		return "", nil, err
	}
	row, err := d.Law.Catalogue(on, o.Value.Region).Get(docType)
	if err != nil {
		return "", nil, err
	}
	series, err := d.Series(docType, on)
	if err != nil || series == "" {
		return "", nil, err
	}
	p, err := pattern(o.Value, row)
	if err != nil {
		return "", nil, err
	}
	n, err := d.Journal.NextNumber(ctx, series)
	if errors.Is(err, model.ErrNoNumber) {
		return provisional(p, o.Value.Word, on.Year(), id), nil, nil
	}
	if err != nil {
		return "", nil, fmt.Errorf("领取“%s”的文号: %w", series, err)
	}
	return p.Format(o.Value.Word, on.Year(), n), &model.NumberUse{Series: series, Serial: n, Document: id}, nil
}

func seriesOf(row statute.Document, on time.Time) string {
	if row.Number.Template == "" {
		return ""
	}
	return fmt.Sprintf("%s/%d", row.Number.Type, on.Year())
}

// Series names the run of numbers of a type in a year; "" when it has none. A
// region may write its numbers otherwise, they are the same run.
func (d *Desk) Series(docType string, on time.Time) (string, error) {
	row, err := d.Law.Catalogue(on, "").Get(docType)
	if err != nil {
		return "", err
	}
	return seriesOf(row, on), nil
}

// AllSeries names the runs of numbers of every type on a day.
func (d *Desk) AllSeries(on time.Time) []string {
	var out []string
	for _, row := range d.Law.Catalogue(on, "").All() {
		if s := seriesOf(row, on); s != "" {
			out = appendNew(out, s)
		}
	}
	return out
}

// KnownSeries refuses a series that no type of paper takes its numbers from.
func (d *Desk) KnownSeries(series string) error {
	word, text, _ := strings.Cut(series, "/")
	year, err := strconv.Atoi(text)
	if err != nil {
		return fmt.Errorf("“%s”的年份应是四位数字，请写成 劳监令/2026", series)
	}
	known := d.AllSeries(time.Date(year, time.December, 31, 0, 0, 0, 0, d.Clock.Now().Location()))
	if !slices.Contains(known, series) {
		for i, s := range known {
			known[i], _, _ = strings.Cut(s, "/")
		}
		return fmt.Errorf("没有文书用“%s”这个文种，可用：%s", word, strings.Join(known, "、"))
	}
	return nil
}

// VoidNumber gives up the next number of a series for a stated reason, such as
// a numbered sheet that was spoilt. It is never used again.
func (d *Desk) VoidNumber(ctx context.Context, series, reason string) (int, error) {
	if strings.TrimSpace(reason) == "" {
		return 0, fmt.Errorf("请写明作废文号的理由，它会留在文书领用与作废台账里")
	}
	n, err := d.Journal.NextNumber(ctx, series)
	if err != nil {
		return 0, fmt.Errorf("作废“%s”的文号: %w", series, err)
	}
	_, err = d.Journal.Commit(ctx, model.Batch{Author: d.me, Void: &model.NumberVoid{Series: series, Serial: n, Reason: reason}})
	if err != nil {
		return 0, fmt.Errorf("作废“%s”第%d号: %w", series, n, err)
	}
	return n, nil
}

// ReturnNumbers gives the unused rest of a block back to who leased it; from
// is its first number. The register keeps every one as returned.
func (d *Desk) ReturnNumbers(ctx context.Context, series string, from int) (model.Block, error) {
	if d.Numbers == nil {
		return model.Block{}, errNoBook
	}
	return d.Numbers.ReturnBlock(ctx, series, from)
}

var errNoBook = errors.New("本机没有文号登记簿")

// provisionalMark stands in every provisional number.
const provisionalMark = "暂编"

// provisional is a number no other laptop can give: it is made of the
// document's own id.
func provisional(p statute.Pattern, word string, year int, id model.ID) string {
	mark := provisionalMark + strings.ToUpper(string(id[max(0, len(id)-6):]))
	slot := "{n}"
	if strings.Contains(p.Template, "第{n}") {
		slot = "第{n}"
	}
	p.Template = strings.Replace(p.Template, slot, mark, 1)
	return p.Format(word, year, 0)
}

// NumberOf is the number a document is called by: its own, the formal one it
// got later, or the provisional one until then.
func NumberOf(doc *model.Document) string {
	if doc.Issued == nil {
		return ""
	}
	if doc.Issued.Provisional != "" {
		for _, e := range doc.Events {
			if e.Kind == model.EventCorrected && e.Note != "" {
				return e.Note
			}
		}
	}
	return doc.Issued.Printed()
}

// AwaitsNumber tells whether a document still stands under a provisional
// number.
func AwaitsNumber(doc *model.Document) bool {
	return doc.Issued != nil && doc.State != model.DocumentWithdrawn && NumberOf(doc) == doc.Issued.Provisional && doc.Issued.Provisional != ""
}

// Provisional lists the documents that wait for a number of their series,
// oldest first.
func (d *Desk) Provisional(ctx context.Context) ([]Kept[model.Document], error) {
	docs, err := all[model.Document](ctx, d, model.Query{Text: provisionalMark})
	if err != nil {
		return nil, err
	}
	docs = slices.DeleteFunc(docs, func(k Kept[model.Document]) bool { return !AwaitsNumber(k.Value) })
	slices.SortFunc(docs, func(a, b Kept[model.Document]) int { return a.Value.Issued.At.Compare(b.Value.Issued.At) })
	return docs, nil
}

// Formalise gives a document under a provisional number the next number of its
// series. What was issued stays as it is; a formal edition of the same words
// and the same day is issued beside it, and the provisional one records which
// it is. The service, the decisions and the clocks that rest on the first stay
// with it.
func (d *Desk) Formalise(ctx context.Context, id model.ID) (Kept[model.Document], error) {
	old, rev, err := load[model.Document](ctx, d, id)
	if err != nil {
		return Kept[model.Document]{}, err
	}
	if !AwaitsNumber(old) {
		return Kept[model.Document]{}, fmt.Errorf("%s不是暂编号的文书，不需要改编", old.Title)
	}
	number, use, err := d.number(ctx, id, old.Type, d.Clock.Now())
	if err != nil {
		return Kept[model.Document]{}, err
	}
	if use == nil {
		return Kept[model.Document]{}, fmt.Errorf("为%s改编正式文号: %w", old.Title, model.ErrNoNumber)
	}
	doc := *old
	doc.Events, doc.Issued, doc.About = nil, nil, id
	formal := d.IDs.NewID()
	if err := d.seal(ctx, formal, &doc, number, old.Issued.At); err != nil {
		return Kept[model.Document]{}, err
	}
	use.Document = formal
	doc.Issued.Number, doc.Issued.Series, doc.Issued.Serial = number, use.Series, use.Serial
	old.Events = append(old.Events, model.Event{Kind: model.EventCorrected, At: d.Clock.Now(), By: d.me, Record: formal, Note: number})
	revs, err := d.Journal.Commit(ctx, model.Batch{Author: d.me, Use: use,
		Changes: []model.Change{{ID: formal, Record: &doc}, {ID: id, Base: rev, Record: old}}})
	if err != nil {
		return Kept[model.Document]{}, fmt.Errorf("为%s改编正式文号: %w", old.Title, err)
	}
	return Kept[model.Document]{ID: formal, Rev: revs[0].Rev, Value: &doc}, nil
}

// FormaliseAll gives every provisional document its number as far as the
// blocks of this laptop reach; it returns how many got one.
func (d *Desk) FormaliseAll(ctx context.Context) (n int, err error) {
	docs, err := d.Provisional(ctx)
	if err != nil {
		return 0, err
	}
	for _, k := range docs {
		switch _, err := d.Formalise(ctx, k.ID); {
		case errors.Is(err, model.ErrNoNumber):
		case err != nil:
			return n, err
		default:
			n++
		}
	}
	return n, nil
}

// withoutEditions leaves the formal editions of provisional papers out: in a
// file the paper that was served stands for both.
func withoutEditions(docs []Kept[model.Document]) []Kept[model.Document] {
	editions := map[model.ID]bool{}
	for _, k := range docs {
		if k.Value.Issued == nil || k.Value.Issued.Provisional == "" {
			continue
		}
		for _, e := range k.Value.Events {
			if e.Kind == model.EventCorrected {
				editions[e.Record] = true
			}
		}
	}
	return slices.DeleteFunc(docs, func(k Kept[model.Document]) bool { return editions[k.ID] })
}
