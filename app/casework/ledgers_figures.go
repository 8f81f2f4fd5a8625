package casework

import (
	"fmt"
	"maps"
	"slices"

	"anxin/model"
	"anxin/model/statute"
)

// figures are the sums of a span, each with how it is counted: reports of
// different offices count differently, so the way stands beside the number.
func (l *ledgers) figures() Table {
	t := &Table{Name: "年度数据", Head: []string{"指标", "数值", "算法"}}
	l.leadFigures(t)
	l.visitFigures(t)
	l.drawFigures(t)
	l.caseFigures(t)
	l.paperFigures(t)
	l.paymentFigures(t)
	l.officerFigures(t)
	return *t
}

func (t *Table) figure(name string, value any, how string) {
	t.Rows = append(t.Rows, []any{name, value, how})
}

// rate writes a share in per cent with two places, as the reports print it.
func rate(part, whole int) string {
	if whole == 0 {
		return "—"
	}
	return fmt.Sprintf("%.2f%%", 100*float64(part)/float64(whole))
}

func (t *Table) perWord(name, how string, counts map[string]int) {
	for _, word := range slices.Sorted(maps.Keys(counts)) {
		t.figure(name+"："+word, counts[word], how)
	}
}

func (l *ledgers) leadFigures(t *Table) {
	total, accepted, inTime, decided, workers, fen := 0, 0, 0, 0, 0, int64(0)
	bySource := map[string]int{}
	for _, k := range l.leads {
		v := k.Value
		if !l.span.has(model.DateOf(v.ReceivedAt)) {
			continue
		}
		total++
		workers += v.Workers
		fen += v.AmountFen
		bySource[v.Source]++
		if v.State == model.LeadAccepted {
			accepted++
		}
		if v.Decided != nil {
			decided++
			if v.DecideBy == "" || model.DateOf(v.Decided.At) <= v.DecideBy {
				inTime++
			}
		}
	}
	t.figure("线索（件）", total, "登记日期在期间内")
	t.perWord("线索来源", "同上，按来源", bySource)
	t.figure("线索涉及人数", workers, "同上")
	t.figure("线索涉及金额（元）", yuanCell(fen), "同上")
	t.figure("受理（件）", accepted, "同上，状态为已受理")
	t.figure("按时决定率", rate(inTime, decided), "应决定日前决定／已决定")
}

func (l *ledgers) visitFigures(t *Table) {
	seen, byType, breaches := map[model.ID]bool{}, map[string]int{}, 0
	visits := l.recorded()
	for _, k := range visits {
		seen[k.Value.Employer] = true
		byType[k.Value.Type]++
		if breachesOf(k.Value) > 0 {
			breaches++
		}
	}
	t.figure("检查（户次）", len(visits), "检查日期在期间内，已制作笔录")
	t.figure("检查（户）", len(seen), "同上，同一单位算一户")
	t.perWord("检查类型", "同上，按类型", byType)
	t.figure("发现问题（户次）", breaches, "同上，有不符合项")
}

func (l *ledgers) caseFigures(t *Table) {
	opened, closed, workers, fen := 0, 0, 0, int64(0)
	for _, k := range l.cases {
		if !l.span.has(model.DateOf(k.Value.OpenedAt)) {
			continue
		}
		opened++
		if closedOn(k.Value) != "" {
			closed++
		}
		n, owed := l.owed(k.ID)
		workers += n
		fen += owed
	}
	t.figure("立案（件）", opened, "立案日期在期间内")
	t.figure("其中已结案（件）", closed, "同上，已结案或者撤销立案")
	t.figure("结案率", rate(closed, opened), "同一批立案中已结的")
	t.figure("拖欠工资人数", workers, "同一批立案的工资表")
	t.figure("拖欠工资金额（元）", yuanCell(fen), "同上")
	average := "—"
	if workers > 0 {
		average = statute.Fen((fen + int64(workers)/2) / int64(workers)).String()
	}
	t.figure("人均拖欠（元）", average, "拖欠金额／人数，四舍五入到分")
}

func (l *ledgers) paperFigures(t *Table) {
	byTitle, served := map[string]int{}, map[string]int{}
	orders, corrected := 0, 0
	for _, k := range l.issued() {
		byTitle[k.Value.Title]++
		if k.Value.Type == "D06" && k.Value.State != model.DocumentWithdrawn {
			orders++
			if l.reinspected(k) == "已改正" {
				corrected++
			}
		}
	}
	for _, k := range l.services {
		if l.span.has(model.DateOf(k.Value.At)) {
			served[k.Value.Mode]++
		}
	}
	t.figure("限期改正指令（份）", orders, "签发日期在期间内，未撤回")
	t.figure("其中已改正（份）", corrected, "同上，复查结果为已改正")
	t.perWord("签发文书", "签发日期在期间内，按题名", byTitle)
	t.perWord("送达", "送达日期在期间内，按方式", served)
	count, fine := 0, int64(0)
	for _, k := range l.issued("D13", "D13a") {
		if k.Value.State == model.DocumentWithdrawn {
			continue
		}
		count++
		for _, c := range l.cases {
			if c.ID == k.Value.Case && c.Value.Sanction != nil {
				fine += c.Value.Sanction.FineFen
			}
		}
	}
	t.figure("行政处罚（件）", count, "决定书签发日期在期间内，未撤回")
	t.figure("罚款（元）", yuanCell(fine), "同上")
	t.figure("行政处理（件）", len(l.issued("D14")), "决定书签发日期在期间内")
	t.figure("移送公安（件）", len(l.issued("D17")), "移送文书签发日期在期间内")
}

func (l *ledgers) officerFigures(t *Table) {
	able := 0
	staff := 0
	for _, k := range l.officers {
		if k.Value.Role != model.RoleInspector {
			continue
		}
		staff++
		if ok, _ := statute.Certified(*k.Value, l.desk.Clock.Now()); ok {
			able++
		}
	}
	t.figure("监察员（人）", staff, "今日名册")
	t.figure("持证率", rate(able, staff), "今日证件有效的监察员／监察员")
}
