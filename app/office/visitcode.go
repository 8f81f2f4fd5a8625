package office

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"strings"

	"anxin/forms/paper"
)

// VisitCode is the code of a visit as the province's platform gave it: its text
// where the picture could be read, else the picture itself (png or jpg).
type VisitCode struct {
	Text    string
	Name    string // of the file
	Picture []byte
}

// mostCodePages of a PDF are looked at for a code.
const mostCodePages = 5

// errCodeFound ends the search.
var errCodeFound = errors.New("found")

// ReadVisitCode takes a picture (png, jpg) or a PDF of the code of a visit. A
// code that can be read is given as its text, to be drawn anew; what cannot be
// read is given as the picture it is, a PDF as its first page without the white
// around it.
func ReadVisitCode(ctx context.Context, path string) (VisitCode, error) {
	code := VisitCode{Name: filepath.Base(path)}
	info, err := os.Stat(path)
	if err != nil {
		return code, fmt.Errorf("打开“%s”: %w", code.Name, err)
	}
	if info.Size() > maxVerifyBytes {
		return code, fmt.Errorf("“%s”超过 %d MB，不像是一张二维码图片", code.Name, maxVerifyBytes>>20)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return code, fmt.Errorf("读取“%s”: %w", code.Name, err)
	}
	viewer := NewViewer()
	defer viewer.Close()
	var first image.Image
	err = eachScan(ctx, viewer, ScanFile{Name: path, Raw: raw}, func(at int, img image.Image) error {
		if first == nil {
			first = img
		}
		if text, err := paper.ReadQR(img); err == nil {
			code.Text = strings.TrimSpace(text)
		}
		if code.Text != "" || at >= mostCodePages {
			return errCodeFound
		}
		return nil
	})
	if err != nil && !errors.Is(err, errCodeFound) {
		return code, err
	}
	if code.Text != "" || first == nil {
		return code, nil
	}
	code.Picture = raw
	if bytes.HasPrefix(raw, []byte("%PDF-")) {
		code.Name = strings.TrimSuffix(code.Name, filepath.Ext(code.Name)) + ".png"
		code.Picture, err = trimmed(first)
	}
	return code, err
}

// white is how light a dot of a page is that says nothing.
const white = 0xf000

// trimmed is a page without the white around what is on it, as a PNG.
func trimmed(page image.Image) ([]byte, error) {
	ink := image.Rectangle{}
	b := page.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if r, g, bl, _ := page.At(x, y).RGBA(); min(r, g, bl) < white {
				ink = ink.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	if ink.Empty() {
		return nil, errors.New("这份 PDF 的第一页是空白的，请核对所选的文件")
	}
	out := image.NewRGBA(image.Rect(0, 0, ink.Dx(), ink.Dy()))
	draw.Draw(out, out.Rect, page, ink.Min, draw.Src)
	var raw bytes.Buffer
	if err := png.Encode(&raw, out); err != nil {
		return nil, fmt.Errorf("整理检查码的图片: %w", err)
	}
	return raw.Bytes(), nil
}
