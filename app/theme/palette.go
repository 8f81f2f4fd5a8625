package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
)

// Colours of our own drawings. Text colours reach 4.5:1 on the surfaces they
// are drawn on, borders 3:1 (WCAG 2.1, 1.4.3 and 1.4.11); a test measures them.
var (
	Background = rgb(0xF4F6F9) // behind the cards
	Card       = rgb(0xFFFFFF)
	CardBorder = rgb(0xD7DEE6)
	Header     = rgb(0xE9EEF4) // list heads, status bar
	Text       = rgb(0x1B2733)
	Secondary  = rgb(0x5F6B78) // captions, hints: on cards and on the background
	Border     = rgb(0x8793A0) // outline of inputs
	Primary    = rgb(0x1C5FA8)
	Focus      = rgb(0x0B2E59) // the ring around what has the keyboard
	Selection  = rgb(0xCFE2F7)
	Danger     = rgb(0xB3261E)
	NavBack    = rgb(0x16324F)
	NavText    = rgb(0xE6EDF5)
	NavActive  = rgb(0x1F6FC4)
	NavHover   = color.NRGBA{R: 0xFF, G: 0xFF, B: 0xFF, A: 0x18}
)

// ColorNavText names NavText for themed icons.
const ColorNavText fyne.ThemeColorName = "anxin.navText"

// Tone is the meaning a tag or a message carries beside its words.
type Tone int

// The tones; the zero value is for archived and indifferent things.
const (
	Neutral Tone = iota
	Info         // waiting, to do
	Warning      // under way, soon due
	Bad          // overdue, refused, failed
	Good         // done, corrected
)

// Pair returns the tinted surface of the tone and the text colour to draw on it.
func (t Tone) Pair() (surface, text color.NRGBA) {
	switch t {
	case Info:
		return rgb(0xE3EEFB), Primary
	case Warning:
		return rgb(0xFFF1DB), rgb(0x8F5400)
	case Bad:
		return rgb(0xFBE4E2), Danger
	case Good:
		return rgb(0xE2F3E7), rgb(0x1E7A3C)
	}
	return rgb(0xE9EDF1), rgb(0x55616E)
}

var palette = map[fyne.ThemeColorName]color.Color{
	fynetheme.ColorNameBackground:          Background,
	fynetheme.ColorNameInputBackground:     Card,
	fynetheme.ColorNameOverlayBackground:   Card,
	fynetheme.ColorNameMenuBackground:      Card,
	fynetheme.ColorNameInputBorder:         Border,
	fynetheme.ColorNameForeground:          Text,
	fynetheme.ColorNamePlaceHolder:         Secondary,
	fynetheme.ColorNameDisabled:            rgb(0x586370),
	fynetheme.ColorNameDisabledButton:      rgb(0xE3E7EC),
	fynetheme.ColorNamePrimary:             Primary,
	fynetheme.ColorNameHyperlink:           Primary,
	fynetheme.ColorNameForegroundOnPrimary: Card,
	fynetheme.ColorNameForegroundOnError:   Card,
	fynetheme.ColorNameFocus:               alpha(Primary, 0x40),
	fynetheme.ColorNameSelection:           Selection,
	fynetheme.ColorNameHover:               alpha(Primary, 0x12),
	fynetheme.ColorNamePressed:             alpha(Primary, 0x30),
	fynetheme.ColorNameButton:              rgb(0xE4EAF1),
	fynetheme.ColorNameHeaderBackground:    Header,
	fynetheme.ColorNameSeparator:           CardBorder,
	fynetheme.ColorNameError:               Danger,
	fynetheme.ColorNameWarning:             rgb(0x8F5400),
	fynetheme.ColorNameSuccess:             rgb(0x1E7A3C),
	fynetheme.ColorNameScrollBar:           color.NRGBA{R: 0x53, G: 0x60, B: 0x6E, A: 0xA0},
	fynetheme.ColorNameScrollBarBackground: color.NRGBA{R: 0x53, G: 0x60, B: 0x6E, A: 0x10},
	fynetheme.ColorNameShadow:              color.NRGBA{A: 0x38},
	ColorNavText:                           NavText,
}

func rgb(v uint32) color.NRGBA {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 0xFF}
}

func alpha(c color.NRGBA, a uint8) color.NRGBA {
	c.A = a
	return c
}
