package seal

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"anxin/model"
)

// What each kind of signature is made over, before the bytes themselves.
const (
	domainRevision = "anxin revision 1\n"
	domainOp       = "anxin op 1\n"
	domainToken    = "anxin token 1\n"
)

// A Use is what a signature is made for besides revisions, log entries and
// tokens; none can stand in for another.
type Use string

// The uses there are.
const (
	UseBundle Use = "anxin bundle 1\n" // the manifest of a bundle
)

// Sign signs a message for one use.
func (d Device) Sign(use Use, message []byte) []byte {
	return ed25519.Sign(d.Key, append([]byte(use), message...))
}

// Check says whether the holder of pub signed the message for that use; the
// error is ErrForged.
func Check(use Use, message, sig []byte, pub ed25519.PublicKey) error {
	if !verifyEd25519(pub, string(use)+string(message), sig) {
		return ErrForged
	}
	return nil
}

// ErrForged: a revision or log entry is not what its device signed.
var ErrForged = errors.New("签名与内容不符，数据可能被改动过")

var lower32 = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// Device is the signing identity of one laptop in one epoch of its life.
type Device struct {
	ID    model.ID
	Epoch int
	Key   ed25519.PrivateKey
}

// Public is the key that checks what the device signs.
func (d Device) Public() ed25519.PublicKey { return d.Key.Public().(ed25519.PublicKey) }

// KeyID names the device's key; see KeyID.
func (d Device) KeyID() string { return KeyID(d.Public()) }

// keyIDSize is 80 bits: short enough for a QR code, and an attacker who wants
// another key of the same name must try 2^80 of them.
const keyIDSize = 10

// KeyID names a public key by its hash: 16 characters of base32.
func KeyID(pub []byte) string { return lower32.EncodeToString(idOf(pub)) }

func idOf(pub []byte) []byte {
	sum := sha256.Sum256(pub)
	return sum[:keyIDSize]
}

// RevOf computes the name of a revision from everything in it but Rev and Sig:
// "<generation>-<base32 of SHA-256>", over the canonical encoding. The body
// counts in its canonical form, so spacing and order of its members do not
// matter.
func RevOf(r model.Revision) (model.Rev, error) {
	body, err := Canonical(r.Body)
	if err != nil {
		return "", err
	}
	return nameOf(r, body)
}

// nameOf is RevOf with the body in canonical form.
func nameOf(r model.Revision, body []byte) (model.Rev, error) {
	generation := 0
	for _, p := range r.Parents {
		generation = max(generation, p.Generation())
	}
	var room [1 << 10]byte
	text := envelope(room[:0], r, body)
	if !utf8.Valid(text) {
		return "", errors.New("版本的种类、编号或者作者里有残缺的字符")
	}
	sum := sha256.Sum256(text)
	name := append(strconv.AppendInt(make([]byte, 0, 64), int64(generation)+1, 10), '-')
	return model.Rev(lower32.AppendEncode(name, sum[:])), nil
}

// envelope appends the canonical JSON of what a revision is named by. It is
// written member by member because every revision of a pull is named anew.
func envelope(out []byte, r model.Revision, body []byte) []byte {
	hash := sha256.Sum256(body)
	text := func(name, value string) {
		out = append(out, name...)
		out = appendString(out, value)
	}
	text(`{"author":`, string(r.Author))
	out = base64.StdEncoding.AppendEncode(append(out, `,"body_hash":"`...), hash[:])
	text(`","device":`, string(r.Device))
	out = strconv.AppendInt(append(out, `,"epoch":`...), int64(r.Epoch), 10)
	text(`,"kind":`, string(r.Kind))
	out = append(out, `,"parents":[`...)
	for i, p := range r.Parents {
		if i > 0 {
			out = append(out, ',')
		}
		out = appendString(out, string(p))
	}
	text(`],"record":`, string(r.Record))
	out = strconv.AppendInt(append(out, `,"schema":`...), int64(r.Schema), 10)
	text(`,"time":`, r.Time.Format(time.RFC3339Nano))
	return append(out, '}')
}

