package office_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"anxin/app/casework"
	"anxin/forms"
	"anxin/model"
	"anxin/model/modeltest"
)

// chambers is the bureau with a reviewer and a head beside its inspectors, and
// a case that was visited, asked about and ordered to correct.
type chambers struct {
	*bureau
	reviewer, head *casework.Desk
	order          model.ID
}

func newChambers(t *testing.T) *chambers {
	b := newBureau(t)
	b.knowAll()
	b.employ(third, model.RoleReviewer)
	b.employ(fourth, model.RoleApprover)
	b.accepted()
	c := &chambers{bureau: b, reviewer: casework.NewDesk(b.Desk.Rooms, b.people[third]), head: casework.NewDesk(b.Desk.Rooms, b.people[fourth])}
	return c
}

// knowAll completes the registers and the lead, so that a case knows all that a
// case can.
func (b *bureau) knowAll() {
	b.t.Helper()
	h, err := b.Store.Head(b.ctx, b.lead)
	b.ok(err)
	l, err := model.As[model.Lead](h.Body)
	b.ok(err)
	l.Complainant, l.Phone, l.Claim, l.Workers, l.AmountFen, l.ReceivedAt = "某甲", "13907360009", "三个月没有发工资", 12, 15_666_000, b.Now()
	_, err = b.Desk.Save(b.ctx, b.lead, h.Rev, l)
	b.ok(err)
	o, err := b.Desk.Office(b.ctx)
	b.ok(err)
	v := o.Value
	v.Head, v.HeadPost, v.USCC, v.Bank, v.AccountName, v.Account = "某局长", "局长", "11430725000000001X", "县农商行", "县财政局", "6217000000000001"
	_, err = b.Desk.Save(b.ctx, o.ID, o.Rev, v)
	b.ok(err)
}

// employ gives an officer another part.
func (b *bureau) employ(who int, role string) {
	b.t.Helper()
	h, err := b.Store.Head(b.ctx, b.people[who])
	b.ok(err)
	o, err := model.As[model.Officer](h.Body)
	b.ok(err)
	o.Role = role
	_, err = b.Desk.Save(b.ctx, b.people[who], h.Rev, o)
	b.ok(err)
}

// draft drafts a type for the case and answers whatever its form still asks.
func (b *bureau) draft(docType string) model.ID {
	b.t.Helper()
	id, err := b.Desk.DraftPaper(b.ctx, casework.PaperIn{Type: docType, Case: b.kase})
	b.ok(err)
	b.complete(id)
	return id
}

// complete answers what the form of a draft requires and nobody knew.
func (b *bureau) complete(id model.ID) {
	b.t.Helper()
	h, err := b.Store.Head(b.ctx, id)
	b.ok(err)
	doc, err := model.As[model.Document](h.Body)
	b.ok(err)
	form, err := b.Desk.PaperForm(doc.Type)
	b.ok(err)
	given, err := b.Desk.PaperAnswers(b.ctx, doc)
	b.ok(err)
	in, err := forms.New(form, forms.Env{Now: b.Now, Language: "zh"})
	b.ok(err)
	b.ok(in.LoadFlat(given))
	for _, f := range b.Press.Fields(doc.Type) {
		if q := repeatOf(form, f.Name); q != nil && f.Required && in.Count(q.Path) == 0 {
			_, _, err := in.Add(q.Path)
			b.ok(err)
		}
	}
	for _, p := range in.Errors() {
		n, _ := in.Node(p.Path)
		value := b.plausible(n.Question)
		if n.Question.Name == "pay" {
			value = in.Value("/g2/amount") // the whole sum in one instalment
		}
		_, err := in.Set(p.Path, value)
		b.ok(err)
	}
	for _, p := range in.Errors() {
		b.t.Errorf("%s %s: %s", doc.Type, p.Path, p.Message)
	}
	flat, err := in.Flat()
	b.ok(err)
	_, err = b.Desk.SavePaper(b.ctx, id, h.Rev, flat)
	b.ok(err)
}

func repeatOf(form *forms.Form, name string) (found *forms.Question) {
	form.Each(func(q *forms.Question) {
		if q.Name == name && q.IsRepeat() {
			found = q
		}
	})
	return found
}

func (b *bureau) plausible(q *forms.Question) string {
	switch q.Type {
	case forms.TypeDate:
		return b.Now().AddDate(0, 0, 5).Format(time.DateOnly) // a due day lies ahead
	case forms.TypeDateTime:
		return b.Now().Format(time.RFC3339)
	case forms.TypeDecimal:
		return "1200.50"
	case forms.TypeSelectOne, forms.TypeSelectMultiple:
		return q.Choices[0].Name
	}
	return "记录在案"
}

