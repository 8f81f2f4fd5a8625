package casework

// gateCheck looks at one condition of the law in a file. It returns one entry
// for each place where the condition is not met: a few words that name the
// place, or "" where the condition as a whole is meant. None means it is met
// or does not apply. The wording, the article and whether it blocks are the
// law's table (gates.csv).
type gateCheck func(*File) []string

// gateChecks has one check for every gate of the law's table, and no other.
var gateChecks = map[string]gateCheck{
	// Officers and their parts in the case.
	"two_officers":       twoOfficers,
	"officers_certified": officersCertified,
	"certificate_shown":  certificateShown,
	"duties_separate":    dutiesSeparate,
	"recusal_settled":    recusalSettled,
	"reviewer_separate":  reviewerSeparate,
	"hearing_host":       hearingHost,
	"no_overlap":         noOverlap,
	"single_person":      singlePerson,
	"rights_told":        rightsTold,
	// Opening and visits.
	"party_named":         partyNamed,
	"case_opened":         caseOpened,
	"accepted_in_time":    acceptedInTime,
	"limit_open":          limitOpen,
	"visit_cap":           visitCap,
	"visit_approver":      visitApprover,
	"visit_order":         visitOrder,
	"inspection_approved": inspectionApproved,
	"inspection_noticed":  inspectionNoticed,
	"record_made":         recordMade,
	"record_same_day":     recordSameDay,
	// Facts, evidence, and the law applied to them.
	"evidence_kind":    evidenceKind,
	"evidence_enough":  evidenceEnough,
	"facts_clear":      factsClear,
	"cause_named":      causeNamed,
	"law_applied":      lawApplied,
	"fine_in_tier":     fineInTier,
	"one_fine":         oneFine,
	"lawful_leniency":  lawfulLeniency,
	"educated":         educated,
	"spot_limit":       spotLimit,
	"hold_approved":    holdApproved,
	"hold_settled":     holdSettled,
	"extend_in_time":   extendInTime,
	"suspend_allowed":  suspendAllowed,
	"suspended":        suspended,
	"investigated":     investigated,
	"transfer_made":    transferMade,
	"transfer_ripe":    transferRipe,
	"transfer_in_time": transferInTime,
	// The order to correct and what follows it.
	"due_short":            dueShort,
	"order_served":         orderServed,
	"order_due":            orderDue,
	"order_lapsed":         wageOrderLapsed,
	"prior_order":          priorOrder,
	"rechecked":            rechecked,
	"revoke_ground":        revokeGround,
	"investigated_in_time": investigatedInTime,
	// The way to a decision.
	"notice_served":     noticeServed,
	"statement_closed":  statementClosed,
	"statement_weighed": statementWeighed,
	"hearing_closed":    hearingClosed,
	"hearing_noticed":   hearingNoticed,
	"review_passed":     reviewPassed,
	"discussion_held":   discussionHeld,
	"decided_in_time":   decidedInTime,
	"transfer_approved": transferApproved,
	"city_head":         cityHead,
	// After the decision.
	"decision_made":      decisionMade,
	"decision_sealed":    decisionSealed,
	"decision_served":    decisionServed,
	"served_in_time":     servedInTime,
	"service_proved":     serviceProved,
	"electronic_consent": electronicConsent,
	"executed":           executed,
	"urged":              urged,
	"remedy_expired":     remedyExpired,
	"blacklist_told":     blacklistTold,
	"file_complete":      fileComplete,
}

// unless is the finding of a condition that holds or does not as a whole.
func unless(met bool) []string {
	if met {
		return nil
	}
	return []string{""}
}
