package office_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"anxin/app/office"
	"anxin/assets"
	"anxin/forms/paper"
)

// round is a picture of a code no reader knows: rings.
func round(t *testing.T) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 300, 300))
	for y := range 300 {
		for x := range 300 {
			d := (x-150)*(x-150) + (y-150)*(y-150)
			img.SetGray(x, y, color.Gray{Y: uint8(255 * (d / 2000 % 2))})
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// The province's code comes as a picture or a PDF: what can be read becomes text, the rest stays the picture it is.
func TestTheCodeOfAVisitIsReadFromItsPicture(t *testing.T) {
	const code = "https://jcm.example.gov.cn/v?c=430725-2026-0918-0041"
	symbol, err := qrcode.NewQRCodeWriter().Encode(code, gozxing.BarcodeFormat_QR_CODE, 300, 300, nil)
	if err != nil {
		t.Fatal(err)
	}
	var good bytes.Buffer
	if err := png.Encode(&good, symbol); err != nil {
		t.Fatal(err)
	}
	p, err := paper.NewPress(assets.Papers, assets.Face)
	if err != nil {
		t.Fatal(err)
	}
	printed := func(token string) []byte {
		job, err := office.SampleOf(p, assets.Papers, "D05")
		if err != nil {
			t.Fatal(err)
		}
		job.Token = token
		out, err := p.Print(job)
		if err != nil {
			t.Fatal(err)
		}
		return out.PDF
	}
	for _, c := range []struct {
		name, text, kept string
		raw              []byte
	}{
		{"检查码.png", code, "", good.Bytes()},
		{"检查码.pdf", "ABC-430725-0041", "", printed("ABC-430725-0041")},
		{"圆码.png", "", "圆码.png", round(t)},
		{"没有码.pdf", "", "没有码.png", printed("")},
	} {
		path := filepath.Join(t.TempDir(), c.name)
		if err := os.WriteFile(path, c.raw, 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := office.ReadVisitCode(t.Context(), path)
		if err != nil || got.Text != c.text || (got.Picture != nil) != (c.kept != "") || c.kept != "" && got.Name != c.kept {
			t.Errorf("%s: %q %s, %d bytes, %v", c.name, got.Text, got.Name, len(got.Picture), err)
		}
		if got.Picture != nil {
			if img, err := png.Decode(bytes.NewReader(got.Picture)); err != nil || img.Bounds().Dx() > 1400 {
				t.Errorf("%s: the picture is no PNG without its margins: %v", c.name, err)
			}
		}
	}
	if _, err := office.ReadVisitCode(t.Context(), filepath.Join(t.TempDir(), "没有.png")); err == nil {
		t.Error("a file that is not there was read")
	}
}

// A code no reader reads is printed on the notice as it is, and is evidence of the visit.
func TestAnUnreadableCodeIsPrintedAsItIs(t *testing.T) {
	b := newBureau(t).accepted()
	visit, err := b.plan(first, second)
	b.ok(err)
	b.ok(b.Desk.KeepVisitCode(b.ctx, visit, "圆码.png", round(t)))
	if err := b.Desk.KeepVisitCode(b.ctx, visit, "说明.txt", []byte("文字")); err == nil {
		t.Error("a text was taken for a picture")
	}
	_, err = b.Desk.ApproveVisit(b.ctx, visit, "同意")
	b.ok(err)
	notice, err := b.Desk.AnnounceVisit(b.ctx, visit)
	b.ok(err)
	_, pdf, err := b.IssuedPDF(b.ctx, notice)
	b.ok(err)
	sealed, err := paper.ReadPDF(pdf)
	b.ok(err)
	if len(sealed.Images) != 1 {
		t.Errorf("the notice shows %d pictures", len(sealed.Images))
	}
}
