package casework

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"anxin/model"
	"anxin/model/statute"
)

// Span is the days a report is about, both included.
type Span struct{ From, To model.Date }

func (s Span) has(d model.Date) bool { return d != "" && d >= s.From && d <= s.To }

// ledgers is what the ledgers of a span are written from, read once.
type ledgers struct {
	desk      *Desk
	span      Span
	region    string
	names     map[model.ID]string
	leads     []Kept[model.Lead]
	visits    []Kept[model.Inspection]
	cases     []Kept[model.Case]
	papers    []Kept[model.Document]
	services  []Kept[model.Service]
	evidence  []Kept[model.Evidence]
	rolls     []Kept[model.WageRoll]
	employers []Kept[model.Employer]
	sites     []Kept[model.Site]
	grids     []Kept[model.Grid]
	officers  []Kept[model.Officer]
	draws     []Kept[model.Draw]
	payments  []Kept[model.Payment]
}

// Ledgers are the office's lists of a span of days, as an annual report and a
// higher office ask for them: the figures first, then leads, visits, cases,
// orders, services, penalties to be published, recordings, wage guarantees,
// hazards, grids and officers, and the daybooks. Who complained is on none of them
// (劳动保障监察条例 9).
func (d *Desk) Ledgers(ctx context.Context, span Span) ([]Table, error) {
	if span.From.Time(time.UTC).IsZero() || span.To.Time(time.UTC).IsZero() || span.From > span.To {
		return nil, fmt.Errorf("起止日期“%s”至“%s”不对，请填写先后两天", span.From, span.To)
	}
	l, err := d.readLedgers(ctx, span)
	if err != nil {
		return nil, err
	}
	out := []Table{l.figures(), l.leadLedger(), l.visitLedger(), l.drawLedger(), l.caseLedger(), l.orderLedger(), l.serviceLedger(), l.paymentLedger(), l.instalmentLedger(),
		l.penaltyLedger(), l.recordingLedger(), l.guaranteeLedger(), l.hazardLedger(), l.gridLedger(), l.officerLedger()}
	daybooks, err := l.daybookTables(ctx, &out[0])
	return append(out, daybooks...), err
}

func (d *Desk) readLedgers(ctx context.Context, span Span) (*ledgers, error) {
	l := &ledgers{desk: d, span: span, names: map[model.ID]string{}}
	if o, err := d.Office(ctx); err == nil {
		l.region = o.Value.Region
	}
	for _, read := range []func() error{
		func() (err error) { l.leads, err = oldestFirst[model.Lead](ctx, d); return },
		func() (err error) { l.visits, err = oldestFirst[model.Inspection](ctx, d); return },
		func() (err error) { l.cases, err = oldestFirst[model.Case](ctx, d); return },
		func() (err error) { l.papers, err = oldestFirst[model.Document](ctx, d); return },
		func() (err error) { l.services, err = oldestFirst[model.Service](ctx, d); return },
		func() (err error) { l.evidence, err = oldestFirst[model.Evidence](ctx, d); return },
		func() (err error) { l.rolls, err = oldestFirst[model.WageRoll](ctx, d); return },
		func() (err error) { l.employers, err = oldestFirst[model.Employer](ctx, d); return },
		func() (err error) { l.sites, err = oldestFirst[model.Site](ctx, d); return },
		func() (err error) { l.grids, err = oldestFirst[model.Grid](ctx, d); return },
		func() (err error) { l.officers, err = oldestFirst[model.Officer](ctx, d); return },
		func() (err error) { l.draws, err = oldestFirst[model.Draw](ctx, d); return },
		func() (err error) { l.payments, err = oldestFirst[model.Payment](ctx, d); return },
	} {
		if err := read(); err != nil {
			return nil, err
		}
	}
	l.name()
	return l, nil
}

