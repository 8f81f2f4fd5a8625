package seal

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// isCanonical says that text is canonical JSON as it stands, so that it need not
// be written anew: nearly every body that is read was written by Canonical. It
// may say no to what is canonical all the same (a name beyond ASCII, a deep
// nest), never yes to what is not.
func isCanonical(text []byte) bool {
	w := walker{src: text}
	return w.value(0) && w.pos == len(text) && utf8.Valid(text)
}

// CanonicalObject is how many bytes at the beginning of text are an object in
// canonical JSON, 0 when it does not begin with one or may not, as isCanonical.
func CanonicalObject(text []byte) int {
	w := walker{src: text}
	if w.next() != '{' || !w.value(0) || !utf8.Valid(text[:w.pos]) {
		return 0
	}
	return w.pos
}

// deepest is how far a walker follows what is nested.
const deepest = 64

// walker goes over src once; each step says whether it was canonical so far.
type walker struct {
	src []byte
	pos int
}

// next is the byte it stands at, 0 at the end.
func (w *walker) next() byte {
	if w.pos < len(w.src) {
		return w.src[w.pos]
	}
	return 0
}

func (w *walker) take(b byte) bool {
	if w.next() != b {
		return false
	}
	w.pos++
	return true
}

func (w *walker) value(depth int) bool {
	switch b := w.next(); {
	case depth > deepest:
		return false
	case b == '"':
		return w.text()
	case b == '{':
		return w.object(depth + 1)
	case b == '[':
		return w.array(depth + 1)
	case b == '-' || b >= '0' && b <= '9':
		return w.number()
	}
	return w.word("true") || w.word("false") || w.word("null")
}

func (w *walker) word(word string) bool {
	if !bytes.HasPrefix(w.src[w.pos:], []byte(word)) {
		return false
	}
	w.pos += len(word)
	return true
}

func (w *walker) array(depth int) bool {
	w.pos++
	if w.take(']') {
		return true
	}
	for w.value(depth) {
		if !w.take(',') {
			return w.take(']')
		}
	}
	return false
}

func (w *walker) object(depth int) bool {
	w.pos++
	if w.take('}') {
		return true
	}
	for before := []byte(nil); ; {
		name, ok := w.name()
		if !ok || before != nil && bytes.Compare(before, name) >= 0 || !w.take(':') || !w.value(depth) {
			return false
		}
		if before = name; !w.take(',') {
			return w.take('}')
		}
	}
}

// name takes the name of a member, of plain ASCII: its bytes sort as its UTF-16
// units do.
func (w *walker) name() ([]byte, bool) {
	if !w.take('"') {
		return nil, false
	}
	start := w.pos
	for ; w.pos < len(w.src); w.pos++ {
		switch b := w.src[w.pos]; {
		case b == '"':
			w.pos++
			return w.src[start : w.pos-1], true
		case b < 0x20 || b == '\\' || b >= utf8.RuneSelf:
			return nil, false
		}
	}
	return nil, false
}

// text takes a string; of the escapes only those of two bytes.
func (w *walker) text() bool {
	for w.pos++; w.pos < len(w.src); w.pos++ {
		switch b := w.src[w.pos]; {
		case b == '"':
			w.pos++
			return true
		case b == '\\':
			if w.pos++; bytes.IndexByte([]byte(`"\bfnrt`), w.next()) < 0 {
				return false
			}
		case b < 0x20:
			return false
		}
	}
	return false
}

// shortInt is how many digits always fit an integer of 64 bits.
const shortInt = 18

// number takes a number: a short integer at a glance, others by writing them.
func (w *walker) number() bool {
	start := w.pos
	if w.next() == '-' {
		w.pos++
	}
	first := w.next()
	digits := 0
	for ; w.next() >= '0' && w.next() <= '9'; w.pos++ {
		digits++
	}
	switch w.next() {
	case '.', 'e', 'E', '+', '-':
	default:
		if digits > 0 && digits <= shortInt && (first != '0' || digits == 1 && w.src[start] == '0') {
			return true
		}
	}
	c := canon{src: w.src, pos: start}
	err := c.number()
	w.pos = c.pos
	return err == nil && json.Valid(w.src[start:c.pos]) && bytes.Equal(c.out, w.src[start:c.pos])
}
