package model

import (
	"fmt"
	"image"
	"image/color"
)

// MaxPicture is how much memory a picture may take when it is unpacked, in
// bytes: a photo of 64 million pixels fits, a file made to fill the machine
// does not.
const MaxPicture = 256 << 20

// PictureFits says whether a picture may be unpacked. The error is a sentence
// with its size; the bytes themselves may be kept all the same.
func PictureFits(c image.Config) error {
	if c.Width <= 0 || c.Height <= 0 || int64(c.Width)*int64(c.Height) > MaxPicture/bytesPerPixel(c.ColorModel) {
		return fmt.Errorf("图片有 %d×%d 像素，超出本机显示的上限；原件已按原样保存，请用专门的程序查看", c.Width, c.Height)
	}
	return nil
}

func bytesPerPixel(m color.Model) int64 {
	switch m {
	case color.GrayModel:
		return 1
	case color.Gray16Model:
		return 2
	case color.RGBA64Model, color.NRGBA64Model:
		return 8
	}
	if _, ok := m.(color.Palette); ok {
		return 1
	}
	return 4
}