func oldestFirst[T any, P interface {
	*T
	model.Record
}](ctx context.Context, d *Desk) ([]Kept[T], error) {
	list, err := all[T, P](ctx, d, model.Query{})
	slices.SortFunc(list, func(a, b Kept[T]) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return list, err
}

// name gathers what others refer to; a merged record goes by the name of the one
// that stands for it.
func (l *ledgers) name() {
	stands := map[model.ID]model.ID{}
	for _, k := range l.employers {
		l.names[k.ID], stands[k.ID] = k.Value.Name, k.Value.StandsFor(k.ID)
	}
	for _, k := range l.sites {
		l.names[k.ID], stands[k.ID] = k.Value.Name, k.Value.StandsFor(k.ID)
	}
	for id := range stands {
		at := id
		for stands[at] != "" { // a link leads to an earlier record only
			at = stands[at]
		}
		if name := l.names[at]; name != "" && at != id {
			l.names[id] = name
		}
	}
	for _, k := range l.officers {
		l.names[k.ID] = k.Value.Name
	}
	for _, k := range l.cases {
		l.names[k.ID] = k.Value.Number
	}
}

func (l *ledgers) named(ids []model.ID) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = l.names[id]
	}
	return strings.Join(words, "、")
}

// yuanCell is an amount for a cell that is added up, "" for none.
func yuanCell(fen int64) any {
	if fen == 0 {
		return ""
	}
	return float64(fen) / 100 // what a sheet counts in
}

func (l *ledgers) leadLedger() Table {
	t := Table{Name: "线索台账", Head: []string{"登记日期", "来源", "来源编号", "首接人", "被反映单位", "工程项目", "反映内容", "人数", "金额（元）", "状态", "应决定日", "决定日期", "决定", "案件"}}
	for _, k := range l.leads {
		v := k.Value
		if !l.span.has(model.DateOf(v.ReceivedAt)) {
			continue
		}
		decided, outcome := "", ""
		if v.Decided != nil {
			decided, outcome = string(model.DateOf(v.Decided.At)), v.Decided.Outcome
		}
		t.Rows = append(t.Rows, []any{string(model.DateOf(v.ReceivedAt)), v.Source, v.SourceNo, l.names[v.Receiver], l.names[v.Employer], l.names[v.Site], v.Claim, v.Workers,
			yuanCell(v.AmountFen), v.State, string(v.DecideBy), decided, outcome, l.names[v.Case]})
	}
	return t
}

func (l *ledgers) visitLedger() Table {
	t := Table{Name: "检查台账", Head: []string{"检查日期", "类型", "任务来源", "检查事项", "被检查单位", "工程项目", "地点", "执法人员", "状态", "不符合项", "音像记录", "案件"}}
	for _, k := range l.visits {
		v := k.Value
		if !l.span.has(model.DateOf(v.Start)) {
			continue
		}
		t.Rows = append(t.Rows, []any{string(model.DateOf(v.Start)), v.Type, v.Source, v.Matter, l.names[v.Employer], l.names[v.Site], v.Place, l.named(v.Officers), v.State, breachesOf(v), v.Recording, l.names[v.Case]})
	}
	return t
}

// breachesOf is how many items of the checklist were not in order.
func breachesOf(v *model.Inspection) (n int) {
	for _, verdict := range v.Checklist {
		if verdict == VerdictBreach {
			n++
		}
	}
	return n
}

func (l *ledgers) caseLedger() Table {
	t := Table{Name: "案件台账", Head: []string{"案号", "立案日期", "案由", "当事人", "工程项目", "主办", "协办", "状态", "期限", "拖欠人数", "拖欠金额（元）", "拟罚款（元）", "结案日期"}}
	for _, k := range l.cases {
		v := k.Value
		if !l.span.has(model.DateOf(v.OpenedAt)) && !l.span.has(closedOn(v)) {
			continue
		}
		workers, owed := l.owed(k.ID)
		fine := int64(0)
		if v.Sanction != nil {
			fine = v.Sanction.FineFen
		}
		t.Rows = append(t.Rows, []any{v.Number, string(model.DateOf(v.OpenedAt)), v.Cause, l.names[v.Employer], l.names[v.Site], l.names[v.LeadOfficer], l.names[v.Assistant], v.State, string(v.DueBy),
			workers, yuanCell(owed), yuanCell(fine), string(closedOn(v))})
	}
	return t
}

