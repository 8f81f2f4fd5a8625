package statute

import (
	"fmt"
	"io/fs"
	"time"
)

// Conduct is what is known of an employer when a list or a grade is considered.
type Conduct struct {
	Arrears        Fen // the largest amount owed at one time
	Workers        int // workers owed wages
	Complaints     int // complaints against it within a year
	Handled        int // breaches investigated and dealt with in the year
	CriminalAmount bool
	MassEvent      bool // 群体性事件或者极端事件
	MassPetition   bool // 集体上访
	CriminalCase   bool // police opened a case
	Transferred    bool // handed to the police
	Obstruction    bool // 阻挠监察、打击报复
	OrderLapsed    bool // 责令限期支付 lapsed unpaid
	Paid           bool // paid before the decision
	Decided        bool // a decision on the breach was made
	Punished       bool // punished in the year
	Refused        bool // refuses an order or a decision
	ChildLabour    bool
	ForcedLabour   bool
	Insurance      bool // 社会保险违法情节严重
	WorkingHours   bool // 工时休假违法情节严重
	WomenMinors    bool // 女职工、未成年工特殊保护违法情节严重
	BadInfluence   bool // 造成严重不良社会影响
	OtherGrave     bool
	FirstOffence   bool // 初次违法
	Minor          bool // 违法行为轻微
	NoHarm         bool // 没有造成危害后果
	SlightHarm     bool // 危害后果轻微, no harm included
	Corrected      bool // 及时改正
	Faultless      bool // 有证据证明没有主观过错
	WilfulArrears  bool // 恶意拖欠工资
}

// measures are the conditions a rule table may name. A yes is 1.
var measures = map[string]func(Conduct) int64{
	"arrears":         func(c Conduct) int64 { return int64(c.Arrears) },
	"workers":         func(c Conduct) int64 { return int64(c.Workers) },
	"complaints":      func(c Conduct) int64 { return int64(c.Complaints) },
	"handled":         func(c Conduct) int64 { return int64(c.Handled) },
	"criminal_amount": func(c Conduct) int64 { return yes(c.CriminalAmount) },
	"mass_event":      func(c Conduct) int64 { return yes(c.MassEvent) },
	"mass_petition":   func(c Conduct) int64 { return yes(c.MassPetition) },
	"criminal_case":   func(c Conduct) int64 { return yes(c.CriminalCase) },
	"transferred":     func(c Conduct) int64 { return yes(c.Transferred) },
	"obstruction":     func(c Conduct) int64 { return yes(c.Obstruction) },
	"order_lapsed":    func(c Conduct) int64 { return yes(c.OrderLapsed) },
	"paid":            func(c Conduct) int64 { return yes(c.Paid) },
	"decided":         func(c Conduct) int64 { return yes(c.Decided) },
	"punished":        func(c Conduct) int64 { return yes(c.Punished) },
	"refused":         func(c Conduct) int64 { return yes(c.Refused) },
	"child_labour":    func(c Conduct) int64 { return yes(c.ChildLabour) },
	"forced_labour":   func(c Conduct) int64 { return yes(c.ForcedLabour) },
	"insurance":       func(c Conduct) int64 { return yes(c.Insurance) },
	"working_hours":   func(c Conduct) int64 { return yes(c.WorkingHours) },
	"women_minors":    func(c Conduct) int64 { return yes(c.WomenMinors) },
	"bad_influence":   func(c Conduct) int64 { return yes(c.BadInfluence) },
	"other_grave":     func(c Conduct) int64 { return yes(c.OtherGrave) },
	"first_offence":   func(c Conduct) int64 { return yes(c.FirstOffence) },
	"minor":           func(c Conduct) int64 { return yes(c.Minor) },
	"no_harm":         func(c Conduct) int64 { return yes(c.NoHarm) },
	"slight_harm":     func(c Conduct) int64 { return yes(c.SlightHarm || c.NoHarm) },
	"corrected":       func(c Conduct) int64 { return yes(c.Corrected) },
	"faultless":       func(c Conduct) int64 { return yes(c.Faultless) },
	"wilful_arrears":  func(c Conduct) int64 { return yes(c.WilfulArrears) },
}

