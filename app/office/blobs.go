package office

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"anxin/assets"
	"anxin/forms/paper"
	"anxin/forms/paper/preview"
	"anxin/model"
	"anxin/sync/client"
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

// Bring fetches a file from the hub that has not come to this laptop yet. The
// error says why it is still not here.
func (o *Office) Bring(ctx context.Context, sha256 string) error {
	if has, err := o.Blobs.Has(ctx, sha256); err != nil || has {
		return err
	}
	err := o.Sync.Fetch(ctx, sha256)
	if errors.Is(err, client.ErrNotEnrolled) {
		err = model.ErrNotFound // nobody else can have it
	}
	if err != nil {
		return fmt.Errorf("这份文件不在本机，也没有取到: %w", err)
	}
	return nil
}

// NewViewer shows pages of PDF files. What it compiles at its first start is
// kept in the user's cache folder, so that later starts are quick. Close it.
func NewViewer() *preview.Viewer {
	cache, err := os.UserCacheDir()
	if err != nil {
		return preview.New(assets.Pdfium, "")
	}
	return preview.New(assets.Pdfium, filepath.Join(cache, "anxin", "pdfium"))
}

// SymbolPage is the page of one of our PDF files that carries the QR code,
// counted from 1.
func SymbolPage(p *paper.Press, pdf []byte) (int, error) {
	job, err := jobOf(p, pdf)
	if err != nil {
		return 0, err
	}
	out, err := p.Print(job)
	if err != nil {
		return 0, fmt.Errorf("重新排印: %w", err)
	}
	return out.SymbolPage, nil
}
