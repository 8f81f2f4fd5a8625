package office_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"anxin/app/casework"
	"anxin/forms"
	"anxin/model"
)

// clerk leads a case and writes down what had to be typed into its papers:
// by the label of the question, since that is what a person reads.
type clerk struct {
	*chambers
	typed map[string][]string // label → types it was typed for
	picks map[string]string   // answers to choices, by type and question
	all   []string            // every text that was typed
}

func newClerk(c *chambers) *clerk {
	return &clerk{chambers: c, typed: map[string][]string{}, picks: map[string]string{"D07 conclusion": "逾期未改正", "D07 next_step": "行政处罚程序", "D18 proposal": "行政处罚"}}
}

// paper drafts, completes and issues a type, typing each open text with a word
// of its own.
func (c *clerk) paper(docType string) *model.Document {
	c.t.Helper()
	id, err := c.Desk.DraftPaper(c.ctx, casework.PaperIn{Type: docType, Case: c.kase})
	c.ok(err)
	form, err := c.Desk.PaperForm(docType)
	c.ok(err)
	given, err := c.Desk.PaperAnswers(c.ctx, c.read(id))
	c.ok(err)
	in, err := forms.New(form, forms.Env{Now: c.Now, Language: "zh"})
	c.ok(err)
	c.ok(in.LoadFlat(given))
	for _, p := range in.Errors() {
		n, _ := in.Node(p.Path)
		_, err := in.Set(p.Path, c.answer(docType, n.Question))
		c.ok(err)
	}
	flat, err := in.Flat()
	c.ok(err)
	h, err := c.Store.Head(c.ctx, id)
	c.ok(err)
	_, err = c.Desk.SavePaper(c.ctx, id, h.Rev, flat)
	c.ok(err)
	k, err := c.Desk.Issue(c.ctx, id)
	c.ok(err)
	return k.Value
}

func (c *clerk) answer(docType string, q *forms.Question) string {
	if pick := c.picks[docType+" "+q.Name]; pick != "" {
		return pick
	}
	label := q.Label.In("zh")
	if !slices.Contains(c.typed[label], docType) {
		c.typed[label] = append(c.typed[label], docType)
	}
	if q.Type != forms.TypeText {
		return c.plausible(q)
	}
	text := fmt.Sprintf("%s%s的内容", docType, label)
	c.all = append(c.all, text)
	return text
}

// same: a field of a paper says what is said elsewhere.
func (c *clerk) same(doc *model.Document, field, want string) {
	c.t.Helper()
	got := fmt.Sprint(doc.Fields[field])
	if text, ok := doc.Fields[field].(string); ok {
		got = text
	}
	if want == "" || !strings.Contains(got, want) {
		c.t.Errorf("%s %s is %q, which lacks %q", doc.Type, field, got, want)
	}
}

func (c *clerk) move(by *casework.Desk, to string) {
	c.t.Helper()
	_, err := by.Move(c.ctx, c.kase, to, casework.MoveIn{Reason: "记录在案"})
	c.ok(err)
}

func texts(doc *model.Document, field string) (out []string) {
	rows, _ := doc.Fields[field].([]map[string]any)
	for _, r := range rows {
		out = append(out, fmt.Sprint(r["text"]))
	}
	list, _ := doc.Fields[field].([]any)
	for _, x := range list {
		r, _ := x.(map[string]any)
		out = append(out, fmt.Sprint(r["text"]))
	}
	return out
}

// TestAPenaltyFileIsWrittenFromItsOwnPapers leads the ordinary procedure in
// the order the law asks, from the opening to the bound file: each paper takes
// what the earlier ones say, and nobody is asked the same thing twice.
func TestAPenaltyFileIsWrittenFromItsOwnPapers(t *testing.T) {
	c := newClerk(newChambers(t))
	opening := c.paper("D05")
	c.decide(c.head, "立案审批", "同意立案", "")
	c.inspected()
	k, err := c.Desk.Issue(c.ctx, c.order)
	c.ok(err)
	order := k.Value
	c.serve(c.order)
	c.wait(6)
	again := c.paper("D07")
	c.decide(c.Desk, "整改复查", "逾期未改正", c.newest("D07"))
	c.same(again, "order_number", order.Issued.Number)
	c.same(again, "order_due", "2026-09-23")
	if items := texts(again, "items"); len(items) < 2 || items[0] != texts(order, "corrections")[0] || !strings.Contains(items[1], order.Fields["first_worker"].(string)) {
		t.Errorf("seen again: %q", items)
	}
	report := c.report(order)
	notice := c.notice(report)
	decision := c.penalty(notice)
	c.same(decision, "opened_on", "2026-09-18")
	c.same(decision, "cause", fmt.Sprint(opening.Fields["cause"]))
	c.closed(order, decision)
	for label, types := range c.typed {
		if len(types) > 1 && !slices.Contains(ownEachTime, label) {
			t.Errorf("%q was typed for %v", label, types)
		}
	}
}

// ownEachTime are questions that each paper asks about itself.
var ownEachTime = []string{"主办意见"}

