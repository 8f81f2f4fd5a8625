package page

import (
	"context"
	"errors"
	"image"
	"image/draw"
	"os"

	"anxin/app/casework"
	"anxin/app/widgets"
	"anxin/model"
)

// machines stand for printers, scanners and the renderer of pages: what they
// were given is written down, what they answer is set by the test.
type machines struct {
	printed  []string // titles
	settings PrintSettings
	refuse   string // title of the paper the printer refuses
	opened   [][]byte
	pages    *blankPages // opened last
	scans    Scans
	scanned  []string
	kept     int
	bound    BoundFile
	binding  func() // called while a file is bound
}

func (m *machines) Printers(context.Context) ([]Printer, error) {
	return []Printer{{Name: "HP-LaserJet", Default: true}, {Name: "大厅打印机"}}, nil
}

func (m *machines) PrintAll(ctx context.Context, items []PrintItem, s PrintSettings, progress func(done, total int)) (out []PrintFault) {
	m.settings = s
	for i, item := range items {
		_, err := item.PDF(ctx, item.Copy)
		if item.Title == m.refuse {
			err = errors.New("打印机没有纸")
		}
		if err != nil {
			out = append(out, PrintFault{At: i, Err: err})
		} else {
			m.printed = append(m.printed, item.Title)
		}
		progress(i+1, len(items))
	}
	return out
}

func (m *machines) Copy(_ context.Context, document model.ID, name string) ([]byte, error) {
	return []byte("%PDF-1.7 " + name), nil
}

func (m *machines) Pages(_ context.Context, pdf []byte) (Pages, error) {
	m.opened = append(m.opened, pdf)
	m.pages = &blankPages{n: 3}
	return m.pages, nil
}

// blankPages are white pages of A4; every text stands once on each.
type blankPages struct {
	n      int
	closed bool
}

func (b *blankPages) Find(context.Context, string) (out []widgets.PDFHit, _ error) {
	for i := range b.n {
		out = append(out, widgets.PDFHit{Page: i, Marks: []widgets.PDFMark{{Left: 0.2, Top: 0.4, Right: 0.5, Bottom: 0.42}}})
	}
	return out, nil
}

func (b *blankPages) Count() int { return b.n }
func (b *blankPages) Draw(_ context.Context, _, width int) (image.Image, error) {
	if b.closed {
		return nil, errors.New("已关闭")
	}
	sheet := image.NewGray(image.Rect(0, 0, width, width*297/210))
	draw.Draw(sheet, sheet.Rect, image.White, image.Point{}, draw.Src)
	return sheet, nil
}
func (b *blankPages) Close() { b.closed = true }

func (m *machines) ReadScans(_ context.Context, paths []string) (Scans, error) {
	m.scanned = append(m.scanned, paths...)
	s := m.scans
	s.Keep = func(context.Context) error {
		m.kept++
		return nil
	}
	return s, nil
}

func (m *machines) BindFile(ctx context.Context, of model.ID, path string, tell Tell) (BoundFile, error) {
	tell(0.4, "限期改正指令书")
	if m.binding != nil {
		m.binding()
	}
	if err := ctx.Err(); err != nil {
		return BoundFile{}, err
	}
	return m.bound, os.WriteFile(path, []byte("%PDF-1.7 "+of), 0o600)
}

func (m *machines) ExportCase(_ context.Context, of model.ID, path string, _ Tell) (int, error) {
	return 7, os.WriteFile(path, []byte(of), 0o600)
}

// numberLine is a line of the register of papers.
type numberLine = casework.NumberLine

// passes lets happen what was waiting for a moment to pass.
func (w *world) passes() {
	list := w.waiting
	w.waiting = nil
	for _, f := range list {
		f()
	}
	w.screen.Settle()
}
