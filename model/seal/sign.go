package seal

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"strings"
	"time"

	"anxin/model"
)

// What each kind of signature is made over, before the bytes themselves.
const (
	domainRevision = "anxin revision 1\n"
	domainOp       = "anxin op 1\n"
	domainToken    = "anxin token 1\n"
)

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
func KeyID(pub ed25519.PublicKey) string {
	sum := sha256.Sum256(pub)
	return lower32.EncodeToString(sum[:keyIDSize])
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
	generation := 0
	for _, p := range r.Parents {
		generation = max(generation, p.Generation())
	}
	bodyHash := sha256.Sum256(body)
	text, err := Canonical(map[string]any{
		"record": r.Record, "kind": r.Kind, "parents": append([]model.Rev{}, r.Parents...), "schema": r.Schema,
		"body_hash": bodyHash[:], "author": r.Author, "device": r.Device, "epoch": r.Epoch,
		"time": r.Time.Format(time.RFC3339Nano),
	})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return model.Rev(fmt.Sprintf("%d-%s", generation+1, lower32.EncodeToString(sum[:]))), nil
}

// SignRevision makes r an act of this device: it sets Device and Epoch, puts
// the body into canonical form, and fills Rev and Sig.
func (d Device) SignRevision(r *model.Revision) error {
	body, err := Canonical(r.Body)
	if err != nil {
		return err
	}
	r.Body, r.Device, r.Epoch = body, d.ID, d.Epoch
	if r.Rev, err = RevOf(*r); err != nil {
		return err
	}
	r.Sig = ed25519.Sign(d.Key, []byte(domainRevision+string(r.Rev)))
	return nil
}

// CheckRevision says whether r is named by its content and signed by the
// holder of pub; the error wraps ErrForged.
func CheckRevision(r model.Revision, pub ed25519.PublicKey) error {
	rev, err := RevOf(r)
	if err != nil {
		return err
	}
	if rev != r.Rev {
		return fmt.Errorf("版本 %s 的内容与编号不符: %w", r.Rev, ErrForged)
	}
	if !verify(pub, domainRevision+string(r.Rev), r.Sig) {
		return fmt.Errorf("版本 %s: %w", r.Rev, ErrForged)
	}
	return nil
}

// OpHash is the chain value of a log entry: SHA-256 over the entry before it,
// the entry's place, the number it took and the name of its revision.
func OpHash(op model.Op) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%x\n%s\n%d\n%d\n%s\n%s\n", op.Prev, op.Device, op.Epoch, op.Seq, quoteLine(op.Scope), op.Revision.Rev)
	if n := op.Number; n != nil {
		fmt.Fprintf(&b, "%s\n%d\n%s\n", quoteLine(n.Series), n.Serial, n.Document)
	}
	sum := sha256.Sum256(b.Bytes())
	return sum[:]
}

// quoteLine keeps a free text from looking like the end of its line.
func quoteLine(s string) string {
	return strings.NewReplacer(`\`, `\\`, "\n", `\n`).Replace(s)
}

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
	if !bytes.Equal(op.Hash, OpHash(op)) || !verify(pub, domainOp+string(op.Hash), op.Sig) {
		return fmt.Errorf("设备日志第 %d 期第 %d 条: %w", op.Epoch, op.Seq, ErrForged)
	}
	return nil
}

func verify(pub ed25519.PublicKey, message string, sig []byte) bool {
	return len(pub) == ed25519.PublicKeySize && ed25519.Verify(pub, []byte(message), sig)
}
