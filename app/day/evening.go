package day

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"anxin/app/casework"
	"anxin/app/office"
	"anxin/forms/paper/preview"
	"anxin/model"
	"anxin/model/seal"
	"anxin/sync/client"
)

// What happens where there is a network: enrolment in the morning; push, pull
// and verification in the evening.

// enrolled tells whether the laptop has joined and holds numbers of every
// series: they are leased one series after the other.
func (r *run) enrolled(ctx context.Context) (bool, error) {
	known, err := r.first.Sync.Enrolled(ctx)
	if err != nil || !known {
		return false, err
	}
	blocks, err := r.first.Store.Blocks(ctx)
	for _, series := range r.first.Desk.AllSeries(r.clock.Now()) {
		if !slices.ContainsFunc(blocks, func(b model.Block) bool { return b.Series == series }) {
			return false, err
		}
	}
	return true, err
}

func (r *run) enrol(ctx context.Context) error {
	return r.withHub(ctx, func(c *central) error {
		if err := r.join(ctx, c, r.first, "监察一中队"); err != nil {
			return err
		}
		_, err := r.first.Exchange(ctx, nil)
		return err
	})
}

// join enrols a laptop unless it is enrolled already.
func (r *run) join(ctx context.Context, c *central, o *office.Office, name string) error {
	if known, err := o.Sync.Enrolled(ctx); err != nil || known {
		return err
	}
	code, err := c.hub.NewCode(ctx, name)
	if err != nil {
		return err
	}
	return o.Sync.Enrol(ctx, code)
}

// print writes every issued paper of the case under a readable name, and notes
// that they were printed: one to serve and one for the file.
func (r *run) print(ctx context.Context) error {
	heads, err := r.issued(ctx)
	if err != nil {
		return err
	}
	if err := r.notePrinted(ctx, heads); err != nil {
		return err
	}
	r.sum.Documents = []DocumentDone{}
	seen := map[string]int{}
	for _, h := range heads {
		d, err := model.As[model.Document](h.Body)
		if err != nil {
			return err
		}
		seen[d.Type]++
		name := d.Type
		if seen[d.Type] > 1 {
			name = fmt.Sprintf("%s-%d", d.Type, seen[d.Type])
		}
		file := filepath.Join(documentsDir, name+"-"+d.Title+".pdf")
		if err := r.writeBlob(ctx, d.Issued.PDF, file); err != nil {
			return err
		}
		r.sum.Documents = append(r.sum.Documents, DocumentDone{ID: string(h.ID), Type: d.Type, Number: d.Issued.Number,
			File: filepath.ToSlash(file), Pages: d.Issued.Pages, SHA256: d.Issued.PDF})
	}
	return r.first.WriteKeys(ctx, filepath.Join(r.opt.Out, keysFile))
}

// notePrinted notes each paper once, however often the day is taken up again.
func (r *run) notePrinted(ctx context.Context, papers []model.Head) error {
	var list []casework.Printing
	for _, h := range papers {
		before, err := r.first.Desk.Printings(ctx, h.ID)
		if err != nil {
			return err
		}
		if len(before) == 0 {
			list = append(list, casework.Printing{Document: h.ID, Copies: 2})
		}
	}
	return r.first.Desk.NotePrinted(ctx, list...)
}

// issued are the case's issued papers in the order they were issued.
func (r *run) issued(ctx context.Context) ([]model.Head, error) {
	heads, err := r.first.Store.List(ctx, model.Query{Kind: model.KindDocument, Case: r.refs.kase, Limit: 1000})
	if err != nil {
		return nil, err
	}
	var out []model.Head
	for _, h := range heads {
		if h.Summary.State != model.DocumentDraft {
			out = append(out, h)
		}
	}
	place := map[model.ID]int{}
	for i, id := range r.refs.orders {
		place[id] = i
	}
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i].Summary.Date, out[j].Summary.Date
		if a.Equal(b) {
			return place[out[i].ID] < place[out[j].ID]
		}
		return a.Before(b)
	})
	return out, nil
}

func (r *run) writeBlob(ctx context.Context, sha, file string) error {
	raw, err := r.first.ReadBlob(ctx, sha)
	if err != nil {
		return fmt.Errorf("取出“%s”: %w", file, err)
	}
	return seal.WriteFile(filepath.Join(r.opt.Out, file), raw)
}

func (r *run) push(ctx context.Context) error {
	return r.withHub(ctx, func(*central) error {
		s, err := r.first.Exchange(ctx, nil)
		r.sum.Sync.Pushed += s.Pushed
		r.sum.Sync.Blobs += s.Blobs
		r.sum.Sync.Bytes += s.Bytes
		r.sum.Sync.Conflicts = s.Conflicts
		return err
	})
}

// pull is the second officer's laptop: it joins the office and gets everything.
func (r *run) pull(ctx context.Context) error {
	return r.withHub(ctx, func(c *central) error {
		if err := r.openSecond(ctx, c); err != nil {
			return err
		}
		s, err := r.second.Exchange(ctx, nil)
		r.countPull(s)
		if err != nil {
			return err
		}
		if err := r.second.Become(ctx, r.refs.officers[1]); err != nil {
			return err
		}
		return r.sameOnBoth(ctx)
	})
}

