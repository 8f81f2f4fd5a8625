package forms

import (
	"strings"
)

// Search returns what may be chosen at path now and has text in its label,
// name or one of its other columns, whatever the case of letters: at most
// limit choices, and whether there are more. A register is asked for just
// these rows, however many it has.
func (in *Instance) Search(path, text string, limit int) (found []Choice, more bool, err error) {
	n, _ := in.lookup(path)
	if n == nil || !n.question.IsSelect() {
		return nil, false, ErrNoSuchPath
	}
	if limit <= 0 || limit > maxItems {
		limit = maxItems
	}
	text = strings.TrimSpace(text)
	if n.question.File != "" && in.env.Lists != nil {
		found, err = in.searchRegister(n, text, limit+1)
	} else {
		found, err = in.offered(n)
		found = matching(found, strings.ToLower(text))
	}
	if len(found) > limit {
		return found[:limit], true, err
	}
	return found, false, err
}

// searchRegister asks the register for want rows. What its filter could not be
// told is sifted out here, and then more rows are asked for.
func (in *Instance) searchRegister(n *node, text string, want int) ([]Choice, error) {
	for limit := want; ; limit *= 4 {
		limit = min(limit, maxItems)
		got := 0
		found, err := in.choose(n, func(id string, where Filter) ([]listRow, error) {
			if id != n.question.list() {
				return in.rows(id, where)
			}
			rows, err := in.outside(id, where, text, limit)
			got = len(rows)
			return rows, err
		})
		if err != nil || len(found) >= want || got < limit || limit == maxItems {
			return found, err
		}
	}
}

// matching are the choices in which a text in lower case is found.
func matching(choices []Choice, text string) []Choice {
	if text == "" {
		return choices
	}
	var out []Choice
	for _, c := range choices {
		if c.has(text) {
			out = append(out, c)
		}
	}
	return out
}

func (c Choice) has(text string) bool {
	in := func(s string) bool { return strings.Contains(strings.ToLower(s), text) }
	if in(c.Name) {
		return true
	}
	for _, s := range c.Label {
		if in(s) {
			return true
		}
	}
	for _, s := range c.Extra {
		if in(s) {
			return true
		}
	}
	return false
}
