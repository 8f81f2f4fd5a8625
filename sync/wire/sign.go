package wire

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"anxin/model"
	"anxin/model/seal"
)

// Headers of a signed request.
const (
	HeaderDevice = "Anxin-Device"
	HeaderEpoch  = "Anxin-Epoch"
	HeaderNonce  = "Anxin-Nonce"
	HeaderDigest = "Content-Digest"
	HeaderInput  = "Signature-Input"
	HeaderSig    = "Signature"
)

// ErrUnsigned: a request carries no signature, or one that does not fit.
var ErrUnsigned = errors.New("请求没有有效的设备签名")

// Signed is what a request's signature covers, beside method and target.
type Signed struct {
	Device model.ID
	Epoch  int
	// Nonce counts the requests of a device in an epoch; the hub accepts each
	// number once and only in rising order.
	Nonce int64
	// Created is the laptop's clock. It is kept for the record and decides
	// nothing: a laptop's clock may be wrong.
	Created time.Time
	KeyID   string
	// Digest is the SHA-256 of the body as sent; nil for requests without a
	// body and for runs of evidence, which are bound by the leaf hashes of the
	// signed announcement.
	Digest []byte

	base string
	sig  []byte
}

// Sign signs a request as the device. digest is the SHA-256 of the body, or
// nil, see Signed.
func Sign(req *http.Request, d seal.Device, digest []byte, nonce int64, at time.Time) {
	s := Signed{Device: d.ID, Epoch: d.Epoch, Nonce: nonce, Created: at, KeyID: d.KeyID(), Digest: digest}
	h := req.Header
	h.Set(HeaderDevice, string(s.Device))
	h.Set(HeaderEpoch, strconv.Itoa(s.Epoch))
	h.Set(HeaderNonce, strconv.FormatInt(s.Nonce, 10))
	if digest != nil {
		h.Set(HeaderDigest, digestField(digest))
	}
	h.Set(HeaderInput, "sig="+s.params())
	sig := ed25519.Sign(d.Key, []byte(s.Base(req.Method, req.URL.RequestURI())))
	h.Set(HeaderSig, "sig=:"+base64.StdEncoding.EncodeToString(sig)+":")
}

// Digest is the digest of a body that Sign covers.
func Digest(body []byte) []byte {
	sum := sha256.Sum256(body)
	return sum[:]
}

// Base is the text that is signed (RFC 9421 2.5).
func (s Signed) Base(method, target string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\"@method\": %s\n\"@request-target\": %s\n", method, target)
	if s.Digest != nil {
		fmt.Fprintf(&b, "\"content-digest\": %s\n", digestField(s.Digest))
	}
	fmt.Fprintf(&b, "\"anxin-device\": %s\n\"anxin-epoch\": %d\n\"anxin-nonce\": %d\n\"@signature-params\": %s",
		s.Device, s.Epoch, s.Nonce, s.params())
	return b.String()
}

func (s Signed) params() string {
	digest := ""
	if s.Digest != nil {
		digest = ` "content-digest"`
	}
	return fmt.Sprintf(`("@method" "@request-target"%s "anxin-device" "anxin-epoch" "anxin-nonce");created=%d;keyid="%s"`,
		digest, s.Created.Unix(), s.KeyID)
}

func digestField(sum []byte) string {
	return "sha-256=:" + base64.StdEncoding.EncodeToString(sum) + ":"
}

var inputForm = regexp.MustCompile(`^sig=\([^)]*\);created=([0-9]{1,12});keyid="([a-z2-7]{1,64})"$`)

// ReadSigned reads the signature of a request without judging it: Check does,
// once the key of the device is found. The error wraps ErrUnsigned.
func ReadSigned(req *http.Request) (Signed, error) {
	s, err := readSigned(req)
	if err != nil {
		return Signed{}, fmt.Errorf("%w: %w", ErrUnsigned, err)
	}
	return s, nil
}

func readSigned(req *http.Request) (Signed, error) {
	var s Signed
	var err error
	if s.Device, err = model.ParseID(req.Header.Get(HeaderDevice)); err != nil {
		return s, err
	}
	if s.Epoch, err = strconv.Atoi(req.Header.Get(HeaderEpoch)); err != nil || s.Epoch < 1 {
		return s, errors.New("期次不是正整数")
	}
	if s.Nonce, err = strconv.ParseInt(req.Header.Get(HeaderNonce), 10, 64); err != nil || s.Nonce < 1 {
		return s, errors.New("计数不是正整数")
	}
	if field := req.Header.Get(HeaderDigest); field != "" {
		if s.Digest, err = binary(field, "sha-256=:"); err != nil || len(s.Digest) != sha256.Size {
			return s, errors.New("摘要格式不正确")
		}
	}
	input := req.Header.Get(HeaderInput)
	m := inputForm.FindStringSubmatch(input)
	if m == nil {
		return s, errors.New("签名参数格式不正确")
	}
	created, err := strconv.ParseInt(m[1], 10, 64)
	if err != nil {
		return s, err
	}
	s.Created, s.KeyID = time.Unix(created, 0), m[2]
	if input != "sig="+s.params() {
		return s, errors.New("签名没有覆盖规定的内容")
	}
	if s.sig, err = binary(req.Header.Get(HeaderSig), "sig=:"); err != nil {
		return s, errors.New("签名格式不正确")
	}
	s.base = s.Base(req.Method, req.URL.RequestURI())
	return s, nil
}

// Check says whether the signature was made by the holder of pub; the error is
// ErrUnsigned.
func (s Signed) Check(pub ed25519.PublicKey) error {
	if len(pub) != ed25519.PublicKeySize || !ed25519.Verify(pub, []byte(s.base), s.sig) {
		return ErrUnsigned
	}
	return nil
}

// binary reads a byte sequence of RFC 8941 behind its prefix.
func binary(field, prefix string) ([]byte, error) {
	text, ok := strings.CutPrefix(field, prefix)
	if !ok || !strings.HasSuffix(text, ":") {
		return nil, ErrMalformed
	}
	return base64.StdEncoding.Strict().DecodeString(strings.TrimSuffix(text, ":"))
}
