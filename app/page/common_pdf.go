package page

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"anxin/app/lang"
	"anxin/app/widgets"
)

// pdfView shows the PDF that read gives.
type pdfView struct {
	*widgets.PDFView
	env  *Env
	read func(ctx context.Context) ([]byte, error)
	turn int // of the newest opening: an older one that comes late is dropped
}

// newPDFView makes an empty view; Reopen reads what read gives.
func newPDFView(env *Env, read func(ctx context.Context) ([]byte, error)) *pdfView {
	run := func(title string, work func(ctx context.Context) error, then func(error)) (cancel func()) {
		return env.Host.Run(title, func(ctx context.Context, _ func(float64, string)) error { return work(ctx) }, then)
	}
	return &pdfView{PDFView: widgets.NewPDFView(run, func(err error) { showError(env, err) }), env: env, read: read}
}

// Reopen reads the PDF anew and shows the page one was on.
func (v *pdfView) Reopen() {
	v.Close()
	v.Say(lang.T("pdf.opening"))
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
			v.Say(lang.T("pdf.failed"))
			showError(v.env, err)
		case turn != v.turn:
			pages.Close()
		default:
			v.Open(pages)
		}
	})
}

// Close gives the pages back, also those that are on their way.
func (v *pdfView) Close() {
	v.turn++
	v.PDFView.Close()
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
