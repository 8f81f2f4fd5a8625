package paper

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// Part is one document of a bound file.
type Part struct {
	Group    string // bookmark the part stands under; "" for one of its own
	Title    string // its bookmark
	PDF      []byte
	Numbered bool // its pages count and carry a number
}

// ErrUnbindable says that a PDF cannot be bound: it is damaged, encrypted or no PDF.
var ErrUnbindable = errors.New("这个 PDF 已损坏或者加了密，不能装入案卷")

// configuration of pdfcpu: nothing of the user's folders, nothing from the net.
var configuration = sync.OnceValue(func() model.Configuration {
	api.DisableConfigDir()
	c := model.NewDefaultConfiguration()
	c.Offline, c.ValidationMode = true, model.ValidationRelaxed
	return *c
})

func conf() *model.Configuration {
	c := configuration()
	return &c
}

// CountPages gives the pages of any PDF, or ErrUnbindable.
func CountPages(pdf []byte) (int, error) {
	n, err := api.PageCount(bytes.NewReader(pdf), conf())
	if err != nil || n == 0 {
		return 0, ErrUnbindable
	}
	return n, nil
}

// Bind makes one PDF of many, in their order: the numbered pages get running numbers at the outer lower corner, and
// the bookmarks lead to every part. What a part carries besides its pages (attachments, its own bookmarks) stays
// with the part itself: keep it. The same parts give the same bytes.
func (p *Press) Bind(parts []Part) ([]byte, error) {
	if len(parts) == 0 {
		return nil, errors.New("案卷中没有材料，无法装订")
	}
	readers := make([]io.ReadSeeker, len(parts))
	var marks []pdfcpu.Bookmark
	var numbers []int // printed on each page, 0 for none
	next := 1
	for i, part := range parts {
		pages, err := CountPages(part.PDF)
		if err != nil {
			return nil, fmt.Errorf("《%s》：%w", part.Title, err)
		}
		readers[i] = bytes.NewReader(part.PDF)
		marks = underGroup(marks, part, len(numbers)+1)
		for range pages {
			if !part.Numbered {
				numbers = append(numbers, 0)
				continue
			}
			numbers = append(numbers, next)
			next++
		}
	}
	var merged, stamped, out bytes.Buffer
	if err := api.MergeRaw(readers, &merged, false, conf()); err != nil {
		return nil, fmt.Errorf("装订案卷：%w", err)
	}
	if err := p.stampNumbers(&stamped, merged.Bytes(), numbers); err != nil {
		return nil, fmt.Errorf("为案卷编页号：%w", err)
	}
	if err := api.AddBookmarks(bytes.NewReader(stamped.Bytes()), &out, marks, true, conf()); err != nil {
		return nil, fmt.Errorf("为案卷加书签：%w", err)
	}
	bound, err := settled(out.Bytes())
	if err != nil {
		return nil, fmt.Errorf("整理案卷：%w", err)
	}
	return bound, nil
}

func underGroup(marks []pdfcpu.Bookmark, part Part, page int) []pdfcpu.Bookmark {
	b := pdfcpu.Bookmark{Title: part.Title, PageFrom: page}
	if part.Group == "" {
		return append(marks, b)
	}
	if n := len(marks); n == 0 || marks[n-1].Title != part.Group {
		marks = append(marks, pdfcpu.Bookmark{Title: part.Group, PageFrom: page})
	}
	last := &marks[len(marks)-1]
	last.Kids = append(last.Kids, b)
	return marks
}

// stampNumbers lays a page of our own, with nothing but the number, over each page: the built-in faces of a PDF are
// not carried in the file, and an archive wants every face it shows.
func (p *Press) stampNumbers(w io.Writer, pdf []byte, numbers []int) error {
	sizes, err := api.PageDims(bytes.NewReader(pdf), conf())
	if err != nil {
		return err
	}
	sheets := make([]sheet, len(sizes))
	for i, size := range sizes {
		if sheets[i], err = p.numberSheet(size, numbers[i]); err != nil {
			return err
		}
	}
	k := inkOf(sheets, nil)
	pages, pictures, err := drawSheets(sheets, k, nil)
	if err != nil {
		return err
	}
	stamps, err := finish(pages, k, pictures, nil, &Job{}, "")
	if err != nil {
		return err
	}
	wm, err := api.PDFMultiWatermarkForReadSeeker(bytes.NewReader(stamps), 1, 1, "scale:1 abs, rot:0, pos:bl, offset:0 0", true, false, types.POINTS)
	if err != nil {
		return err
	}
	return api.AddWatermarks(bytes.NewReader(pdf), w, nil, wm, conf())
}

const (
	fileNumberSize = 11.0
	fileNumberEdge = 9 * mm // from either edge of the corner
)

// numberSheet is a page with a number at its outer lower corner: right on odd numbers, left on even ones.
func (p *Press) numberSheet(size types.Dim, number int) (sheet, error) {
	s := sheet{geometry: geometry{width: size.Width, height: size.Height}}
	if number == 0 {
		return s, nil
	}
	a := alignRight
	if number%2 == 0 {
		a = alignLeft
	}
	c := &composer{faces: p.faces, width: size.Width - 2*fileNumberEdge}
	if err := c.paragraphs(plainText(fmt.Sprint(number)), setting{face: faceBody, size: fileNumberSize, lead: fileNumberSize, align: a}); err != nil {
		return s, err
	}
	s.strips = []placed{{c.out[0], fileNumberEdge, size.Height - fileNumberEdge - fileNumberSize}}
	return s, nil
}