// issue drafts, completes and issues a type.
func (b *bureau) issue(docType string) model.ID {
	b.t.Helper()
	id := b.draft(docType)
	_, err := b.Desk.Issue(b.ctx, id)
	b.ok(err)
	return id
}

func (b *bureau) serve(doc model.ID) {
	b.t.Helper()
	_, _, err := b.Desk.Serve(b.ctx, model.Service{Document: doc, Mode: model.ServeDirect, At: b.Now().Add(time.Minute), Place: "工地", Receiver: "某人",
		Relation: "负责人", Officers: b.pick(first, second)})
	b.ok(err)
}

func (b *bureau) read(id model.ID) *model.Document {
	b.t.Helper()
	h, err := b.Store.Head(b.ctx, id)
	b.ok(err)
	doc, err := model.As[model.Document](h.Body)
	b.ok(err)
	return doc
}

func (c *chambers) decide(by *casework.Desk, matter, outcome string, on model.ID) {
	c.t.Helper()
	c.ok(by.Decide(c.ctx, c.kase, model.CaseDecision{Matter: matter, Decision: model.Decision{Outcome: outcome, Reason: "记录在案"}, Document: on}))
}

func (c *chambers) wait(days int) { c.clock.Move(time.Duration(days) * 24 * time.Hour) }

// inspected has the visit, the roll, the statement and the evidence.
func (c *chambers) inspected() {
	c.t.Helper()
	visit := c.announced()
	roll := modeltest.WageRoll(1, 12, c.kase)
	rolled := c.save(roll)
	start := c.Now().Add(-time.Hour)
	_, _, err := c.Desk.RecordVisit(c.ctx, casework.SiteRecord{Inspection: visit, Start: start, End: start.Add(time.Hour), Place: "项目部", Contact: "某人", Duty: "项目负责人",
		Phone: "13907360002", Recording: "全程录音录像", Pictures: c.snapped(visit, "告示牌.jpg"),
		WageRoll: rolled, Opinion: "没有异议。", Answers: map[string]any{"C14": casework.VerdictBreach, "C14_workers": int64(3), "C14_note": "三人未签合同"}})
	c.ok(err)
	c.ok(c.interview("甲某", -2*time.Hour, -time.Hour-time.Minute, first, second))
	_, err = c.Desk.AddEvidence(c.ctx, casework.EvidenceIn{Case: c.kase, Name: "工地.txt", Category: "书证", Supports: []string{"C14", "C27"}}, strings.NewReader("照片"))
	c.ok(err)
	ids, _, err := c.Desk.DraftOrders(c.ctx, casework.OrderIn{Inspection: visit, Due: model.DateOf(c.Now().AddDate(0, 0, 5))})
	c.ok(err)
	c.order = ids[0]
}

// TestEveryTypeIsDraftedAndIssued leads one case through its whole life and
// drafts and issues every type of the catalogue on the way, each behind its
// gates.
func TestEveryTypeIsDraftedAndIssued(t *testing.T) {
	c := newChambers(t)
	made := map[string]model.ID{}
	issue := func(types ...string) {
		t.Helper()
		for _, docType := range types {
			made[docType] = c.issue(docType)
		}
	}
	serve := func(types ...string) {
		t.Helper()
		for _, docType := range types {
			c.serve(made[docType])
		}
	}
	closed := func(docType, why string) {
		t.Helper()
		_, err := c.Desk.Issue(c.ctx, c.draft(docType))
		refused(t, err, why)
	}
	issue("D05", "D05a", "D16a", "D04")
	c.inspected()
	issue("D01", "D02", "D03", "D28", "D16", "D08b", "D27", "D27a", "D27b", "D23", "D23a", "D20", "D08c", "D22")
	closed("D08", "批准")
	c.decide(c.head, "先行登记保存", "批准", "")
	issue("D08")
	serve("D08")
	issue("D08a", "D26", "D25b")
	closed("D26a", "没有中止调查的规定")
	closed("D26b", "没有尚未恢复的中止调查")
	issue("D06")
	if _, err := c.Desk.Issue(c.ctx, c.order); err != nil {
		t.Fatal(err)
	}
	c.serve(c.order)
	c.serve(made["D06"])
	closed("D07", "期限尚未届满")
	c.wait(6)
	issue("D07")
	c.decide(c.Desk, "整改复查", "逾期未改正", made["D07"])
	closed("D20a", "设区的市级以上")
	c.decide(c.head, "查询审批", "设区的市级以上批准", "")
	issue("D20a", "D17a")
	c.decide(c.head, "移送审批", "批准移送", made["D17a"])
	issue("D17", "D25")
	serve("D25")
	c.decision(issue, serve, closed)
	c.wait(30)
	issue("D13a", "D25a", "D24", "D21", "D19")
	closed("D24a", "尚未届满")
	serve("D24")
	c.wait(190)
	issue("D24a")
	closed("D15", "不予处罚")
	closed("D19a", "撤销立案限于")
	every(t, made, "D15", "D19a", "D26a", "D26b")
	t.Run("prefilled", func(t *testing.T) { c.prefilled(t) })
}

