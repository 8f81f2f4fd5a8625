package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"anxin/model"
	"anxin/model/statute"
)

const articlePlan = "《保障农民工工资支付条例》第十六条"

// planPapers are the papers that may set instalments: the agreement of a
// mediation and the promise to pay.
var planPapers = []string{"D23", "D23a"}

// remindDays is how many days before an instalment is due it stands among what
// waits.
const remindDays = 7

// Instalment is one part of what an agreement or a promise says is paid, and what
// was paid of it.
type Instalment struct {
	No      int // from 1, by the day
	Due     model.Date
	Fen     int64
	PaidFen int64
}

// Left is what is still to be paid, in fen.
func (i Instalment) Left() int64 { return i.Fen - i.PaidFen }

// Instalments are those of an issued agreement or promise, by their days; one
// without instalments that says when it is paid has one. What was paid goes to
// the earliest first. Nothing where the paper sets none or is withdrawn.
func Instalments(doc *model.Document, paidFen int64) (out []Instalment) {
	if doc.Issued == nil || doc.State == model.DocumentWithdrawn || !slices.Contains(planPapers, doc.Type) {
		return nil
	}
	for _, row := range rowList(doc.Fields["instalments"]) {
		day, pay := fieldText(row, "pay_on"), fieldText(row, "pay")
		due, dated := readDate(day)
		fen, err := statute.ParseFen(pay)
		if dated && err == nil {
			out = append(out, Instalment{Due: due, Fen: int64(fen)})
		}
	}
	if due, dated := readDate(fieldText(doc.Fields, "due")); len(out) == 0 && dated && doc.Issued.AmountFen > 0 {
		out = []Instalment{{Due: due, Fen: doc.Issued.AmountFen}}
	}
	slices.SortStableFunc(out, func(a, b Instalment) int { return strings.Compare(string(a.Due), string(b.Due)) })
	for i := range out {
		out[i].No = i + 1
		out[i].PaidFen = min(out[i].Fen, paidFen)
		paidFen -= out[i].PaidFen
	}
	return out
}

func fieldText(fields map[string]any, name string) string {
	s, _ := plainText(fields[name])
	return s
}

// NotePayment writes down wages that were paid. A payment on a paper belongs to
// its case and party; a payment in a case to the case's.
func (d *Desk) NotePayment(ctx context.Context, p model.Payment) (model.ID, error) {
	if err := d.paymentProblem(p); err != nil {
		return "", err
	}
	if p.Document != "" {
		doc, _, err := load[model.Document](ctx, d, p.Document)
		if err != nil {
			return "", err
		}
		if doc.Issued == nil || doc.State == model.DocumentWithdrawn {
			return "", fmt.Errorf("《%s》的状态是“%s”，不能登记支付", doc.Title, doc.State)
		}
		p.Case = doc.Case
	}
	if p.Case != "" {
		c, _, err := load[model.Case](ctx, d, p.Case)
		if err != nil {
			return "", err
		}
		p.Employer = c.Employer
	}
	p.State, p.Struck, p.By = model.PaymentNoted, nil, d.me
	return d.commit(ctx, model.Change{ID: d.IDs.NewID(), Record: &p})
}

// paymentProblem is what is missing of a payment or cannot be.
func (d *Desk) paymentProblem(p model.Payment) error {
	switch {
	case p.AmountFen <= 0:
		return fmt.Errorf("请填写支付金额")
	case p.On.Time(time.UTC).IsZero() || p.On > model.DateOf(d.Clock.Now()):
		return fmt.Errorf("支付日期应当是今天或者以前的一天，请核对")
	case p.Workers < 0:
		return fmt.Errorf("领到工资的人数不能小于零")
	case !slices.Contains(model.PayWays(), p.Way):
		return fmt.Errorf("请选择支付方式：%s", chineseList(model.PayWays()))
	case p.Document == "" && p.Case == "" && p.Employer == "":
		return fmt.Errorf("请说明是哪份文书、哪个案件或者哪个单位的支付")
	}
	return nil
}

// StrikePayment says that a payment was noted by mistake. It stays on record and
// counts no more.
func (d *Desk) StrikePayment(ctx context.Context, id model.ID, reason string) error {
	p, rev, err := load[model.Payment](ctx, d, id)
	if err != nil {
		return err
	}
	if p.State == model.PaymentStruck {
		return fmt.Errorf("这笔支付已经作废")
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return fmt.Errorf("请写明作废的原因")
	}
	p.State, p.Struck = model.PaymentStruck, &model.Decision{By: d.me, At: d.Clock.Now(), Outcome: model.PaymentStruck, Reason: reason}
	_, err = d.commit(ctx, model.Change{ID: id, Base: rev, Record: p})
	return err
}

// paidOn is what was paid on the papers, in fen.
func (d *Desk) paidOn(ctx context.Context, papers []Kept[model.Document]) (map[model.ID]int64, error) {
	list, err := all[model.Payment](ctx, d, model.Query{States: []string{model.PaymentNoted}})
	return PaidOn(list, papers), err
}

