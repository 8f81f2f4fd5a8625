package casework

import (
	"fmt"
	"strings"
	"time"

	"anxin/model"
	"anxin/model/statute"
)

// occasion is an act on which officers stood together.
type occasion struct {
	what     string
	officers []model.ID
	at       time.Time
}

// occasions are the acts of a file that need two officers. A pending act needs
// the handlers as they are now.
func (f *File) occasions() []occasion {
	handlers := []model.ID{f.Case.LeadOfficer, f.Case.Assistant}
	out := []occasion{{"立案", handlers, f.Case.OpenedAt}}
	if f.pending() {
		out = append(out, occasion{"本次办理", handlers, f.At})
	}
	for _, k := range f.Inspections {
		if k.Value.State == model.InspectionRecorded {
			out = append(out, occasion{"现场检查" + model.ChineseTime(k.Value.Start), k.Value.Officers, k.Value.Start})
		}
	}
	for _, k := range f.Interviews {
		if k.Value.State == model.InterviewDone {
			out = append(out, occasion{f.interviewName(k.Value), k.Value.Officers, k.Value.Start})
		}
	}
	for _, k := range f.Services {
		out = append(out, occasion{"送达" + model.ChineseTime(k.Value.At), k.Value.Officers, k.Value.At})
	}
	return out
}

func (f *File) interviewName(v *model.Interview) string {
	return "询问笔录" + model.ChineseTime(v.Start)
}

// officerFaults collects what statute says of the officers of every occasion,
// of the codes a gate asks for.
func (f *File) officerFaults(wanted func(code string) bool) (out []string) {
	for _, o := range f.occasions() {
		var people []model.Officer
		for _, id := range o.officers {
			if p := f.Officers[id]; p != nil {
				people = append(people, *p)
			}
		}
		for _, r := range statute.TwoOfficers(people, o.at) {
			if wanted(r.Code) {
				out = append(out, o.what+"，"+bare(r.Text))
			}
		}
	}
	return out
}

func fewOfficers(code string) bool { return code == "two_officers" || code == "same" }

func twoOfficers(f *File) []string { return f.officerFaults(fewOfficers) }

func officersCertified(f *File) []string {
	return f.officerFaults(func(code string) bool { return !fewOfficers(code) })
}

// certificateShown: every statement opens with it, every site record says it.
func certificateShown(f *File) (out []string) {
	for _, k := range f.Interviews {
		if k.Value.State == model.InterviewDone && !asked(k.Value, "执法证件") {
			out = append(out, f.interviewName(k.Value))
		}
	}
	for _, k := range f.issued("D03") {
		if text, _ := k.Value.Fields["shown"].(string); text == "" {
			out = append(out, nameOf(k.Value))
		}
	}
	return out
}

// asked tells whether a question of fixed wording was put and answered.
func asked(v *model.Interview, about string) bool {
	for _, q := range v.QAs {
		if q.Locked && strings.Contains(q.Question, about) && strings.TrimSpace(q.Answer) != "" {
			return true
		}
	}
	return false
}

func rightsTold(f *File) (out []string) {
	for _, k := range f.Interviews {
		v := k.Value
		if v.State == model.InterviewDone && !(asked(v, "如实") && asked(v, "回避") && asked(v, "核对笔录")) {
			out = append(out, f.interviewName(v))
		}
	}
	return out
}

func singlePerson(f *File) (out []string) {
	for _, k := range f.Interviews {
		if strings.ContainsAny(k.Value.Person, "、，,;；") {
			out = append(out, f.interviewName(k.Value))
		}
	}
	return out
}

// noOverlap: no officer in two records of the file at once.
func noOverlap(f *File) (out []string) {
	for i, a := range f.Interviews {
		for _, b := range f.Interviews[i+1:] {
			if meets(a.Value.Officers, interviewSpan(a.Value), b.Value.Officers, interviewSpan(b.Value)) {
				out = append(out, f.interviewName(a.Value)+"与"+f.interviewName(b.Value))
			}
		}
		for _, v := range f.Inspections {
			asked, visit := interviewSpan(a.Value), span{v.Value.Start, v.Value.End}
			// A statement may be taken in the course of a visit by the same two.
			within := !asked.from.Before(visit.from) && !asked.to.After(visit.to)
			if meets(a.Value.Officers, asked, v.Value.Officers, visit) && !within {
				out = append(out, f.interviewName(a.Value)+"与现场检查"+model.ChineseTime(visit.from))
			}
		}
	}
	return out
}

// dutiesSeparate: whoever handles the case approves, reviews and presides over
// nothing in it.
func dutiesSeparate(f *File) (out []string) {
	for _, t := range f.Case.Log {
		row, ok := f.Law.Transition(statute.OfCase, t.From, t.To, t.At, f.region())
		if ok && f.handles(t.By) && !f.duty(t.By).May(row.Who) {
			out = append(out, fmt.Sprintf("%s由承办人员%s办理", row.Act, f.nameOfOfficer(t.By)))
		}
	}
	for _, x := range f.Case.Decisions {
		m, ok := f.Law.Matter(x.Matter, x.Outcome)
		if ok && f.handles(x.By) && !f.duty(x.By).May(m.Who) {
			out = append(out, fmt.Sprintf("%s由承办人员%s办理", x.Matter, f.nameOfOfficer(x.By)))
		}
	}
	return out
}

// byHandler names the handlers who decided a matter themselves.
func (f *File) byHandler(matter, outcome string) (out []string) {
	for _, x := range f.Case.Decisions {
		if x.Matter == matter && (outcome == "" || x.Outcome == outcome) && f.handles(x.By) {
			out = append(out, f.nameOfOfficer(x.By))
		}
	}
	return out
}

func reviewerSeparate(f *File) []string { return f.byHandler(matterReview, "") }

func hearingHost(f *File) []string { return f.byHandler(matterHearing, hearingHeld) }

// recusalSettled: an application waits for its decision, and who must stand
// aside does.
func recusalSettled(f *File) (out []string) {
	last := map[model.ID]model.CaseDecision{}
	for _, x := range f.Case.Decisions {
		if x.Matter == matterRecusal && !x.At.Before(last[x.About].At) {
			last[x.About] = x
		}
	}
	for who, x := range last {
		m, _ := f.Law.Matter(x.Matter, x.Outcome)
		if m.Effect == statute.EffectOpen || m.Effect == statute.EffectFail && f.handles(who) {
			out = append(out, f.nameOfOfficer(who)+x.Outcome)
		}
	}
	return out
}
