package statute

import (
	"fmt"
	"io/fs"
	"strings"
	"time"
)

// ServiceMode is one way of serving a document and what proves it.
type ServiceMode struct {
	Mode      string // 直接, 留置, 电子, 委托, 邮寄, 转交, 公告, 张贴
	Receivers string // who may receive, for the officer to read
	When      string // when the mode may be used
	Counts    string // which date is the date of service
	Clock     string // key of the clock that runs before service counts; empty = the date itself
	// Proof is what the file must hold: all of the groups, one of each group.
	Proof [][]string
	// WageOrderOnly tells that only an order to pay wages may be served so.
	WageOrderOnly bool
	Source
	names map[string]string
}

// Service returns a mode by its name. The error names the mode.
func (l *Law) Service(mode string) (ServiceMode, error) {
	for _, s := range l.services {
		if s.Mode == mode {
			return s, nil
		}
	}
	return ServiceMode{}, fmt.Errorf("没有名为“%s”的送达方式，请检查 services.csv", mode)
}

// Services lists the modes in the order of the table.
func (l *Law) Services() []ServiceMode { return append([]ServiceMode(nil), l.services...) }

// ServedOn is the day of service by the mode for the day of its event: the signature, the
// record of refusal, the arrival, the receipt, the posting, the public notice. firm is false
// when a year without a holiday table was needed.
func (l *Law) ServedOn(mode string, event time.Time, region string) (day time.Time, firm bool, err error) {
	s, err := l.Service(mode)
	if err != nil {
		return time.Time{}, false, err
	}
	if s.Clock == "" {
		return midnight(event), true, nil
	}
	d, err := l.Due(s.Clock, event, region)
	return d.Last, d.Firm, err
}

// Missing lists the proof that is not there yet; has tells whether a kind of proof is held.
func (s ServiceMode) Missing(has func(proof string) bool) []Reason {
	var missing []Reason
	for _, group := range s.Proof {
		held := false
		names := make([]string, len(group))
		for i, proof := range group {
			held = held || has(proof)
			names[i] = s.names[proof]
		}
		if !held {
			missing = append(missing, Reason{Code: strings.Join(group, "|"), Article: s.Article,
				Text: fmt.Sprintf("%s送达缺少%s，请补齐。", s.Mode, strings.Join(names, "或者"))})
		}
	}
	return missing
}

func (l *Law) loadServices(fsys fs.FS) error {
	t, err := readTable(fsys, "services.csv", "mode", "receivers", "when", "counts", "clock", "proof", "wage_order_only", "basis", "mark", "note")
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, term := range l.dictionaries["proof"] {
		names[term.Code] = term.Text
	}
	for _, r := range t.records {
		s := ServiceMode{Mode: r.need("mode"), Receivers: r.need("receivers"), When: r.text("when"), Counts: r.need("counts"),
			Clock: r.text("clock"), Source: r.source(), names: names}
		s.WageOrderOnly = r.oneOf("wage_order_only", "yes", "no") == "yes"
		if s.Clock != "" && len(l.clocks.rows[s.Clock]) == 0 {
			r.fail("clock", "没有名为“%s”的期限，请检查 clocks.csv", s.Clock)
		}
		for _, group := range r.list("proof") {
			kinds := strings.Split(group, "|")
			for _, kind := range kinds {
				if names[kind] == "" {
					r.fail("proof", "没有名为“%s”的证明材料，请在 dictionaries.csv 的 proof 中补上", kind)
				}
			}
			s.Proof = append(s.Proof, kinds)
		}
		if _, err := l.Service(s.Mode); err == nil {
			r.fail("mode", "“%s”重复，请删去一行", s.Mode)
		}
		l.services = append(l.services, s)
	}
	return t.fault
}

// Term is one entry of a dictionary an office may extend.
type Term struct {
	Code string
	Text string
	Source
}

// Dictionary returns the entries of a list: cause (案由), inspection (检查类型), task (任务来源),
// outcome (检查结果), source (线索来源), evidence (证据种类), paper (证件种类), site (项目状态),
// authority (主管部门), proof (送达证明). An unknown list is empty.
func (l *Law) Dictionary(list string) []Term { return append([]Term(nil), l.dictionaries[list]...) }

func (l *Law) loadDictionaries(fsys fs.FS) error {
	t, err := readTable(fsys, "dictionaries.csv", "list", "code", "text", "basis", "mark", "note")
	if err != nil {
		return err
	}
	l.dictionaries = map[string][]Term{}
	for _, r := range t.records {
		list, term := r.need("list"), Term{Code: r.need("code"), Text: r.need("text"), Source: r.source()}
		for _, other := range l.dictionaries[list] {
			if other.Code == term.Code {
				r.fail("code", "“%s”重复，请删去一行", term.Code)
			}
		}
		l.dictionaries[list] = append(l.dictionaries[list], term)
	}
	return t.fault
}
