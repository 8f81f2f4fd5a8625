package casework

import (
	"time"

	"anxin/model"
	"anxin/model/statute"
)

// notices are the advance notices that count for the decision: those issued
// before it was made.
func (f *File) notices() []Kept[model.Document] { return before(f.issued("D09"), f.decidedAt()) }

// noticeServed: told before decided.
func noticeServed(f *File) []string {
	docs := f.notices()
	if len(docs) == 0 {
		return []string{"没有事先告知书"}
	}
	return f.unserved(docs, f.decidedAt())
}

// statementClosed: the period to be heard is over for the newest notice, or
// given up in writing.
func statementClosed(f *File) []string {
	at := f.decidedAt()
	if waived, _ := f.standing(matterStatement, at); waived != nil && waived.Outcome == statementWaived {
		return nil
	}
	docs := f.notices()
	if len(docs) == 0 {
		return []string{"没有事先告知书"}
	}
	on := f.servedOn(docs[len(docs)-1].ID)
	return unless(!on.IsZero() && f.over("notice.statement", on, at))
}

func statementWeighed(f *File) []string {
	_, effect := f.standing(matterStatement, f.decidedAt())
	return unless(effect != statute.EffectOpen)
}

// proposed is the sanction the decision at hand imposes; nil for an order to
// pay or to act, which imposes none.
func (f *File) proposed() *model.Sanction {
	if f.to == model.CaseHandled || f.draft != nil && f.draft.Type == "D14" {
		return nil
	}
	return f.Case.Sanction
}

// hearingNeeded tells whether the party must be told of its right to a hearing.
// A proposal that cannot be judged is treated as one that needs it.
func (f *File) hearingNeeded(at time.Time) bool {
	s := f.proposed()
	if s == nil {
		return false
	}
	need, _, err := f.Law.HearingNeeded(statute.Sanction{Organisation: s.Organisation, Fine: statute.Fen(s.FineFen), StopsWork: s.StopsWork,
		Licence: s.Licence}, at, f.region())
	return err != nil || need
}

// hearingTold is when the party was told of its right: by a paper of its own
// or in the advance notice; the zero time when it was not.
func (f *File) hearingTold(at time.Time) time.Time {
	for _, k := range before(f.issued("D10", "D09"), at) {
		told, _ := k.Value.Fields["hearing"].(bool)
		if k.Value.Type == "D10" || told {
			if on := f.servedOn(k.ID); !on.IsZero() {
				return on
			}
		}
	}
	return time.Time{}
}

// hearingClosed: told, and then held, given up, or not asked for in time. A
// hearing asked for must be held whether it was needed or not.
func hearingClosed(f *File) []string {
	at := f.decidedAt()
	_, effect := f.standing(matterHearing, at)
	switch told := f.hearingTold(at); {
	case effect == statute.EffectOpen:
		return []string{"当事人要求听证，尚未举行"}
	case effect == statute.EffectPass || !f.hearingNeeded(at):
		return nil
	case told.IsZero():
		return []string{"没有送达听证告知书"}
	case !f.over("hearing.request", told, at):
		return []string{"要求听证的期限尚未届满"}
	}
	return nil
}

// hearingNoticed: the notice of the hearing was served the full number of
// working days before it.
func hearingNoticed(f *File) []string {
	held, _ := f.standing(matterHearing, f.decidedAt())
	if held == nil || held.Outcome != hearingHeld {
		return nil
	}
	latest, err := f.Law.Due("hearing.notice", held.At, f.region())
	if err != nil {
		return []string{bare(err.Error())}
	}
	for _, k := range f.issued("D10a") {
		if on := f.servedOn(k.ID); !on.IsZero() && !on.After(latest.Last) {
			return nil
		}
	}
	return []string{"应在" + model.DateOf(latest.Last).Chinese() + "以前送达"}
}

// reviewNeeded: a hearing, a grave or complex case, or what the office's own
// list of major decisions says. Source: 《行政处罚法》第五十八条第一款.
func (f *File) reviewNeeded(at time.Time) bool {
	s := f.proposed()
	if s == nil {
		return false
	}
	key := "review.person"
	if s.Organisation {
		key = "review.organisation"
	}
	limit, err := f.Law.Parameter(key, at, f.region())
	return err != nil || s.Grave || s.FineFen >= limit.Value() || f.hearingNeeded(at)
}

// reviewPassed: a review that is needed agrees; one that disagrees binds even
// where it was not needed.
func reviewPassed(f *File) []string {
	at := f.decidedAt()
	review, effect := f.standing(matterReview, at)
	switch {
	case review == nil:
		return unless(!f.reviewNeeded(at))
	case effect != statute.EffectPass:
		return []string{"审核意见为“" + review.Outcome + "”"}
	}
	return unless(f.on("D12", review.Document))
}

// on tells whether a paper of the type is issued and in the file.
func (f *File) on(docType string, id model.ID) bool {
	for _, k := range f.issued(docType) {
		if k.ID == id {
			return true
		}
	}
	return false
}

