//go:build !ci

package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// groundProgram colours every pixel within the bounds and does nothing else. The
// toolkit's program for rectangles also reckons a border and a shadow for each,
// which takes several times as long where the processor draws.
const groundProgram = `
uniform vec2 frame;
uniform vec4 bounds;
uniform float red;
uniform float green;
uniform float blue;

void main() {
    if (gl_FragCoord.x < bounds[0] || gl_FragCoord.x > bounds[2] || gl_FragCoord.y < frame.y - bounds[3] || gl_FragCoord.y > frame.y - bounds[1])
        discard;
    gl_FragColor = vec4(red, green, blue, 1.0);
}
`

var (
	groundSource   = []byte("#version 110\n" + groundProgram)
	groundSourceES = []byte("#version 100\nprecision highp float;\n" + groundProgram)
)

// NewGround makes an area of one opaque colour, to lie below large parts of the
// window.
func NewGround(c color.NRGBA) fyne.CanvasObject {
	s := canvas.NewShader("anxin.ground", groundSource, groundSourceES)
	s.Uniforms = map[string]float32{"red": float32(c.R) / 255, "green": float32(c.G) / 255, "blue": float32(c.B) / 255}
	return s
}
