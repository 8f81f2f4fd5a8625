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
	"anxin/model/statute"
)

// Content is what a document is made from: the canonical JSON of it is what
// the digest in the QR code is over, and it travels inside the PDF. The paper
// is a pure function of it (see PaperOf), so whoever holds it can print the
// page again and compare.
type Content struct {
	Document  model.ID       `json:"document"`
	Type      string         `json:"type"`
	Version   string         `json:"version,omitempty"` // see model.Document
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
	return Paper{Type: model.EditionOf(c.Type, c.Version), Fields: c.Fields, Number: c.Number, Token: token, Attachment: content, Issued: c.Issued}, nil
}

// Draft keeps a document that is not issued yet.
func (d *Desk) Draft(ctx context.Context, doc model.Document) (model.ID, error) {
	d.draft(&doc)
	return d.commit(ctx, model.Change{ID: d.IDs.NewID(), Record: &doc})
}

// draft puts a document into the shape of a draft, on the newest edition of
// its form and paper.
func (d *Desk) draft(doc *model.Document) {
	if doc.Version == "" && d.Newest != nil {
		doc.Version = d.Newest(doc.Type)
	}
	doc.State, doc.Issued, doc.Events = model.DocumentDraft, nil, nil
	if doc.Title == "" {
		doc.Title = d.Press.Title(doc.Edition())
	}
	doc.Fields = d.known(doc.Edition(), doc.Fields)
	d.settle(doc)
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
		moved, err := d.correcting(ctx, id, doc.Case)
		if err != nil {
			return Kept[model.Document]{}, err
		}
		with = append(with, moved...)
	}
	replaced, err := d.replaced(ctx, id, doc)
	if err != nil {
		return Kept[model.Document]{}, err
	}
	return d.issue(ctx, id, rev, doc, append(with, replaced...)...)
}

// correcting moves the case of an order on to its correction. A routine visit may
// end in an order without a case.
func (d *Desk) correcting(ctx context.Context, order, id model.ID) ([]model.Change, error) {
	if id == "" {
		return nil, nil
	}
	c, rev, err := load[model.Case](ctx, d, id)
	if err != nil || c.State != model.CaseInvestigating {
		return nil, err
	}
	advance(c, model.CaseCorrecting, d.me, d, order)
	return []model.Change{{ID: id, Base: rev, Record: c}}, nil
}

// replaced notes on the paper that was taken back which one stands for it now.
func (d *Desk) replaced(ctx context.Context, id model.ID, doc *model.Document) ([]model.Change, error) {
	if doc.Replaces == "" {
		return nil, nil
	}
	old, rev, err := load[model.Document](ctx, d, doc.Replaces)
	if err != nil || old.Issued == nil {
		return nil, err // a draft that was dropped needs no note
	}
	old.Events = append(old.Events, model.Event{Kind: model.EventCorrected, At: d.Clock.Now(), By: d.me, Record: id})
	return []model.Change{{ID: doc.Replaces, Base: rev, Record: old}}, nil
}

// issueWith issues a new document together with the change it belongs to.
func (d *Desk) issueWith(ctx context.Context, doc *model.Document, with ...model.Change) (model.ID, error) {
	k, err := d.issue(ctx, d.IDs.NewID(), "", doc, with...)
	return k.ID, err
}

// issueTries: another act may take the number between reading and committing.
const issueTries = 3

func (d *Desk) issue(ctx context.Context, id model.ID, base model.Rev, doc *model.Document, with ...model.Change) (Kept[model.Document], error) {
	if base == "" && doc.Version == "" && d.Newest != nil {
		doc.Version = d.Newest(doc.Type)
	}
	doc.Fields = d.known(doc.Edition(), doc.Fields)
	d.settle(doc)
	var err error
	if doc.Title, err = d.title(ctx, doc); err != nil {
		return Kept[model.Document]{}, err
	}
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
	if _, dated := doc.Fields["issued"]; dated {
		doc.Fields["issued"] = model.DateOf(now).Chinese()
	}
	if err := d.seal(ctx, id, doc, number, now); err != nil {
		return nil, err
	}
	if use != nil {
		doc.Issued.Number, doc.Issued.Series, doc.Issued.Serial = number, use.Series, use.Serial
	} else {
		doc.Issued.Provisional = number
	}
	return use, nil
}

// seal prints a document under a number as of an instant, and keeps the page.
func (d *Desk) seal(ctx context.Context, id model.ID, doc *model.Document, number string, at time.Time) error {
	amount := whole(doc.Fields["amount_fen"])
	fields := d.printable(doc.Edition(), doc.Fields)
	fields["title"] = doc.Title
	images, err := d.picturesOf(ctx, doc, fields)
	if err != nil {
		return err
	}
	content, err := d.Seal.Canonical(Content{Document: id, Type: doc.Type, Version: doc.Version, Number: number, Issued: at, Due: doc.DueBy,
		AmountFen: amount, Fields: fields})
	if err != nil {
		return fmt.Errorf("整理%s的内容: %w", doc.Title, err)
	}
	sum := sha256.Sum256(content)
	token, err := d.Seal.Token(model.Claim{Document: id, Type: doc.Type, Number: number, Issued: model.DateOf(at),
		Due: doc.DueBy, AmountFen: amount, Digest: sum[:]})
	if err != nil {
		return fmt.Errorf("为%s加二维码: %w", doc.Title, err)
	}
	paper, err := PaperOf(content, token)
	if err != nil {
		return err
	}
	paper.Images = images
	pdf, pages, err := d.Press.Print(paper)
	if err != nil {
		return fmt.Errorf("排印%s: %w", doc.Title, err)
	}
	// File before row: a kill in between leaves an unnamed blob, never a
	// document without its page.
	blob, err := d.Blobs.Put(ctx, bytes.NewReader(pdf))
	if err != nil {
		return fmt.Errorf("保存%s的 PDF: %w", doc.Title, err)
	}
	doc.State = model.DocumentIssued
	doc.Issued = &model.Issue{At: at, By: d.me, Digest: hex.EncodeToString(sum[:]), Token: token,
		PDF: blob.SHA256, Pages: pages, AmountFen: amount}
	return nil
}

// known keeps the fields a template declares and those that only the record
// needs (amount_fen).
func (d *Desk) known(edition string, fields map[string]any) map[string]any {
	out := d.declared(edition, fields, keptValue)
	if v, ok := fields["amount_fen"]; ok {
		out["amount_fen"] = whole(v)
	}
	return out
}

// printable keeps what the template of an edition declares, as it is printed.
func (d *Desk) printable(edition string, fields map[string]any) map[string]any {
	return d.declared(edition, fields, printedValue)
}

// declared keeps what the template of an edition declares, and of rows the
// declared columns: builders give more than one template prints.
func (d *Desk) declared(edition string, fields map[string]any, rewrite func(kind string, v any) any) map[string]any {
	out := map[string]any{}
	for _, f := range d.Press.Fields(edition) {
		if v, ok := fields[f.Name]; ok {
			out[f.Name] = f.eachValue(v, rewrite)
		}
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
		return d.generalReasons(ctx, doc)
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
	out = append(append(out, OfficeGaps(o.Value)...), d.partyGaps(doc)...)
	if code, _ := doc.Fields["uscc"].(string); code != "" {
		if v := statute.CheckUSCC(code); !v.OK && !statute.CheckID(code).OK { // an order may go to a person
			out = append(out, warn("当事人的统一社会信用代码请核对："+v.Reason, ""))
		}
	}
	return append(out, dueDate(doc.DueBy, model.DateOf(now), now.Location())...), nil
}
