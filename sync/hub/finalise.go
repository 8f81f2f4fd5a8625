package hub

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/emmansun/gmsm/sm3"

	"anxin/model"
)

// Finalise reads every file that is whole but was not yet read again, checks it
// against its SHA-256, notes its SM3, and returns how many it sealed so. A file
// that does not fit is no longer called whole: the next laptop that asks brings
// it again. It may run in several replicas at once; the second finds nothing to
// do.
func (h *Hub) Finalise(ctx context.Context) (sealed int, err error) {
	var list []Blob
	err = h.store.View(ctx, func(tx Tx) error {
		list = nil
		return tx.EachBlob(func(b Blob) error {
			if b.Stored && b.Verified.IsZero() {
				list = append(list, b)
			}
			return nil
		})
	})
	if err != nil {
		return 0, err
	}
	for _, b := range list {
		sum, err := h.reread(ctx, b)
		whole := err == nil
		if err != nil && !errors.Is(err, model.ErrNotFound) && !errors.Is(err, ErrDamaged) {
			return sealed, err
		}
		err = h.store.Update(ctx, func(tx Tx) error {
			now, err := tx.Blob(b.SHA256)
			if err != nil {
				return err
			}
			if now.SM3, now.Stored = sum, whole; whole {
				now.Verified = h.opt.Clock.Now()
			}
			return tx.SaveBlob(now)
		})
		if err != nil {
			return sealed, err
		}
		if !whole {
			h.opt.Log.Error("evidence does not fit its hash", "sha256", b.SHA256)
			continue
		}
		sealed++
	}
	return sealed, nil
}

// reread checks a file as it lies in the room of evidence and returns its SM3.
// The error is model.ErrNotFound, ErrDamaged or about reading.
func (h *Hub) reread(ctx context.Context, b Blob) (sum string, err error) {
	file, size, err := h.blobs.Open(ctx, b.SHA256)
	if err != nil {
		return "", err
	}
	first, second := sha256.New(), sm3.New()
	_, err = io.Copy(io.MultiWriter(first, second), file)
	if err = errors.Join(err, file.Close()); err != nil {
		return "", fmt.Errorf("读取材料 %s: %w", b.SHA256, err)
	}
	if size != b.Size || hex.EncodeToString(first.Sum(nil)) != b.SHA256 {
		return "", ErrDamaged
	}
	return hex.EncodeToString(second.Sum(nil)), nil
}

// KeepFinalising runs Finalise now and at every beat until the context ends.
func (h *Hub) KeepFinalising(ctx context.Context, beat time.Duration) {
	tick := time.NewTicker(beat)
	defer tick.Stop()
	for {
		if n, err := h.Finalise(ctx); err != nil && ctx.Err() == nil {
			h.opt.Log.Error("finalising failed", "error", err)
		} else if n > 0 {
			h.opt.Log.Info("evidence sealed", "files", n)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
