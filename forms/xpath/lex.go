package xpath

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

type tokenKind int

const (
	tokenEnd tokenKind = iota
	tokenNumber
	tokenLiteral
	tokenName      // NCName, QName, prefix:* or *
	tokenOperator  // + - * = != < <= > >= | and or mod div
	tokenPunct     // ( ) [ ] , / // . .. @ ::
	tokenReference // ${name}
)

type token struct {
	kind tokenKind
	text string
	pos  int // byte offset
}

// lexer splits an expression. Whether * and names such as "and" are operators
// depends on what stands before them (XPath 1.0, 3.7).
type lexer struct {
	src     string
	pos     int
	operand bool // the previous token ended an operand
}

func (l *lexer) errorf(pos int, format string, args ...any) error {
	at := utf8.RuneCountInString(l.src[:min(pos, len(l.src))]) + 1
	return fmt.Errorf("第 %d 个字符处%s", at, fmt.Sprintf(format, args...))
}

func (l *lexer) next() (token, error) {
	for l.pos < len(l.src) && strings.IndexByte(" \t\r\n", l.src[l.pos]) >= 0 {
		l.pos++
	}
	if l.pos >= len(l.src) {
		return token{kind: tokenEnd, pos: l.pos}, nil
	}
	t, err := l.scan()
	if err != nil {
		return t, err
	}
	switch t.kind {
	case tokenOperator:
		l.operand = false
	case tokenPunct:
		l.operand = t.text == ")" || t.text == "]" || t.text == "." || t.text == ".."
	default:
		l.operand = true
	}
	return t, nil
}

func (l *lexer) scan() (token, error) {
	c := l.src[l.pos]
	switch {
	case c == '"' || c == '\'':
		return l.scanLiteral(string(c), string(c))
	case isDigit(c), c == '.' && l.pos+1 < len(l.src) && isDigit(l.src[l.pos+1]):
		return l.scanNumber(), nil
	case c >= utf8.RuneSelf:
		if t, ok, err := l.scanTypographic(); ok {
			return t, err
		}
	case strings.HasPrefix(l.src[l.pos:], "${"):
		return l.scanReference()
	case c == '$':
		return token{}, l.errorf(l.pos, "的 $ 后面应是 {名称}")
	}
	if t, ok := l.scanSymbol(); ok {
		return t, nil
	}
	return l.scanName()
}

// scanSymbol reads an operator or mark that is no word; * is a name where an
// operand is wanted.
func (l *lexer) scanSymbol() (token, bool) {
	for _, s := range [...]string{"!=", "<=", ">=", "+", "-", "=", "<", ">", "|"} {
		if strings.HasPrefix(l.src[l.pos:], s) {
			return l.take(tokenOperator, len(s)), true
		}
	}
	for _, s := range [...]string{"//", "..", "::", "(", ")", "[", "]", ",", "/", ".", "@"} {
		if strings.HasPrefix(l.src[l.pos:], s) {
			return l.take(tokenPunct, len(s)), true
		}
	}
	if l.src[l.pos] != '*' {
		return token{}, false
	}
	if l.operand {
		return l.take(tokenOperator, 1), true
	}
	return l.take(tokenName, 1), true
}

func (l *lexer) take(kind tokenKind, n int) token {
	t := token{kind: kind, text: l.src[l.pos : l.pos+n], pos: l.pos}
	l.pos += n
	return t
}

// scanLiteral reads a text from open to the next of the runes in ends.
func (l *lexer) scanLiteral(open, ends string) (token, error) {
	start := l.pos + len(open)
	end := strings.IndexAny(l.src[start:], ends)
	if end < 0 {
		return token{}, l.errorf(l.pos, "的引号没有配对")
	}
	t := token{kind: tokenLiteral, text: l.src[start : start+end], pos: l.pos}
	_, size := utf8.DecodeRuneInString(l.src[start+end:])
	l.pos = start + end + size
	return t, nil
}

// scanTypographic takes the quotes that writing programs put in place of plain
// ones; inside a text in plain quotes they are text.
func (l *lexer) scanTypographic() (t token, ok bool, err error) {
	c, size := utf8.DecodeRuneInString(l.src[l.pos:])
	for _, family := range [...]string{"“”", "‘’"} {
		if strings.ContainsRune(family, c) {
			t, err = l.scanLiteral(l.src[l.pos:l.pos+size], family)
			return t, true, err
		}
	}
	if c >= '！' && c <= '～' {
		return token{}, true, l.errorf(l.pos, "的 %c 是全角符号，请改用半角 %c", c, c-'！'+'!')
	}
	return token{}, false, nil
}

func (l *lexer) scanNumber() token {
	end := l.pos
	for end < len(l.src) && isDigit(l.src[end]) {
		end++
	}
	if end < len(l.src) && l.src[end] == '.' && !strings.HasPrefix(l.src[end:], "..") {
		end++
		for end < len(l.src) && isDigit(l.src[end]) {
			end++
		}
	}
	return l.take(tokenNumber, end-l.pos)
}

func (l *lexer) scanReference() (token, error) {
	end := strings.IndexByte(l.src[l.pos:], '}')
	if end < 0 {
		return token{}, l.errorf(l.pos, "的 ${ 没有配对的 }")
	}
	name := strings.TrimSpace(l.src[l.pos+2 : l.pos+end])
	if name == "" {
		return token{}, l.errorf(l.pos, "的 ${} 里没有名称")
	}
	if len(name) != end-2 || strings.ContainsAny(name, " \t\n") {
		return token{}, l.errorf(l.pos, "的 ${%s} 里不能有空格", name)
	}
	t := token{kind: tokenReference, text: name, pos: l.pos}
	l.pos += end + 1
	return t, nil
}

// operatorNames are the operators spelt as words.
var operatorNames = [...]string{"and", "or", "mod", "div"}

func (l *lexer) scanName() (token, error) {
	n := nameLength(l.src[l.pos:])
	if n == 0 {
		c, _ := utf8.DecodeRuneInString(l.src[l.pos:])
		return token{}, l.errorf(l.pos, "不认识的符号 %q", c)
	}
	if l.operand {
		word := l.src[l.pos : l.pos+n]
		for _, op := range operatorNames {
			// "1 and1" is accepted as the field's engines accept it.
			if word == op || strings.HasPrefix(word, op) && isDigit(word[len(op)]) {
				return l.take(tokenOperator, len(op)), nil
			}
		}
	}
	rest := l.src[l.pos+n:]
	if strings.HasPrefix(rest, ":") && !strings.HasPrefix(rest, "::") {
		if strings.HasPrefix(rest, ":*") {
			return l.take(tokenName, n+2), nil
		}
		if m := nameLength(rest[1:]); m > 0 {
			return l.take(tokenName, n+1+m), nil
		}
	}
	return l.take(tokenName, n), nil
}

// nameLength is the length in bytes of the NCName s begins with, 0 if none.
func nameLength(s string) int {
	for i, c := range s {
		letter := unicode.IsLetter(c) || c == '_'
		if letter || i > 0 && (unicode.IsDigit(c) || unicode.IsMark(c) || c == '-' || c == '.' || c == '·') {
			continue
		}
		return i
	}
	return len(s)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