func yes(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// Lists a rule table may fill.
const (
	listBlacklist   = "blacklist"   // 失信联合惩戒对象名单
	listPublication = "publication" // 重大劳动保障违法行为社会公布
	listGradeC      = "credit.C"
	listGradeB      = "credit.B"
	// Grounds for withholding a penalty (行政处罚法 33).
	listLeniencyMinor     = "leniency.minor"
	listLeniencyFirst     = "leniency.first"
	listLeniencyFaultless = "leniency.faultless"
)

// need is how a condition takes part in a rule.
type need string

const (
	needAny    need = "any"    // one of these must hold
	needAll    need = "all"    // each of these must hold
	needUnless need = "unless" // when it holds, the list may be spared
	needNever  need = "never"  // when it holds, the rule does not apply
)

type condition struct {
	name      string
	need      need
	threshold int64
	text      string
	Source
}

// RuleSet is one version of the conditions of a list.
type RuleSet struct {
	List    string
	Version string
	Validity
	conditions []condition
	line       int
}

// Judgement is a finding with its grounds.
type Judgement struct {
	Met     bool
	Version string
	Reasons []Reason // the conditions that hold
	Missing []Reason // required conditions that do not hold yet
	Spared  []Reason // grounds on which the list may be spared although met
	Barred  []Reason // grounds on which the rule does not apply
}

// Judge applies the rule set to what is known.
func (s RuleSet) Judge(c Conduct) Judgement {
	j := Judgement{Version: s.Version}
	triggered := !s.alternatives()
	for _, cond := range s.conditions {
		holds := measures[cond.name](c) >= cond.threshold
		reason := Reason{Code: cond.name, Text: cond.text, Article: cond.Article}
		switch {
		case cond.need == needAny && holds:
			triggered = true
			j.Reasons = append(j.Reasons, reason)
		case cond.need == needAll && holds:
			j.Reasons = append(j.Reasons, reason)
		case cond.need == needAll:
			j.Missing = append(j.Missing, reason)
		case cond.need == needUnless && holds:
			j.Spared = append(j.Spared, reason)
		case cond.need == needNever && holds:
			j.Barred = append(j.Barred, reason)
		}
	}
	j.Met = triggered && len(j.Missing) == 0 && len(j.Barred) == 0
	return j
}

// alternatives tells whether the rule has conditions of which one must hold.
func (s RuleSet) alternatives() bool {
	for _, cond := range s.conditions {
		if cond.need == needAny {
			return true
		}
	}
	return false
}

// BlacklistCandidate judges whether an employer is to be considered for the list of
// dishonest debtors of migrant workers' wages, under the rules in force on a day.
func (l *Law) BlacklistCandidate(c Conduct, on time.Time, region string) (Judgement, error) {
	return l.judge(listBlacklist, c, on, region)
}

// PublicationCandidate judges whether a grave breach is to be considered for publication.
func (l *Law) PublicationCandidate(c Conduct, on time.Time, region string) (Judgement, error) {
	return l.judge(listPublication, c, on, region)
}

// CreditGrade grades the conduct of a year: A, B or C, with the grounds of the grade.
func (l *Law) CreditGrade(c Conduct, on time.Time, region string) (string, []Reason, error) {
	for _, grade := range []string{listGradeC, listGradeB} {
		j, err := l.judge(grade, c, on, region)
		if err != nil {
			return "", nil, err
		}
		if j.Met {
			return grade[len(grade)-1:], j.Reasons, nil
		}
	}
	return "A", []Reason{{Code: "clean", Text: "评价年度内未因劳动保障违法行为被查处。", Article: "《企业劳动保障守法诚信等级评价办法》"}}, nil
}

func (l *Law) judge(list string, c Conduct, on time.Time, region string) (Judgement, error) {
	set, err := l.RuleSet(list, on, region)
	if err != nil {
		return Judgement{}, err
	}
	return set.Judge(c), nil
}

// RuleSet returns the version of a list's rules in force on a day; a region's own rules
// come before the national ones.
func (l *Law) RuleSet(list string, on time.Time, region string) (RuleSet, error) {
	for _, want := range regions(region) {
		for _, s := range l.rules {
			if s.List == list && s.Region == want && s.covers(on) {
				return s, nil
			}
		}
	}
	return RuleSet{}, fmt.Errorf("%s没有适用的名单规则（%s），请检查 rules.csv", on.Format(time.DateOnly), list)
}

// RuleVersion returns a version by its name, for reading old listings.
func (l *Law) RuleVersion(list, version string) (RuleSet, error) {
	for _, s := range l.rules {
		if s.List == list && s.Version == version {
			return s, nil
		}
	}
	return RuleSet{}, fmt.Errorf("没有名为“%s”的名单规则版本，请检查 rules.csv", version)
}

func (l *Law) loadRules(fsys fs.FS) error {
	t, err := readTable(fsys, "rules.csv", "list", "version", "need", "condition", "threshold", "unit", "text",
		"basis", "mark", "valid_from", "valid_to", "region", "note")
	if err != nil {
		return err
	}
	for _, r := range t.records {
		list := r.oneOf("list", listBlacklist, listPublication, listGradeC, listGradeB, listLeniencyMinor, listLeniencyFirst, listLeniencyFaultless)
		set := l.ruleSet(r, list, r.need("version"), r.validity())
		set.conditions = append(set.conditions, readCondition(r))
	}
	return t.fault
}

func readCondition(r record) condition {
	c := condition{name: r.need("condition"), need: need(r.oneOf("need", "any", "all", "unless", "never")), text: r.need("text"), Source: r.source()}
	if measures[c.name] == nil {
		r.fail("condition", "不认识的条件“%s”，请更正", c.name)
	}
	if r.oneOf("unit", "", "元") == "元" {
		c.threshold = int64(r.fen("threshold"))
	} else {
		c.threshold = int64(r.integer("threshold"))
	}
	if c.threshold < 1 {
		r.fail("threshold", "应大于0，请更正")
	}
	return c
}

// ruleSet finds the set a row belongs to, or starts it.
func (l *Law) ruleSet(r record, list, version string, v Validity) *RuleSet {
	for i := range l.rules {
		s := &l.rules[i]
		switch {
		case s.List != list:
		case s.Version == version:
			if s.Validity != v {
				r.fail("valid_from", "同一版本各行的起止日期和地区应当一致，请对照第%d行更正", s.line)
			}
			return s
		case s.overlaps(v):
			r.fail("valid_from", "“%s”的有效期与第%d行的版本重叠，请把其中一个版本的起止日期改开", version, s.line)
		}
	}
	l.rules = append(l.rules, RuleSet{List: list, Version: version, Validity: v, line: r.line})
	return &l.rules[len(l.rules)-1]
}
