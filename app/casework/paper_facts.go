package casework

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"anxin/model"
	"anxin/model/statute"
)

// dossier is the file a document is drafted from: that of its case, or what
// there is where no case was opened.
func (d *Desk) dossier(ctx context.Context, in PaperIn) (*File, error) {
	if in.Case != "" {
		return d.File(ctx, in.Case)
	}
	office, err := d.Office(ctx)
	if err != nil {
		return nil, err
	}
	f := &File{Office: office.Value, Law: d.Law, At: d.Clock.Now(), Officers: map[model.ID]*model.Officer{}, Case: &model.Case{Employer: in.Employer}}
	if in.Inspection != "" {
		i, _, err := load[model.Inspection](ctx, d, in.Inspection)
		if err != nil {
			return nil, err
		}
		f.Inspections = []Kept[model.Inspection]{{ID: in.Inspection, Value: i}}
		f.Case.Employer, f.Case.Site = i.Employer, i.Site
	}
	if h, err := d.Journal.Head(ctx, in.About); err == nil && h.Kind == model.KindLead {
		if f.Lead, err = model.As[model.Lead](h.Body); err != nil {
			return nil, err
		}
		f.Case.Employer, f.Case.Site = f.Lead.Employer, f.Lead.Site
	}
	if f.Employer, err = maybe[model.Employer](ctx, d, f.Case.Employer); err != nil {
		return nil, err
	}
	if f.Site, err = maybe[model.Site](ctx, d, f.Case.Site); err != nil {
		return nil, err
	}
	people, err := all[model.Officer](ctx, d, model.Query{})
	for _, o := range people {
		f.Officers[o.ID] = o.Value
	}
	return f, err
}

// facts are what the records of a file say, by the names forms and papers use:
// days as 2026-01-31, money as plain figures in yuan.
func (d *Desk) facts(f *File, in PaperIn) map[string]any {
	out := map[string]any{"today": string(model.DateOf(f.At)), "now": f.At.Format(time.RFC3339), "year": strconv.Itoa(f.At.Year())}
	for _, name := range []string{"issued", "applied_on", "reported_on"} {
		out[name] = out["today"]
	}
	officeFacts(out, f)
	d.officerFacts(out, f)
	partyFacts(out, f)
	leadFacts(out, f)
	caseFacts(out, f)
	visitFacts(out, f)
	d.breachFacts(out, f)
	rollFacts(out, f)
	paperFacts(out, f)
	sanctionFacts(out, f)
	if row, err := f.Law.Catalogue(f.At, f.region()).Get(in.Type); err == nil {
		out["copies"] = []string{"", "一", "两", "三", "四", "五", "六", "七", "八", "九"}[row.Copies]
	}
	return out
}

func officeFacts(out map[string]any, f *File) {
	v := f.Office
	days := v.ReportDays
	if days == 0 {
		days = 3
	}
	for name, text := range map[string]string{"agency": v.Name, "agency_address": v.Address, "postcode": v.Postcode, "contact": v.Contact,
		"contact_phone": v.Phone, "supervision": v.Phone, "government": v.Government, "court": v.Court, "report_days": strconv.Itoa(days),
		"recipients": "一份送达当事人，一份存卷", "agency_head": v.Head, "agency_head_post": v.HeadPost, "agency_uscc": v.USCC,
		"bank": v.Bank, "account_name": v.AccountName, "account": v.Account, "pay_account": payAccount(v)} {
		out[name] = text
	}
	out["remedies"] = v.Remedies
}

// payAccount is where fines are paid, in one line.
func payAccount(v *model.Office) string {
	if v.Account == "" {
		return ""
	}
	return v.Bank + "，户名：" + v.AccountName + "，账号：" + v.Account
}

// officerFacts are the two who handle the case, or who made the visit, or the
// officer at this desk.
func (d *Desk) officerFacts(out map[string]any, f *File) {
	ids := []model.ID{f.Case.LeadOfficer, f.Case.Assistant}
	if f.Case.LeadOfficer == "" && len(f.Inspections) > 0 {
		ids = f.Inspections[0].Value.Officers
	}
	if ids[0] == "" {
		ids = []model.ID{d.me}
	}
	var two []*model.Officer
	var rows []map[string]any
	var names []string
	for _, id := range ids {
		if o := f.Officers[id]; o != nil {
			two = append(two, o)
			names = append(names, o.Name)
			rows = append(rows, map[string]any{"name": o.Name, "post": unitAndDuty(o), "cert": o.CertNo})
		}
	}
	officerFields(out, two)
	out["officers"], out["officer_names"] = rows, chineseList(names)
	if len(two) > 0 {
		last := two[len(two)-1]
		out["recorder"], out["recorder_no"], out["recorder_post"] = last.Name, last.CertNo, unitAndDuty(last)
		out["unit"] = two[0].Unit
	}
}

