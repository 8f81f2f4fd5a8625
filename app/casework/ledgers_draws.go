package casework

import (
	"anxin/forms"
	"anxin/model"
)

// drawsOf are the draws of the span.
func (l *ledgers) drawsOf() (out []Kept[model.Draw]) {
	for _, k := range l.draws {
		if l.span.has(model.DateOf(k.Value.DrawnAt)) {
			out = append(out, k)
		}
	}
	return out
}

func (l *ledgers) drawLedger() Table {
	t := Table{Name: "随机抽查台账", Head: []string{"抽取日期", "任务", "对象", "名单（户）", "抽中单位", "执法人员", "检查日期", "检查状态", "不符合项", "公示日期", "联合部门", "按信用加权", "种子", "摘要"}}
	visits := map[model.ID]*model.Inspection{}
	for _, k := range l.visits {
		visits[k.ID] = k.Value
	}
	for _, k := range l.drawsOf() {
		v := k.Value
		for _, p := range v.Pairs {
			on, state, breaches := "", "", 0
			if i := visits[p.Visit]; i != nil {
				on, state, breaches = string(model.DateOf(i.Start)), i.State, breachesOf(i)
			}
			t.Rows = append(t.Rows, []any{string(model.DateOf(v.DrawnAt)), v.Name, v.Of, len(v.Units), l.names[p.Unit], l.named(p.Officers), on, state, breaches,
				string(shownOn(v, p.Visit)), v.Partners, yesNo(v.Weighted), v.Seed, v.Hash})
		}
	}
	return t
}

// shownOn is the day the result of a visit was made public, "" for not yet.
func shownOn(v *model.Draw, visit model.ID) model.Date {
	for _, p := range v.Published {
		for _, id := range p.Visits {
			if id == visit {
				return model.DateOf(p.At)
			}
		}
	}
	return ""
}

func yesNo(on bool) string {
	if on {
		return "是"
	}
	return "否"
}

// drawFigures are the five shares by which random inspection is judged.
func (l *ledgers) drawFigures(t *Table) {
	planned, random := 0, 0
	for _, k := range l.visits {
		if !l.span.has(model.DateOf(k.Value.Start)) || k.Value.Type == visitForCase {
			continue
		}
		planned++
		if k.Value.Source == sourceDraw {
			random++
		}
	}
	weighted, joint := 0, 0
	draws := l.drawsOf()
	for _, k := range draws {
		if k.Value.Weighted {
			weighted++
		}
		if k.Value.Partners != "" {
			joint++
		}
	}
	visits := l.recorded()
	checked, items := l.itemsSeen(visits)
	t.figure("随机抽查（次）", len(draws), "抽取日期在期间内")
	t.figure("双随机检查占比", rate(random, planned), "任务来源为双随机的检查／计划检查（检查日期在期间内，不含个案）")
	t.figure("掌上执法率", rate(l.recordedAtOnce(visits), len(visits)), "当日在本软件制作现场检查笔录的／已检查的户次")
	t.figure("事项覆盖率", rate(checked, items), "查过的检查表事项／检查表全部事项")
	t.figure("应用信用规则率", rate(weighted, len(draws)), "按诚信等级加权的抽取／全部抽取")
	t.figure("跨部门联合率", rate(joint, len(draws)), "有联合部门的抽取／全部抽取")
}

// recordedAtOnce counts the visits whose site record was issued on their day.
func (l *ledgers) recordedAtOnce(visits []Kept[model.Inspection]) (n int) {
	on := map[model.ID]model.Date{}
	for _, k := range l.papers {
		if v := k.Value; v.Type == "D03" && v.Issued != nil {
			on[v.Inspection] = model.DateOf(v.Issued.At)
		}
	}
	for _, k := range visits {
		if on[k.ID] == model.DateOf(k.Value.Start) {
			n++
		}
	}
	return n
}

// itemsSeen counts the items of the checklist that were judged on some visit.
func (l *ledgers) itemsSeen(visits []Kept[model.Inspection]) (checked, items int) {
	seen := map[string]bool{}
	for _, k := range visits {
		for item, verdict := range k.Value.Checklist {
			if verdict == VerdictConform || verdict == VerdictBreach {
				seen[item] = true
			}
		}
	}
	l.desk.Checklist.Each(func(q *forms.Question) {
		if !isItem(q) {
			return
		}
		items++
		if seen[q.Name] {
			checked++
		}
	})
	return checked, items
}