// PaidOn adds payments up by the paper they count for, in fen; those struck out do
// not count.
func PaidOn(payments []Kept[model.Payment], docs []Kept[model.Document]) map[model.ID]int64 {
	stands, out := standsFor(docs), map[model.ID]int64{}
	for _, k := range payments {
		if k.Value.State != model.PaymentStruck {
			out[countsFor(stands, k.Value.Document)] += k.Value.AmountFen
		}
	}
	return out
}

// standsFor names the paper that counts in another's place: of a formal edition its
// provisional paper, of one that was taken back the newest issued in its place.
func standsFor(docs []Kept[model.Document]) map[model.ID]model.ID {
	byID, out := map[model.ID]*model.Document{}, map[model.ID]model.ID{}
	for _, k := range docs {
		byID[k.ID] = k.Value
	}
	for _, k := range docs {
		v := k.Value
		if v.Issued == nil {
			continue
		}
		if first := byID[v.About]; first != nil && v.Replaces != v.About && first.Issued != nil && first.Issued.Provisional != "" && correctedBy(first, k.ID) {
			out[k.ID] = v.About
			continue
		}
		if newest := byID[out[v.Replaces]]; v.Replaces != "" && (newest == nil || newest.Issued.At.Before(v.Issued.At)) {
			out[v.Replaces] = k.ID
		}
	}
	return out
}

func correctedBy(doc *model.Document, id model.ID) bool {
	return slices.ContainsFunc(doc.Events, func(e model.Event) bool { return e.Kind == model.EventCorrected && e.Record == id })
}

// countsFor follows a paper to the one that counts.
func countsFor(stands map[model.ID]model.ID, id model.ID) model.ID {
	for range len(stands) {
		next, moved := stands[id]
		if !moved {
			break
		}
		id = next
	}
	return id
}

// Counted are the papers that count for themselves: no formal edition beside its
// provisional paper, and none that another was issued in place of.
func Counted(docs []Kept[model.Document]) (out []Kept[model.Document]) {
	stands := standsFor(docs)
	for _, k := range docs {
		if _, other := stands[k.ID]; !other {
			out = append(out, k)
		}
	}
	return out
}

// Family is a paper with its editions and those it was issued in place of, and the
// payments on any of them.
func (d *Desk) Family(ctx context.Context, id model.ID) (docs []Kept[model.Document], paid []Kept[model.Payment], err error) {
	seen := map[model.ID]bool{"": true}
	for next := []model.ID{id}; len(next) > 0; {
		id, next = next[0], next[1:]
		if seen[id] {
			continue
		}
		seen[id] = true
		doc, rev, err := load[model.Document](ctx, d, id)
		if errors.Is(err, model.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		docs = append(docs, Kept[model.Document]{ID: id, Rev: rev, Value: doc})
		list, err := all[model.Payment](ctx, d, model.Query{Parent: id})
		if err != nil {
			return nil, nil, err
		}
		paid, next = append(paid, list...), append(next, doc.Replaces)
		if about, err := maybe[model.Document](ctx, d, doc.About); err == nil && about != nil && correctedBy(about, id) {
			next = append(next, doc.About)
		}
		for _, e := range doc.Events {
			if e.Kind == model.EventCorrected {
				next = append(next, e.Record)
			}
		}
	}
	return docs, paid, nil
}

// planTasks are the instalments that are due of papers, each paper once.
func (d *Desk) planTasks(ctx context.Context, open []Kept[model.Document]) (out []Task, err error) {
	if !slices.ContainsFunc(open, func(k Kept[model.Document]) bool { return slices.Contains(planPapers, k.Value.Type) }) {
		return nil, nil
	}
	over, err := all[model.Document](ctx, d, model.Query{States: []string{model.DocumentWithdrawn, model.DocumentClosed}})
	if err != nil {
		return nil, err
	}
	papers := slices.Concat(open, over)
	paid, err := d.paidOn(ctx, papers)
	if err != nil {
		return nil, err
	}
	for _, k := range Counted(papers) {
		if k.Value.State != model.DocumentClosed {
			out = append(out, instalmentTasks(k, paid[k.ID], model.DateOf(d.Clock.Now()))...)
		}
	}
	return out, nil
}

// instalmentTasks are the instalments of a paper that are over their day, and the
// next one where its day is near.
func instalmentTasks(k Kept[model.Document], paid int64, today model.Date) (out []Task) {
	for _, i := range Instalments(k.Value, paid) {
		if i.Left() <= 0 {
			continue
		}
		if near := i.Due.Time(time.UTC).AddDate(0, 0, -remindDays); today < model.DateOf(near) {
			break
		}
		t := Task{Act: "payment.due", Title: "分期支付到期", Detail: joined(statute.Fen(i.Left()).String(), PartyOf(k.Value)), Due: i.Due,
			Article: articlePlan, Record: k.ID, Kind: model.KindDocument}
		if k.Value.Case != "" {
			t.Record, t.Kind = k.Value.Case, model.KindCase
		}
		out = append(out, t)
	}
	return out
}