// closedOn is the day a case came to its end, "" while it goes on.
func closedOn(c *model.Case) (day model.Date) {
	for _, step := range c.Log {
		if (step.To == model.CaseClosed || step.To == model.CaseRevoked) && day == "" {
			day = model.DateOf(step.At)
		}
	}
	return day
}

// owed is what the newest wage roll of a case says.
func (l *ledgers) owed(of model.ID) (workers int, fen int64) {
	for _, k := range l.rolls {
		if k.Value.Case == of {
			workers, fen = len(k.Value.Workers), k.Value.TotalFen()
		}
	}
	return workers, fen
}

// issued are the papers of some types issued in the span.
func (l *ledgers) issued(types ...string) (out []Kept[model.Document]) {
	for _, k := range l.papers {
		if v := k.Value; v.Issued != nil && l.span.has(model.DateOf(v.Issued.At)) && (len(types) == 0 || slices.Contains(types, v.Type)) {
			out = append(out, k)
		}
	}
	return out
}

// servedOn is the day a paper counts as served, "" while it does not.
func (l *ledgers) servedOn(paper model.ID) (day model.Date) {
	for _, k := range l.services {
		if v := k.Value; v.Document == paper && v.ServedOn != "" && (day == "" || v.ServedOn < day) {
			day = v.ServedOn
		}
	}
	return day
}

func (l *ledgers) orderLedger() Table {
	t := Table{Name: "整改台账", Head: []string{"文号", "签发日期", "被指令单位", "责令支付（元）", "改正期限", "状态", "送达日期", "复查结果"}}
	for _, k := range l.issued("D06") {
		v := k.Value
		t.Rows = append(t.Rows, []any{NumberOf(v), string(model.DateOf(v.Issued.At)), PartyOf(v), yuanCell(v.Issued.AmountFen), string(v.DueBy), v.State, string(l.servedOn(k.ID)), l.reinspected(k)})
	}
	return t
}

// reinspected is what was found when an order's site was seen again.
func (l *ledgers) reinspected(order Kept[model.Document]) (outcome string) {
	for _, k := range l.cases {
		if k.ID != order.Value.Case {
			continue
		}
		for _, x := range k.Value.Decisions {
			if x.Matter == matterRecheck && (x.About == order.ID || x.About == "") {
				outcome = x.Outcome
			}
		}
	}
	return outcome
}

func (l *ledgers) serviceLedger() Table {
	t := Table{Name: "送达台账", Head: []string{"送达日期", "文书", "文号", "受送达单位", "方式", "地点", "视为送达日", "送达人", "照片视频（件）"}}
	papers := map[model.ID]*model.Document{}
	for _, k := range l.papers {
		papers[k.ID] = k.Value
	}
	for _, k := range l.services {
		v, p := k.Value, papers[k.Value.Document]
		if p == nil || !l.span.has(model.DateOf(v.At)) {
			continue
		}
		t.Rows = append(t.Rows, []any{string(model.DateOf(v.At)), p.Title, NumberOf(p), PartyOf(p), v.Mode, v.Place, string(v.ServedOn), l.named(v.Officers), len(v.Evidence)})
	}
	return t
}

// PartyOf is whom a paper is addressed to.
func PartyOf(v *model.Document) string {
	for _, name := range []string{"employer", "recipient", "interviewee"} {
		if text, ok := v.Fields[name].(string); ok && text != "" {
			return text
		}
	}
	return ""
}

func (l *ledgers) penaltyLedger() Table {
	t := Table{Name: "处罚公示", Head: []string{"决定书文号", "当事人", "案由", "决定日期", "罚款（元）", "状态"}}
	for _, k := range l.issued("D13", "D13a", "D14") {
		v := k.Value
		cause, fine := "", v.Issued.AmountFen
		for _, c := range l.cases {
			if c.ID == v.Case {
				cause = c.Value.Cause
				if c.Value.Sanction != nil && v.Type != "D14" {
					fine = c.Value.Sanction.FineFen
				}
			}
		}
		t.Rows = append(t.Rows, []any{NumberOf(v), PartyOf(v), cause, string(model.DateOf(v.Issued.At)), yuanCell(fine), v.State})
	}
	return t
}