// report is the end of the investigation: it tells the course, the facts of
// the order and that it was not obeyed.
func (c *clerk) report(order *model.Document) *model.Document {
	c.t.Helper()
	report := c.paper("D18")
	c.same(report, "process", order.Issued.Number)
	facts := texts(report, "facts")
	if len(facts) != 3 || facts[0] != texts(order, "facts")[0] || !strings.Contains(facts[1], "156,660.00元") || !strings.Contains(facts[2], "逾期未改正") {
		c.t.Errorf("the report's facts are %q", facts)
	}
	c.same(report, "violated", order.Fields["violated"].(string))
	c.move(c.Desk, model.CaseConcluded)
	_, err := c.Desk.Propose(c.ctx, c.kase, model.Sanction{Rules: []string{"wage.unit"}, Tier: "一般", FineFen: 3_500_000, Organisation: true, ActOn: "2026-09-20", Reason: "逾期未支付且涉及多人"})
	c.ok(err)
	return report
}

// notice says the facts of the report and what is proposed.
func (c *clerk) notice(report *model.Document) *model.Document {
	c.t.Helper()
	notice := c.paper("D09")
	if !slices.Equal(texts(notice, "facts"), texts(report, "facts")) {
		c.t.Errorf("noticed %q, reported %q", texts(notice, "facts"), texts(report, "facts"))
	}
	c.same(notice, "amount", "35000.00")
	c.same(notice, "violated", report.Fields["violated"].(string))
	c.same(notice, "basis", "《保障农民工工资支付条例》第五十四条")
	c.serve(c.newest("D09"))
	told := c.paper("D10")
	c.same(told, "amount", "35000.00")
	c.serve(c.newest("D10"))
	c.move(c.Desk, model.CaseNotified)
	c.wait(25) // the autumn holidays lie in it
	c.decide(c.Desk, "陈述申辩", "复核后不采纳", "")
	return notice
}

// penalty is decided on the notice, in its words, and served and paid.
func (c *clerk) penalty(notice *model.Document) *model.Document {
	c.t.Helper()
	review := c.paper("D12")
	c.same(review, "cause", fmt.Sprint(notice.Fields["cause"]))
	c.decide(c.reviewer, "法制审核", "同意", c.newest("D12"))
	c.paper("D17a")
	c.decide(c.head, "移送审批", "不批准移送", c.newest("D17a"))
	decision := c.paper("D13")
	if !slices.Equal(texts(decision, "facts"), texts(notice, "facts")) || !slices.Equal(texts(decision, "measures"), texts(notice, "measures")) {
		c.t.Errorf("decided %q, noticed %q", decision.Fields["facts"], notice.Fields["facts"])
	}
	for _, field := range []string{"violated", "basis", "discretion", "amount"} {
		c.same(decision, field, fmt.Sprint(notice.Fields[field]))
	}
	c.same(decision, "notice_number", notice.Issued.Number)
	c.same(decision, "notice_served", "2026-09-24")
	c.same(decision, "statement", "不予采纳")
	c.move(c.head, model.CasePunished)
	c.serve(c.newest("D13"))
	c.move(c.Desk, model.CaseExecuting)
	c.wait(3)
	c.decide(c.Desk, "执行", "已履行", "")
	return decision
}

// closed ends the case and binds its file.
func (c *clerk) closed(order, last *model.Document) {
	c.t.Helper()
	end := c.paper("D19")
	c.same(end, "decision_number", last.Issued.Number)
	c.same(end, "process", order.Issued.Number)
	c.same(end, "execution", "已履行")
	c.move(c.head, model.CaseClosed)
	file, err := c.BuildFile(c.ctx, c.kase, nil)
	c.ok(err)
	var numbers []string
	for _, p := range file.Pieces {
		numbers = append(numbers, p.Number)
	}
	at := func(number string) int { return slices.Index(numbers, number) }
	if len(file.Absent) > 0 || at(last.Issued.Number) < 0 || at(order.Issued.Number) < at(last.Issued.Number) || at(end.Issued.Number) < at(order.Issued.Number) {
		c.t.Errorf("bound in the order %q, absent %q", numbers, file.Absent)
	}
}

// TestAWageCaseEndsWithItsPayment is the ordinary case of arrears: the order
// is obeyed and the case closes on the re-inspection.
func TestAWageCaseEndsWithItsPayment(t *testing.T) {
	c := newClerk(newChambers(t))
	c.picks["D07 conclusion"], c.picks["D07 next_step"] = "已改正", "结案"
	c.paper("D05")
	c.decide(c.head, "立案审批", "同意立案", "")
	c.inspected()
	k, err := c.Desk.Issue(c.ctx, c.order)
	c.ok(err)
	order := k.Value
	c.serve(c.order)
	c.wait(6)
	again := c.paper("D07")
	c.decide(c.Desk, "整改复查", "已改正", c.newest("D07"))
	c.same(again, "order_number", order.Issued.Number)
	report := c.paper("D18")
	if facts := texts(report, "facts"); len(facts) != 2 || strings.Contains(strings.Join(facts, ""), "逾期") {
		t.Errorf("the report's facts are %q", facts)
	}
	c.same(report, "corrected", "已改正")
	end := c.paper("D19")
	c.same(end, "decision_number", order.Issued.Number)
	c.same(end, "served_on", "2026-09-18")
	c.same(end, "process", order.Issued.Number)
	c.same(end, "execution", "已改正")
	c.same(end, "amount", "156660.00")
	c.same(end, "worker_count", "12")
	c.move(c.head, model.CaseClosed)
	file, err := c.BuildFile(c.ctx, c.kase, nil)
	c.ok(err)
	if len(file.Absent) > 0 || file.Pages < 8 {
		t.Errorf("%d pages, absent %q", file.Pages, file.Absent)
	}
	for label, types := range c.typed {
		if len(types) > 1 {
			t.Errorf("%q was typed for %v", label, types)
		}
	}
}
