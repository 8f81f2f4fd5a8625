package paper

import (
	"bytes"
	"fmt"
	"image"
	"math"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"

	"anxin/assets"
)

// boxes are the pictures of what each face draws for a rune it lacks.
type missingBoxes map[string]*sfnt.Font

func (m missingBoxes) of(t *testing.T, name string) *sfnt.Font {
	t.Helper()
	if m[name] == nil {
		data, err := assets.Face(name)
		if err != nil {
			t.Fatal(err)
		}
		if m[name], err = sfnt.Parse(data); err != nil {
			t.Fatal(err)
		}
	}
	return m[name]
}

// picture paints the .notdef glyph of a face with its baseline's left end at x, y of a picture of the given size.
func (m missingBoxes) picture(t *testing.T, name string, pixels, x, y float64, size image.Point) *image.Alpha {
	t.Helper()
	var buf sfnt.Buffer
	f := m.of(t, name)
	segments, err := f.LoadGlyph(&buf, 0, fixed.I(int(f.UnitsPerEm())), nil)
	if err != nil {
		t.Fatal(err)
	}
	at := func(p fixed.Point26_6) (float32, float32) {
		scale := pixels / float64(f.UnitsPerEm()) / 64
		return float32(x + float64(p.X)*scale), float32(y + float64(p.Y)*scale)
	}
	r := vector.NewRasterizer(size.X, size.Y)
	for _, s := range segments {
		a, b := at(s.Args[0])
		c, d := at(s.Args[1])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			r.MoveTo(a, b)
		case sfnt.SegmentOpLineTo:
			r.LineTo(a, b)
		case sfnt.SegmentOpQuadTo:
			r.QuadTo(a, b, c, d)
		}
	}
	out := image.NewAlpha(image.Rectangle{Max: size})
	r.Draw(out, out.Rect, image.Opaque, image.Point{})
	return out
}

// alike is the likeness of a box and the box expected, drawn by two programs.
const alike = 0.75

// likeness is the correlation of two pictures of one size, 1 for the same one. They are blurred first: two programs
// place a thin line a fraction of a pixel apart.
func likeness(a, b *image.Alpha) float64 {
	a, b = blurred(a), blurred(b)
	var sa, sb, saa, sbb, sab float64
	n := float64(len(a.Pix))
	for i := range a.Pix {
		x, y := float64(a.Pix[i]), float64(b.Pix[i])
		sa, sb, saa, sbb, sab = sa+x, sb+y, saa+x*x, sbb+y*y, sab+x*y
	}
	d := math.Sqrt((saa - sa*sa/n) * (sbb - sb*sb/n))
	if d == 0 {
		return 0
	}
	return (sab - sa*sb/n) / d
}

func blurred(a *image.Alpha) *image.Alpha {
	const reach = 2
	out := image.NewAlpha(a.Rect)
	for y := range a.Rect.Dy() {
		for x := range a.Rect.Dx() {
			sum := 0
			for dy := -reach; dy <= reach; dy++ {
				for dx := -reach; dx <= reach; dx++ {
					sum += int(a.AlphaAt(x+dx, y+dy).A)
				}
			}
			out.Pix[y*out.Stride+x] = uint8(sum / 25)
		}
	}
	return out
}

// glyphPictures cuts the square of a character out of the rendered pages, once for each that a face draws in the
// document, and hands it on with the picture of the face's .notdef at the same place.
func glyphPictures(t *testing.T, p *Press, job Job, pdf []byte, do func(page int, r rune, shown, missing *image.Alpha)) {
	t.Helper()
	sheets, _, err := p.sheets(&job)
	if err != nil {
		t.Fatal(err)
	}
	g := &glyphCutter{boxes: missingBoxes{}, seen: map[faceRune]bool{}, do: do}
	for i, s := range sheets {
		g.page, g.picture = i+1, nil
		for _, st := range s.strips {
			for _, sp := range st.spans {
				if sp.face.name != "marks" {
					g.span(t, pdf, sp, st.x, st.y)
				}
			}
		}
	}
}

