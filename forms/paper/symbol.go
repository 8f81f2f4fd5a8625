package paper

import (
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"regexp"
	"strconv"

	qrcode "github.com/skip2/go-qrcode"
)

// Size of the printed symbol. Version 11 has 61 modules, so at 28 mm each is 0.46 mm: every phone and
// scanner reads that from a copy of a copy.
const (
	symbolWidth  = 28 * mm // without the quiet zone
	quietModules = 4       // ISO/IEC 18004
	largestQR    = 11
)

// symbol is a QR code placed at x, y of its strip (top left corner of the quiet zone).
type symbol struct {
	count   int             // modules a side
	modules func() [][]bool // the dark ones, row by row
	width   float64         // without the quiet zone
	token   bool            // the one that carries the document's token
	mark    bool            // a page mark
	x, y    float64
}

// errTokenTooLong says that a token needs a symbol too fine for print.
var errTokenTooLong = errors.New("核验码内容过长，印出的二维码将难以识读，请缩短核验码")

// newSymbol encodes a token at level M; nil for an empty one.
func newSymbol(token string) (*symbol, error) {
	if token == "" {
		return nil, nil
	}
	s, err := encoded(token, symbolWidth)
	if err != nil {
		return nil, fmt.Errorf("%w：%w", errTokenTooLong, err)
	}
	if s.count > modulesOf(largestQR) {
		return nil, errTokenTooLong
	}
	return s, nil
}

// encoded encodes text at level M. The version is known at once; the modules, as dear as all else on a page, are
// worked out while the page is set.
func encoded(text string, width float64) (*symbol, error) {
	q, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return nil, err
	}
	q.DisableBorder = true
	return &symbol{count: modulesOf(q.VersionNumber), modules: later(q.Bitmap), width: width}, nil
}

// modulesOf is the number of modules a side (ISO/IEC 18004, 6.1).
func modulesOf(version int) int { return 17 + 4*version }

func (s *symbol) module() float64 { return s.width / float64(s.count) }

// quiet is the width of the white border a reader needs.
func (s *symbol) quiet() float64 { return quietModules * s.module() }

// side is the width of the symbol with its quiet zone.
func (s *symbol) side() float64 { return s.width + 2*s.quiet() }

// The page mark stands at the lower left of every page, outside the type area.
const (
	markWidth  = 9 * mm
	markBottom = 11 * mm // from the edge of the paper to the mark
)

// pageMarks makes the marks of one document's pages.
type pageMarks struct{ document string }

func newPageMarks(token string) *pageMarks {
	if token == "" {
		return nil
	}
	return &pageMarks{MarkOf(token)}
}

// MarkOf is the short name of a document in its page marks: 50 bits of a hash of its token, in the characters
// a QR code writes shortest.
func MarkOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return base32.StdEncoding.EncodeToString(sum[:])[:10]
}

// PageMark is what a page says of itself to a scanner.
type PageMark struct {
	Document    string // as MarkOf gives it
	Page, Total int
}

const markPrefix = "AX:"

// String is the text of the QR code, "AX:K7QZ3MWP5B:2:3".
func (m PageMark) String() string {
	return fmt.Sprintf("%s%s:%d:%d", markPrefix, m.Document, m.Page, m.Total)
}

var markText = regexp.MustCompile(`^AX:([A-Z2-7]{10}):([1-9]\d{0,3}):([1-9]\d{0,3})$`)

// ParsePageMark reads the text of a QR code; ok is false when it is no page mark.
func ParsePageMark(s string) (m PageMark, ok bool) {
	f := markText.FindStringSubmatch(s)
	if f == nil {
		return m, false
	}
	m.Document = f[1]
	m.Page, _ = strconv.Atoi(f[2])
	m.Total, _ = strconv.Atoi(f[3])
	return m, m.Page <= m.Total
}

func (k *pageMarks) page(n, total int) (*symbol, error) {
	s, err := encoded(PageMark{k.document, n, total}.String(), markWidth)
	if err != nil {
		return nil, fmt.Errorf("生成页标：%w", err)
	}
	s.mark = true
	return s, nil
}

// bars gives the dark runs of each row as left, top, width in modules.
func (s *symbol) bars(draw func(left, top, width int)) {
	for top, row := range s.modules() {
		for left := 0; left < len(row); {
			if !row[left] {
				left++
				continue
			}
			end := left
			for end < len(row) && row[end] {
				end++
			}
			draw(left, top, end-left)
			left = end
		}
	}
}
