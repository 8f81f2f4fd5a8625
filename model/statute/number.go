package statute

import (
	"fmt"
	"strconv"
	"strings"
)

// Brackets around the year of a document number: the opening and the closing one.
var brackets = []string{"〔〕", "【】", "[]", "()"}

// Pattern builds document numbers (文号) such as 桃人社劳监令字〔2026〕第41号.
// Slots: {word} the office's 代字, {type} the 文种字, {year}, {n}.
type Pattern struct {
	Template string
	Type     string // 文种字, put in {type}
	Pad      int    // least number of digits of {n}, 0–4
}

// NewPattern checks a template: {year} and {n} exactly once, known slots, a year in one of
// the four bracket styles.
func NewPattern(template, kind string, pad int) (Pattern, error) {
	if pad < 0 || pad > 4 {
		return Pattern{}, fmt.Errorf("文号序号位数应为0至4，现为%d", pad)
	}
	rest := template
	for slot, want := range map[string]int{"{word}": 0, "{type}": 0, "{year}": 1, "{n}": 1} {
		count := strings.Count(template, slot)
		if count > 1 || count < want {
			return Pattern{}, fmt.Errorf("文号格式“%s”中%s应出现一次", template, slot)
		}
		rest = strings.Replace(rest, slot, "", 1)
	}
	if strings.ContainsAny(rest, "{}") {
		return Pattern{}, fmt.Errorf("文号格式“%s”中有不认识的占位符，可用：{word}、{type}、{year}、{n}", template)
	}
	for _, pair := range brackets {
		r := []rune(pair)
		if strings.Contains(template, string(r[0])+"{year}"+string(r[1])) {
			return Pattern{Template: template, Type: kind, Pad: pad}, nil
		}
	}
	return Pattern{}, fmt.Errorf("文号格式“%s”中年份应放在〔〕、【】、[]或者()内", template)
}

// Format writes the number n (from 1) of a year for the office's 代字.
func (p Pattern) Format(word string, year, n int) string {
	digits := strconv.Itoa(n)
	if len(digits) < p.Pad {
		digits = strings.Repeat("0", p.Pad-len(digits)) + digits
	}
	return strings.NewReplacer("{word}", word, "{type}", p.Type, "{year}", strconv.Itoa(year), "{n}", digits).Replace(p.Template)
}

// WithBrackets returns the pattern with the year in another bracket style, given as a pair
// such as “【】”; an unknown pair leaves it as it is.
func (p Pattern) WithBrackets(pair string) Pattern {
	for _, known := range brackets {
		if known != pair {
			continue
		}
		to := []rune(pair)
		for _, other := range brackets {
			from := []rune(other)
			p.Template = strings.Replace(p.Template, string(from[0])+"{year}"+string(from[1]), string(to[0])+"{year}"+string(to[1]), 1)
		}
	}
	return p
}
