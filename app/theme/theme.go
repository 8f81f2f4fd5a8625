// Package theme holds the look of the program: colours, sizes and faces of one
// light theme, and the text scale. It refuses everything else: no widget, no
// word, no dark variant (the desktop's dark mode is ignored, because only these
// pairs of colours were measured for contrast).
package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
)

// MinScale and MaxScale bound the text scale.
const (
	MinScale float32 = 1.0
	MaxScale float32 = 1.5
)

// Sizes of our own, looked up like Fyne's by Size. All are logical pixels and
// grow with the text scale.
const (
	SizeRow        fyne.ThemeSizeName = "anxin.row"        // one row of a list or menu
	SizeNav        fyne.ThemeSizeName = "anxin.nav"        // width of the open navigation
	SizeNavNarrow  fyne.ThemeSizeName = "anxin.navNarrow"  // width of the collapsed navigation
	SizeToolbar    fyne.ThemeSizeName = "anxin.toolbar"    // height of the toolbar
	SizeStatus     fyne.ThemeSizeName = "anxin.status"     // height of the status bar
	SizeLabel      fyne.ThemeSizeName = "anxin.label"      // width of the labels beside fields
	SizeTag        fyne.ThemeSizeName = "anxin.tag"        // text of a tag
	SizeTwoColumns fyne.ThemeSizeName = "anxin.twoColumns" // width from which a form takes two columns
)

// base holds every size at scale 1; a size not listed is Fyne's own.
var base = map[fyne.ThemeSizeName]float32{
	fynetheme.SizeNameText:           13,
	fynetheme.SizeNameCaptionText:    11.5,
	fynetheme.SizeNameSubHeadingText: 15,
	fynetheme.SizeNameHeadingText:    20,
	fynetheme.SizeNameInlineIcon:     16,
	fynetheme.SizeNameInnerPadding:   5,
	SizeRow:                          28,
	SizeNav:                          168,
	SizeNavNarrow:                    48,
	SizeToolbar:                      36,
	SizeStatus:                       24,
	SizeLabel:                        104,
	SizeTag:                          12,
	SizeTwoColumns:                   560,
}

// fixed holds the sizes that do not follow the text scale.
var fixed = map[fyne.ThemeSizeName]float32{
	fynetheme.SizeNamePadding:         3,
	fynetheme.SizeNameLineSpacing:     3,
	fynetheme.SizeNameInputBorder:     1,
	fynetheme.SizeNameInputRadius:     3,
	fynetheme.SizeNameSelectionRadius: 3,
	fynetheme.SizeNameScrollBar:       12,
	fynetheme.SizeNameScrollBarSmall:  6,
	fynetheme.SizeNameScrollBarRadius: 3,
	fynetheme.SizeNameModalBlurRadius: 0,
	fynetheme.SizeNameSplitThickness:  3,
}

// Faces are the two bundled faces as single-face OpenType files. CFF outlines
// are preferred: a glyf file is parsed whole and costs five times the memory.
type Faces struct{ Regular, Bold []byte }

// Theme is the program's theme; it implements fyne.Theme.
type Theme struct {
	regular, bold fyne.Resource
	scale         float32
}

// New makes the theme from its faces at a text scale, which is clamped to
// MinScale..MaxScale.
func New(faces Faces, scale float32) *Theme {
	return &Theme{
		regular: fyne.NewStaticResource("screen-regular.otf", faces.Regular),
		bold:    fyne.NewStaticResource("screen-bold.otf", faces.Bold),
		scale:   min(max(scale, MinScale), MaxScale),
	}
}

// WithScale is the same theme, with the same parsed faces, at another text scale.
func (t *Theme) WithScale(scale float32) *Theme {
	return &Theme{regular: t.regular, bold: t.bold, scale: min(max(scale, MinScale), MaxScale)}
}

// Scale returns the text scale, 1 for 100 %.
func (t *Theme) Scale() float32 { return t.scale }

// Color implements fyne.Theme and ignores the variant.
func (t *Theme) Color(name fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	if c, ok := palette[name]; ok {
		return c
	}
	return fynetheme.DefaultTheme().Color(name, fynetheme.VariantLight)
}

// Font implements fyne.Theme: one face per weight, upright also for italic,
// since a slanted Chinese face reads badly.
func (t *Theme) Font(style fyne.TextStyle) fyne.Resource {
	switch {
	case style.Monospace || style.Symbol:
		return fynetheme.DefaultTheme().Font(style)
	case style.Bold:
		return t.bold
	}
	return t.regular
}

// Icon implements fyne.Theme.
func (t *Theme) Icon(name fyne.ThemeIconName) fyne.Resource {
	return fynetheme.DefaultTheme().Icon(name)
}

// Size implements fyne.Theme.
func (t *Theme) Size(name fyne.ThemeSizeName) float32 {
	if v, ok := fixed[name]; ok {
		return v
	}
	if v, ok := base[name]; ok {
		return v * t.scale
	}
	return fynetheme.DefaultTheme().Size(name)
}

// Size looks a size up in the theme now set; own names answer 0 under a foreign theme.
func Size(name fyne.ThemeSizeName) float32 { return fynetheme.Size(name) }