// discussionHeld: a grave or complex case is decided by the heads together.
func discussionHeld(f *File) []string {
	at := f.decidedAt()
	held, effect := f.standing(matterDiscussion, at)
	switch {
	case held == nil:
		return unless(f.proposed() == nil || !f.proposed().Grave)
	case effect != statute.EffectPass:
		return []string{"讨论结论为“" + held.Outcome + "”"}
	}
	return unless(f.on("D11", held.Document))
}

func decidedInTime(f *File) []string {
	return unless(!f.penal() || !f.over("penalty.total", f.Case.OpenedAt, f.actAt("D13")))
}

// decisions are the decisions of penalty, handling and no penalty.
func (f *File) decisions() []Kept[model.Document] { return f.issued("D13", "D14", "D15") }

func decisionMade(f *File) []string {
	return unless(len(before(f.issued("D13", "D14"), f.actAt("D21"))) > 0)
}

// decisionSealed: a scan of the paper with the seal is linked.
func decisionSealed(f *File) (out []string) {
	for _, k := range f.issued(decisionTypes...) {
		sealed := false
		for _, e := range k.Value.Events {
			sealed = sealed || e.Kind == model.EventScanned
		}
		if !sealed {
			out = append(out, nameOf(k.Value))
		}
	}
	return out
}

func decisionServed(f *File) []string { return f.unserved(f.decisions(), f.At) }

// servedInTime: seven working days for orders and decisions.
func servedInTime(f *File) (out []string) {
	for _, k := range f.issued("D06", "D13", "D14", "D15") {
		served := f.servedOn(k.ID)
		if served.IsZero() {
			served = f.At
		}
		if f.over("decision.serve", k.Value.Issued.At, served) {
			out = append(out, nameOf(k.Value))
		}
	}
	return out
}

func serviceProved(f *File) (out []string) {
	for _, k := range f.Services {
		mode, err := f.Law.Service(k.Value.Mode)
		if err != nil {
			out = append(out, bare(err.Error()))
			continue
		}
		for _, r := range mode.Missing(func(proof string) bool { return hasProof(k.Value, proof) }) {
			out = append(out, "送达"+model.ChineseTime(k.Value.At)+"，"+bare(r.Text))
		}
	}
	return out
}

func electronicConsent(f *File) (out []string) {
	for _, k := range f.Services {
		if k.Value.Mode == model.ServeElectron && len(before(f.issued("D16a"), k.Value.At)) == 0 {
			out = append(out, "送达"+model.ChineseTime(k.Value.At))
		}
	}
	return out
}

// executed: the decision was carried out, or the order obeyed where no decision
// was needed.
func executed(f *File) []string {
	at := f.actAt("D19")
	if len(f.issued(decisionTypes...)) > 0 {
		return unless(f.passed(matterExecution, at))
	}
	return unless(f.passed(matterExecution, at) || f.passed(matterRecheck, at))
}

func urged(f *File) []string {
	at := f.actAt("D24a")
	for _, k := range f.issued("D24") {
		if on := f.servedOn(k.ID); !on.IsZero() && f.over("enforce.urge", on, at) {
			return nil
		}
	}
	return []string{""}
}

// remedyExpired: after the last day to ask for review or to sue, and within
// the months after it in which a court may be asked.
func remedyExpired(f *File) []string {
	at := f.actAt("D24a")
	for _, k := range f.issued(decisionTypes...) {
		on := f.servedOn(k.ID)
		sue, err := f.Law.Due("remedy.sue", on, f.region())
		if err != nil || on.IsZero() || !sue.Passed(at) || !f.over("remedy.review", on, at) || f.over("enforce.apply", sue.Last, at) {
			return []string{nameOf(k.Value)}
		}
	}
	return unless(len(f.issued(decisionTypes...)) > 0)
}

func blacklistTold(f *File) []string {
	at := f.actAt("D25a")
	for _, k := range f.issued("D25") {
		if on := f.servedOn(k.ID); !on.IsZero() && f.over("blacklist.object", on, at) {
			return nil
		}
	}
	return []string{""}
}

// fileComplete: nothing left in draft, everything served that is served, and
// the approval that closes the case.
func fileComplete(f *File) (out []string) {
	for _, k := range f.Documents {
		switch k.Value.State {
		case model.DocumentDraft:
			out = append(out, "草稿“"+k.Value.Title+"”")
		case model.DocumentIssued:
			if row, err := f.Law.Catalogue(k.Value.Issued.At, f.region()).Get(k.Value.Type); err == nil && toBeServed(row) && f.servedOn(k.ID).IsZero() {
				out = append(out, nameOf(k.Value)+"没有送达")
			}
		}
	}
	if len(f.issued("D19", "D19a")) == 0 {
		out = append(out, "没有结案或者撤销立案审批表")
	}
	return out
}

// toBeServed: a paper under seal that the party signs for.
func toBeServed(row statute.Document) bool {
	seal, party := false, false
	for _, s := range row.Sign {
		seal = seal || s.Role == statute.SignSeal
		party = party || s.Role == statute.SignParty
	}
	return seal && party
}
