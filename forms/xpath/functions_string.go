package xpath

import (
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"
)

var stringFunctions = map[string]function{
	"string": {0, 1, func(r *run, f focus, a []expr) Value { return String(r.text(f, a, 0)) }},
	"concat": {0, -1, func(r *run, f focus, a []expr) Value { return r.joined(r.texts(f, a), "") }},
	"join": {1, -1, func(r *run, f focus, a []expr) Value {
		return r.joined(r.texts(f, a[1:]), r.text(f, a, 0))
	}},
	"substr":           {2, 3, evalSubstr},
	"substring":        {2, 3, evalSubstring},
	"substring-before": textFunction(2, func(s []string) Value { before, _, ok := strings.Cut(s[0], s[1]); return pick(ok, before) }),
	"substring-after":  textFunction(2, func(s []string) Value { _, after, ok := strings.Cut(s[0], s[1]); return pick(ok, after) }),
	"translate":        textFunction(3, func(s []string) Value { return String(translate(s[0], s[1], s[2])) }),
	"string-length": {0, 1, func(r *run, f focus, a []expr) Value {
		return Number(utf8.RuneCountInString(r.text(f, a, 0)))
	}},
	"normalize-space": {0, 1, func(r *run, f focus, a []expr) Value {
		return String(strings.Join(strings.FieldsFunc(r.text(f, a, 0), isSpace), " "))
	}},
	"contains":    textFunction(2, func(s []string) Value { return Bool(strings.Contains(s[0], s[1])) }),
	"starts-with": textFunction(2, func(s []string) Value { return Bool(strings.HasPrefix(s[0], s[1])) }),
	"ends-with":   textFunction(2, func(s []string) Value { return Bool(strings.HasSuffix(s[0], s[1])) }),
	"regex":       {2, 2, evalRegex},
	"selected":    textFunction(2, func(s []string) Value { return Bool(selected(s[0], s[1])) }),
	"selected-at": {2, 2, func(r *run, f focus, a []expr) Value {
		words, i := strings.Fields(r.text(f, a, 0)), r.num(f, a, 1)
		if !(i >= 0 && i < float64(len(words))) {
			return String("")
		}
		return String(words[int(i)])
	}},
	"count-selected": textFunction(1, func(s []string) Value { return Number(len(strings.Fields(s[0]))) }),
}

func pick(ok bool, s string) Value {
	if !ok {
		return String("")
	}
	return String(s)
}

func isSpace(c rune) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// selected tells whether word is one of the space-separated words of list. An
// empty list has the empty word selected.
func selected(list, word string) bool {
	word = strings.TrimFunc(word, isSpace)
	if word == "" {
		return strings.TrimFunc(list, isSpace) == ""
	}
	for _, w := range strings.FieldsFunc(list, isSpace) {
		if w == word {
			return true
		}
	}
	return false
}

func translate(s, from, to string) string {
	table := map[rune]rune{}
	targets := []rune(to)
	for i, c := range []rune(from) {
		if _, seen := table[c]; seen {
			continue
		}
		table[c] = -1
		if i < len(targets) {
			table[c] = targets[i]
		}
	}
	return strings.Map(func(c rune) rune {
		if t, ok := table[c]; ok {
			return t
		}
		return c
	}, s)
}

// evalSubstr counts from 0 and takes negative ends from the back (ODK).
func evalSubstr(r *run, f focus, args []expr) Value {
	s := []rune(r.text(f, args, 0))
	bound := func(i int) int {
		n := r.num(f, args, i)
		switch {
		case n != n:
			return 0
		case n < 0:
			return max(0, len(s)+int(max(n, -maxText)))
		}
		return min(len(s), int(min(n, maxText)))
	}
	start, end := bound(1), len(s)
	if len(args) == 3 {
		end = bound(2)
	}
	if start >= end {
		return String("")
	}
	return String(string(s[start:end]))
}

// evalSubstring is substring of XPath 1.0 section 4.2: from 1, rounding.
func evalSubstring(r *run, f focus, args []expr) Value {
	s := []rune(r.text(f, args, 0))
	from := roundHalfUp(r.num(f, args, 1))
	to := float64(len(s) + 1)
	if len(args) == 3 {
		to = from + roundHalfUp(r.num(f, args, 2))
	}
	var b strings.Builder
	for i, c := range s {
		if p := float64(i + 1); p >= from && p < to {
			b.WriteRune(c)
		}
	}
	return String(b.String())
}

// patterns remembers compiled regular expressions; they come from forms, so
// there are few, but the number is bounded all the same.
var patterns = struct {
	sync.Mutex
	m map[string]*regexp.Regexp
}{m: map[string]*regexp.Regexp{}}

func compilePattern(s string) (*regexp.Regexp, error) {
	patterns.Lock()
	defer patterns.Unlock()
	if re, ok := patterns.m[s]; ok {
		return re, nil
	}
	re, err := regexp.Compile(s)
	if err != nil {
		return nil, err
	}
	if len(patterns.m) >= 512 {
		clear(patterns.m)
	}
	patterns.m[s] = re
	return re, nil
}

// evalRegex matches the whole text, as JavaRosa does, unless the pattern says
// where it begins or ends itself.
func evalRegex(r *run, f focus, args []expr) Value {
	s, pattern := r.text(f, args, 0), r.text(f, args, 1)
	if len(pattern) > 4096 {
		return r.fail(ErrLimit)
	}
	re, err := compilePattern(`^(?:` + pattern + `)$`)
	if err != nil {
		return r.fail(err)
	}
	r.step(len(s)/16 + len(pattern)/16)
	return Bool(re.MatchString(s))
}
