package hub

import (
	"fmt"
	"html/template"
	"strings"

	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/encoder"
)

// quiet is the empty border a QR code needs, in modules.
const quiet = 4

// qr draws a text as a QR code, an SVG of one path.
func qr(text string) (template.HTML, error) {
	code, err := encoder.Encoder_encodeWithoutHint(text, decoder.ErrorCorrectionLevel_M)
	if err != nil {
		return "", fmt.Errorf("生成二维码: %w", err)
	}
	m := code.GetMatrix()
	side := m.GetWidth() + 2*quiet
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="qr" role="img" aria-label="入网二维码" viewBox="0 0 %d %d" shape-rendering="crispEdges"><rect width="%d" height="%d" fill="#fff"/><path fill="#000" d="`, side, side, side, side)
	for y := range m.GetHeight() {
		for x := range m.GetWidth() {
			if m.Get(x, y) == 1 {
				fmt.Fprintf(&b, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	b.WriteString(`"/></svg>`)
	return template.HTML(b.String()), nil
}
