package widgets

import (
	"strings"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/rivo/uniseg"
)

// Paragraph is a label that breaks its lines as a Chinese reader expects them:
// no line begins with closing punctuation or ends with opening punctuation, and
// numbers and Latin words stay whole (Unicode Annex 14). The label alone would
// break anywhere, or only at spaces.
type Paragraph struct {
	widget.Label
	words string
	width float32
}

// NewParagraph is a text that wraps.
func NewParagraph(text string) *Paragraph {
	p := &Paragraph{words: text}
	p.Text = text
	p.Wrapping = fyne.TextWrapBreak // a word wider than the line
	p.ExtendBaseWidget(p)
	return p
}

// NewCaption is a small grey text that wraps.
func NewCaption(text string) *Paragraph {
	p := NewParagraph(text)
	p.SizeName = fynetheme.SizeNameCaptionText
	p.Importance = widget.LowImportance
	return p
}

// SetText shows another text.
func (p *Paragraph) SetText(text string) {
	p.words = text
	p.Label.SetText(p.lines())
}

// Words is the text without the line breaks of the screen.
func (p *Paragraph) Words() string { return p.words }

// Resize breaks the lines for the width.
func (p *Paragraph) Resize(size fyne.Size) {
	if size.Width != p.width {
		p.width = size.Width
		if broken := p.lines(); broken != p.Text {
			p.Label.Resize(size)
			p.Label.SetText(broken)
			return
		}
	}
	p.Label.Resize(size)
}

// Refresh also follows a change of the size of text.
func (p *Paragraph) Refresh() {
	p.Text = p.lines()
	p.Label.Refresh()
}

func (p *Paragraph) lines() string {
	if p.Wrapping == fyne.TextWrapOff || p.width <= 0 {
		return p.words
	}
	name := p.SizeName
	if name == "" {
		name = fynetheme.SizeNameText
	}
	th := p.Theme()
	size := th.Size(name)
	room := p.width - 2*th.Size(fynetheme.SizeNameInnerPadding)
	return breakLines(p.words, room, func(s string) float32 { return fyne.MeasureText(s, size, p.TextStyle).Width })
}

// breakLines puts a line break at the last opportunity before the text grows
// wider than the room.
func breakLines(text string, room float32, measure func(string) float32) string {
	var out strings.Builder
	var line float32
	state := -1
	for len(text) > 0 {
		var segment string
		var must bool
		segment, text, must, state = uniseg.FirstLineSegmentInString(text, state)
		width := measure(strings.TrimRight(segment, " \n"))
		if line > 0 && line+width > room {
			out.WriteByte('\n')
			line = 0
		}
		out.WriteString(segment)
		line += measure(strings.TrimRight(segment, "\n"))
		if must {
			line = 0
		}
	}
	return out.String()
}
