package page

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/model"
	"anxin/model/statute"
)

// stateWords are the states of records: the key of their word on screen and
// what they mean at a glance.
var stateWords = map[string]struct {
	key  string
	tone theme.Tone
}{
	model.LeadRegistered:      {"registered", theme.Info},
	model.LeadAccepted:        {"accepted", theme.Good},
	model.LeadRejected:        {"rejected", theme.Neutral},
	model.LeadTransferred:     {"transferred", theme.Neutral},
	model.LeadSupplement:      {"supplement", theme.Warning},
	model.CaseInvestigating:   {"investigating", theme.Warning},
	model.CaseSuspended:       {"suspended", theme.Neutral},
	model.CaseCorrecting:      {"correcting", theme.Bad},
	model.CaseConcluded:       {"concluded", theme.Info},
	model.CaseNotified:        {"notified", theme.Warning},
	model.CaseHearing:         {"hearing", theme.Warning},
	model.CaseReview:          {"review", theme.Info},
	model.CaseDiscussion:      {"discussion", theme.Info},
	model.CasePunished:        {"punished", theme.Bad},
	model.CaseHandled:         {"handled", theme.Bad},
	model.CaseNotPunished:     {"notpunished", theme.Info},
	model.CaseTransferred:     {"casetransferred", theme.Warning},
	model.CaseRevoked:         {"revoked", theme.Neutral},
	model.CaseExecuting:       {"executing", theme.Warning},
	model.CaseClosed:          {"caseclosed", theme.Neutral},
	model.CaseArchived:        {"archived", theme.Neutral},
	model.InspectionPlanned:   {"planned", theme.Info},
	model.InspectionApproved:  {"approved", theme.Info},
	model.InspectionAnnounced: {"announced", theme.Warning},
	model.InspectionRecorded:  {"recorded", theme.Good},
	model.DocumentDraft:       {"draft", theme.Info},
	model.DocumentIssued:      {"issued", theme.Warning},
	model.DocumentServed:      {"served", theme.Good},
	model.DocumentWithdrawn:   {"withdrawn", theme.Neutral},
	model.DocumentClosed:      {"docclosed", theme.Neutral},
	model.InterviewDone:       {"done", theme.Good},
	model.PaymentNoted:        {"paid", theme.Good},
	model.DrawOpen:            {"drawopen", theme.Warning},
	model.DrawPublished:       {"drawpublished", theme.Good},
	model.ContactOpen:         {"followup", theme.Warning},
	model.ContactDone:         {"followed", theme.Good},
	model.RegisterMerged:      {"merged", theme.Neutral},
	model.EntryStruck:         {"struck", theme.Neutral},
	evidenceWhole:             {"whole", theme.Good},
	evidenceDamaged:           {"damaged", theme.Bad},
}

// States of evidence as its summary says them.
const (
	evidenceWhole   = "完好"
	evidenceDamaged = "损坏"
)

// stateLabel is a state in the language of the screen.
func stateLabel(state string) string {
	w, ok := stateWords[state]
	if !ok {
		return lang.Said(state)
	}
	return lang.T("state." + w.key)
}

// stateTone is the colour of a state.
func stateTone(state string) theme.Tone { return stateWords[state].tone }

// stateColumn shows a record's state as a tag.
func stateColumn[T any, P recordOf[T]](state func(*T) string) widgets.Column[kept[T]] {
	return widgets.Column[kept[T]]{Title: lang.T("col.state"), Width: 84,
		Cell:    func(k kept[T]) string { return stateLabel(state(k.Value)) },
		Tone:    func(k kept[T]) theme.Tone { return stateTone(state(k.Value)) },
		Compare: func(a, b kept[T]) int { return cmp.Compare(state(a.Value), state(b.Value)) }}
}

// textColumn shows a text; width 0 takes what is left.
func textColumn[T any](title string, width, dropBelow float32, cell func(*T) string) widgets.Column[kept[T]] {
	return widgets.Column[kept[T]]{Title: title, Width: width, DropBelow: dropBelow,
		Cell:    func(k kept[T]) string { return cell(k.Value) },
		Compare: func(a, b kept[T]) int { return strings.Compare(cell(a.Value), cell(b.Value)) }}
}

// moneyColumn shows an amount in yuan and sorts by it.
func moneyColumn[T any](title string, width, dropBelow float32, fen func(*T) int64) widgets.Column[kept[T]] {
	return widgets.Column[kept[T]]{Title: title, Width: width, DropBelow: dropBelow,
		Cell:    func(k kept[T]) string { return yuan(fen(k.Value)) },
		Compare: func(a, b kept[T]) int { return cmp.Compare(fen(a.Value), fen(b.Value)) }}
}

// yuan writes fen as yuan, "" for nothing.
func yuan(fen int64) string {
	if fen == 0 {
		return ""
	}
	return statute.Fen(fen).String()
}

// dayText and minuteText write an instant in the zone it was kept in.
func dayText(t time.Time) string { return string(model.DateOf(t)) }

func minuteText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(widgets.DateTimeLayout)
}

// soonDays is how near a due day is shown as a warning.
const soonDays = 3

// dueTone is the colour of a due day: passed, near, or neither.
func dueTone(due model.Date, now time.Time) theme.Tone {
	switch {
	case due == "":
		return theme.Neutral
	case due < model.DateOf(now):
		return theme.Bad
	case due <= model.DateOf(now.AddDate(0, 0, soonDays)):
		return theme.Warning
	}
	return theme.Info
}

// dueText says a due day and how far it is: "2026-09-28（还有10天）".
func dueText(due model.Date, now time.Time) string {
	if due == "" {
		return ""
	}
	return lang.T("due.text", "day", due, "left", dueLeft(due, now))
}

// dueLeft says how far a due day is.
func dueLeft(due model.Date, now time.Time) string {
	if due.Time(time.UTC).IsZero() {
		return ""
	}
	days := daysTo(due, now)
	switch {
	case days < 0:
		return lang.T("due.passed", "n", -days)
	case days == 0:
		return lang.T("due.today")
	}
	return lang.T("due.left", "n", days)
}

// daysTo is how many days a day lies ahead, below 0 when it has passed.
func daysTo(day model.Date, now time.Time) int {
	return int(day.Time(time.UTC).Sub(model.DateOf(now).Time(time.UTC)).Hours() / 24)
}

// joined puts words beside one another, those that are there.
func joined(words ...string) string {
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), "　")
}

// clockNote is the length of a clock of the law and the article it rests on;
// "" when the law has no such clock on that day.
func clockNote(env *Env, key string, from time.Time) string {
	region := ""
	if o, err := env.Desk.Office(context.Background()); err == nil {
		region = o.Value.Region
	}
	c, err := env.Desk.Law.Clock(key, from, region)
	if err != nil {
		return ""
	}
	return joined(lang.Said(c.LengthText()), c.Article)
}
