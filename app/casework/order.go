package casework

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"anxin/model"
	"anxin/model/statute"
)

// wageItem is the checklist item whose order is the wage block of the paper
// (block A-2), with the roll as its annex.
const wageItem = "C27"

// orderArticle is what an order to rectify always rests on.
const orderArticle = "《劳动保障监察条例》第十八条第一款第（二）项"

// OrderIn asks for the orders that follow from a recorded visit.
type OrderIn struct {
	Inspection model.ID
	Due        model.Date
	// StatementDays is how many working days the party has to be heard; 0
	// means 3.
	StatementDays int
}

// DraftOrders turns the breaches of a recorded visit into rectification
// orders, one for each unit that answers for them: an order that charges a
// subcontractor with the owner's duty applies the law wrongly. The inspected
// employer's own order comes first and carries the wage block with the roll
// as its annex. A breach nobody on the site answers for is named in the
// reasons.
func (d *Desk) DraftOrders(ctx context.Context, in OrderIn) ([]model.ID, []Reason, error) {
	b, err := d.orderBase(ctx, in)
	if err != nil {
		return nil, nil, err
	}
	byUnit := map[model.ID][]Finding{}
	var units []model.ID
	var odd []Reason
	for _, f := range b.breaches {
		unit := Liable(f, b.visit.Employer, b.site)
		if unit == "" {
			odd = append(odd, warn(fmt.Sprintf("%s“%s”没有对应的责任单位，未列入指令书，请在工程项目中补登单位", f.Code, f.Label), f.Basis))
			continue
		}
		if byUnit[unit] == nil {
			units = append(units, unit)
		}
		byUnit[unit] = append(byUnit[unit], f)
	}
	switch {
	case len(b.breaches) == 0:
		return nil, nil, fmt.Errorf("检查没有发现不符合项，不需要制作限期改正指令书")
	case len(units) == 0:
		for i := range odd {
			odd[i].Blocks = true
		}
		return nil, nil, enforce("制作限期改正指令书", odd)
	}
	var ids []model.ID
	var changes []model.Change
	for _, unit := range ownFirst(units, b.visit.Employer) {
		doc, err := d.draftOrder(ctx, b, unit, byUnit[unit])
		if err != nil {
			return nil, nil, err
		}
		id := d.IDs.NewID()
		ids, changes = append(ids, id), append(changes, model.Change{ID: id, Record: doc})
	}
	if _, err := d.commit(ctx, changes...); err != nil {
		return nil, nil, fmt.Errorf("保存限期改正指令书草稿: %w", err)
	}
	return ids, odd, nil
}

// orderBase is what all orders of one visit share.
type orderBase struct {
	in       OrderIn
	visit    *model.Inspection
	site     *model.Site
	roll     *model.WageRoll
	breaches []Finding
	fields   map[string]any
}

func (d *Desk) orderBase(ctx context.Context, in OrderIn) (*orderBase, error) {
	i, _, err := load[model.Inspection](ctx, d, in.Inspection)
	if err != nil {
		return nil, err
	}
	b := &orderBase{in: in, visit: i, site: &model.Site{}}
	if i.Site != "" {
		if b.site, _, err = load[model.Site](ctx, d, i.Site); err != nil {
			return nil, err
		}
	}
	if i.WageRoll != "" {
		if b.roll, _, err = load[model.WageRoll](ctx, d, i.WageRoll); err != nil {
			return nil, err
		}
	}
	b.breaches = Breaches(Findings(d.Checklist, i.Checklist, b.site.Name))
	b.fields, err = d.officeFields(ctx)
	if err != nil {
		return nil, err
	}
	two, err := d.people(ctx, i.Officers)
	if err != nil {
		return nil, err
	}
	officerFields(b.fields, two)
	return b, nil
}

// draftOrder writes one unit's order.
func (d *Desk) draftOrder(ctx context.Context, b *orderBase, unit model.ID, breaches []Finding) (*model.Document, error) {
	e, _, err := load[model.Employer](ctx, d, unit)
	if err != nil {
		return nil, err
	}
	f := clone(b.fields)
	employerFields(f, e)
	f["project"], f["project_address"] = b.site.Name, b.site.Address
	f["inspected_on"] = model.DateOf(b.visit.Start).Chinese()
	f["subject"] = "在上述项目的用工和工资支付情况"
	if b.site.Name == "" {
		f["subject"] = "的用工和工资支付情况"
	}
	f["due"] = b.in.Due.Chinese()
	f["issued"] = model.DateOf(d.Clock.Now()).Chinese()
	f["statement_days"] = strconv.Itoa(max(b.in.StatementDays, 3))
	d.chargeFields(f, breaches, b.roll != nil)
	doc := &model.Document{Type: "D06", Case: b.visit.Case, Inspection: b.in.Inspection, DueBy: b.in.Due, Fields: f}
	if b.roll != nil && charged(breaches, wageItem) {
		wageFields(f, b.roll)
		f["labour_contract"] = true
		doc.WageRoll = b.visit.WageRoll
	}
	if doc.Title, err = d.title(ctx, doc); err != nil {
		return nil, err
	}
	d.draft(doc)
	return doc, d.citeEvidence(ctx, doc)
}

