package seal

import (
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/fxamacker/cbor/v2"
	"github.com/google/uuid"

	"anxin/model"
)

// MaxToken is the longest token in characters: with it the QR code stays at
// version 11 or below with error correction M.
const MaxToken = 321

// Versions of a token: the first is signed by Ed25519 and says nothing of it;
// in the second the header names the algorithm.
const (
	tokenVersion = 1
	tokenNamed   = 2
)

// Algorithms as a token's header names them.
const (
	tokenEd25519 = 0
	tokenSM2     = 1
)

// What can be wrong with a token, for errors.Is.
var (
	ErrTokenMalformed = errors.New("这不是安薪文书的二维码内容，或者没有扫完整，请重新扫描或粘贴")
	ErrTokenVersion   = errors.New("二维码由更新的程序签发，请升级本程序后再核验")
	ErrTokenTooLong   = errors.New("文号或文书类型太长，二维码放不下，请在“设置”中改短机关代字")
	ErrUnknownKey     = errors.New("签发这份文书的设备不在本机的公钥名单里，请联网更新名单后再核验")
	ErrBadSignature   = errors.New("签名不符，二维码的内容被改动过或者是伪造的")
	ErrKeyRevoked     = errors.New("签发设备的密钥在签发时已被吊销，请向签发机关核实")
	ErrKeyNotYetValid = errors.New("签发日期早于签发设备密钥的启用日期，请向签发机关核实")
	ErrKeyExpired     = errors.New("签发日期晚于签发设备密钥的有效期，请向签发机关核实")
	ErrIssuedLater    = errors.New("签发日期在核验日期之后，请检查本机时间，或者向签发机关核实")
)

// Token is a claim as it was read, not yet verified.
type Token struct {
	Claim model.Claim
	Alg   string // a model.Alg… constant
	parts tokenParts
}

// tokenParts is the outer array, as COSE_Sign1 (RFC 9052 4.2) has it without
// the unprotected header.
type tokenParts struct {
	_         struct{} `cbor:",toarray"`
	Header    []byte
	Payload   []byte
	Signature []byte
}

type tokenHeader struct {
	Version int    `cbor:"1,keyasint"`
	KeyID   []byte `cbor:"2,keyasint"`
	Alg     int    `cbor:"3,keyasint,omitempty"`
}

func (h tokenHeader) valid() bool {
	return len(h.KeyID) == keyIDSize && (h.Version == tokenVersion && h.Alg == tokenEd25519 || h.Version == tokenNamed && h.Alg == tokenSM2)
}

type tokenPayload struct {
	Document  []byte `cbor:"1,keyasint"` // the UUID's 16 bytes
	Type      string `cbor:"2,keyasint"`
	Number    string `cbor:"3,keyasint,omitempty"`
	Issued    int64  `cbor:"4,keyasint"`           // days since 1970-01-01
	Due       int64  `cbor:"5,keyasint,omitempty"` // likewise, 0 for none
	AmountFen int64  `cbor:"6,keyasint,omitempty"`
	Digest    []byte `cbor:"7,keyasint"`
}

