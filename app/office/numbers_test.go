package office_test

import (
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"anxin/app/casework"
	"anxin/app/office"
	"anxin/model"
	"anxin/model/modeltest"
)

// numberLines are the lines of the register of the year for a series.
func (b *bureau) numberLines(series string) (out []casework.NumberLine) {
	b.t.Helper()
	lines, err := b.Desk.NumberRegister(b.ctx, modeltest.Day.Year())
	b.ok(err)
	for _, l := range lines {
		if l.Series == series {
			out = append(out, l)
		}
	}
	return out
}

func TestTheRegisterAccountsForEveryNumber(t *testing.T) {
	b := newBureau(t).accepted()
	const series = "劳监建议/2026"
	first := b.issue("D27")
	n, err := b.Desk.VoidNumber(b.ctx, series, "打印破损")
	b.ok(err)
	third := b.issue("D27")
	b.ok(b.Desk.Withdraw(b.ctx, third, "内容有误"))
	if n != 2 {
		t.Errorf("number %d was given up", n)
	}
	if _, err := b.Desk.VoidNumber(b.ctx, series, " "); err == nil {
		t.Error("a number was given up for no reason")
	}
	_, err = b.Desk.ReturnNumbers(b.ctx, series, 1)
	b.ok(err)
	lines := b.numberLines(series)
	if len(lines) != 50 {
		t.Fatalf("%d lines", len(lines))
	}
	for i, want := range []struct {
		state, note string
		document    model.ID
	}{{"已用", "", first}, {"作废", "打印破损", ""}, {"已用", "撤回：内容有误", third}, {"退回", "退回", ""}} {
		l := lines[i]
		if l.From != i+1 || l.State != want.state || l.Note != want.note || l.Document != want.document || l.Title == "" || !strings.HasSuffix(l.Number, "号") {
			t.Errorf("line %d: %+v", i+1, l)
		}
	}
	if id := b.draft("D27"); id != "" {
		k, err := b.Desk.Issue(b.ctx, id)
		b.ok(err)
		if k.Value.Issued.Number != "" {
			t.Errorf("a returned number was used: %s", k.Value.Issued.Number)
		}
	}
}

func TestTheRegisterIsABookAndAPaper(t *testing.T) {
	b := newBureau(t).accepted()
	b.issue("D27")
	var out bytes.Buffer
	b.ok(b.Desk.WriteNumberRegister(b.ctx, 2026, &out))
	f, err := excelize.OpenReader(&out)
	b.ok(err)
	defer func() { b.ok(f.Close()) }()
	rows, err := f.GetRows("文书领用与作废台账")
	b.ok(err)
	found := false
	for _, r := range rows {
		found = found || len(r) > 3 && r[2] == "桃人社劳监建议字〔2026〕第1号" && r[3] == "已用"
	}
	if !found || rows[0][0] != "序号" {
		t.Errorf("the workbook has %d rows and not the paper", len(rows))
	}
	pdf, pages, err := b.Desk.PrintNumberRegister(b.ctx, 2026)
	if err != nil || pages < 1 || !bytes.HasPrefix(pdf, []byte("%PDF")) {
		t.Errorf("%d pages: %v", pages, err)
	}
}

