package paper

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"regexp"
)

// Sealed is what a printed document carries for those who check it.
type Sealed struct {
	Type       string            // "D06"
	Token      string            // "" when it was printed without one
	Copy, Mark string            // as in the Job
	Attachment []byte            // the canonical JSON it was made from; nil when it carries none
	Images     map[string][]byte // the pictures on its pages by their SHA-256; nil when it has none
}

// ErrForeign says that a file is not a document of this press, or is no longer in the bytes it was printed
// in: other programs that save a PDF write it anew.
var ErrForeign = errors.New("这不是本系统生成的 PDF，或者已被其他软件另存过；请使用原始文件，或扫描纸上的二维码核验")

// ErrChanged says that a file was printed here and has been altered since.
var ErrChanged = errors.New("这是本系统生成的 PDF，但文件已被改动或损坏，不能作为文书使用；请向签发机关索取原始文件")

var (
	typeEntry  = regexp.MustCompile(regexp.QuoteMeta(typeKey) + `<([0-9A-F]*)>`)
	tokenEntry = regexp.MustCompile(regexp.QuoteMeta(tokenKey) + `<([0-9A-F]*)>`)
	copyEntry  = regexp.MustCompile(regexp.QuoteMeta(copyKey) + `<([0-9A-F]*)>`)
	markEntry  = regexp.MustCompile(regexp.QuoteMeta(markKey) + `<([0-9A-F]*)>`)
	fileSpec   = regexp.MustCompile(`/Names \[\(` + regexp.QuoteMeta(attachmentName) + `\) (\d{1,7}) 0 R\]`)
	fileStream = regexp.MustCompile(`/EF <</F (\d{1,7}) 0 R>>`)
)

// mostAttachment bounds what a file may unpack to, in bytes.
const mostAttachment = 64 << 20

// ReadPDF takes token and attachment out of a PDF that Print made. It trusts nothing: any bytes are safe to
// give it, and whoever needs certainty prints the attachment again and compares.
func ReadPDF(pdf []byte) (Sealed, error) {
	out, err := readSealed(pdf)
	if errors.Is(err, ErrForeign) && bytes.Contains(pdf, []byte(typeKey)) {
		return Sealed{}, ErrChanged
	}
	return out, err
}

func readSealed(pdf []byte) (Sealed, error) {
	o, err := parseObjects(pdf)
	if err != nil {
		return Sealed{}, fmt.Errorf("%w：%w", ErrForeign, err)
	}
	info, catalog := o.bodies[o.info], o.bodies[o.root]
	docType, okType := hexEntry(info, typeEntry)
	token, okToken := hexEntry(info, tokenEntry)
	if !okType || !okToken {
		return Sealed{}, ErrForeign
	}
	out := Sealed{Type: docType, Token: token, Images: o.pictures()}
	out.Copy, _ = hexEntry(info, copyEntry)
	out.Mark, _ = hexEntry(info, markEntry)
	spec := reference(catalog, fileSpec, len(o.bodies))
	if spec == 0 {
		return out, nil
	}
	stream := reference(o.bodies[spec], fileStream, len(o.bodies))
	if stream == 0 {
		return Sealed{}, ErrForeign
	}
	if out.Attachment, err = inflate(o.bodies[stream]); err != nil {
		return Sealed{}, err
	}
	return out, nil
}

// pictures takes out the pictures addPicture put in.
func (o *objects) pictures() map[string][]byte {
	var out map[string][]byte
	for _, body := range o.bodies {
		if !bytes.HasPrefix(body, []byte("<< /Type /XObject /Subtype /Image ")) {
			continue
		}
		dict, data, _ := bytes.Cut(body, []byte(">>\nstream\n"))
		size := streamLength(dict)
		if size < 0 || size > len(data) {
			continue
		}
		if out == nil {
			out = map[string][]byte{}
		}
		sum := sha256.Sum256(data[:size])
		out[hex.EncodeToString(sum[:])] = data[:size]
	}
	return out
}

func hexEntry(dict []byte, key *regexp.Regexp) (string, bool) {
	m := key.FindSubmatch(dict)
	if m == nil {
		return "", false
	}
	out, err := hex.DecodeString(string(m[1]))
	return string(out), err == nil
}

// inflate unpacks a stream object.
func inflate(body []byte) ([]byte, error) {
	dict, data, ok := bytes.Cut(body, []byte(">>\nstream\n"))
	size := streamLength(dict)
	if !ok || size < 0 || size > len(data) {
		return nil, fmt.Errorf("%w：附件不完整", ErrForeign)
	}
	z, err := zlib.NewReader(bytes.NewReader(data[:size]))
	if err != nil {
		return nil, fmt.Errorf("%w：附件无法解压", ErrForeign)
	}
	defer z.Close()
	out, err := io.ReadAll(io.LimitReader(z, mostAttachment+1))
	if err != nil || len(out) > mostAttachment {
		return nil, fmt.Errorf("%w：附件无法解压", ErrForeign)
	}
	return out, nil
}