type faceRune struct {
	face string
	r    rune
}

type glyphCutter struct {
	boxes   missingBoxes
	seen    map[faceRune]bool
	do      func(page int, r rune, shown, missing *image.Alpha)
	page    int
	picture *image.Gray // of the page, drawn when a character on it has not been seen
}

func (g *glyphCutter) span(t *testing.T, pdf []byte, sp span, x, y float64) {
	const dpi = 96.0
	x += sp.x
	for k, r := range sp.runes {
		if key := (faceRune{sp.face.name, r}); !g.seen[key] {
			g.seen[key] = true
			if g.picture == nil {
				g.picture = grayFile(t, rasterised(t, pdf, "96", strconv.Itoa(g.page))[0])
			}
			px, py := x*dpi/72, (y+sp.y)*dpi/72
			side := int(math.Ceil(sp.size * dpi / 72))
			cut := image.Rect(int(px), int(py)-side, int(px)+side, int(py)+side/4)
			g.do(g.page, r, inkIn(g.picture, cut), g.boxes.picture(t, sp.face.name, sp.size*dpi/72, px-float64(cut.Min.X), py-float64(cut.Min.Y), cut.Size()))
		}
		if x += float64(sp.face.width(r)) * sp.size / 1000; sp.gaps != nil {
			x += sp.gaps[k]
		}
	}
}

// inkIn is a piece of a page, dark where it is inked.
func inkIn(page *image.Gray, cut image.Rectangle) *image.Alpha {
	out := image.NewAlpha(image.Rectangle{Max: cut.Size()})
	for y := range cut.Dy() {
		for x := range cut.Dx() {
			out.Pix[y*out.Stride+x] = 255 - page.GrayAt(cut.Min.X+x, cut.Min.Y+y).Y
		}
	}
	return out
}

// No character of any paper is shown as the box of a missing glyph, nor as nothing.
func TestNoGlyphIsMissing(t *testing.T) {
	p := newPress(t)
	job := receiptJob()
	job.Fields["recipient"] = strings.Join(rareNames, "、")
	jobs := everyJob(t)
	if raced {
		clear(jobs)
	}
	jobs["D16"] = job
	for docType, job := range jobs {
		glyphPictures(t, p, job, mustPrint(t, job).PDF, func(page int, r rune, shown, missing *image.Alpha) {
			if l := likeness(shown, missing); l > alike {
				t.Errorf("%s: page %d shows %c as the box of a missing glyph (%.2f)", docType, page, r, l)
			}
			if !strings.ContainsRune(" 　", r) && empty(shown) {
				t.Errorf("%s: page %d shows nothing for %c", docType, page, r)
			}
		})
	}
}

func empty(a *image.Alpha) bool {
	for _, v := range a.Pix {
		if v > 60 {
			return false
		}
	}
	return true
}

// The test above would see it: a page whose text is drawn with glyph 0 is found out.
func TestAMissingGlyphWouldBeSeen(t *testing.T) {
	p := pressOf(t, "title 题\nbody\n永和九年\n")
	job := Job{Type: "T"}
	sheets, _, err := p.sheets(&job)
	if err != nil {
		t.Fatal(err)
	}
	k := inkOf(sheets, nil)
	pages, pictures, err := drawSheets(sheets, k, nil)
	if err != nil {
		t.Fatal(err)
	}
	o, err := parseObjects(pages)
	if err != nil {
		t.Fatal(err)
	}
	for n, body := range o.bodies {
		for i := range k.runes[k.faces[0]] {
			body = bytes.ReplaceAll(body, fmt.Appendf(nil, "<%04X", i+1), []byte("<0000"))
		}
		o.bodies[n] = body
	}
	pdf, err := finish(o.write(), k, pictures, nil, &job, "题")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	glyphPictures(t, p, job, pdf, func(_ int, _ rune, shown, missing *image.Alpha) {
		if likeness(shown, missing) > alike {
			found++
		}
	})
	if found == 0 { // only the first character of a span was replaced
		t.Error("no box was found")
	}
}
