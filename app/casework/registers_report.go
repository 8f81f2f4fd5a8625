package casework

// Outcome is what became of a place in a workbook.
type Outcome string

// Outcomes of an import, those a person must look at first.
const (
	OutcomeRefused Outcome = "未导入"
	OutcomeWarned  Outcome = "请核对"
	OutcomeMerged  Outcome = "合并"
	OutcomeAdded   Outcome = "新增"
)

// ReportLine is one line of an import's report.
type ReportLine struct {
	Outcome Outcome
	Warning
}

// Lines are everything a report tells, what was refused first.
func (r *Report) Lines() []ReportLine {
	out := make([]ReportLine, 0, len(r.Refused)+len(r.Warnings)+len(r.Merges)+len(r.Adds))
	for _, part := range []struct {
		outcome Outcome
		list    []Warning
	}{{OutcomeRefused, r.Refused}, {OutcomeWarned, r.Warnings}, {OutcomeMerged, r.Merges}, {OutcomeAdded, r.Adds}} {
		for _, w := range part.list {
			out = append(out, ReportLine{part.outcome, w})
		}
	}
	return out
}

// Table is the report as it is kept outside the program: its sums first.
func (r *Report) Table() Table {
	t := Table{Name: "导入报告", Head: []string{"结果", "位置", "内容"}}
	for _, sum := range []struct {
		word Outcome
		n    int
	}{{OutcomeAdded, r.Added}, {OutcomeMerged, r.Merged}, {"未变", r.Same}, {OutcomeRefused, len(r.Refused)}, {OutcomeWarned, len(r.Warnings)}} {
		t.Rows = append(t.Rows, []any{"合计：" + string(sum.word), "", sum.n})
	}
	for _, l := range r.Lines() {
		t.Rows = append(t.Rows, []any{string(l.Outcome), l.Where, l.Text})
	}
	return t
}
