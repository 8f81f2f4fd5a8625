package casework

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"anxin/model"
)

// Content is what a document is made from: the canonical JSON of it is what
// the digest in the QR code is over, and it travels inside the PDF. The paper
// is a pure function of it (see PaperOf), so whoever holds it can print the
// page again and compare.
type Content struct {
	Document  model.ID       `json:"document"`
	Type      string         `json:"type"`
	Number    string         `json:"number"`
	Issued    time.Time      `json:"issued"`
	Due       model.Date     `json:"due,omitempty"`
	AmountFen int64          `json:"amount_fen,omitempty"`
	Fields    map[string]any `json:"fields"`
}

// PaperOf is the paper of a content as it was issued: the one way from
// attachment to page.
func PaperOf(content []byte, token string) (Paper, error) {
	var c Content
	if err := json.Unmarshal(content, &c); err != nil {
		return Paper{}, fmt.Errorf("读取文书内容: %w", err)
	}
	return Paper{Type: c.Type, Fields: c.Fields, Number: c.Number, Token: token, Attachment: content, Issued: c.Issued}, nil
}

// Draft keeps a document that is not issued yet.
func (d *Desk) Draft(ctx context.Context, doc model.Document) (model.ID, error) {
	d.draft(&doc)
	return d.commit(ctx, model.Change{ID: d.IDs.NewID(), Record: &doc})
}

// draft puts a document into the shape of a draft.
func (d *Desk) draft(doc *model.Document) {
	doc.State, doc.Issued, doc.Events = model.DocumentDraft, nil, nil
	if doc.Title == "" {
		doc.Title = d.Press.Title(doc.Type)
	}
	doc.Fields = d.known(doc.Type, doc.Fields)
}

// Issue issues a draft: it takes its number, is printed, sealed and frozen in
// one act.
func (d *Desk) Issue(ctx context.Context, id model.ID) (Kept[model.Document], error) {
	doc, rev, err := load[model.Document](ctx, d, id)
	if err != nil {
		return Kept[model.Document]{}, err
	}
	if doc.State != model.DocumentDraft {
		return Kept[model.Document]{}, fmt.Errorf("文书的状态是“%s”，不能再签发", doc.State)
	}
	reasons, err := d.IssueReasons(ctx, doc)
	if err != nil {
		return Kept[model.Document]{}, err
	}
	if err := enforce("签发"+doc.Title, reasons); err != nil {
		return Kept[model.Document]{}, err
	}
	var with []model.Change
	if doc.Type == "D06" {
		if err := d.citeEvidence(ctx, doc); err != nil {
			return Kept[model.Document]{}, err
		}
		c, crev, err := load[model.Case](ctx, d, doc.Case)
		if err != nil {
			return Kept[model.Document]{}, err
		}
		if c.State == model.CaseInvestigating {
			advance(c, model.CaseCorrecting, d.me, d, id)
			with = append(with, model.Change{ID: doc.Case, Base: crev, Record: c})
		}
	}
	return d.issue(ctx, id, rev, doc, with...)
}

// issueWith issues a new document together with the change it belongs to.
func (d *Desk) issueWith(ctx context.Context, doc *model.Document, with ...model.Change) (model.ID, error) {
	k, err := d.issue(ctx, d.IDs.NewID(), "", doc, with...)
	return k.ID, err
}

// issueTries: another act may take the number between reading and committing.
const issueTries = 3

func (d *Desk) issue(ctx context.Context, id model.ID, base model.Rev, doc *model.Document, with ...model.Change) (Kept[model.Document], error) {
	if doc.Title == "" {
		doc.Title = d.Press.Title(doc.Type)
	}
	doc.Fields = d.known(doc.Type, doc.Fields)
	var err error
	for range issueTries {
		var use *model.NumberUse
		if use, err = d.freeze(ctx, id, doc); err != nil {
			return Kept[model.Document]{}, err
		}
		changes := append([]model.Change{{ID: id, Base: base, Record: doc}}, with...)
		var revs []model.Revision
		revs, err = d.Journal.Commit(ctx, model.Batch{Author: d.me, Changes: changes, Use: use})
		if err == nil {
			return Kept[model.Document]{ID: id, Rev: revs[0].Rev, Value: doc}, nil
		}
		if use == nil || !errors.Is(err, model.ErrStale) {
			break
		}
	}
	return Kept[model.Document]{}, fmt.Errorf("签发%s: %w", doc.Title, err)
}

// freeze makes what issuing fixes: number, digest, token, pages, bytes.
func (d *Desk) freeze(ctx context.Context, id model.ID, doc *model.Document) (*model.NumberUse, error) {
	now := d.Clock.Now().Truncate(time.Second)
	number, use, err := d.number(ctx, id, doc.Type, now)
	if err != nil {
		return nil, err
	}
	amount, _ := doc.Fields["amount_fen"].(int64)
	if _, dated := doc.Fields["issued"]; dated {
		doc.Fields["issued"] = model.DateOf(now).Chinese()
	}
	fields := d.printable(doc.Type, doc.Fields)
	fields["title"] = doc.Title
	content, err := d.Seal.Canonical(Content{Document: id, Type: doc.Type, Number: number, Issued: now, Due: doc.DueBy,
		AmountFen: amount, Fields: fields})
	if err != nil {
		return nil, fmt.Errorf("整理%s的内容: %w", doc.Title, err)
	}
	sum := sha256.Sum256(content)
	token, err := d.Seal.Token(model.Claim{Document: id, Type: doc.Type, Number: number, Issued: model.DateOf(now),
		Due: doc.DueBy, AmountFen: amount, Digest: sum[:]})
	if err != nil {
		return nil, fmt.Errorf("为%s加二维码: %w", doc.Title, err)
	}
	paper, err := PaperOf(content, token)
	if err != nil {
		return nil, err
	}
	pdf, pages, err := d.Press.Print(paper)
	if err != nil {
		return nil, fmt.Errorf("排印%s: %w", doc.Title, err)
	}
	// File before row: a kill in between leaves an unnamed blob, never a
	// document without its page.
	blob, err := d.Blobs.Put(ctx, bytes.NewReader(pdf))
	if err != nil {
		return nil, fmt.Errorf("保存%s的 PDF: %w", doc.Title, err)
	}
	doc.State = model.DocumentIssued
	doc.Issued = &model.Issue{Number: number, At: now, By: d.me, Digest: hex.EncodeToString(sum[:]), Token: token,
		PDF: blob.SHA256, Pages: pages, AmountFen: amount}
	if use != nil {
		doc.Issued.Series, doc.Issued.Serial = use.Series, use.Serial
	}
	return use, nil
}

