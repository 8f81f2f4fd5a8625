package lang

import (
	"cmp"
	"errors"
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

// Said is a sentence of the law or of a use case in the current language. Those
// rooms speak Chinese; a file beside the texts (said.en.json) says their sentences
// in another language, by the Chinese with {slots} for what stands in between. What
// it does not know, a name or a number for one, stays as it is.
func Said(text string) string {
	c := current.Load()
	if c == nil || c.said == nil || !hasHan(text) {
		return text
	}
	return c.said.say(text)
}

// sayings are the sentences of one language.
type sayings struct {
	whole    map[string]string
	patterns []pattern
}

// pattern is a sentence with slots.
type pattern struct {
	shape *regexp.Regexp
	slots []string
	says  string
	fixed int // how many letters stand outside the slots
}

// numbered are the slots that hold a number, the others hold any text.
const numbered = "{h}{i}{k}{m}{n}"

var saidSlot = regexp.MustCompile(`\{[a-z]\}`)

// readSayings reads the file; a language without one speaks as the rooms do.
func readSayings(files fs.FS, name string) (*sayings, error) {
	texts, err := Read(files, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	s := &sayings{whole: map[string]string{}}
	for text, says := range texts {
		slots := saidSlot.FindAllString(text, -1)
		if len(slots) == 0 {
			s.whole[text] = says
			continue
		}
		shape := regexp.QuoteMeta(text)
		for _, slot := range slots {
			holds := "(.+?)"
			if strings.Contains(numbered, slot) {
				holds = `([0-9][0-9.,]*)`
			}
			shape = strings.Replace(shape, regexp.QuoteMeta(slot), holds, 1)
		}
		s.patterns = append(s.patterns, pattern{regexp.MustCompile("^(?s:" + shape + ")$"), slots, says, len(text) - 3*len(slots)})
	}
	slices.SortFunc(s.patterns, func(a, b pattern) int {
		return cmp.Or(cmp.Compare(b.fixed, a.fixed), cmp.Compare(a.says, b.says))
	})
	return s, nil
}

// say keeps the full stop of the sentence.
func (s *sayings) say(text string) string {
	bare := strings.TrimRight(text, "。")
	if says, ok := s.find(bare); ok {
		if bare != text {
			says += "."
		}
		return says
	}
	return text
}

// find looks for the whole text, then for one of the shape, then for its parts:
// what stands before and after a colon, and the members of a list.
func (s *sayings) find(text string) (string, bool) {
	if says, ok := s.whole[text]; ok {
		return says, true
	}
	for _, p := range s.patterns {
		if m := p.shape.FindStringSubmatch(text); m != nil {
			pairs := make([]string, 0, 2*len(p.slots))
			for i, slot := range p.slots {
				pairs = append(pairs, slot, s.say(m[i+1]))
			}
			return strings.NewReplacer(pairs...).Replace(p.says), true
		}
	}
	for _, mark := range []struct{ theirs, ours string }{{"\n", "\n"}, {"；", "; "}, {"：", ": "}, {": ", ": "}, {"或者", " or "}, {"、", ", "}} {
		if said, ok := s.parts(text, mark.theirs, mark.ours); ok {
			return said, true
		}
	}
	return "", false
}

// parts says what stands on both sides of the first mark outside quotes; one of
// them at least has to be known.
func (s *sayings) parts(text, mark, ours string) (string, bool) {
	at := strings.Index(text, mark)
	for at >= 0 && strings.Count(text[:at], "“") != strings.Count(text[:at], "”") {
		next := strings.Index(text[at+len(mark):], mark)
		if next < 0 {
			return "", false
		}
		at += len(mark) + next
	}
	if at <= 0 || at+len(mark) == len(text) {
		return "", false
	}
	before, after := text[:at], text[at+len(mark):]
	first, one := s.find(before)
	rest, two := s.find(after)
	if !one && !two {
		return "", false
	}
	return cmp.Or(first, before) + ours + cmp.Or(rest, after), true
}

func hasHan(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return r >= 0x3400 && r <= 0x9fff })
}
