package page

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"os"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"anxin/app/lang"
	"anxin/app/widgets"
)

// pdfView shows a PDF page by page, exactly as it is printed. Only the page in
// sight is kept as a picture.
type pdfView struct {
	env   *Env
	read  func(ctx context.Context) ([]byte, error)
	pages Pages
	at    int
	zoom  int // index in zooms
	turn  int // of the newest drawing: an older one that comes late is dropped

	picture *canvas.Image
	where   *widget.Label
	body    *fyne.Container
	root    fyne.CanvasObject
}

// zooms are the widths a page is shown at, in logical pixels.
var zooms = []float32{420, 560, 700, 900, 1200}

// whereWidth holds "page 100 of 200" in either language.
const whereWidth = 132

// startZoom shows a whole page of A4 readably in the right pane.
const startZoom = 1

// newPDFView makes an empty view; Open reads what read gives.
func newPDFView(env *Env, read func(ctx context.Context) ([]byte, error)) *pdfView {
	v := &pdfView{env: env, read: read, zoom: startZoom, where: widget.NewLabel(""), body: container.NewStack()}
	v.picture = canvas.NewImageFromImage(nil)
	v.picture.FillMode = canvas.ImageFillContain
	bar := container.NewHBox(
		widgets.NewQuietButton(lang.T("pdf.back"), fynetheme.NavigateBackIcon(), func() { v.Turn(-1) }),
		widgets.AtLeast(whereWidth, 0, v.where),
		widgets.NewQuietButton(lang.T("pdf.next"), fynetheme.NavigateNextIcon(), func() { v.Turn(+1) }),
		widgets.NewQuietButton(lang.T("pdf.smaller"), fynetheme.ZoomOutIcon(), func() { v.scale(-1) }),
		widgets.NewQuietButton(lang.T("pdf.larger"), fynetheme.ZoomInIcon(), func() { v.scale(+1) }))
	v.root = container.NewBorder(bar, nil, nil, nil, v.body)
	return v
}

// Open reads the PDF anew and shows the page one was on.
func (v *pdfView) Open() {
	v.Close()
	v.say(lang.T("pdf.opening"))
	v.turn++
	turn := v.turn
	var pages Pages
	v.env.Host.Run(lang.T("pdf.opening"), func(ctx context.Context, _ func(float64, string)) error {
		raw, err := v.read(ctx)
		if err != nil {
			return err
		}
		pages, err = v.env.Papers.Pages(ctx, raw)
		return err
	}, func(err error) {
		switch {
		case err != nil:
			v.say(lang.T("pdf.failed"))
			showError(v.env, err)
		case turn != v.turn:
			pages.Close()
		default:
			v.pages = pages
			v.draw()
		}
	})
}

// Close gives the pages back.
func (v *pdfView) Close() {
	v.turn++
	if v.pages != nil {
		v.pages.Close()
		v.pages = nil
	}
}

func (v *pdfView) say(text string) {
	v.where.SetText("")
	v.body.Objects = []fyne.CanvasObject{container.NewCenter(widgets.NewCaption(text))}
	v.body.Refresh()
}

// Turn goes on or back by so many pages.
func (v *pdfView) Turn(by int) {
	if v.pages == nil || v.at+by < 0 || v.at+by >= v.pages.Count() {
		return
	}
	v.at += by
	v.draw()
}

func (v *pdfView) scale(by int) {
	if v.pages == nil || v.zoom+by < 0 || v.zoom+by >= len(zooms) {
		return
	}
	v.zoom += by
	v.draw()
}

// draw makes the picture of the page off the window, as fine as the screen.
func (v *pdfView) draw() {
	v.at = min(v.at, v.pages.Count()-1)
	v.turn++
	turn, at, pages := v.turn, v.at, v.pages
	fine := v.env.Host.Window().Canvas().Scale()
	width := int(zooms[v.zoom] * max(fine, 1))
	var drawn image.Image
	v.env.Host.Run(lang.T("pdf.opening"), func(ctx context.Context, _ func(float64, string)) (err error) {
		drawn, err = pages.Draw(ctx, at, width)
		return err
	}, func(err error) {
		switch {
		case turn != v.turn:
		case err != nil:
			v.say(lang.T("pdf.failed"))
			showError(v.env, err)
		default:
			v.show(drawn)
		}
	})
}

func (v *pdfView) show(drawn image.Image) {
	size := drawn.Bounds().Size()
	wide := zooms[v.zoom]
	v.picture.Image = drawn
	v.picture.SetMinSize(fyne.NewSize(wide, wide*float32(size.Y)/float32(max(size.X, 1))))
	v.where.SetText(lang.T("pdf.page", "n", v.at+1, "all", v.pages.Count()))
	if len(v.body.Objects) != 1 || v.body.Objects[0] != v.scroll() {
		v.body.Objects = []fyne.CanvasObject{container.NewScroll(container.NewCenter(v.picture))}
	}
	v.body.Refresh()
	v.picture.Refresh()
}

// scroll is the frame around the page, nil while none is shown.
func (v *pdfView) scroll() fyne.CanvasObject {
	if len(v.body.Objects) == 1 {
		if s, ok := v.body.Objects[0].(*container.Scroll); ok {
			return s
		}
	}
	return nil
}

// readBlob reads bytes of the blob room whole.
func readBlob(ctx context.Context, env *Env, sha256 string) (_ []byte, err error) {
	r, err := env.Files.Open(ctx, sha256)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	return io.ReadAll(r)
}

// copyBlob writes bytes of the blob room into a file of the person's choice.
func copyBlob(ctx context.Context, env *Env, sha256, path string) (err error) {
	from, err := env.Files.Open(ctx, sha256)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	to, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("另存文件: %w", err)
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	if _, err := io.Copy(to, from); err != nil {
		return fmt.Errorf("另存文件: %w", err)
	}
	return nil
}