// TestAProvisionalNumberBecomesFormal: far from the network the numbers run
// out, the order is issued and served all the same; later it gets its number,
// and nothing that was issued has changed.
func TestAProvisionalNumberBecomesFormal(t *testing.T) {
	c := newChambers(t)
	c.inspected()
	const series = "劳监令/2026"
	for range 50 {
		_, err := c.Desk.VoidNumber(c.ctx, series, "预印文书纸报废")
		c.ok(err)
	}
	k, err := c.Desk.Issue(c.ctx, c.order)
	c.ok(err)
	number := casework.NumberOf(k.Value)
	if k.Value.Issued.Number != "" || !strings.Contains(number, "〔2026〕暂编") {
		t.Fatalf("issued as %q, called %q", k.Value.Issued.Number, number)
	}
	c.serve(c.order)
	before := c.read(c.order)
	if _, err := c.Desk.Formalise(c.ctx, c.order); !errors.Is(err, model.ErrNoNumber) {
		t.Errorf("formalised without a number: %v", err)
	}
	if waiting, err := c.Desk.Provisional(c.ctx); err != nil || len(waiting) != 1 || waiting[0].ID != c.order {
		t.Errorf("%d wait: %v", len(waiting), err)
	}
	c.ok(c.Store.AddBlock(c.ctx, model.Block{Series: series, From: 101, To: 110, Source: "局里分配"}))
	if n, err := c.Desk.FormaliseAll(c.ctx); n != 1 || err != nil {
		t.Fatalf("%d formalised: %v", n, err)
	}
	after := c.read(c.order)
	if after.Issued.PDF != before.Issued.PDF || after.State != model.DocumentServed || casework.NumberOf(after) != "桃人社劳监令字〔2026〕第101号" {
		t.Errorf("the served order became %+v, called %s", after.Issued, casework.NumberOf(after))
	}
	formal := c.read(after.Events[len(after.Events)-1].Record)
	if formal.About != c.order || !formal.Issued.At.Equal(before.Issued.At) || formal.Issued.AmountFen != before.Issued.AmountFen || formal.DueBy != before.DueBy {
		t.Errorf("the formal edition differs: %+v", formal)
	}
	c.formalStands(after, number)
	c.verifiesWhole()
}

// verifiesWhole: the case leaves in a bundle, both papers in it are what their
// codes say.
func (c *chambers) verifiesWhole() {
	c.t.Helper()
	file := filepath.Join(c.t.TempDir(), "案卷包")
	_, err := c.ExportCase(c.ctx, c.kase, file, nil, nil)
	c.ok(err)
	report, err := office.VerifyCase(c.ctx, file, nil, nil)
	c.ok(err)
	if len(report.Faults) > 0 {
		c.t.Errorf("the bundle is faulty: %q", report.Faults)
	}
}

// formalStands: gates, later papers and the register follow the formal number.
func (c *chambers) formalStands(order *model.Document, was string) {
	c.t.Helper()
	f, err := c.Desk.File(c.ctx, c.kase)
	c.ok(err)
	if reasons, err := f.Gate("order_served"); err != nil || len(reasons) > 0 {
		c.t.Errorf("the order counts as not served: %v %v", reasons, err)
	}
	again := c.read(c.draft("D18"))
	if text, _ := again.Fields["process"].(string); !strings.Contains(text, casework.NumberOf(order)) {
		c.t.Errorf("the report says %q", text)
	}
	for _, l := range c.numberLines("劳监令/2026") {
		if l.From == 101 && (l.State != "已用" || l.Note != "原"+was) {
			c.t.Errorf("%+v", l)
		}
	}
	if n, err := c.Desk.FormaliseAll(c.ctx); n != 0 || err != nil {
		c.t.Errorf("%d formalised again: %v", n, err)
	}
}

// TestTheOfficeWritesItsOwnNumbers: the pattern changes in the middle of a
// year; the series runs on, and what was issued keeps the number it carries.
func TestTheOfficeWritesItsOwnNumbers(t *testing.T) {
	b := newBureau(t).accepted()
	before := b.read(b.issue("D27"))
	b.ok(b.Desk.SetNumbering(b.ctx, map[string]string{"D27": "{word}监建〔{year}〕{n}号"}, "【】"))
	after := b.read(b.issue("D27"))
	if before.Issued.Number != "桃人社劳监建议字〔2026〕第1号" || after.Issued.Number != "桃人社监建【2026】2号" || before.Issued.Series != after.Issued.Series {
		t.Errorf("%+v, then %+v", before.Issued, after.Issued)
	}
	lines := b.numberLines(before.Issued.Series)
	if lines[0].Number != before.Issued.Number || lines[1].Number != after.Issued.Number || lines[2].Number != "桃人社监建【2026】3号至第50号" {
		t.Errorf("%q", []string{lines[0].Number, lines[1].Number, lines[2].Number})
	}
	if found, err := b.Store.List(b.ctx, model.Query{Kind: model.KindDocument, Text: "监建【2026】2"}); err != nil || len(found) != 1 {
		t.Errorf("%d found: %v", len(found), err)
	}
}
