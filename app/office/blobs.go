package office

import (
	"context"
	"fmt"
	"image"
	"io"

	"anxin/assets"
	"anxin/forms/paper"
)

// maxReadBlob bounds what is read into memory whole: papers and photos.
const maxReadBlob = 256 << 20

// ReadBlob reads bytes of the blob room whole. The error wraps
// model.ErrNotFound when they are not here.
func (o *Office) ReadBlob(ctx context.Context, sha256 string) ([]byte, error) {
	r, size, err := o.Blobs.Get(ctx, sha256)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	if size > maxReadBlob {
		return nil, fmt.Errorf("文件超过 %d MB，请导出后打开", maxReadBlob>>20)
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("读取文件: %w", err)
	}
	return raw, nil
}

// Pdfium is the page renderer the program carries.
func (o *Office) Pdfium() ([]byte, error) { return assets.Pdfium() }

// HasQR tells whether a picture of a page carries a QR code that can be read.
func HasQR(img image.Image) bool {
	_, err := paper.ReadQR(img)
	return err == nil
}