func partyFacts(out map[string]any, f *File) {
	out["party_kind"], out["you"] = model.PartyUnit, addressed(model.PartyUnit)
	if e := f.Employer; e != nil {
		employerFields(out, e)
		if v := statute.CheckPhone(e.Phone); v.OK && strings.HasPrefix(v.Normal, "1") {
			out["mobile"] = v.Normal
		}
		if e.Headcount > 0 {
			out["headcount"] = strconv.Itoa(e.Headcount)
		}
	}
	if s := f.Site; s != nil {
		out["project"], out["project_address"], out["permit"] = s.Name, s.Address, s.PermitNo
		out["manager"], out["manager_phone"] = s.Contact, s.Phone
	}
}

func leadFacts(out map[string]any, f *File) {
	l := f.Lead
	if l == nil {
		return
	}
	out["source"], out["lead_source"], out["received_on"] = l.Source, l.Source, string(model.DateOf(l.ReceivedAt))
	out["claim"], out["complainant"], out["complainant_phone"] = bare(l.Claim), l.Complainant, l.Phone
	if l.Workers > 0 {
		out["lead_workers"] = strconv.Itoa(l.Workers)
	}
	if l.AmountFen > 0 {
		out["lead_amount"] = statute.Fen(l.AmountFen).String()
	}
	if l.Decided != nil {
		out["decision_reason"] = bare(l.Decided.Reason)
	}
	out["lead_decision"] = map[string]string{model.LeadAccepted: "受理", model.LeadRejected: "不予受理", model.LeadSupplement: "通知补正",
		model.LeadTransferred: "转送"}[l.State]
}

func caseFacts(out map[string]any, f *File) {
	c := f.Case
	out["cause"], out["case_number"] = c.Cause, c.Number
	if c.OpenedAt.IsZero() {
		return
	}
	out["opened_on"] = string(model.DateOf(c.OpenedAt))
	for name, extended := range map[string]bool{"investigate_due": false, "extended_due": true} {
		if due, err := f.investigationDue(extended); err == nil {
			out[name] = string(model.DateOf(due.Last))
		}
	}
	if n := len(c.Pauses); n > 0 {
		out["suspended_on"] = string(model.DateOf(c.Pauses[n-1].From))
	}
}

func visitFacts(out map[string]any, f *File) {
	visits := f.visits()
	if len(visits) == 0 {
		visits = f.Inspections
	}
	if len(visits) == 0 {
		return
	}
	i := visits[0].Value
	out["inspected_on"], out["visit_place"] = string(model.DateOf(i.Start)), i.Place
	out["started"], out["ended"], out["planned_at"] = i.Start.Format(time.RFC3339), i.End.Format(time.RFC3339), model.ChineseTime(i.Start)
	out["matters"], out["inspection_kind"], out["manner"], out["basis_visit"] = i.Matter, i.Type+"检查", "现场检查", visitBasis
	out["party_opinion"], out["recording"], out["task"] = i.Opinion, i.Recording, i.Source
	out["yearly_limit"], out["inspected_before"] = yearlyLimit(i), strconv.Itoa(f.Visits)
	out["inspection_code"], out["inspection_picture"] = i.ExternalCode, i.ExternalPicture
	out["visit_pictures"] = pictureRows(i.Pictures)
	if i.Contact != "" {
		out["manager"], out["manager_post"], out["manager_phone"] = i.Contact, i.Duty, i.Phone
	}
}

// breachFacts are what the visits found against the party, in the words of the
// checklist; the arrears on the roll stand apart, as in an order.
func (d *Desk) breachFacts(out map[string]any, f *File) {
	d.chargeFields(out, f.Breaches, len(f.Rolls) > 0)
	delete(out, "evidence")
	delete(out, "basis")
	var findings []map[string]any
	for _, x := range f.Breaches {
		findings = append(findings, map[string]any{"item": x.Label, "result": VerdictNames[x.Verdict], "detail": recordNote(x)})
	}
	out["findings"] = findings
}

// wageArticles are what arrears of wages breach.
const wageArticles = "《中华人民共和国劳动法》第五十条、《保障农民工工资支付条例》第三条第一款"

func rollFacts(out map[string]any, f *File) {
	if len(f.Rolls) == 0 || len(f.Rolls[0].Value.Workers) == 0 {
		return
	}
	roll := f.Rolls[0].Value
	wageFields(out, roll)
	delete(out, "amount_fen")
	total := statute.Fen(roll.TotalFen())
	out["amount"] = total.Plain()
	for i, row := range out["workers"].([]map[string]any) {
		w := roll.Workers[i]
		row["due"], row["paid"], row["owed"] = statute.Fen(w.PayableFen).Plain(), statute.Fen(w.PaidFen).Plain(), statute.Fen(w.OwedFen).Plain()
	}
	who := fmt.Sprintf("%s等%d名劳动者%s至%s的工资", roll.Workers[0].Name, len(roll.Workers), out["wage_from"], out["wage_to"])
	out["wage_fact"] = "拖欠" + who + "，合计" + total.String() + "元"
	out["wage_correction"] = "足额支付" + who + total.String() + "元"
}

