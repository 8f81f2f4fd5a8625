package paper

import (
	"errors"
	"fmt"

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
	modules [][]bool
	x, y    float64
}

// errTokenTooLong says that a token needs a symbol too fine for print.
var errTokenTooLong = errors.New("核验码内容过长，印出的二维码将难以识读，请缩短核验码")

// newSymbol encodes a token at level M; nil for an empty one.
func newSymbol(token string) (*symbol, error) {
	if token == "" {
		return nil, nil
	}
	q, err := qrcode.New(token, qrcode.Medium)
	if err != nil {
		return nil, fmt.Errorf("%w：%w", errTokenTooLong, err)
	}
	if q.VersionNumber > largestQR {
		return nil, errTokenTooLong
	}
	q.DisableBorder = true
	return &symbol{modules: q.Bitmap()}, nil
}

func (s *symbol) module() float64 { return symbolWidth / float64(len(s.modules)) }

// side is the width of the symbol with its quiet zone.
func (s *symbol) side() float64 { return symbolWidth + 2*quietModules*s.module() }

// bars gives the dark runs of each row as left, top, width in modules.
func (s *symbol) bars(draw func(left, top, width int)) {
	for top, row := range s.modules {
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
