package paper

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jung-kurt/gofpdf"
)

// ink is the text of one document by face: the runes each face draws, sorted. A rune's code in the PDF is
// its place here plus one, which is also its glyph in the face's subset.
type ink struct {
	faces []*face
	runes map[*face][]rune
	files []func() fontFile // of the faces, made while the pages are drawn
}

// inkOf collects the runes of all sheets. Faces come in the order of their names, so that the same document
// always numbers them alike.
func inkOf(sheets []sheet, mark *span) ink {
	used := map[*face]map[rune]bool{}
	add := func(sp *span) {
		if used[sp.face] == nil {
			used[sp.face] = map[rune]bool{}
		}
		for _, r := range sp.runes {
			used[sp.face][r] = true
		}
	}
	for i := range sheets {
		for _, st := range sheets[i].strips {
			for k := range st.spans {
				add(&st.spans[k])
			}
		}
	}
	if mark != nil {
		add(mark)
	}
	out := ink{runes: map[*face][]rune{}}
	for f, set := range used {
		list := make([]rune, 0, len(set))
		for r := range set {
			list = append(list, r)
		}
		slices.Sort(list)
		out.runes[f] = list
		out.faces = append(out.faces, f)
	}
	slices.SortFunc(out.faces, func(a, b *face) int { return strings.Compare(a.name, b.name) })
	for _, f := range out.faces {
		out.files = append(out.files, later(func() fontFile { return packFont(f, out.runes[f]) }))
	}
	return out
}

func (k ink) code(f *face, r rune) int {
	i, _ := slices.BinarySearch(k.runes[f], r)
	return i + 1
}

// artist writes sheets as PDF pages. gofpdf makes pages, strokes and fills; text is written as operators of
// our own, because gofpdf's text loses characters at line breaks and cannot carry runes above U+FFFF.
type artist struct {
	pdf      *gofpdf.Fpdf
	ink      ink
	pictures []*picture // in the order they are first shown
	buf      []byte
	g        geometry
}

// drawSheets gives gofpdf's file and the pictures its pages show.
func drawSheets(sheets []sheet, k ink, mark *span) ([]byte, []*picture, error) {
	pdf := gofpdf.New("P", "pt", "A4", "")
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetMargins(0, 0, 0)
	pdf.SetCompression(false) // finish compresses, with one compressor for all
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(time.Unix(0, 0)) // finish writes the document's own dates
	pdf.SetModificationDate(time.Unix(0, 0))
	a := &artist{pdf: pdf, ink: k}
	for i := range sheets {
		a.page(&sheets[i], mark)
	}
	var out bytes.Buffer
	if err := pdf.Output(&out); err != nil {
		return nil, nil, fmt.Errorf("生成页面：%w", err)
	}
	return out.Bytes(), a.pictures, nil
}

func (a *artist) page(s *sheet, mark *span) {
	a.g = s.geometry
	a.pdf.AddPageFormat("P", gofpdf.SizeType{Wd: a.g.width, Ht: a.g.height})
	if mark != nil {
		a.watermark(mark)
	}
	for i := range s.strips {
		st := &s.strips[i]
		for k := range st.rules {
			a.rule(&st.rules[k], st.x, st.y)
		}
		for k := range st.pictures {
			a.picture(&st.pictures[k], st.x, st.y)
		}
		for k := range st.spans {
			a.text(&st.spans[k], st.x, st.y)
		}
		if st.symbol != nil {
			a.symbol(st.symbol, st.x, st.y)
		}
	}
}

func (a *artist) rule(r *rule, x, y float64) {
	a.pdf.SetLineWidth(r.width)
	if r.dashed {
		a.pdf.SetDashPattern([]float64{4, 3}, 0)
	}
	a.pdf.Line(x+r.x1, y+r.y1, x+r.x2, y+r.y2)
	if r.dashed {
		a.pdf.SetDashPattern(nil, 0)
	}
}

