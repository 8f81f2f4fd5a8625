package client

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"slices"

	"anxin/model"
	"anxin/sync/wire"
)

// Colleagues' files come last: what this laptop has to hand in is at the hub by
// then. Their papers are fetched at once, the rest only while the hub has room
// beside what others hand in; one an officer opens meanwhile is fetched alone.

// noteWanted lists the files pulled revisions speak of.
func (c *Client) noteWanted(ctx context.Context, revs []model.Revision) error {
	papers := slices.DeleteFunc(slices.Clone(revs), func(r model.Revision) bool { return r.Kind != model.KindDocument })
	others := slices.DeleteFunc(slices.Clone(revs), func(r model.Revision) bool { return r.Kind == model.KindDocument })
	if err := c.note(ctx, settingPapers, files(papers)); err != nil {
		return err
	}
	return c.note(ctx, settingWanted, files(others))
}

// wanted are the files this laptop may lack, papers first.
func (c *Client) wanted(ctx context.Context) ([]string, error) {
	var papers, others []string
	_, err1 := c.load(ctx, settingPapers, &papers)
	_, err2 := c.load(ctx, settingWanted, &others)
	return slices.Concat(papers, others), errors.Join(err1, err2)
}

// lackingFiles is how many of them are not here.
func (c *Client) lackingFiles(ctx context.Context) (n int, err error) {
	list, err := c.wanted(ctx)
	if err != nil {
		return 0, err
	}
	for _, sha := range list {
		has, err := c.opt.Blobs.Has(ctx, sha)
		if err != nil {
			return 0, err
		}
		if !has {
			n++
		}
	}
	return n, nil
}

// Fetch brings one file now, whatever a cycle does meanwhile, also on a line
// that costs money: somebody wants to see it. Where the hub does not have it
// yet, the error wraps model.ErrNotFound.
func (c *Client) Fetch(ctx context.Context, sha string) error {
	if wire.CheckHash(sha) != nil {
		return fmt.Errorf("文件“%s”: %w", sha, model.ErrNotFound)
	}
	var h home
	if known, err := c.load(ctx, settingHome, &h); err != nil || !known {
		return errors.Join(err, missingHome(known || err != nil))
	}
	conn := c.connect(h)
	defer conn.close()
	r := &cycle{c: c, conn: conn, home: h, lives: maxLives} // a new life is a cycle's affair
	err := r.loop(ctx, func(ctx context.Context) (step, error) { return nil, r.fetchFile(ctx, blobPath(sha), sha) })
	if errors.Is(err, &wire.Error{Code: wire.CodeNotFound}) {
		return fmt.Errorf("局里还没有这份文件，可能同事的笔记本还没有上报: %w", model.ErrNotFound)
	}
	return conn.explain(err)
}

func blobPath(sha string) string { return "/blobs/" + sha }

// fetchList is the step that begins with one of the lists of files.
func (r *cycle) fetchList(key string) step {
	return func(ctx context.Context) (step, error) {
		var list []string
		if _, err := r.c.load(ctx, key, &list); err != nil {
			return nil, err
		}
		return r.fetchFiles(key, list, 0, nil), nil
	}
}

// fetchFiles is the step that fetches the n-th of a list of files. What the
// hub does not have yet, because a colleague has not sent it, is kept for the
// next cycle, and so is all the rest of the photos when the hub puts them off.
func (r *cycle) fetchFiles(key string, list []string, n int, later []string) step {
	return func(ctx context.Context) (step, error) {
		if n == len(list) {
			return r.fetched(ctx, key, list, later)
		}
		r.meter.phase(PhaseFetch, n, len(list))
		sha := list[n]
		has, err := r.c.opt.Blobs.Has(ctx, sha)
		if err != nil {
			return nil, err
		}
		if has {
			return r.fetchFiles(key, list, n+1, later), nil
		}
		path := blobPath(sha)
		if key == settingWanted {
			path += "?" + wire.Patient
		}
		err = r.fetchFile(ctx, path, sha)
		switch {
		case errors.Is(err, &wire.Error{Code: wire.CodeNotFound}):
			return r.fetchFiles(key, list, n+1, append(slices.Clone(later), sha)), nil
		case key == settingWanted && errors.Is(err, &wire.Error{Code: wire.CodeRate}):
			return r.fetchFiles(key, list, len(list), append(slices.Clone(later), list[n:]...)), nil
		case err != nil:
			return nil, err
		}
		r.sum.Blobs++
		return r.fetchFiles(key, list, n+1, later), nil
	}
}

