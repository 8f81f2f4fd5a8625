package formview

import (
	"anxin/forms"
)

// look is how a question is drawn, decided by its type, appearance and choices
// before any widget exists.
type look int

const (
	lookText     look = iota
	lookLines         // text of several lines
	lookNote          // no answer
	lookResult        // worked out by the form
	lookMoment        // a date, a month, a year, a date and time
	lookPoint         // a place on earth
	lookSegments      // one of a few, in sight
	lookLikert        // one of a scale
	lookDrop          // one of some, in a drop-down
	lookSearch        // one of many, looked up
	lookChecks        // several of some, in sight
	lookMany          // several of many, looked up
	lookMarks         // a row of a grid of choices
	lookRank
	lookScale // a number on a slider
	lookAcknowledge
	lookFile
)

// How many choices, and how many characters in all, still stand as segments in
// sight; and from how many on a drop-down is too long to look through.
const (
	mostSegments     = 6
	mostSegmentRunes = 30
	mostInDropDown   = 40
	mostChecks       = 30
)

var looks = map[forms.Type]look{
	forms.TypeNote: lookNote, forms.TypeDate: lookMoment, forms.TypeDateTime: lookMoment, forms.TypeGeopoint: lookPoint,
	forms.TypeRank: lookRank, forms.TypeRange: lookScale, forms.TypeAcknowledge: lookAcknowledge,
	forms.TypeImage: lookFile, forms.TypeAudio: lookFile, forms.TypeVideo: lookFile, forms.TypeFile: lookFile,
}

func lookOf(n forms.Node, language string) look {
	q := n.Question
	switch {
	case q.Calculation != "" && n.Readonly && q.Type != forms.TypeNote:
		return lookResult
	case q.Type == forms.TypeSelectOne:
		return lookOfOne(q, language)
	case q.Type == forms.TypeSelectMultiple:
		return lookOfSeveral(q)
	case q.Type == forms.TypeText && q.HasAppearance("multiline"):
		return lookLines
	}
	return looks[q.Type] // text where nothing else is said
}

// lookOfOne draws one of several: segments while they are few and short, a search
// field while they are many, a drop-down between.
func lookOfOne(q *forms.Question, language string) look {
	runes := 0
	for _, c := range q.Choices {
		runes += len([]rune(labelOf(c, language)))
	}
	short := len(q.Choices) > 0 && len(q.Choices) <= mostSegments && runes <= mostSegmentRunes
	switch {
	case inGrid(q):
		return lookMarks
	case q.HasAppearance("autocomplete"), q.File != "", len(q.Choices) > mostInDropDown:
		return lookSearch
	case q.HasAppearance("likert"):
		return lookLikert
	case short && !q.HasAppearance("minimal") && q.ChoiceFilter == "":
		return lookSegments
	}
	return lookDrop
}

func lookOfSeveral(q *forms.Question) look {
	switch {
	case inGrid(q):
		return lookMarks
	case q.HasAppearance("autocomplete"), q.HasAppearance("minimal"), q.File != "", len(q.Choices) > mostChecks:
		return lookMany
	}
	return lookChecks
}

// inGrid tells a question that is a row of a grid of choices: all of a group with
// the appearance table-list, or one marked list-nolabel below one marked label.
func inGrid(q *forms.Question) bool {
	if q.File != "" || q.ChoiceFilter != "" || q.Type != forms.TypeSelectOne && q.Type != forms.TypeSelectMultiple {
		return false
	}
	return q.HasAppearance("list-nolabel") || q.Parent != nil && q.Parent.HasAppearance("table-list")
}

// headOf tells a question that is only the head of a grid of choices.
func headOf(q *forms.Question) bool { return q.IsSelect() && q.HasAppearance("label") }

// wide tells whether the question takes the whole width.
func (l look) wide() bool {
	switch l {
	case lookLines, lookNote, lookLikert, lookChecks, lookMany, lookMarks, lookRank:
		return true
	}
	return false
}

func labelOf(c forms.Choice, language string) string {
	if label := c.Label.In(language); label != "" {
		return label
	}
	return c.Name
}

// typed tells the looks whose answer is a text that was typed or looked up.
func (l look) typed() bool {
	switch l {
	case lookText, lookLines, lookMoment, lookPoint, lookDrop, lookSearch, lookMany, lookScale:
		return true
	}
	return false
}
