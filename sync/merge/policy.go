package merge

import "anxin/model"

// policy is how the fields of one kind merge. A field named nowhere is a
// scalar: one side's change is taken, two different changes are a conflict.
type policy struct {
	// never is set for kinds that are legal acts as a whole.
	never bool
	// drafts are the states in which the record may merge at all; empty for
	// kinds without a life of their own.
	drafts []string
	// legal fields carry weight in law: a change of one of them never merges
	// with any other change of the other side.
	legal []string
	// sets are lists whose order has no meaning and whose items are texts.
	sets []string
	// maps are objects that merge member by member.
	maps []string
	// ends are times, or acts with a time in "at", that happen once: of two the
	// earlier one stands.
	ends []string
}

var policies = map[model.Kind]policy{
	model.KindOffice:   {maps: []string{"titles"}},
	model.KindOfficer:  {legal: []string{"cert_no", "cert_type", "valid_from", "valid_to", "role", "suspended"}},
	model.KindGrid:     {},
	model.KindEmployer: {sets: []string{"distinct"}},
	model.KindSite:     {sets: []string{"subs", "unmatched", "distinct"}},
	model.KindContact:  {},
	model.KindEntry:    {legal: []string{"daybook", "struck"}, maps: []string{"fields"}},
	model.KindPayment:  {legal: []string{"state", "struck"}},
	model.KindDraw:     {legal: []string{"state", "published"}},
	model.KindLead: {drafts: []string{model.LeadRegistered},
		legal: []string{"state", "decided", "decide_by", "case", "supplemented_at"}},
	model.KindCase: {drafts: []string{model.CaseInvestigating},
		legal: []string{"state", "number", "due_by", "log", "lead_officer", "assistant", "breach_ended", "extended", "pauses", "decisions", "sanction"}},
	model.KindInspection: {drafts: []string{model.InspectionPlanned, model.InspectionApproved, model.InspectionAnnounced},
		legal: []string{"state", "approved", "wage_roll"}, sets: []string{"officers", "helpers"}, maps: []string{"checklist"}},
	model.KindWageRoll: {legal: []string{"workers", "file", "sha256"}},
	model.KindInterview: {drafts: []string{model.InterviewDraft},
		legal: []string{"state"}, sets: []string{"officers"}},
	model.KindDocument: {drafts: []string{model.DocumentDraft},
		legal: []string{"state", "issued", "events", "due_by", "type"}, maps: []string{"fields"}},
	model.KindService:     {never: true},
	model.KindEvidence:    {legal: []string{"sha256", "size", "damaged"}, sets: []string{"supports"}},
	model.KindFormPackage: {ends: []string{"withdrawn"}},
	model.KindIssuerKey:   {ends: []string{"revoked"}},
}

// policyOf is the policy of a kind; a kind this program does not know, written
// by a newer one, never merges.
func policyOf(kind model.Kind) policy {
	p, ok := policies[kind]
	if !ok {
		return policy{never: true}
	}
	return p
}
