package seal

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// Canonical writes v as canonical JSON (RFC 8785): members sorted by UTF-16
// code units, no blanks, shortest escapes, numbers as ECMAScript writes them.
// A json.RawMessage is taken as JSON text, and given back itself if it is
// canonical already; anything else is marshalled first.
//
// It is stricter than the RFC where the RFC loses: integers of 64 bits are
// kept exactly although they exceed 2^53 (money), and a number that a float64
// cannot hold, a name that occurs twice in an object or a lone surrogate is an
// error.
func Canonical(v any) ([]byte, error) {
	text, ok := v.(json.RawMessage)
	if !ok {
		b, err := json.Marshal(v)
		if err != nil {
			return nil, fmt.Errorf("写出规范数据: %w", err)
		}
		text = b
	}
	if isCanonical(text) {
		return text, nil
	}
	return rewrite(text)
}

// rewrite brings JSON text into canonical form.
func rewrite(text []byte) ([]byte, error) {
	if !utf8.Valid(text) || !json.Valid(text) {
		return nil, errors.New("数据不是有效的 JSON，可能已经损坏")
	}
	c := canon{src: text, out: make([]byte, 0, len(text))}
	if err := c.value(); err != nil {
		return nil, err
	}
	return c.out, nil
}

// canon rewrites src, which is known to be valid JSON, into out.
type canon struct {
	src []byte
	pos int
	out []byte
}

func (c *canon) skip() {
	for c.pos < len(c.src) {
		switch c.src[c.pos] {
		case ' ', '\t', '\n', '\r':
			c.pos++
		default:
			return
		}
	}
}

func (c *canon) value() error {
	c.skip()
	switch c.src[c.pos] {
	case '{':
		return c.object()
	case '[':
		return c.array()
	case '"':
		s, err := c.text()
		c.out = appendString(c.out, s)
		return err
	case 't', 'n':
		c.copy(4)
	case 'f':
		c.copy(5)
	default:
		return c.number()
	}
	return nil
}

func (c *canon) copy(n int) {
	c.out = append(c.out, c.src[c.pos:c.pos+n]...)
	c.pos += n
}

func (c *canon) array() error {
	c.pos++
	c.out = append(c.out, '[')
	for first := true; ; first = false {
		if c.ends(']') {
			return nil
		}
		if !first {
			c.comma()
		}
		if err := c.value(); err != nil {
			return err
		}
	}
}

// ends consumes the closing bracket if it is next.
func (c *canon) ends(bracket byte) bool {
	c.skip()
	if c.src[c.pos] != bracket {
		return false
	}
	c.copy(1)
	return true
}

func (c *canon) comma() {
	c.skip()
	c.copy(1)
}

type member struct {
	name       string
	start, end int // in out
}

func (c *canon) object() error {
	c.pos++
	c.out = append(c.out, '{')
	start := len(c.out)
	var members []member
	for first := true; ; first = false {
		if c.skip(); c.src[c.pos] == '}' {
			break
		}
		if !first {
			c.comma()
		}
		m, err := c.member()
		if err != nil {
			return err
		}
		members = append(members, m)
	}
	if !slices.IsSortedFunc(members, byName) {
		c.reorder(start, members)
	}
	for i := 1; i < len(members); i++ {
		if members[i].name == members[i-1].name {
			return fmt.Errorf("数据里的名称“%s”出现了两次", members[i].name)
		}
	}
	c.copy(1)
	return nil
}

func (c *canon) member() (member, error) {
	c.skip()
	m := member{start: len(c.out)}
	name, err := c.text()
	if err != nil {
		return m, err
	}
	m.name = name
	c.out = appendString(c.out, name)
	c.skip()
	c.copy(1) // the colon
	err = c.value()
	m.end = len(c.out)
	return m, err
}

// reorder puts the members written since start into canonical order.
func (c *canon) reorder(start int, members []member) {
	slices.SortStableFunc(members, byName)
	written := slices.Clone(c.out[start:])
	c.out = c.out[:start]
	for i, m := range members {
		if i > 0 {
			c.out = append(c.out, ',')
		}
		c.out = append(c.out, written[m.start-start:m.end-start]...)
	}
}

func byName(a, b member) int { return compareUTF16(a.name, b.name) }

// compareUTF16 orders texts by UTF-16 code units. That is the order of code
// points except that runes beyond U+FFFF stand among the surrogates.
func compareUTF16(a, b string) int {
	for a != "" && b != "" {
		x, n := utf8.DecodeRuneInString(a)
		y, m := utf8.DecodeRuneInString(b)
		if x != y {
			if (x > 0xFFFF) != (y > 0xFFFF) {
				x, y = firstUnit(x), firstUnit(y)
			}
			return int(x) - int(y)
		}
		a, b = a[n:], b[m:]
	}
	return len(a) - len(b)
}

func firstUnit(r rune) rune {
	if r <= 0xFFFF {
		return r
	}
	high, _ := utf16.EncodeRune(r)
	return high
}

// text reads a string and returns it without escapes.
func (c *canon) text() (string, error) {
	c.pos++
	start := c.pos
	for ; c.src[c.pos] != '"'; c.pos++ {
		if c.src[c.pos] == '\\' {
			return c.escaped(start)
		}
	}
	s := string(c.src[start:c.pos])
	c.pos++
	return s, nil
}

var plainEscape = map[byte]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

func (c *canon) escaped(start int) (string, error) {
	b := slices.Clone(c.src[start:c.pos])
	for c.src[c.pos] != '"' {
		if c.src[c.pos] != '\\' {
			b = append(b, c.src[c.pos])
			c.pos++
			continue
		}
		if plain, ok := plainEscape[c.src[c.pos+1]]; ok {
			b = append(b, plain)
			c.pos += 2
			continue
		}
		r := c.unit()
		if utf16.IsSurrogate(r) {
			low := rune(-1)
			if c.src[c.pos] == '\\' && c.src[c.pos+1] == 'u' {
				low = c.unit()
			}
			if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
				return "", errors.New("数据里有残缺的字符，无法保存")
			}
		}
		b = utf8.AppendRune(b, r)
	}
	c.pos++
	return string(b), nil
}

// unit reads \uXXXX; the syntax was checked before.
func (c *canon) unit() rune {
	n, _ := strconv.ParseUint(string(c.src[c.pos+2:c.pos+6]), 16, 16)
	c.pos += 6
	return rune(n)
}

var shortEscape = [0x80]byte{'"': '"', '\\': '\\', '\b': 'b', '\f': 'f', '\n': 'n', '\r': 'r', '\t': 't'}

func appendString(out []byte, s string) []byte {
	const hex = "0123456789abcdef"
	out = append(out, '"')
	for i := 0; i < len(s); i++ {
		switch b := s[i]; {
		case b >= 0x20 && b != '"' && b != '\\':
			out = append(out, b)
		case shortEscape[b] != 0:
			out = append(out, '\\', shortEscape[b])
		default:
			out = append(out, '\\', 'u', '0', '0', hex[b>>4], hex[b&15])
		}
	}
	return append(out, '"')
}
