package formview

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"anxin/app/widgets"
	"anxin/forms"
)

// answerFrom is the answer meant by a text that was typed or pasted for a question:
// full-width digits and separators of thousands in numbers, loose spellings of times
// and dates, the label of a choice. What cannot be understood stays as it is, for
// the form to say so.
func (v *View) answerFrom(q *forms.Question, text string) string {
	switch q.Type {
	case forms.TypeInteger, forms.TypeDecimal, forms.TypeRange:
		return number(text)
	case forms.TypeTime:
		return clockTime(text)
	case forms.TypeDate:
		if t, err := widgets.ParseMoment(text, false, time.UTC); err == nil {
			return t.Format(widgets.DateLayout)
		}
	case forms.TypeSelectOne:
		return v.choiceFrom(q, text)
	case forms.TypeAcknowledge:
		return acknowledgement(text)
	case forms.TypeText:
		return text
	}
	return strings.TrimSpace(text)
}

var thousands = regexp.MustCompile(`^([+-]?\d{1,3}(?:,\d{3})+)(\.\d*)?$`)

// number reads digits as an input method for Chinese may give them, and amounts as
// a spreadsheet copies them: ￥412,600.50.
func number(text string) string {
	plain := strings.TrimSpace(strings.TrimLeftFunc(narrow(text), func(r rune) bool { return r == '¥' || r == '￥' || unicode.IsSpace(r) }))
	if thousands.MatchString(plain) {
		plain = strings.ReplaceAll(plain, ",", "")
	}
	return plain
}

// narrow gives full-width letters, digits and marks their usual width.
func narrow(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case r == '。':
			return '.'
		case r == '　':
			return ' '
		}
		return r
	}, text)
}

var clockParts = regexp.MustCompile(`^(\d{1,2})(?:[:点时.](\d{1,2})?分?)?(?::\d{2}(?:\.\d+)?)?$|^(\d{1,2})(\d{2})$`)

// clockTime reads a time of day: 9:30, 930, 0930, 9点30分, 9点.
func clockTime(text string) string {
	plain := strings.TrimSpace(narrow(text))
	m := clockParts.FindStringSubmatch(plain)
	if m == nil || len(plain) < 3 || strings.Count(plain, ":") > 1 {
		return plain
	}
	hour, minute := m[1]+m[3], m[2]+m[4]
	h, _ := strconv.Atoi(hour) // digits only
	min, _ := strconv.Atoi(minute)
	if h > 23 || min > 59 || strings.HasSuffix(plain, ":") {
		return plain
	}
	return fmt.Sprintf("%02d:%02d", h, min)
}

// choiceFrom is the name of the choice with a label, in any language of the form.
func (v *View) choiceFrom(q *forms.Question, text string) string {
	text = strings.TrimSpace(text)
	for _, c := range q.Choices {
		if c.Name == text || labelOf(c, v.o.Language) == text {
			return c.Name
		}
		for _, label := range c.Label {
			if label == text {
				return c.Name
			}
		}
	}
	return text
}

// acknowledgement reads a tick as a spreadsheet holds it.
func acknowledgement(text string) string {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "是", "√", "✓", "ok", "yes", "y", "true", "1":
		return acknowledged
	case "否", "×", "no", "n", "false", "0":
		return ""
	}
	return strings.TrimSpace(text)
}

func itoa(n int) string { return strconv.Itoa(n) }