// What an order may cite, and nothing that is not in the file.
const (
	siteRecordName = "现场检查笔录"
	interviewName  = "调查询问笔录"
	wageRollName   = "工资支付表"
)

// citeEvidence writes the evidence an order cites from what the case holds:
// when it is drafted, and again when it is issued, since a statement may have
// been taken in between. Words an officer wrote stay.
func (d *Desk) citeEvidence(ctx context.Context, doc *model.Document) error {
	text, _ := doc.Fields["evidence"].(string)
	for _, word := range strings.Split(text, "、") {
		if word != siteRecordName && word != interviewName && word != wageRollName {
			return nil
		}
	}
	cited := []string{siteRecordName}
	if doc.Case != "" {
		n, err := d.Journal.Count(ctx, model.Query{Kind: model.KindInterview, Case: doc.Case, States: []string{model.InterviewDone}})
		if err != nil {
			return fmt.Errorf("清点证据: %w", err)
		}
		if n > 0 {
			cited = append(cited, interviewName)
		}
	}
	if doc.WageRoll != "" {
		cited = append(cited, wageRollName)
	}
	doc.Fields["evidence"] = chineseList(cited)
	return nil
}

// chargeFields are the facts, what they breach, what to correct and what
// follows if it is not. The wage item stands in its own block when there is a
// roll.
func (d *Desk) chargeFields(f map[string]any, breaches []Finding, wages bool) {
	var facts, corrections []map[string]any
	var basis, articles, lapse []string
	for _, x := range breaches {
		if x.Code == wageItem && wages {
			continue
		}
		facts = append(facts, map[string]any{"text": chargeText(x)})
		if x.Correction != "" {
			corrections = append(corrections, map[string]any{"text": x.Correction})
		}
		basis = appendNew(basis, x.Basis)
		a, l := x.Lapse()
		articles, lapse = appendNew(articles, a), appendNew(lapse, l)
	}
	f["evidence"] = siteRecordName
	f["basis"] = orderArticle
	if len(facts) == 0 {
		return
	}
	f["facts"], f["corrections"] = facts, corrections
	f["violated"] = strings.Join(basis, "、")
	f["penalty_basis"], f["penalty"] = strings.Join(articles, "、"), strings.Join(lapse, "；")
}

// chargeText is the fact of a finding; what the officer wrote comes in where
// the prepared sentence has no place for it.
func chargeText(f Finding) string {
	if f.Note != "" && !strings.Contains(f.Fact, bare(f.Note)) {
		return bare(f.Fact) + "：" + bare(f.Note)
	}
	return bare(f.Fact)
}

// wageFields are block A-2 and its annex: the count, the sum in figures and in
// words, and the rows they come from.
func wageFields(f map[string]any, roll *model.WageRoll) {
	total := statute.Fen(roll.TotalFen())
	from, to := roll.Months()
	f["wages"] = true
	f["first_worker"] = roll.Workers[0].Name
	f["worker_count"] = strconv.Itoa(len(roll.Workers))
	f["wage_from"], f["wage_to"] = chineseMonth(from), chineseMonth(to)
	f["amount"], f["amount_words"] = total.String(), total.Capital()
	f["amount_fen"] = int64(total)
	f["prepared_by"] = roll.Maker
	var rows []map[string]any
	for _, w := range roll.Workers {
		rows = append(rows, map[string]any{"name": w.Name, "id_number": w.IDNo, "trade": w.Trade, "period": period(w.From, w.To),
			"due": statute.Fen(w.PayableFen).String(), "paid": statute.Fen(w.PaidFen).String(), "owed": statute.Fen(w.OwedFen).String(),
			"card": w.Card4, "note": w.Note})
	}
	f["workers"] = rows
}

// period is 2026-06 to 2026-08 in the width of a table cell: the year stands
// once where it is the same.
func period(from, to string) string {
	switch {
	case to == "" || from == to:
		return from
	case len(to) == 7 && strings.HasPrefix(from, to[:4]):
		return from + "至" + to[5:]
	}
	return from + "至" + to
}

func charged(breaches []Finding, code string) bool {
	for _, f := range breaches {
		if f.Code == code {
			return true
		}
	}
	return false
}

func ownFirst(units []model.ID, own model.ID) []model.ID {
	out := []model.ID{}
	for _, u := range units {
		if u == own {
			out = append(out, u)
		}
	}
	for _, u := range units {
		if u != own {
			out = append(out, u)
		}
	}
	return out
}

func appendNew(list []string, s string) []string {
	if s == "" || containsText(list, s) {
		return list
	}
	return append(list, s)
}

func clone(m map[string]any) map[string]any {
	out := make(map[string]any, len(m))
	for k, v := range m {
		out[k] = v
	}
	return out
}

// presetDue are the periods an order usually sets, in days.
var presetDue = []int{3, 5, 7, 10, 15}

// DuePresets are the days an order made today may set.
func (d *Desk) DuePresets() []model.Date {
	var out []model.Date
	for _, n := range presetDue {
		out = append(out, model.DateOf(d.Clock.Now().AddDate(0, 0, n)))
	}
	return out
}