// foundFacts are all that was found, as it was put to the party: the words of
// the orders where there are any, those of the checklist before, and the
// arrears on the roll.
func foundFacts(out map[string]any, s *sources) {
	with := func(from string, more any) []map[string]any {
		rows := rowList(s.look("D06." + from))
		if rows == nil {
			rows = rowList(out[from])
		}
		rows = slices.Clone(rows)
		if text, _ := more.(string); text != "" {
			rows = append(rows, map[string]any{"text": text})
		}
		return rows
	}
	out["found"], out["to_correct"] = with("facts", out["wage_fact"]), with("corrections", out["wage_correction"])
	var articles []string
	if text, _ := s.look("D06.violated").(string); text != "" {
		articles = append(articles, text)
	} else if text, _ := out["violated"].(string); text != "" {
		articles = append(articles, text)
	}
	if out["wage_fact"] != nil && !strings.Contains(strings.Join(articles, ""), "《中华人民共和国劳动法》第五十条") {
		articles = append(articles, wageArticles)
	}
	out["breached"] = chineseList(articles)
	out["proven"] = out["found"]
	if text := lapsedFact(s); text != "" {
		out["proven"] = append(slices.Clone(rowList(out["found"])), map[string]any{"text": text})
	}
}

// lapsedFact says that an order was not obeyed in its time, as the
// re-inspection found: a fine for what an order was made about rests on it too
// (保障农民工工资支付条例 54-57). "" where nothing was found.
func lapsedFact(s *sources) string {
	conclusion, _ := s.look("D07.conclusion").(string)
	if conclusion != "逾期未改正" && conclusion != "部分改正" {
		return ""
	}
	title, _ := s.look("D06.title").(string)
	number, _ := s.look("D06.number").(string)
	due, _ := s.look("D06.due_by").(string)
	return fmt.Sprintf("经《%s》（%s）责令于%s前改正，期限届满后复查，%s", title, number, model.Date(due).Chinese(), conclusion)
}

// paperFacts are the evidence and the papers of the file, as lists.
func paperFacts(out map[string]any, f *File) {
	var items, papers []map[string]any
	item := func(name, kind string) {
		items = append(items, map[string]any{"name": name, "kind": kind, "text": name, "quantity": "1份", "form": "原件"})
	}
	docs := f.issued("D03", "D28", "D07", "D10b", "D27b")
	kinds := map[string]string{"D28": "当事人的陈述"}
	for _, k := range docs {
		kind := kinds[k.Value.Type]
		if kind == "" {
			kind = "勘验笔录、现场笔录"
		}
		item(k.Value.Title, kind)
	}
	if len(f.Rolls) > 0 {
		item("工资支付表", "书证")
	}
	for i := len(f.Evidence) - 1; i >= 0; i-- {
		item(f.Evidence[i].Value.Name, f.Evidence[i].Value.Category)
	}
	var names []string
	for i, x := range items {
		word := "name"
		if i >= len(items)-len(f.Evidence) {
			word = "kind" // a sentence cites kinds of evidence, not names of files
		}
		text, _ := x[word].(string)
		names = appendNew(names, text)
	}
	out["evidence"], out["evidence_items"] = chineseList(names), items
	if len(names) > 0 {
		out["progress"] = "立案后已取得" + chineseList(names) + "等证据"
	}
	var materials []map[string]any
	for i := len(f.Evidence) - 1; i >= 0; i-- {
		materials = append(materials, map[string]any{"name": f.Evidence[i].Value.Name, "kind": f.Evidence[i].Value.Category})
	}
	out["materials"] = materials
	for _, row := range f.Law.Catalogue(f.At, f.region()).All() {
		for _, k := range f.issued(row.ID) {
			name := strings.TrimSpace(k.Value.Title + " " + NumberOf(k.Value))
			papers = append(papers, map[string]any{"name": name, "text": name, "quantity": strconv.Itoa(k.Value.Issued.Pages) + "页"})
		}
	}
	out["papers"] = papers
}

// sanctionFacts are what is proposed against the party and the latest decision
// on it.
func sanctionFacts(out map[string]any, f *File) {
	if s := f.Case.Sanction; s != nil && s.FineFen > 0 {
		out["fine"], out["tier"] = statute.Fen(s.FineFen).Plain(), s.Tier
		var articles []string
		for _, key := range s.Rules {
			if r, err := f.Law.Fine(key, s.ActOn.Time(f.At.Location()), f.region()); err == nil {
				articles = appendNew(articles, r.Article)
			}
		}
		out["proposal"] = "行政处罚"
		out["measures"] = []map[string]any{{"text": "罚款人民币" + statute.Fen(s.FineFen).String() + "元"}}
		out["fine_basis"], out["discretion"] = chineseList(articles), "属于“"+s.Tier+"”裁量阶次"+reasonTail(s.Reason)
	}
	out["hearing"] = f.hearingNeeded(f.At) && f.Case.Sanction != nil
	if docs := f.decisions(); len(docs) > 0 {
		k := docs[len(docs)-1]
		out["decision_title"], out["decision_number"], out["decided_on"] = k.Value.Title, NumberOf(k.Value), string(model.DateOf(k.Value.Issued.At))
		if on := f.servedOn(k.ID); !on.IsZero() {
			out["decision_served"] = string(model.DateOf(on))
		}
	}
}

func reasonTail(reason string) string {
	if reason == "" {
		return ""
	}
	return "，" + bare(reason)
}
