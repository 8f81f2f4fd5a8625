package theme_test

import (
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/theme"
)

// contrast is the WCAG 2.1 contrast ratio of two opaque colours.
func contrast(a, b color.NRGBA) float64 {
	x, y := luminance(a)+0.05, luminance(b)+0.05
	return max(x, y) / min(x, y)
}

func luminance(c color.NRGBA) float64 {
	linear := func(v uint8) float64 {
		f := float64(v) / 255
		if f <= 0.03928 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

func TestContrast(t *testing.T) {
	cases := []struct {
		name        string
		front, back color.NRGBA
		least       float64
	}{
		{"text on background", theme.Text, theme.Background, 4.5},
		{"text on selection", theme.Text, theme.Selection, 4.5},
		{"secondary on background", theme.Secondary, theme.Background, 4.5},
		{"secondary on header", theme.Secondary, theme.Header, 4.5},
		{"danger on card", theme.Danger, theme.Card, 4.5},
		{"white on primary", theme.Card, theme.Primary, 4.5},
		{"navigation", theme.NavText, theme.NavBack, 4.5},
		{"active navigation", theme.Card, theme.NavActive, 4.5},
		{"input border on card", theme.Border, theme.Card, 3},
		{"ring on card", theme.Focus, theme.Card, 3},
		{"ring on background", theme.Focus, theme.Background, 3},
		{"ring on header", theme.Focus, theme.Header, 3},
		{"ring on selection", theme.Focus, theme.Selection, 3},
		{"hair of the ring on primary", theme.Card, theme.Primary, 3},
		{"hair of the ring on danger", theme.Card, theme.Danger, 3},
	}
	for _, tone := range []theme.Tone{theme.Neutral, theme.Info, theme.Warning, theme.Bad, theme.Good} {
		surface, text := tone.Pair()
		cases = append(cases, struct {
			name        string
			front, back color.NRGBA
			least       float64
		}{"tone", text, surface, 4.5})
	}
	for _, c := range cases {
		if got := contrast(c.front, c.back); got < c.least {
			t.Errorf("%s: contrast %.2f, want at least %.1f (%v on %v)", c.name, got, c.least, c.front, c.back)
		}
	}
}

// Every text of the toolkit is drawn in one of these colours on one of these grounds.
func TestContrastOfTheToolkit(t *testing.T) {
	th := theme.New(theme.Faces{}, 1)
	colour := func(name fyne.ThemeColorName) color.NRGBA {
		return color.NRGBAModel.Convert(th.Color(name, fynetheme.VariantLight)).(color.NRGBA)
	}
	cases := map[fyne.ThemeColorName][]fyne.ThemeColorName{
		fynetheme.ColorNameForeground: {fynetheme.ColorNameBackground, fynetheme.ColorNameInputBackground, fynetheme.ColorNameOverlayBackground,
			fynetheme.ColorNameMenuBackground, fynetheme.ColorNameButton, fynetheme.ColorNameHeaderBackground, fynetheme.ColorNameSelection},
		fynetheme.ColorNamePlaceHolder:         {fynetheme.ColorNameInputBackground, fynetheme.ColorNameBackground, fynetheme.ColorNameHeaderBackground},
		fynetheme.ColorNameDisabled:            {fynetheme.ColorNameInputBackground, fynetheme.ColorNameBackground, fynetheme.ColorNameDisabledButton},
		fynetheme.ColorNameForegroundOnPrimary: {fynetheme.ColorNamePrimary},
		fynetheme.ColorNameForegroundOnError:   {fynetheme.ColorNameError},
		fynetheme.ColorNameHyperlink:           {fynetheme.ColorNameBackground, fynetheme.ColorNameInputBackground},
		fynetheme.ColorNameError:               {fynetheme.ColorNameBackground, fynetheme.ColorNameInputBackground},
		fynetheme.ColorNameWarning:             {fynetheme.ColorNameBackground, fynetheme.ColorNameInputBackground},
		fynetheme.ColorNameSuccess:             {fynetheme.ColorNameBackground, fynetheme.ColorNameInputBackground},
	}
	for front, grounds := range cases {
		for _, back := range grounds {
			if got := contrast(colour(front), colour(back)); got < 4.5 {
				t.Errorf("%s on %s: contrast %.2f, want at least 4.5", front, back, got)
			}
		}
	}
}

func TestScale(t *testing.T) {
	one := theme.New(theme.Faces{}, 0.2)
	if one.Scale() != theme.MinScale {
		t.Errorf("scale %v is not clamped", one.Scale())
	}
	big := one.WithScale(9)
	if big.Scale() != theme.MaxScale {
		t.Errorf("scale %v is not clamped", big.Scale())
	}
	if got, want := big.Size(fynetheme.SizeNameText), one.Size(fynetheme.SizeNameText)*1.5; got != want {
		t.Errorf("text size at 150 %%: %v, want %v", got, want)
	}
	if got := big.Size(fynetheme.SizeNamePadding); got != one.Size(fynetheme.SizeNamePadding) {
		t.Errorf("padding follows the text scale: %v", got)
	}
}

func TestFacesAndVariant(t *testing.T) {
	th := theme.New(theme.Faces{Regular: []byte("r"), Bold: []byte("b")}, 1)
	for style, want := range map[fyne.TextStyle]string{{}: "r", {Italic: true}: "r", {Bold: true}: "b"} {
		if got := string(th.Font(style).Content()); got != want {
			t.Errorf("face of %+v is %q, want %q", style, got, want)
		}
	}
	if th.Color(fynetheme.ColorNameBackground, fynetheme.VariantDark) != th.Color(fynetheme.ColorNameBackground, fynetheme.VariantLight) {
		t.Error("the dark variant changes the background")
	}
}