// fetched keeps what is left of a list, and goes on to the next.
func (r *cycle) fetched(ctx context.Context, key string, list, later []string) (step, error) {
	if len(later) < len(list) {
		if err := r.c.save(ctx, key, later); err != nil {
			return nil, err
		}
	}
	if key == settingPapers {
		return r.fetchList(settingWanted), nil
	}
	return r.shed, nil
}

func (r *cycle) fetchFile(ctx context.Context, path, sha string) error {
	d := &download{ctx: ctx, r: r, path: path, sha: sha}
	defer d.closeBody()
	if err := d.open(); err != nil {
		return err
	}
	info, err := r.c.opt.Blobs.Put(ctx, d)
	if err != nil {
		return err
	}
	if info.SHA256 != sha {
		return d.mismatch()
	}
	return nil
}

// download reads a file from the hub and takes it up again after a cut, from
// the byte it stopped at. Its last read fails when the bytes do not fit the
// hash, so that nothing wrong is ever kept.
type download struct {
	ctx   context.Context
	r     *cycle
	path  string // below wire.Root
	sha   string
	body  io.ReadCloser
	at    int64
	left  int64
	tries int
	hash  hash.Hash
}

func (d *download) mismatch() error {
	return fmt.Errorf("局里的材料 %.8s 与其摘要不符，没有保存，请联系管理员核对", d.sha)
}

func (d *download) closeBody() {
	if d.body != nil {
		_ = d.body.Close() // only read from
		d.body = nil
	}
}

// open asks for the file from where the reading stopped.
func (d *download) open() error {
	res, err := d.r.conn.send(d.ctx, request{method: http.MethodGet, path: d.path, from: d.at})
	if err != nil {
		return err
	}
	if d.at > 0 && res.StatusCode != http.StatusPartialContent || res.ContentLength < 0 {
		return errors.Join(fmt.Errorf("局服务器不能从断点续传材料 %.8s", d.sha), res.Body.Close())
	}
	d.body, d.left = res.Body, res.ContentLength
	if d.hash == nil {
		d.hash = sha256.New()
	}
	return nil
}

// Read implements io.Reader.
func (d *download) Read(p []byte) (int, error) {
	for {
		if d.body == nil {
			if err := d.open(); err != nil {
				if err = d.retry(err); err != nil {
					return 0, err
				}
				continue
			}
		}
		n, err := d.body.Read(p)
		if n > 0 {
			d.hash.Write(p[:n])
			d.at += int64(n)
			d.left -= int64(n)
			d.tries = 0
			d.r.conn.bytes.Add(int64(n))
			return n, nil
		}
		if errors.Is(err, io.EOF) && d.left == 0 {
			if hex.EncodeToString(d.hash.Sum(nil)) != d.sha {
				return 0, d.mismatch()
			}
			return 0, io.EOF
		}
		if err != nil {
			d.closeBody()
			if err = d.retry(broken{err}); err != nil {
				return 0, err
			}
		}
	}
}

// retry waits after a cut, or gives the error back when it is no use.
func (d *download) retry(err error) error {
	if d.ctx.Err() != nil {
		return d.ctx.Err()
	}
	if d.tries++; d.tries >= d.r.c.opt.Attempts || !passing(err) {
		return err
	}
	return d.r.c.opt.Sleep(d.ctx, d.r.c.pause(d.tries))
}
