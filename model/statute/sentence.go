package statute

import "strings"

// FactSentence fills the slots {site}, {workers}, {note} of a checklist sentence (columns
// bind::law:fact and bind::law:correction). A part in square brackets is left out when a
// slot in it has no value; a slot outside brackets without a value becomes empty. Values are
// put in as they are: brackets and braces in them mean nothing.
func FactSentence(sentence string, slots map[string]string) string {
	var b strings.Builder
	for sentence != "" {
		open := strings.IndexByte(sentence, '[')
		length := strings.IndexByte(sentence[max(open, 0):], ']')
		if open < 0 || length < 0 {
			break
		}
		before, _ := fill(sentence[:open], slots)
		b.WriteString(before)
		if part, whole := fill(sentence[open+1:open+length], slots); whole {
			b.WriteString(part)
		}
		sentence = sentence[open+length+1:]
	}
	rest, _ := fill(sentence, slots)
	return b.String() + rest
}

// fill replaces the slots of a text; whole is false when one had no value.
func fill(text string, slots map[string]string) (filled string, whole bool) {
	var b strings.Builder
	whole = true
	for {
		before, rest, found := strings.Cut(text, "{")
		name, after, closed := strings.Cut(rest, "}")
		if !found || !closed {
			return b.String() + text, whole
		}
		b.WriteString(before + slots[name])
		whole = whole && slots[name] != ""
		text = after
	}
}
