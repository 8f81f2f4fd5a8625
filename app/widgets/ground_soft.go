//go:build ci

package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// NewGround makes an area of one opaque colour. Without a window there are no
// programs for pixels.
func NewGround(c color.NRGBA) fyne.CanvasObject { return canvas.NewRectangle(c) }
