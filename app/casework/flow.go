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

// Matters of a case that gates ask for, as the law's table names them.
const (
	matterOpening    = "立案审批"
	matterRecusal    = "回避"
	matterHold       = "先行登记保存"
	matterRecheck    = "整改复查"
	matterStatement  = "陈述申辩"
	matterHearing    = "听证"
	matterReview     = "法制审核"
	matterDiscussion = "集体讨论"
	matterTransfer   = "移送审批"
	matterQuery      = "查询审批"
	matterEducation  = "教育"
	matterExecution  = "执行"

	statementWaived = "书面放弃"
	hearingHeld     = "已举行"
)

// Move is one step a case may take from where it stands, with what still
// stands against it.
type Move struct {
	To        string
	Act       string     // what the step is called
	Documents []string   // types of paper, one of which the step rests on
	Ready     []model.ID // papers of these types that are issued
	Who       []statute.Duty
	Reasons   []Reason
	Article   string
	Note      string
}

// Open tells whether the step can be taken now by who asked.
func (m Move) Open() bool { return enforce("", m.Reasons) == nil }

// MoveIn is how a step is taken.
type MoveIn struct {
	Document model.ID // the paper it rests on; the newest fitting one when empty
	Reason   string
	By       model.ID // who acts; the officer at this desk when empty
}

// Next lists the steps out of the state a case stands in, and what stands
// against each for the officer at this desk.
func (d *Desk) Next(ctx context.Context, id model.ID) ([]Move, error) {
	f, err := d.File(ctx, id)
	if err != nil {
		return nil, err
	}
	return f.Next(d.me)
}

// Next lists the steps out of the state of the file for an officer.
func (f *File) Next(by model.ID) ([]Move, error) {
	var out []Move
	for _, row := range f.Law.Transitions(statute.OfCase, f.Case.State, f.At, f.region()) {
		m, err := f.move(row, by)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

// move judges one step: who may take it, the paper it rests on, its gates.
func (f *File) move(row statute.Transition, by model.ID) (Move, error) {
	g := *f
	g.to = row.To
	m := Move{To: row.To, Act: row.Act, Documents: row.Documents, Who: row.Who, Article: row.Article, Note: row.Note}
	if !g.duty(by).May(row.Who) {
		m.Reasons = append(m.Reasons, block("应当由"+dutyNames(row.Who)+"办理", row.Article))
	}
	for _, k := range g.issued(row.Documents...) {
		if !g.spent(k.ID) {
			m.Ready = append(m.Ready, k.ID)
		}
	}
	if len(row.Documents) > 0 && len(m.Ready) == 0 {
		m.Reasons = append(m.Reasons, block("还没有签发"+g.titles(row.Documents), row.Article))
	}
	reasons, err := g.gates(row.Gates)
	m.Reasons = append(m.Reasons, reasons...)
	return m, err
}

// spent tells whether a paper already carried the same kind of step: an
// extension is not had twice on one approval. A decision is carried out on the
// paper it was made on, so only papers of the state the case is in count.
func (f *File) spent(doc model.ID) bool {
	for _, t := range f.Case.Log {
		if t.Document == doc && t.From == f.Case.State && t.To == f.to {
			return true
		}
	}
	return false
}

// titles names types of paper.
func (f *File) titles(types []string) string {
	var out []string
	for _, id := range types {
		title := id
		if row, err := f.Law.Catalogue(f.At, f.region()).Get(id); err == nil {
			title = row.Title
		}
		out = append(out, "《"+title+"》")
	}
	return strings.Join(out, "或者")
}

func dutyNames(who []statute.Duty) string {
	var out []string
	for _, w := range who {
		out = append(out, w.Name())
	}
	return strings.Join(out, "或者")
}

// Move takes a step: it is refused where a gate is closed, and otherwise logged
// with who, when and on which paper. The warnings that did not stop it are
// returned.
func (d *Desk) Move(ctx context.Context, id model.ID, to string, in MoveIn) ([]Reason, error) {
	_, rev, err := load[model.Case](ctx, d, id)
	if err != nil {
		return nil, err
	}
	f, err := d.File(ctx, id)
	if err != nil {
		return nil, err
	}
	row, ok := f.Law.Transition(statute.OfCase, f.Case.State, to, f.At, f.region())
	if !ok {
		return nil, fmt.Errorf("案件的状态是“%s”，不能转为“%s”", f.Case.State, to)
	}
	if in.By == "" {
		in.By = d.me
	}
	m, err := f.move(row, in.By)
	if err != nil {
		return nil, err
	}
	if in.Document == "" && len(m.Ready) > 0 {
		in.Document = m.Ready[len(m.Ready)-1]
	}
	if in.Document != "" && len(row.Documents) > 0 && !slices.Contains(m.Ready, in.Document) {
		m.Reasons = append(m.Reasons, block("所选文书不是已签发的"+f.titles(row.Documents), row.Article))
	}
	if err := enforce(row.Act, m.Reasons); err != nil {
		return nil, err
	}
	if err := f.step(row, in); err != nil {
		return nil, err
	}
	if _, err := d.commit(ctx, model.Change{ID: id, Base: rev, Record: f.Case}); err != nil {
		return nil, fmt.Errorf("%s: %w", row.Act, err)
	}
	return warnings(m.Reasons), nil
}

// step writes the step into the case of the file: its log, what the step
// changes of the clock, and the day the next clock ends.
func (f *File) step(row statute.Transition, in MoveIn) error {
	c := f.Case
	t := model.Transition{From: c.State, To: row.To, Act: row.Act, By: in.By, At: f.At, Document: in.Document, Reason: in.Reason}
	switch {
	case row.From == row.To:
		c.Extended = &model.Decision{By: in.By, At: f.At, Outcome: row.Act, Reason: in.Reason}
	case row.To == model.CaseSuspended:
		c.Pauses = append(c.Pauses, model.Pause{From: f.At})
	case row.From == model.CaseSuspended:
		if n := len(c.Pauses); n > 0 {
			c.Pauses[n-1].To = f.At
		}
	}
	c.State, c.Log = row.To, append(c.Log, t)
	due, err := f.dueDay(row, t)
	c.DueBy = due
	return err
}

// dueDay is the last day of the clock that runs after a step, "" where none
// does.
func (f *File) dueDay(row statute.Transition, t model.Transition) (model.Date, error) {
	var d statute.Deadline
	var err error
	switch row.Clock {
	case "":
		return "", nil
	case clockInvestigate:
		d, err = f.investigationDue(f.Case.Extended != nil)
	case clockPenalty:
		d, err = f.Law.Due(row.Clock, f.Case.OpenedAt, f.region())
	default:
		d, err = f.Law.Due(row.Clock, f.started(row.Clock, t), f.region())
	}
	if err != nil {
		return "", fmt.Errorf("计算%s后的期限: %w", row.Act, err)
	}
	return model.DateOf(d.Last), nil
}

// Clocks that do not start with the step that leads to them.
const (
	clockPenalty = "penalty.total" // from the opening
	clockPay     = "fine.pay"      // from the service of the decision
)

// started is when the clock after a step began: with its paper, or with the
// step itself where it has none.
func (f *File) started(clock string, t model.Transition) time.Time {
	for _, k := range f.Documents {
		if k.ID != t.Document || k.Value.Issued == nil {
			continue
		}
		if on := f.servedOn(k.ID); clock == clockPay && !on.IsZero() {
			return on
		}
		return k.Value.Issued.At
	}
	return t.At
}