// SignRevision makes r an act of this device: it sets Device and Epoch, puts
// the body into canonical form, and fills Rev and Sig.
func (d Device) SignRevision(r *model.Revision) error {
	body, err := Canonical(r.Body)
	if err != nil {
		return err
	}
	r.Body, r.Device, r.Epoch = body, d.ID, d.Epoch
	if r.Rev, err = nameOf(*r, body); err != nil {
		return err
	}
	r.Sig = ed25519.Sign(d.Key, []byte(domainRevision+string(r.Rev)))
	return nil
}

// CheckRevision says whether r is named by its content and signed by the
// holder of pub; the error wraps ErrForged.
func CheckRevision(r model.Revision, pub ed25519.PublicKey) error {
	_, err := CanonicalRevision(r, pub)
	return err
}

// CanonicalRevision is CheckRevision for who goes on to use r: it comes back
// with its body in canonical form.
func CanonicalRevision(r model.Revision, pub ed25519.PublicKey) (model.Revision, error) {
	r, err := named(r)
	if err == nil {
		err = signed(r, pub)
	}
	return r, err
}

// named brings the body into canonical form and says whether r is named by its
// content.
func named(r model.Revision) (model.Revision, error) {
	body, err := Canonical(r.Body)
	if err != nil {
		return r, err
	}
	rev, err := nameOf(r, body)
	if err != nil {
		return r, err
	}
	if rev != r.Rev {
		return r, fmt.Errorf("版本 %s 的内容与编号不符: %w", r.Rev, ErrForged)
	}
	r.Body = body
	return r, nil
}

// signed says whether r's name is signed by the holder of pub.
func signed(r model.Revision, pub ed25519.PublicKey) error {
	if !verifyEd25519(pub, domainRevision+string(r.Rev), r.Sig) {
		return fmt.Errorf("版本 %s: %w", r.Rev, ErrForged)
	}
	return nil
}

// OpHash is the chain value of a log entry: SHA-256 over the entry before it,
// the entry's place, the number it took and the name of its revision.
func OpHash(op model.Op) []byte {
	b := make([]byte, 0, 512)
	line := func(text string) { b = append(append(b, text...), '\n') }
	line(hex.EncodeToString(op.Prev))
	line(string(op.Device))
	line(strconv.Itoa(op.Epoch))
	line(strconv.FormatInt(op.Seq, 10))
	line(oneLine.Replace(op.Scope))
	line(string(op.Revision.Rev))
	if n := op.Number; n != nil {
		line(oneLine.Replace(n.Series))
		line(strconv.Itoa(n.Serial))
		line(string(n.Document))
	}
	sum := sha256.Sum256(b)
	return sum[:]
}

// oneLine keeps a free text from looking like the end of its line.
var oneLine = strings.NewReplacer(`\`, `\\`, "\n", `\n`)

// SignOp makes op an entry of this device's log: it sets Device, Epoch, Hash
// and Sig. Seq, Scope, Prev, Number and Revision must be set before.
func (d Device) SignOp(op *model.Op) {
	op.Device, op.Epoch = d.ID, d.Epoch
	op.Hash = OpHash(*op)
	op.Sig = ed25519.Sign(d.Key, []byte(domainOp+string(op.Hash)))
}

// CheckOp says whether the entry's hash fits its content and is signed by the
// holder of pub; the error wraps ErrForged. The revision in it is checked by
// CheckRevision, with the key of the device that made it.
func CheckOp(op model.Op, pub ed25519.PublicKey) error {
	if !bytes.Equal(op.Hash, OpHash(op)) || !verifyEd25519(pub, domainOp+string(op.Hash), op.Sig) {
		return fmt.Errorf("设备日志第 %d 期第 %d 条: %w", op.Epoch, op.Seq, ErrForged)
	}
	return nil
}

func verifyEd25519(pub []byte, message string, sig []byte) bool {
	return len(pub) == ed25519.PublicKeySize && ed25519.Verify(pub, []byte(message), sig)
}