// TestPapersOfALightCase: nothing grave was found; the case ends without a
// penalty or is dropped.
func TestPapersOfALightCase(t *testing.T) {
	c := newChambers(t)
	c.issue("D05")
	c.issue("D19a") // nothing found yet
	order := c.order0()
	_, err := c.Desk.Issue(c.ctx, order)
	c.ok(err)
	c.serve(order)
	c.wait(6)
	c.decide(c.Desk, "整改复查", "已改正", c.issue("D07"))
	c.issue("D18")
	_, err = c.Desk.Propose(c.ctx, c.kase, model.Sanction{Rules: []string{"obstruction"}, Tier: "轻微", FineFen: 200_000, Organisation: true, ActOn: "2026-09-20",
		Grounds: []string{"first_offence", "minor", "no_harm", "slight_harm"}})
	c.ok(err)
	_, err = c.Desk.Issue(c.ctx, c.draft("D15"))
	refused(t, err, "教育")
	c.decide(c.Desk, "教育", "已教育", "")
	c.issue("D15")
}

// order0 is an order about one small finding.
func (c *chambers) order0() model.ID {
	c.t.Helper()
	return c.bureau.order(c.recorded(), model.DateOf(c.Now().AddDate(0, 0, 5)))
}

// TestPapersOfARegion: where the law of the province lets an investigation be
// suspended, its form can be issued.
func TestPapersOfARegion(t *testing.T) {
	c := newChambers(t)
	o, err := c.Desk.Office(c.ctx)
	c.ok(err)
	o.Value.Region = "浙江"
	o.Value.Titles = map[string]string{"D26a": "中止调查呈批表"}
	_, err = c.Desk.Save(c.ctx, o.ID, o.Rev, o.Value)
	c.ok(err)
	if doc := c.read(c.issue("D26a")); doc.Title != "中止调查呈批表" {
		t.Errorf("titled %q", doc.Title)
	}
	c.issue("D26b")
	_, err = c.Desk.Issue(c.ctx, c.draft("D26b"))
	refused(t, err, "没有尚未恢复的中止调查")
}

// TestNothingIsTypedTwice: what the case knows stands in the draft before
// anybody has typed.
func TestNothingIsTypedTwice(t *testing.T) {
	c := newChambers(t)
	c.inspected()
	_, err := c.Desk.Issue(c.ctx, c.order)
	c.ok(err)
	c.serve(c.order)
	order := c.read(c.order)
	for docType, want := range map[string]map[string]string{
		"D07": {"order_number": order.Issued.Number, "order_due": string(order.DueBy), "order_served": "2026-09-18", "employer": "桃花源第1建筑工程有限公司"},
		"D09": {"statement_days": "3", "violated": order.Fields["violated"].(string) + "、《中华人民共和国劳动法》第五十条、《保障农民工工资支付条例》第三条第一款"},
		"D13": {"pay_days": "15日", "government": "桃花源县人民政府", "opened_on": "2026-09-18"},
		"D14": {"worker_count": "12", "amount": "156660.00", "amount_words": "人民币壹拾伍万陆仟陆佰陆拾元整", "first_worker": order.Fields["first_worker"].(string)},
		"D26": {"due_by": "2026-12-17", "days": "30个工作日", "basis": "《劳动保障监察条例》第十七条"},
		"D25": {"object_days": "5个工作日", "order_due": string(order.DueBy)},
	} {
		id, err := c.Desk.DraftPaper(c.ctx, casework.PaperIn{Type: docType, Case: c.kase})
		c.ok(err)
		doc := c.read(id)
		for name, text := range want {
			if got, _ := doc.Fields[name].(string); got != text {
				t.Errorf("%s %s is %q, want %q", docType, name, doc.Fields[name], text)
			}
		}
	}
}

