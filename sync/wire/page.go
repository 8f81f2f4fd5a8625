package wire

import (
	"bytes"
	"encoding/base64"
	"encoding/json"

	"anxin/model"
	"anxin/model/seal"
)

// readPage reads a page of the feed as hubs write it, the revisions first and
// the members of each in order, in a third of the time of encoding/json, which
// goes over every body three times. It may say no to a good page, which is then
// read as any JSON; what it reads it reads as that would. The bodies are parts
// of raw.
func readPage(raw []byte, page *Page) bool {
	s := splitter{left: raw}
	if !s.take(`{"revisions":[`) {
		return false
	}
	revs := make([]model.Revision, 0, bytes.Count(raw, []byte(`{"rev":`)))
	for more := true; more; more = s.take(`,`) {
		r, ok := s.revision()
		if !ok {
			return false
		}
		revs = append(revs, r)
	}
	if !s.take(`],`) || !bytes.HasPrefix(s.left, []byte(`"`)) {
		return false
	}
	var end struct {
		Page
		Revisions json.RawMessage `json:"revisions"` // a second time
	}
	if json.Unmarshal(append([]byte(`{`), s.left...), &end) != nil || end.Revisions != nil {
		return false
	}
	*page = end.Page
	page.Revisions = revs
	return true
}

// splitter cuts JSON without blanks; each step says whether it found what it
// was to find.
type splitter struct {
	left []byte
	last model.Revision // the one before shares its words with the next
}

func (s *splitter) take(text string) bool {
	if !bytes.HasPrefix(s.left, []byte(text)) {
		return false
	}
	s.left = s.left[len(text):]
	return true
}

// revision takes a revision, its members in the order of model.Revision.
func (s *splitter) revision() (r model.Revision, ok bool) {
	var at, sig []byte
	ok = word(s, `{"rev":"`, &r.Rev, "") && word(s, `,"record":"`, &r.Record, "") && word(s, `,"kind":"`, &r.Kind, s.last.Kind) &&
		s.parents(&r.Parents) &&
		s.number(`,"schema":`, &r.Schema) && word(s, `,"author":"`, &r.Author, s.last.Author) && word(s, `,"device":"`, &r.Device, s.last.Device) &&
		s.number(`,"epoch":`, &r.Epoch) && s.plain(`,"time":"`, &at) && s.body(&r.Body) && s.plain(`,"sig":"`, &sig) && s.take(`}`) &&
		r.Time.UnmarshalText(at) == nil
	if !ok {
		return r, false
	}
	r.Sig = make([]byte, base64.StdEncoding.DecodedLen(len(sig)))
	n, err := base64.StdEncoding.Decode(r.Sig, sig)
	r.Sig = r.Sig[:n]
	s.last = r
	return r, err == nil
}

// plain takes a text that stands in JSON as it is, behind name and its opening
// quote: ASCII without escapes.
func (s *splitter) plain(name string, to *[]byte) bool {
	if !s.take(name) {
		return false
	}
	for i, b := range s.left {
		switch {
		case b == '"':
			*to, s.left = s.left[:i], s.left[i+1:]
			return true
		case b < ' ' || b >= 0x7f || b == '\\':
			return false
		}
	}
	return false
}

// word is plain for a name, which likely is that of the revision before.
func word[T ~string](s *splitter, name string, to *T, before T) bool {
	var text []byte
	if !s.plain(name, &text) {
		return false
	}
	if *to = before; string(text) != string(before) {
		*to = T(text)
	}
	return true
}

// parents takes the parents, if there are any.
func (s *splitter) parents(to *[]model.Rev) bool {
	for name := `,"parents":["`; s.take(name); name = `,"` {
		var p model.Rev
		if !word(s, ``, &p, "") {
			return false
		}
		*to = append(*to, p)
	}
	return *to == nil || s.take(`]`)
}

// number takes a small number, not negative.
func (s *splitter) number(name string, to *int) bool {
	if !s.take(name) {
		return false
	}
	n := 0
	for n < len(s.left) && s.left[n] >= '0' && s.left[n] <= '9' {
		*to = *to*10 + int(s.left[n]-'0')
		n++
	}
	ok := n > 0 && n < 10 && (n == 1 || s.left[0] != '0')
	s.left = s.left[n:]
	return ok
}

// body takes a body that is canonical already, as every body is signed.
func (s *splitter) body(to *json.RawMessage) bool {
	if !s.take(`,"body":`) {
		return false
	}
	n := seal.CanonicalObject(s.left)
	*to, s.left = json.RawMessage(s.left[:n:n]), s.left[n:]
	return n > 0
}
