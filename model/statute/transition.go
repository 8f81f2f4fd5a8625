package statute

import (
	"io/fs"
	"slices"
	"strings"
	"time"

	"anxin/model"
)

// Duty is the part somebody has in a case, which decides what he may do in it.
type Duty string

const (
	DutyAny      Duty = "any"      // an inspector of the office
	DutyLead     Duty = "lead"     // 主办
	DutyAssist   Duty = "assist"   // 协办
	DutyReviewer Duty = "reviewer" // 法制审核, not one of the handlers
	DutyApprover Duty = "approver" // 负责人, not one of the handlers
	DutyOutsider Duty = "outsider" // anybody of the office who does not handle the case
)

var dutyNames = map[Duty]string{DutyAny: "监察员", DutyLead: "主办", DutyAssist: "协办", DutyReviewer: "法制审核人员",
	DutyApprover: "负责人", DutyOutsider: "非本案承办人员"}

// Name is the duty as people say it.
func (d Duty) Name() string { return dutyNames[d] }

// DutyOf is the part an officer has in a case by who handles it and what he is
// in the office: whoever handles the case is nothing else in it.
// Source: 《行政处罚法》第五十八条、第六十四条第（四）项.
func DutyOf(id model.ID, o *model.Officer, c *model.Case) Duty {
	switch {
	case id != "" && id == c.LeadOfficer:
		return DutyLead
	case id != "" && id == c.Assistant:
		return DutyAssist
	case o == nil:
		return ""
	case o.Role == model.RoleReviewer:
		return DutyReviewer
	case o.Role == model.RoleApprover:
		return DutyApprover
	case o.Role == model.RoleInspector:
		return DutyAny
	}
	return ""
}

// May tells whether one of the duties wanted covers the one somebody has.
func (d Duty) May(wanted []Duty) bool {
	if d == "" {
		return false
	}
	handles := d == DutyLead || d == DutyAssist
	return slices.Contains(wanted, d) || slices.Contains(wanted, DutyOutsider) && !handles || slices.Contains(wanted, DutyAny)
}

// Transition is one permitted step of a case or a lead.
type Transition struct {
	Of        string // lead, case
	From, To  string
	Act       string   // what the step is called
	Documents []string // types of document, one of which must be issued; none: no document
	Gates     []string
	Who       []Duty
	Clock     string // key of the clock that runs after it, "" for none
	Version   string
	Source
}

// What a transition is about.
const (
	OfLead = "lead"
	OfCase = "case"
)

// Transitions lists the steps that lead out of a state on a day in a region,
// in the order of the table.
func (l *Law) Transitions(of, from string, on time.Time, region string) []Transition {
	var out []Transition
	for _, key := range l.transitions.keys {
		t, v, ok := l.transitions.at(key, on, region)
		if ok && t.Of == of && t.From == from {
			t.Version = v.Version()
			out = append(out, t)
		}
	}
	return out
}

// Transition is the step between two states, if there is one.
func (l *Law) Transition(of, from, to string, on time.Time, region string) (Transition, bool) {
	t, v, ok := l.transitions.at(stepKey(of, from, to), on, region)
	t.Version = v.Version()
	return t, ok
}

func stepKey(of, from, to string) string { return of + " " + from + "→" + to }

func (l *Law) loadTransitions(fsys fs.FS) error {
	t, err := readTable(fsys, "transitions.csv", "of", "from", "to", "act", "documents", "gates", "who", "clock",
		"basis", "mark", "valid_from", "valid_to", "region", "note")
	if err != nil {
		return err
	}
	states := map[string][]string{OfLead: model.LeadStates(), OfCase: model.CaseStates()}
	for _, r := range t.records {
		s := Transition{Of: r.oneOf("of", OfLead, OfCase), Act: r.need("act"), Clock: r.text("clock"), Source: r.source(), Who: r.duties()}
		s.From, s.To = r.oneOf("from", states[s.Of]...), r.oneOf("to", states[s.Of]...)
		s.Documents = l.documentTypes(r, "documents")
		s.Gates = l.known(r, "gates", func(key string) bool { _, ok := l.gates[key]; return ok })
		if s.Clock != "" && len(l.clocks.rows[s.Clock]) == 0 {
			r.fail("clock", "没有名为“%s”的期限，请检查 clocks.csv", s.Clock)
		}
		l.transitions.add(r, stepKey(s.Of, s.From, s.To), r.validity(), s)
	}
	return t.fault
}

// documentTypes reads types of the catalogue separated by |.
func (l *Law) documentTypes(r record, column string) []string {
	var out []string
	for _, id := range strings.FieldsFunc(r.text(column), func(c rune) bool { return c == '|' || c == ' ' }) {
		if len(l.documents.rows[id]) == 0 {
			r.fail(column, "文书目录中没有“%s”，请更正或者在 documents.csv 中补上", id)
		}
		out = append(out, id)
	}
	return out
}

func (r record) duties() []Duty {
	var out []Duty
	for _, word := range r.list("who") {
		if dutyNames[Duty(word)] == "" {
			r.fail("who", "“%s”不是可用的身份，可用：any、lead、assist、reviewer、approver、outsider", word)
		}
		out = append(out, Duty(word))
	}
	if len(out) == 0 {
		r.fail("who", "不能为空，请填写由谁办理")
	}
	return out
}

// Effects of an outcome on the gates that ask for its matter.
const (
	EffectPass = "pass"
	EffectFail = "fail"
	EffectOpen = "open" // still to be decided
)

// Matter is one possible outcome of something decided or put on record within
// a case.
type Matter struct {
	Matter    string
	Outcome   string
	Effect    string
	Who       []Duty
	Documents []string // types of document it must stand on; none: any or none
	Source
}

// Matters lists what may be decided within a case, in the order of the table.
func (l *Law) Matters() []Matter { return append([]Matter(nil), l.matters...) }

// Matter finds an outcome of a matter.
func (l *Law) Matter(matter, outcome string) (Matter, bool) {
	for _, m := range l.matters {
		if m.Matter == matter && m.Outcome == outcome {
			return m, true
		}
	}
	return Matter{}, false
}

func (l *Law) loadMatters(fsys fs.FS) error {
	t, err := readTable(fsys, "matters.csv", "matter", "outcome", "effect", "who", "document", "basis", "mark", "note")
	if err != nil {
		return err
	}
	for _, r := range t.records {
		m := Matter{Matter: r.need("matter"), Outcome: r.need("outcome"), Effect: r.oneOf("effect", EffectPass, EffectFail, EffectOpen),
			Who: r.duties(), Documents: l.documentTypes(r, "document"), Source: r.source()}
		if _, twice := l.Matter(m.Matter, m.Outcome); twice {
			r.fail("outcome", "“%s”的“%s”重复，请删去一行", m.Matter, m.Outcome)
		}
		l.matters = append(l.matters, m)
	}
	return t.fault
}
