package office

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

func TestACodeIsReadFromItsPicture(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, raw []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const code = "AX1-7QK4-9M2C-hub.taohuayuan.gov.cn"
	symbol, err := qrcode.NewQRCodeWriter().Encode(code, gozxing.BarcodeFormat_QR_CODE, 240, 240, nil)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := png.Encode(&out, symbol); err != nil {
		t.Fatal(err)
	}
	raw := out.Bytes()
	if got, err := ReadCode(write("入网码.png", raw)); err != nil || got != code {
		t.Errorf("read %q, %v", got, err)
	}
	for name, path := range map[string]string{"no picture": write("说明.txt", []byte("入网码")), "cut": write("半张.png", raw[:len(raw)/2]), "missing": filepath.Join(dir, "没有.png")} {
		if got, err := ReadCode(path); err == nil || !strings.Contains(err.Error(), filepath.Base(path)) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
