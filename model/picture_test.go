package model

import (
	"image"
	"image/color"
	"strings"
	"testing"
)

func TestPictureFits(t *testing.T) {
	for _, c := range []struct {
		name string
		w, h int
		m    color.Model
		ok   bool
	}{
		{"a phone's photo", 4000, 3000, color.YCbCrModel, true},
		{"a phone's largest", 9248, 6936, color.YCbCrModel, true},
		{"a long screenshot", 1080, 60000, color.NRGBAModel, true},
		{"a scan in grey", 15000, 15000, color.GrayModel, true},
		{"a bomb of one colour", 60000, 60000, color.Palette{color.Black}, false},
		{"a bomb of 16 bits", 7000, 7000, color.NRGBA64Model, false},
		{"beyond what numbers hold", 1 << 31, 1 << 31, color.NRGBAModel, false},
		{"nothing", 0, 5, color.NRGBAModel, false},
		{"less than nothing", -5, 5, color.NRGBAModel, false},
	} {
		err := PictureFits(image.Config{Width: c.w, Height: c.h, ColorModel: c.m})
		if (err == nil) != c.ok || err != nil && !strings.Contains(err.Error(), "×") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
