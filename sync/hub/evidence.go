package hub

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"io"
	"net/http"
	"time"

	"anxin/model"
	"anxin/sync/wire"
)

// missing answers which files the hub does not hold whole.
func (h *Hub) missing(ctx context.Context, _ caller, in wire.Ask) (out wire.Missing, err error) {
	if len(in.SHA256) > wire.MaxAsk {
		return out, wire.Refuse(http.StatusBadRequest, wire.CodeTooLarge, "一次最多询问 %d 件材料", wire.MaxAsk)
	}
	err = h.store.View(ctx, func(tx Tx) error {
		out = wire.Missing{SHA256: []string{}}
		for _, sha := range in.SHA256 {
			if err := wire.CheckHash(sha); err != nil {
				return refuseHash(err)
			}
			b, err := tx.Blob(sha)
			if err != nil && !errors.Is(err, model.ErrNotFound) {
				return err
			}
			if !b.Stored {
				out.SHA256 = append(out.SHA256, sha)
			}
		}
		return nil
	})
	return out, err
}

func refuseHash(err error) error { return wire.Refuse(http.StatusBadRequest, wire.CodeBad, "%s", err) }

// announce opens an upload and says which leaves are here already.
func (h *Hub) announce(ctx context.Context, who caller, in wire.Announce) (out wire.Progress, err error) {
	if err := wire.CheckHash(in.SHA256); err != nil {
		return out, refuseHash(err)
	}
	if in.Size < 0 || in.Size > wire.MaxLeaves*wire.LeafSize || len(in.Leaves) != wire.Leaves(in.Size) {
		return out, wire.Refuse(http.StatusBadRequest, wire.CodeBad, "材料的大小与分段不符")
	}
	for _, leaf := range in.Leaves {
		if len(leaf) != sha256.Size {
			return out, wire.Refuse(http.StatusBadRequest, wire.CodeBad, "材料的分段摘要不正确")
		}
	}
	err = h.store.Update(ctx, func(tx Tx) error {
		known, err := tx.Blob(in.SHA256)
		if err != nil && !errors.Is(err, model.ErrNotFound) {
			return err
		}
		if out.Stored = known.Stored; out.Stored {
			return nil
		}
		return tx.SaveBlob(Blob{SHA256: in.SHA256, Size: in.Size, Leaves: in.Leaves, Device: who.ID, At: h.opt.Clock.Now()})
	})
	if err != nil || out.Stored {
		return out, err
	}
	out.Have, err = h.blobs.Have(ctx, in.SHA256, in.Size)
	return out, err
}

// announced finds the file a request is about.
func (h *Hub) announced(ctx context.Context, sha string) (b Blob, err error) {
	if err := wire.CheckHash(sha); err != nil {
		return b, refuseHash(err)
	}
	err = h.store.View(ctx, func(tx Tx) error {
		b, err = tx.Blob(sha)
		return err
	})
	if errors.Is(err, model.ErrNotFound) {
		err = wire.Refuse(http.StatusNotFound, wire.CodeNotFound, "材料没有登记，请重新同步")
	}
	return b, err
}

// receive takes a run of leaves from body. Each leaf is checked and durable
// before the next is read, so a request cut in the middle loses less than one.
func (h *Hub) receive(ctx context.Context, sha, runText string, body io.Reader) error {
	b, err := h.announced(ctx, sha)
	if err != nil || b.Stored {
		return err
	}
	run, err := wire.ParseRun(runText)
	if err != nil || run.Last >= len(b.Leaves) {
		return wire.Refuse(http.StatusBadRequest, wire.CodeBad, "材料分段的范围不正确")
	}
	buf := make([]byte, wire.LeafSize)
	for n := run.First; n <= run.Last; n++ {
		leaf := buf[:wire.LeafLen(b.Size, n)]
		if _, err := io.ReadFull(body, leaf); err != nil {
			return wire.Refuse(http.StatusBadRequest, wire.CodeIncomplete, "材料分段 %d 没有传完", n)
		}
		sum := sha256.Sum256(leaf)
		if subtle.ConstantTimeCompare(sum[:], b.Leaves[n]) != 1 {
			return wire.Refuse(http.StatusUnprocessableEntity, wire.CodeDamaged, "材料分段 %d 与登记的摘要不符", n)
		}
		if err := h.blobs.WriteLeaf(ctx, sha, b.Size, n, leaf); err != nil {
			return err
		}
	}
	return nil
}

// finish checks the whole file and only then calls it stored.
func (h *Hub) finish(ctx context.Context, sha string) (out wire.Progress, err error) {
	b, err := h.announced(ctx, sha)
	if err != nil || b.Stored {
		return wire.Progress{Stored: b.Stored}, err
	}
	if _, err := h.reread(ctx, b); err != nil { // else it was finished before, but the row was not written
		have, err := h.blobs.Have(ctx, sha, b.Size)
		if err != nil {
			return out, err
		}
		if !have.Full(len(b.Leaves)) {
			return out, wire.Refuse(http.StatusConflict, wire.CodeIncomplete, "材料还没有传完")
		}
		err = h.blobs.Finish(ctx, sha, b.Size)
		if errors.Is(err, ErrDamaged) {
			return out, wire.Refuse(http.StatusUnprocessableEntity, wire.CodeDamaged, "%s", ErrDamaged)
		}
		if err != nil {
			return out, err
		}
	}
	b.Stored = true
	err = h.store.Update(ctx, func(tx Tx) error { return tx.SaveBlob(b) })
	return wire.Progress{Stored: err == nil}, err
}

func notUploaded() error {
	return wire.Refuse(http.StatusNotFound, wire.CodeNotFound, "材料还没有上传到局里")
}

// download serves a whole file or a range of it.
func (h *Hub) download(w http.ResponseWriter, r *http.Request, who caller, sha string) error {
	if _, err := h.forReader(r.Context(), who.Device, sha); err != nil {
		return err
	}
	file, _, err := h.blobs.Open(r.Context(), sha)
	if errors.Is(err, model.ErrNotFound) {
		return notUploaded()
	}
	if err != nil {
		return err
	}
	defer file.Close()
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", "attachment")
	w.Header().Set("Etag", `"`+sha+`"`)
	http.ServeContent(w, r, "", time.Time{}, file)
	return nil
}
