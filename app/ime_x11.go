//go:build ime && linux && !ci

package main

import (
	"fyne.io/fyne/v2"
	"github.com/go-gl/glfw/v3.4/glfw"

	"anxin/app/widgets"
)

// followCaret lets the candidates of the input method open below the caret. It
// needs the patched GLFW of `make build`.
func followCaret() {
	widgets.OnCaret(func(c fyne.Canvas, below fyne.Position) {
		glfw.SetPreeditSpot(int(below.X*c.Scale()), int(below.Y*c.Scale()))
	})
}