// TestSumsAgreeOrNothingIsIssued: the sum of an order to pay is that of its
// rows, and its words follow the figure.
func TestSumsAgreeOrNothingIsIssued(t *testing.T) {
	c := newChambers(t)
	c.inspected()
	id := c.draft("D23a")
	h, err := c.Store.Head(c.ctx, id)
	c.ok(err)
	doc := c.read(id)
	doc.Fields["amount"], doc.Fields["instalments"] = json.Number("150000"), []map[string]any{{"pay_on": "2026-10-01", "pay": json.Number("100000.5")}}
	_, err = c.Desk.SavePaper(c.ctx, id, h.Rev, doc.Fields)
	c.ok(err)
	_, err = c.Desk.Issue(c.ctx, id)
	refused(t, err, "应当等于各期支付金额的合计")
	if words := c.read(id).Fields["amount_words"]; words != "人民币壹拾伍万元整" {
		t.Errorf("in words %v", words)
	}
}

// TestAnAnswerToAComplaintNeedsNoCase: a complaint that is turned down has none.
func TestAnAnswerToAComplaintNeedsNoCase(t *testing.T) {
	b := newBureau(t)
	b.ok(b.Desk.DeclineLead(b.ctx, b.lead, model.LeadRejected, "不属于劳动保障监察范围"))
	id, err := b.Desk.DraftPaper(b.ctx, casework.PaperIn{Type: "D05a", About: b.lead})
	b.ok(err)
	doc := b.read(id)
	doc.Fields["decision"], doc.Fields["complainant"], doc.Fields["claim"] = "不予受理", "某人", "工资未发"
	h, err := b.Store.Head(b.ctx, id)
	b.ok(err)
	_, err = b.Desk.SavePaper(b.ctx, id, h.Rev, doc.Fields)
	b.ok(err)
	k, err := b.Desk.Issue(b.ctx, id)
	b.ok(err)
	if k.Value.Title != "劳动保障监察投诉不予受理决定书" || k.Value.Fields["reason"] != "不属于劳动保障监察范围" {
		t.Errorf("%s because %v", k.Value.Title, k.Value.Fields["reason"])
	}
}

// decision leads the case from its report to its decisions.
func (c *chambers) decision(issue, serve func(...string), closed func(docType, why string)) {
	c.t.Helper()
	closed("D09", "调查尚未终结")
	issue("D18")
	_, err := c.Desk.Propose(c.ctx, c.kase, model.Sanction{Rules: []string{"wage.unit"}, Tier: "一般", FineFen: 3_500_000, Organisation: true, ActOn: "2026-09-20"})
	c.ok(err)
	issue("D09", "D10")
	closed("D13", "事先告知书尚未送达")
	serve("D09", "D10")
	closed("D13", "尚未届满")
	c.decide(c.Desk, "听证", "当事人要求", "")
	issue("D10a")
	serve("D10a")
	c.wait(20)
	closed("D13", "尚未举行")
	issue("D10b", "D12", "D11")
	c.decide(c.head, "听证", "已举行", c.newest("D10b"))
	c.decide(c.Desk, "陈述申辩", "复核后不采纳", "")
	c.decide(c.reviewer, "法制审核", "同意", c.newest("D12"))
	c.decide(c.head, "集体讨论", "同意", c.newest("D11"))
	issue("D13", "D14")
	serve("D13", "D14")
	c.decide(c.Desk, "执行", "已履行", "")
}

// newest is the paper of a type that was issued last.
func (c *chambers) newest(docType string) model.ID {
	c.t.Helper()
	docs, err := c.Store.List(c.ctx, model.Query{Kind: model.KindDocument, Case: c.kase, Limit: 500})
	c.ok(err)
	for _, h := range docs {
		if doc := c.read(h.ID); doc.Type == docType && doc.Issued != nil {
			return h.ID
		}
	}
	c.t.Fatalf("no %s", docType)
	return ""
}

// every: all types of the catalogue were issued but those named, which are
// issued in other cases.
func every(t *testing.T, made map[string]model.ID, elsewhere ...string) {
	t.Helper()
	for _, row := range catalogue(t) {
		if made[row.ID] == "" != slices.Contains(elsewhere, row.ID) {
			t.Errorf("%s: issued %t", row.ID, made[row.ID] != "")
		}
	}
}
