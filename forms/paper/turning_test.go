package paper

import (
	"fmt"
	"image"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// leastFilled is the share of a page that is filled when the text goes on.
const leastFilled = 0.8

// emptiest gives the page that is filled least among those of a section after which its text goes on, and how far it
// is filled. Pages a template ends itself are not among them.
func emptiest(t rapid.TB, p *Press, job Job) (page int, filled float64) {
	t.Helper()
	before, filled := 0, 1.0
	for _, sheets := range sections(t, p, job) {
		for i := range sheets[:max(0, len(sheets)-1)] {
			if share := sheets[i].filled(); share < filled {
				page, filled = before+i+1, share
			}
		}
		before += len(sheets)
	}
	return page, filled
}

// sections sets body and annex of a job without the footer of their pages, whose room is white.
func sections(t rapid.TB, p *Press, job Job) (out [][]sheet) {
	t.Helper()
	l, err := p.layout(&job)
	if err != nil {
		t.Fatal(err)
	}
	l.values["pages"], l.values["annex_pages"] = value{text: "1"}, value{text: "1"}
	bare := *l.tpl
	l.tpl = &bare
	if bare.footer != nil {
		footer, err := l.compose(bare.footer.kids, bare.style.geometry, 1)
		if err != nil {
			t.Fatal(err)
		}
		bare.style.bottom += headHeight(footer) + footerGap
		bare.footer = nil
	}
	parts := []*node{{kids: bare.body}}
	if bare.annex != nil {
		parts = append(parts, bare.annex)
	}
	for _, n := range parts {
		g := bare.style.geometry
		if n.word == "landscape" {
			g = g.turned()
		}
		sheets, err := l.section(n.kids, g)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, sheets)
	}
	return out
}

// filled is the share of its type area a sheet fills, down to the last strip that shows something.
func (s sheet) filled() float64 {
	low := 0.0
	for _, st := range s.strips {
		if !st.blank() {
			low = max(low, st.y+st.height)
		}
	}
	return (low - s.geometry.top) / (s.geometry.height - s.geometry.top - s.geometry.bottom)
}

// No page of a sample is left empty at its foot when its text goes on, with a code and without, however much the
// officers write into it.
func TestPagesAreFilled(t *testing.T) {
	p := newPress(t)
	for docType, job := range everyJob(t) {
		for more := range 12 {
			job.Token = []string{token, ""}[more%2]
			job.Fields["title"] = strings.Repeat("很长的标题", more*more+1)
			if page, filled := emptiest(t, p, job); filled < leastFilled {
				t.Errorf("%s, %d: page %d is filled to %.0f %%", docType, more, page, filled*100)
			}
		}
	}
}

// Whatever the length of what is written: the longest thing that is never parted is a receipt with its signature.
func TestAnyPagesAreFilled(t *testing.T) {
	p := newPress(t)
	types := p.Types()
	rapid.Check(t, func(r *rapid.T) {
		job := sample(rapid.SampledFrom(types).Draw(r, "type"))
		job.Token = rapid.SampledFrom([]string{"", token}).Draw(r, "code")
		for _, f := range p.Fields(job.Type) {
			switch v := job.Fields[f.Name].(type) {
			case string:
				if f.Kind == Text && len(v) > 60 { // no name
					job.Fields[f.Name] = v + strings.Repeat("又有一句话。", rapid.IntRange(0, 60).Draw(r, f.Name))
				}
			case []any:
				job.Fields[f.Name] = slices.Repeat(v, rapid.IntRange(1, 4).Draw(r, f.Name))
			}
		}
		if page, filled := emptiest(r, p, job); filled < leastFilled {
			r.Fatalf("%s: page %d is filled to %.0f %%", job.Type, page, filled*100)
		}
	})
}

// The same in pictures of the pages, as a reader sees them: the lowest ink over the margin.
func TestPagesLookFilled(t *testing.T) {
	p := newPress(t)
	for docType, job := range everyJob(t) {
		pdf := mustPrint(t, job).PDF
		before := 0
		for _, sheets := range sections(t, p, job) {
			for i := range sheets[:max(0, len(sheets)-1)] {
				picture := grayFile(t, rasterised(t, pdf, "30", fmt.Sprint(before+i+1))[0])
				if low := lowestInk(picture, sheets[i].geometry); low < leastFilled-0.01 { // ink ends above the foot of its line
					t.Errorf("%s: page %d looks filled to %.0f %%", docType, before+i+1, low*100)
				}
			}
			before += len(sheets)
		}
	}
}

// lowestInk is how far down the type area of a page there is ink, as a share of it.
func lowestInk(img *image.Gray, g geometry) float64 {
	scale := float64(img.Rect.Dy()) / g.height
	top, bottom := int(g.top*scale), int((g.height-g.bottom)*scale)
	for y := bottom; y > top; y-- {
		for x := int(g.left * scale); x < int((g.width-g.right)*scale); x++ {
			if img.GrayAt(x, y).Y < 128 {
				return float64(y-top) / float64(bottom-top)
			}
		}
	}
	return 0
}
