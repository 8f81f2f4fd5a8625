package wire

import (
	"bytes"
	"encoding/base64"
	"unicode/utf8"

	"anxin/model"
)

// readPush reads a push as laptops write it, like readPage. Operations that
// took a number are few and left to encoding/json with all beside them.
func readPush(raw []byte, push *Push) bool {
	s := splitter{left: raw}
	if !s.take(`{"ops":[`) {
		return false
	}
	var ops []model.Op
	for more := true; more; more = s.take(`,`) {
		op, ok := s.op()
		if !ok {
			return false
		}
		ops = append(ops, op)
	}
	if string(s.left) != `]}` {
		return false
	}
	push.Ops = ops
	return true
}

// op takes an operation, its members in the order of model.Op.
func (s *splitter) op() (op model.Op, ok bool) {
	var seq int
	ok = word(s, `{"device":"`, &op.Device, s.last.Device) && s.number(`,"epoch":`, &op.Epoch) && s.number(`,"seq":`, &seq) &&
		s.text(`,"scope":"`, &op.Scope) && s.bytes(`,"prev":"`, &op.Prev) && s.bytes(`,"hash":"`, &op.Hash) && s.bytes(`,"sig":"`, &op.Sig) &&
		s.take(`,"revision":`)
	if !ok {
		return op, false
	}
	op.Seq = int64(seq)
	op.Revision, ok = s.revision()
	return op, ok && s.take(`}`)
}

// text is plain for any text without escapes.
func (s *splitter) text(name string, to *string) bool {
	if !s.take(name) {
		return false
	}
	n := bytes.IndexByte(s.left, '"')
	if n < 0 {
		return false
	}
	text := s.left[:n]
	*to, s.left = string(text), s.left[n+1:]
	return utf8.Valid(text) && !bytes.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == '\\' })
}

// bytes takes bytes written in base64.
func (s *splitter) bytes(name string, to *[]byte) bool {
	var text []byte
	if !s.plain(name, &text) {
		return false
	}
	out, err := base64.StdEncoding.AppendDecode(make([]byte, 0, base64.StdEncoding.DecodedLen(len(text))), text)
	*to = out
	return err == nil
}
