package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"

	"anxin/app/office"
	"anxin/app/page"
	"anxin/model"
)

// backstage gives the pages what lies behind their interfaces, on whichever office
// is open.
type backstage struct{ d *desktop }

// Open implements page.Files.
func (r *backstage) Open(ctx context.Context, sha256 string) (io.ReadCloser, error) {
	o, err := r.d.at()
	if err != nil {
		return nil, err
	}
	raw, err := opened(ctx, o, sha256)
	if err != nil {
		return nil, err
	}
	return io.NopCloser(bytes.NewReader(raw)), nil
}

// opened reads a file somebody opens, and fetches one that has not come yet.
func opened(ctx context.Context, o *office.Office, sha256 string) ([]byte, error) {
	if err := o.Bring(ctx, sha256); err != nil {
		return nil, err
	}
	return o.ReadBlob(ctx, sha256)
}

// Has implements page.Files.
func (r *backstage) Has(ctx context.Context, sha256 string) (bool, error) {
	o, err := r.d.at()
	if err != nil {
		return false, err
	}
	return o.Blobs.Has(ctx, sha256)
}

// Bring implements page.Files.
func (r *backstage) Bring(ctx context.Context, sha256 string) error {
	o, err := r.d.at()
	if err != nil {
		return err
	}
	return o.Bring(ctx, sha256)
}

// Export implements page.Files: the bytes lie in the clear for as long as the
// system's program needs them, in the user's own temporary folder.
func (r *backstage) Export(ctx context.Context, sha256, name string) (string, error) {
	o, err := r.d.at()
	if err != nil {
		return "", err
	}
	raw, err := opened(ctx, o, sha256)
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "anxin-")
	if err != nil {
		return "", fmt.Errorf("建立临时文件夹: %w", err)
	}
	path := filepath.Join(dir, filepath.Base(name))
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		return "", fmt.Errorf("写出“%s”: %w", name, err)
	}
	return path, nil
}

// Show implements page.Files.
func (r *backstage) Show(path string) error {
	return r.d.app.OpenURL(&url.URL{Scheme: "file", Path: filepath.ToSlash(path)})
}

// Verify implements page.Files.
func (r *backstage) Verify(ctx context.Context, target string) (page.Verified, error) {
	o, err := r.d.at()
	if err != nil {
		return page.Verified{}, err
	}
	keys, err := o.IssuerKeys(ctx)
	if err != nil {
		return page.Verified{}, err
	}
	v, err := office.Verify(o.PressFor(target), target, keys, o.Now())
	return page.Verified{Valid: v.Valid, Reason: v.Reason, Claim: v.Claim}, err
}

// Blocks implements page.Numbers.
func (r *backstage) Blocks(ctx context.Context) ([]model.Block, error) {
	o, err := r.d.at()
	if err != nil {
		return nil, err
	}
	return o.Store.Blocks(ctx)
}

// AddBlock implements page.Numbers: a block assigned by hand is this laptop's,
// in its present epoch.
func (r *backstage) AddBlock(ctx context.Context, b model.Block) error {
	o, err := r.d.at()
	if err != nil {
		return err
	}
	dev := o.Device()
	b.Device, b.Epoch = dev.ID, dev.Epoch
	if err := o.Desk.KnownSeries(b.Series); err != nil {
		return err
	}
	return o.Store.AddBlock(ctx, b)
}

// AddOfficer gives an officer a passphrase of their own.
func (r *backstage) AddOfficer(_ context.Context, officer model.ID, passphrase string) error {
	o, err := r.d.at()
	if err != nil {
		return err
	}
	return o.Keys.AddSlot(officer, passphrase)
}

// AddHolidays takes in a year's holidays; the pages then count by them.
func (r *backstage) AddHolidays(ctx context.Context, path string) (int, error) {
	o, err := r.d.at()
	if err != nil {
		return 0, err
	}
	moved, err := o.AddHolidays(ctx, path)
	r.d.mu.Lock()
	r.d.env.Desk = o.Desk
	r.d.mu.Unlock()
	return moved, err
}