func (r *run) countPull(s client.Summary) {
	r.sum.Sync.Pulled += s.Pulled
	r.sum.Sync.Conflicts += s.Conflicts
	r.sum.Sync.Bytes += s.Bytes
}

func (r *run) openSecond(ctx context.Context, c *central) (err error) {
	opt := r.options(secondDir, 2)
	opt.Name = "监察二中队"
	if office.Exists(opt.Dir) {
		r.second, err = office.Open(ctx, opt, Passphrase)
		if err != nil {
			return err
		}
		return r.join(ctx, c, r.second, opt.Name)
	}
	code, err := c.hub.NewCode(ctx, opt.Name)
	if err != nil {
		return err
	}
	r.second, err = office.Join(ctx, opt, Passphrase, code)
	return err
}

// sameOnBoth compares the laptops record by record: the same heads, and every
// paper's bytes on the second one too.
func (r *run) sameOnBoth(ctx context.Context) error {
	for _, kind := range model.Kinds() {
		a, err := r.first.Store.List(ctx, model.Query{Kind: kind, Limit: 100000})
		if err != nil {
			return err
		}
		for _, h := range a {
			other, err := r.second.Store.Head(ctx, h.ID)
			if err != nil {
				return fmt.Errorf("第二台电脑缺少%s %s: %w", kind, h.ID, err)
			}
			if other.Rev != h.Rev {
				return fmt.Errorf("%s %s 在两台电脑上不同：%s 和 %s", kind, h.ID, h.Rev, other.Rev)
			}
		}
	}
	for _, d := range r.sum.Documents {
		if _, err := r.second.ReadBlob(ctx, d.SHA256); err != nil {
			return fmt.Errorf("第二台电脑缺少“%s”: %w", d.File, err)
		}
	}
	return nil
}

// verify reads the QR of every printed paper back: from a picture of the page
// that carries it, from the PDF, and as a token, with the keys the second
// laptop got from the hub; and once with a character of the token changed.
func (r *run) verify(ctx context.Context) error {
	keys, err := r.second.IssuerKeys(ctx)
	if err != nil {
		return err
	}
	view := office.NewViewer()
	defer view.Close()
	r.sum.Verified = []office.Verified{}
	for _, d := range r.sum.Documents {
		raw, err := r.second.ReadBlob(ctx, d.SHA256)
		if err != nil {
			return err
		}
		picture, err := r.picture(ctx, view, raw, d)
		if err != nil {
			return err
		}
		for _, target := range []string{picture, filepath.Join(r.opt.Out, filepath.FromSlash(d.File))} {
			v, err := office.Verify(r.first.Press, target, keys, r.clock.Now())
			if err != nil {
				return err
			}
			r.sum.Verified = append(r.sum.Verified, v)
			if !v.Valid {
				return fmt.Errorf("“%s”核验不通过：%s", target, v.Reason)
			}
		}
	}
	return r.tamper(ctx, keys)
}

// scanned is the resolution of the pictures, that of an office's scanner.
const scanned = 200

// picture writes the page that carries the QR as a scanner would, in grey.
func (r *run) picture(ctx context.Context, view *preview.Viewer, pdf []byte, d DocumentDone) (string, error) {
	doc, err := view.Open(ctx, pdf)
	if err != nil {
		return "", fmt.Errorf("显示“%s”: %w", d.File, err)
	}
	defer doc.Close()
	n, err := office.SymbolPage(r.first.Press, pdf)
	if err != nil {
		return "", fmt.Errorf("“%s”: %w", d.File, err)
	}
	img, err := doc.Render(ctx, n-1, scanned)
	if err != nil {
		return "", fmt.Errorf("显示“%s”第%d页: %w", d.File, n, err)
	}
	file := filepath.Join(r.opt.Out, strings.TrimSuffix(filepath.FromSlash(d.File), ".pdf")+".png")
	grey := image.NewGray(img.Bounds())
	draw.Draw(grey, grey.Rect, img, grey.Rect.Min, draw.Src)
	quick := png.Encoder{CompressionLevel: png.BestSpeed}
	return file, writeFile(file, func(w io.Writer) error { return quick.Encode(w, grey) })
}

func writeFile(path string, fill func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("写出“%s”: %w", path, err)
	}
	return errors.Join(fill(f), f.Close())
}

// tamper shows that a changed token does not pass.
func (r *run) tamper(ctx context.Context, keys []model.PublicKey) error {
	h, err := r.second.Store.Head(ctx, r.refs.orders[0])
	if err != nil {
		return err
	}
	d, err := model.As[model.Document](h.Body)
	if err != nil {
		return err
	}
	token := []byte(d.Issued.Token)
	i := len(token) / 2
	if token[i]++; token[i] > 'Z' || token[i] < '0' {
		token[i] = 'A'
	}
	v, err := office.Verify(r.first.Press, string(token), keys, r.clock.Now())
	if err != nil {
		return err
	}
	if v.Valid {
		return errors.New("改动过的令牌竟然通过了核验")
	}
	v.Target = "改动一个字符的令牌"
	r.sum.Verified = append(r.sum.Verified, v)
	return nil
}

func sortIDs(ids []model.ID) {
	sort.Slice(ids, func(i, j int) bool { return ids[i] < ids[j] })
}