// number takes the next number of the type's series, "" for a type without.
func (d *Desk) number(ctx context.Context, id model.ID, docType string, on time.Time) (string, *model.NumberUse, error) {
	o, err := d.Office(ctx)
	if err != nil {
		return "", nil, err
	}
	series, err := d.Series(docType, on)
	if err != nil || series == "" {
		return "", nil, err
	}
	n, err := d.Journal.NextNumber(ctx, series)
	if err != nil {
		return "", nil, fmt.Errorf("领取“%s”的文号: %w", series, err)
	}
	row, err := d.Law.Catalogue(on, o.Value.Region).Get(docType)
	if err != nil {
		return "", nil, err
	}
	return row.Number.Format(o.Value.Word, on.Year(), n), &model.NumberUse{Series: series, Serial: n, Document: id}, nil
}

// Series names the run of numbers of a type in a year; "" when it has none.
func (d *Desk) Series(docType string, on time.Time) (string, error) {
	row, err := d.Law.Catalogue(on, "").Get(docType)
	if err != nil {
		return "", err
	}
	if row.Number.Template == "" {
		return "", nil
	}
	return fmt.Sprintf("%s/%d", row.Number.Type, on.Year()), nil
}

// known keeps the fields a template declares and those that only the record
// needs (amount_fen).
func (d *Desk) known(docType string, fields map[string]any) map[string]any {
	out := d.printable(docType, fields)
	if v, ok := fields["amount_fen"]; ok {
		out["amount_fen"] = whole(v)
	}
	return out
}

// printable keeps what the template of a type declares, and of rows the
// declared columns: builders give more than one template prints.
func (d *Desk) printable(docType string, fields map[string]any) map[string]any {
	out := map[string]any{}
	for _, f := range d.Press.Fields(docType) {
		v, ok := fields[f.Name]
		if !ok {
			continue
		}
		if len(f.Columns) > 0 {
			v = onlyColumns(v, f.Columns)
		}
		out[f.Name] = v
	}
	return out
}

// onlyColumns keeps the named columns of rows, in both forms rows come in:
// as a builder makes them and as JSON gives them back.
func onlyColumns(rows any, columns []string) any {
	var out []map[string]any
	keep := func(r map[string]any) {
		slim := map[string]any{}
		for _, c := range columns {
			if v, ok := r[c]; ok {
				slim[c] = v
			}
		}
		out = append(out, slim)
	}
	switch list := rows.(type) {
	case []map[string]any:
		for _, r := range list {
			keep(r)
		}
	case []any:
		for _, x := range list {
			if r, ok := x.(map[string]any); ok {
				keep(r)
			}
		}
	default:
		return rows
	}
	return out
}

// whole reads an integer back from what JSON made of it.
func whole(v any) int64 {
	switch n := v.(type) {
	case int64:
		return n
	case int:
		return int64(n)
	case float64:
		return int64(n)
	case json.Number:
		i, err := n.Int64()
		if err == nil {
			return i
		}
	}
	return 0
}

// IssueReasons is every gate before issuing a document, for the page that
// shows them and for the act that enforces them.
func (d *Desk) IssueReasons(ctx context.Context, doc *model.Document) ([]Reason, error) {
	var out []Reason
	if doc.Type != "D06" {
		if doc.Case == "" {
			return nil, nil
		}
		return d.DocumentReasons(ctx, doc)
	}
	i, _, err := load[model.Inspection](ctx, d, doc.Inspection)
	if err != nil {
		return nil, err
	}
	if i.State != model.InspectionRecorded {
		out = append(out, block("还没有现场检查笔录，事实没有记录依据", "《劳动保障监察条例》第十五条、《行政处罚法》第五十五条"))
	}
	now := d.Clock.Now()
	two, err := d.TwoOfficers(ctx, i.Officers, now)
	if err != nil {
		return nil, err
	}
	out = append(out, two...)
	o, err := d.Office(ctx)
	if err != nil {
		return nil, err
	}
	out = append(out, OfficeGaps(o.Value)...)
	return append(out, dueDate(doc.DueBy, model.DateOf(now), now.Location())...), nil
}

// AllSeries names the runs of numbers of every type on a day.
func (d *Desk) AllSeries(on time.Time) []string {
	var out []string
	for _, row := range d.Law.Catalogue(on, "").All() {
		if s, err := d.Series(row.ID, on); err == nil && s != "" && !containsText(out, s) {
			out = append(out, s)
		}
	}
	return out
}