// picture draws a picture by the name finish gives it.
func (a *artist) picture(p *shownPicture, x, y float64) {
	i := slices.IndexFunc(a.pictures, func(q *picture) bool { return q.hash == p.hash })
	if i < 0 {
		i = len(a.pictures)
		a.pictures = append(a.pictures, p.picture)
	}
	a.buf = append(a.buf[:0], "q "...)
	for _, v := range []float64{p.width, 0, 0, p.height, x + p.x, a.g.height - y - p.y - p.height} {
		a.number(v)
	}
	a.buf = append(append(append(a.buf, "cm /"...), pictureKey(i)...), " Do Q"...)
	a.pdf.RawWriteStr(string(a.buf))
}

func pictureKey(i int) string { return "P" + strconv.Itoa(i) }

// text writes one span; gaps become adjustments inside TJ, so that the span stays one piece of text.
func (a *artist) text(sp *span, x, y float64) {
	a.begin(sp)
	a.number(x + sp.x)
	a.number(a.g.height - y - sp.y)
	a.buf = append(a.buf, "Td "...)
	a.show(sp)
}

func (a *artist) begin(sp *span) {
	a.buf = append(append(append(a.buf[:0], "BT /"...), fontKey(a.ink.faces, sp.face)...), ' ')
	a.number(sp.size)
	a.buf = append(a.buf, "Tf "...)
}

func (a *artist) show(sp *span) {
	const hex = "0123456789ABCDEF"
	a.buf = append(a.buf, "[<"...)
	for i, r := range sp.runes {
		c := a.ink.code(sp.face, r)
		a.buf = append(a.buf, hex[c>>12&15], hex[c>>8&15], hex[c>>4&15], hex[c&15])
		if sp.gaps != nil && sp.gaps[i] != 0 && i < len(sp.runes)-1 {
			a.buf = append(a.buf, '>')
			a.number(-sp.gaps[i] * 1000 / sp.size)
			a.buf = append(a.buf, '<')
		}
	}
	a.buf = append(a.buf, ">] TJ ET"...)
	a.pdf.RawWriteStr(string(a.buf))
}

func (a *artist) number(v float64) {
	a.buf = strconv.AppendFloat(a.buf, math.Round(v*1000)/1000, 'f', -1, 64)
	a.buf = append(a.buf, ' ')
}

func fontKey(faces []*face, f *face) string { return "T" + strconv.Itoa(slices.Index(faces, f)) }

// watermark writes the mark across the page, light grey, under everything else.
func (a *artist) watermark(mark *span) {
	const turn = math.Sqrt2 / 2 // 45°
	half := 0.0
	for _, r := range mark.runes {
		half += float64(mark.face.width(r)) * mark.size / 2000
	}
	a.pdf.RawWriteStr("0.88 g")
	a.begin(mark)
	for _, v := range []float64{turn, turn, -turn, turn} {
		a.number(v)
	}
	drop := mark.size * 0.35 // from the middle of a character down to its baseline
	a.number(a.g.width/2 - half*turn + drop*turn)
	a.number(a.g.height/2 - half*turn - drop*turn)
	a.buf = append(a.buf, "Tm "...)
	a.show(mark)
	a.pdf.RawWriteStr("0 g")
}

// symbol fills all dark modules as one path, in a space where a module is 1: separate rectangles would show hairlines
// between them.
func (a *artist) symbol(s *symbol, x, y float64) {
	m := s.module()
	a.buf = append(a.buf[:0], "q "...)
	for _, v := range []float64{m, 0, 0, -m, x + s.x + quietModules*m, a.g.height - y - s.y - quietModules*m} {
		a.buf = append(strconv.AppendFloat(a.buf, v, 'f', 5, 64), ' ')
	}
	a.buf = append(a.buf, "cm"...)
	s.bars(func(left, top, width int) {
		for _, v := range []int{left, top, width} {
			a.buf = strconv.AppendInt(append(a.buf, ' '), int64(v), 10)
		}
		a.buf = append(a.buf, " 1 re"...)
	})
	a.pdf.RawWriteStr(string(append(a.buf, " f Q"...)))
}