func (l *ledgers) recordingLedger() Table {
	t := Table{Name: "音像台账", Head: []string{"采集时间", "文件", "种类", "格式", "大小（字节）", "SHA-256", "案件", "登记人", "登记日期", "记录仪", "问题"}}
	for _, k := range l.evidence {
		v := k.Value
		if !l.span.has(model.DateOf(v.ImportedAt)) {
			continue
		}
		taken := ""
		if !v.TakenAt.IsZero() {
			taken = v.TakenAt.Format("2006-01-02 15:04")
		}
		t.Rows = append(t.Rows, []any{taken, v.Name, v.Category, v.Type, v.Size, v.SHA256, l.names[v.Case], l.names[v.ImportedBy], string(model.DateOf(v.ImportedAt)), v.Recorder, v.Damaged})
	}
	return t
}

func (l *ledgers) guaranteeLedger() Table {
	t := Table{Name: "保证金台账", Head: []string{"工程项目", "施工总承包", "阶段", "合同额（元）", "形式", "金额（元）", "保函起", "保函止", "专用账户开户行", "劳资专管员"}}
	for _, k := range l.sites {
		v := k.Value
		if v.StandsFor(k.ID) != "" {
			continue
		}
		t.Rows = append(t.Rows, []any{v.Name, l.names[v.General], v.Stage, yuanCell(v.ContractFen), v.GuaranteeKind, yuanCell(v.GuaranteeFen), string(v.GuaranteeFrom), string(v.GuaranteeTo), v.AccountBank, v.WageOfficer})
	}
	return t
}

func (l *ledgers) hazardLedger() Table {
	t := Table{Name: "隐患台账", Head: []string{"工程项目", "施工总承包", "隐患", "依据"}}
	for _, k := range l.sites {
		if k.Value.StandsFor(k.ID) != "" {
			continue
		}
		for _, f := range l.desk.SiteFlags(k.Value, l.region) {
			t.Rows = append(t.Rows, []any{k.Value.Name, l.names[k.Value.General], f.Text, f.Article})
		}
	}
	return t
}

func (l *ledgers) gridLedger() Table {
	t := Table{Name: "网格覆盖", Head: []string{"网格编码", "名称", "网格员", "用人单位（户）", "工程项目（个）", "检查（户次）"}}
	for _, g := range l.grids {
		employers, sites, visits := 0, 0, 0
		in := map[model.ID]bool{}
		for _, k := range l.employers {
			if k.Value.Grid == g.Value.Code {
				in[k.ID] = true
				employers++
			}
		}
		for _, k := range l.sites {
			if k.Value.Grid == g.Value.Code {
				in[k.ID] = true
				sites++
			}
		}
		for _, k := range l.recorded() {
			if in[k.Value.Employer] || in[k.Value.Site] {
				visits++
			}
		}
		t.Rows = append(t.Rows, []any{g.Value.Code, g.Value.Name, g.Value.Keeper, employers, sites, visits})
	}
	return t
}

func (l *ledgers) officerLedger() Table {
	t := Table{Name: "执法人员", Head: []string{"姓名", "角色", "单位", "执法证号", "证件类型", "有效期起", "有效期至", "今日能否执法", "原因"}}
	for _, k := range l.officers {
		v := k.Value
		able, why := statute.Certified(*v, l.desk.Clock.Now())
		word := "能"
		if !able {
			word = "不能"
		}
		t.Rows = append(t.Rows, []any{v.Name, v.Role, v.Unit, v.CertNo, v.CertType, string(v.ValidFrom), string(v.ValidTo), word, why.Text})
	}
	return t
}

// recorded are the visits of the span that were made.
func (l *ledgers) recorded() (out []Kept[model.Inspection]) {
	for _, k := range l.visits {
		if k.Value.State == model.InspectionRecorded && l.span.has(model.DateOf(k.Value.Start)) {
			out = append(out, k)
		}
	}
	return out
}
