package wire

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/base32"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
)

// ErrCode: a text is no enrolment code.
var ErrCode = errors.New("入网码不完整或有误，请从局里重新复制整行入网码")

// Code is the invitation one laptop is given: where the hub is, the hash of
// the key it must show (so that the first contact is already safe), and the
// one-time secret. As text it is one line:
//
//	https://host:8443/#<pin>.<id>.<secret>
type Code struct {
	URL    string            // https://host:port
	Pin    [sha256.Size]byte // of the hub's SubjectPublicKeyInfo
	ID     string            // 40 bits, names the code
	Secret string            // 80 bits
}

var codeText = base32.NewEncoding("abcdefghijkmnpqrstuvwxyz23456789").WithPadding(base32.NoPadding)

// Sizes of the parts of a code in bytes.
const (
	codeIDSize     = 5
	codeSecretSize = 10
)

// NewCode draws a code from random.
func NewCode(hub string, pin [sha256.Size]byte, random io.Reader) (Code, error) {
	var raw [codeIDSize + codeSecretSize]byte
	if _, err := io.ReadFull(random, raw[:]); err != nil {
		return Code{}, fmt.Errorf("生成入网码: %w", err)
	}
	return Code{URL: hub, Pin: pin, ID: codeText.EncodeToString(raw[:codeIDSize]),
		Secret: codeText.EncodeToString(raw[codeIDSize:])}, nil
}

// String writes the line people copy.
func (c Code) String() string {
	return c.URL + "/#" + base64.RawURLEncoding.EncodeToString(c.Pin[:]) + "." + c.ID + "." + c.Secret
}

// ParseCode reads the line; blanks around and inside it are ignored, as
// copying brings them. The error wraps ErrCode.
func ParseCode(text string) (Code, error) {
	u, err := url.Parse(strings.Join(strings.Fields(text), ""))
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		return Code{}, ErrCode
	}
	parts := strings.Split(u.Fragment, ".")
	if len(parts) != 3 {
		return Code{}, ErrCode
	}
	pin, err := base64.RawURLEncoding.DecodeString(parts[0])
	if err != nil || len(pin) != sha256.Size {
		return Code{}, ErrCode
	}
	c := Code{URL: "https://" + u.Host, ID: parts[1], Secret: parts[2]}
	copy(c.Pin[:], pin)
	if !sized(c.ID, codeIDSize) || !sized(c.Secret, codeSecretSize) {
		return Code{}, ErrCode
	}
	return c, nil
}

func sized(text string, n int) bool {
	raw, err := codeText.DecodeString(text)
	return err == nil && len(raw) == n
}

// Pin is the hash by which a laptop knows the hub's certificate again.
func Pin(cert *x509.Certificate) [sha256.Size]byte {
	return sha256.Sum256(cert.RawSubjectPublicKeyInfo)
}
