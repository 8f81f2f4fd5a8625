package hub

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"anxin/model"
)

// Copied is the newest backup that was read again and found whole.
type Copied struct {
	Size int64     `json:"size"` // of the log it holds
	At   time.Time `json:"at"`
}

func backedUp(tx Tx) (c Copied, err error) {
	text, err := tx.Meta(metaCopy)
	if errors.Is(err, model.ErrNotFound) {
		return c, nil
	}
	if err != nil {
		return c, err
	}
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		return c, fmt.Errorf("备份记录: %w", err)
	}
	return c, nil
}

// Copied tells the newest checked backup.
func (h *Hub) Copied(ctx context.Context) (c Copied, err error) {
	err = h.store.View(ctx, func(tx Tx) error {
		c, err = backedUp(tx)
		return err
	})
	return c, err
}

// LogSize is how many entries the hub's log has.
func (h *Hub) LogSize(ctx context.Context) (size int64, err error) {
	err = h.store.View(ctx, func(tx Tx) error {
		log, err := tx.Log()
		size = log.Size
		return err
	})
	return size, err
}

// Publish tells the laptops that a checked backup holds the first size entries
// of the log: from then on they may let go of their own copies. Only a backup
// that was read again may be published.
func (h *Hub) Publish(ctx context.Context, size int64) error {
	return h.store.Update(ctx, func(tx Tx) error {
		log, err := tx.Log()
		if err != nil {
			return err
		}
		if size < 0 || size > log.Size {
			return fmt.Errorf("备份中的局日志有 %d 条，比现在的 %d 条还多：这不是本局服务器的备份", size, log.Size)
		}
		text, err := json.Marshal(Copied{Size: size, At: h.opt.Clock.Now()})
		if err != nil {
			return err
		}
		return tx.SetMeta(metaCopy, string(text))
	})
}

// Copy writes a copy of the database as it stands into a new file, while the
// hub works on. Only an embedded database can: PostgreSQL has its own programs.
func (h *Hub) Copy(ctx context.Context, path string) error {
	s, ok := h.store.(*SQLite)
	if !ok {
		return errors.New("PostgreSQL 请用 pg_dump 备份")
	}
	return s.Copy(ctx, path)
}