var (
	tokenEncoder = must(cbor.CoreDetEncOptions().EncMode())
	tokenDecoder = must(cbor.DecOptions{
		DupMapKey: cbor.DupMapKeyEnforcedAPF, IndefLength: cbor.IndefLengthForbidden, TagsMd: cbor.TagsForbidden,
		MaxNestedLevels: 4, MaxArrayElements: 16, MaxMapPairs: 16, ExtraReturnErrors: cbor.ExtraDecErrorUnknownField,
	}.DecMode())
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// SignToken writes a claim as the token of a QR code, at most MaxToken
// characters. Issuer is set from the device. The error is ErrTokenTooLong or
// names the field that cannot be written.
func SignToken(c model.Claim, d Device) (string, error) {
	return writeToken(c, tokenHeader{Version: tokenVersion, KeyID: idOf(d.Public())},
		func(message []byte) ([]byte, error) { return ed25519.Sign(d.Key, message), nil })
}

// SignTokenSM2 is SignToken by the device's SM2 key, over SM3.
func SignTokenSM2(c model.Claim, d Device) (string, error) {
	key, err := d.SM2()
	if err != nil {
		return "", err
	}
	return writeToken(c, tokenHeader{Version: tokenNamed, KeyID: idOf(sm2Bytes(&key.PublicKey)), Alg: tokenSM2},
		func(message []byte) ([]byte, error) { return signSM2(key, message) })
}

func writeToken(c model.Claim, header tokenHeader, sign func([]byte) ([]byte, error)) (string, error) {
	payload, err := packClaim(c)
	if err != nil {
		return "", err
	}
	parts := tokenParts{}
	if parts.Header, err = tokenEncoder.Marshal(header); err != nil {
		return "", fmt.Errorf("写二维码: %w", err)
	}
	if parts.Payload, err = tokenEncoder.Marshal(payload); err != nil {
		return "", fmt.Errorf("写二维码: %w", err)
	}
	message, err := parts.message()
	if err != nil {
		return "", err
	}
	if parts.Signature, err = sign(message); err != nil {
		return "", err
	}
	raw, err := tokenEncoder.Marshal(parts)
	if err != nil {
		return "", fmt.Errorf("写二维码: %w", err)
	}
	text := encode45(raw)
	if len(text) > MaxToken {
		return "", ErrTokenTooLong
	}
	return text, nil
}

// message is what the signature is made over: COSE's Sig_structure with our
// domain as external data.
func (p tokenParts) message() ([]byte, error) {
	b, err := tokenEncoder.Marshal([]any{"Signature1", p.Header, []byte(domainToken), p.Payload})
	if err != nil {
		return nil, fmt.Errorf("写二维码: %w", err)
	}
	return b, nil
}

func packClaim(c model.Claim) (tokenPayload, error) {
	id, err := uuid.Parse(string(c.Document))
	if err != nil {
		return tokenPayload{}, fmt.Errorf("二维码里的文书编号“%s”无效: %w", c.Document, err)
	}
	p := tokenPayload{Document: id[:], Type: c.Type, Number: c.Number, AmountFen: c.AmountFen, Digest: c.Digest}
	if len(c.Digest) != sha256.Size {
		return p, errors.New("二维码里的内容摘要不是 32 字节")
	}
	if p.Issued, err = days(c.Issued); err != nil {
		return p, err
	}
	if c.Due != "" {
		p.Due, err = days(c.Due)
	}
	return p, err
}

const (
	secondsPerDay = 24 * 60 * 60
	lastDay       = 2932896 // 9999-12-31
)

func days(d model.Date) (int64, error) {
	t := d.Time(time.UTC)
	n := t.Unix() / secondsPerDay
	if t.IsZero() || n < 1 || n > lastDay {
		return 0, fmt.Errorf("二维码里的日期“%s”无效", d)
	}
	return n, nil
}

func dateOfDays(n int64) model.Date { return model.DateOf(time.Unix(n*secondsPerDay, 0).UTC()) }

// ReadToken reads a token or a link that ends in "#" and a token. It checks
// form only; the error is ErrTokenMalformed or ErrTokenVersion.
func ReadToken(text string) (Token, error) {
	text = strings.Trim(text, "\r\n\t")
	at := strings.LastIndexByte(text, '#')
	tries := []string{text[at+1:], strings.Trim(text[at+1:], " ")}
	if unescaped, err := url.PathUnescape(text[at+1:]); err == nil {
		tries = append(tries, unescaped)
	}
	for _, try := range tries {
		t, err := readBare(try)
		if err == nil || errors.Is(err, ErrTokenVersion) {
			return t, err
		}
	}
	return Token{}, ErrTokenMalformed
}

func readBare(text string) (Token, error) {
	if len(text) > MaxToken {
		return Token{}, ErrTokenMalformed
	}
	raw, ok := decode45(text)
	if !ok {
		return Token{}, ErrTokenMalformed
	}
	var parts tokenParts
	var header tokenHeader
	var p tokenPayload
	if err := tokenDecoder.Unmarshal(raw, &parts); err != nil {
		return Token{}, ErrTokenMalformed
	}
	if err := tokenDecoder.Unmarshal(parts.Header, &header); err != nil {
		return Token{}, ErrTokenMalformed
	}
	if header.Version > tokenNamed {
		return Token{}, ErrTokenVersion
	}
	if err := tokenDecoder.Unmarshal(parts.Payload, &p); err != nil {
		return Token{}, ErrTokenMalformed
	}
	if !p.valid() || !header.valid() || len(parts.Signature) != ed25519.SignatureSize {
		return Token{}, ErrTokenMalformed
	}
	alg := model.AlgEd25519
	if header.Alg == tokenSM2 {
		alg = model.AlgSM2
	}
	return Token{Claim: p.claim(header.KeyID), Alg: alg, parts: parts}, nil
}

func (p tokenPayload) valid() bool {
	return len(p.Document) == 16 && len(p.Digest) == sha256.Size && p.Issued > 0 && p.Issued <= lastDay && p.Due >= 0 && p.Due <= lastDay
}

func (p tokenPayload) claim(keyID []byte) model.Claim {
	c := model.Claim{
		Issuer: lower32.EncodeToString(keyID), Document: model.ID(uuid.UUID(p.Document).String()),
		Type: p.Type, Number: p.Number, Issued: dateOfDays(p.Issued), AmountFen: p.AmountFen, Digest: p.Digest,
	}
	if p.Due > 0 {
		c.Due = dateOfDays(p.Due)
	}
	return c
}

// VerifyToken reads a token and checks it against the keys an office knows, on
// the day of at. The claim is returned beside every error but
// ErrTokenMalformed and ErrTokenVersion, so that a page can show what the
// paper says while it says why not to believe it.
func VerifyToken(text string, keys []model.PublicKey, at time.Time) (model.Claim, error) {
	t, err := ReadToken(text)
	if err != nil {
		return model.Claim{}, err
	}
	key, err := keyNamed(keys, t.Alg, t.Claim.Issuer)
	if err != nil {
		return t.Claim, err
	}
	message, err := t.parts.message()
	if err != nil {
		return t.Claim, err
	}
	check := verifyEd25519
	if t.Alg == model.AlgSM2 {
		check = verifySM2
	}
	if !check(key.Key, string(message), t.parts.Signature) {
		return t.Claim, ErrBadSignature
	}
	return t.Claim, checkKeyDay(key, t.Claim.Issued, at)
}

// publicSize is how long a public key is, in bytes.
var publicSize = map[string]int{model.AlgEd25519: ed25519.PublicKeySize, model.AlgSM2: sm2PublicSize}

// keyNamed goes by the key itself: the name beside it may have been mistyped.
func keyNamed(keys []model.PublicKey, alg, id string) (model.PublicKey, error) {
	for _, k := range keys {
		if k.Alg == alg && len(k.Key) == publicSize[alg] && KeyID(k.Key) == id {
			return k, nil
		}
	}
	return model.PublicKey{}, ErrUnknownKey
}

// KeyOn is the Ed25519 key of an id, if it was valid on the day of at; the error
// is ErrUnknownKey or says why it was not valid.
func KeyOn(keys []model.PublicKey, id string, at time.Time) (model.PublicKey, error) {
	k, err := keyNamed(keys, model.AlgEd25519, id)
	if err != nil {
		return k, err
	}
	return k, checkKeyDay(k, model.DateOf(at.In(china)), at)
}

// china is the civil time of every issuing office; days are compared in it.
var china = time.FixedZone("UTC+8", 8*60*60)

func checkKeyDay(k model.PublicKey, issued model.Date, at time.Time) error {
	day := func(t time.Time) model.Date { return model.DateOf(t.In(china)) }
	switch {
	case issued > day(at):
		return ErrIssuedLater
	case !k.Revoked.IsZero() && issued >= day(k.Revoked):
		return ErrKeyRevoked
	case !k.From.IsZero() && issued < day(k.From):
		return ErrKeyNotYetValid
	case !k.To.IsZero() && issued > day(k.To):
		return ErrKeyExpired
	}
	return nil
}
