package hub

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// HighWater is the name of the file beside a hub's keys that says how far its
// records had come. A database behind it was put back from a copy: numbers may
// have been leased since that it knows nothing of.
const HighWater = "highwater"

const markFormat = "%019d %019d %019d %019d %010d\n"

// mark is how far records have come: entries of the log, and what stands in no
// log, namely blocks of numbers, changes of the feeds, acts of the bureau upon
// devices, and the hub's lives, of which none may be counted twice.
type mark struct {
	log, blocks, feeds, acts, epoch int64
	highest                         highest
}

// above reports whether something of m is missing in o.
func (m mark) above(o mark) bool {
	return m.log > o.log || m.blocks > o.blocks || m.feeds > o.feeds || m.acts > o.acts || m.epoch > o.epoch
}

func (m mark) join(o mark) mark {
	return mark{log: max(m.log, o.log), blocks: max(m.blocks, o.blocks), feeds: max(m.feeds, o.feeds), acts: max(m.acts, o.acts), epoch: max(m.epoch, o.epoch)}
}

// highWater keeps the mark in a file. It is written after each commit and never
// before, so that a crash leaves it behind the records, which is harmless.
type highWater struct {
	mu      sync.Mutex
	file    *os.File // nil: none is kept
	mark    mark
	numbers numbersFile
}

func openHighWater(path string) (*highWater, error) {
	w := &highWater{numbers: numbersFile{known: highest{}}}
	if path == "" {
		return w, nil
	}
	if err := w.numbers.open(path + numbersEnding); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("读取 %s: %w", filepath.Base(path), err)
	}
	// The file only detects; when it is unreadable there is nothing to detect
	// and the next commit writes it anew.
	if _, err := fmt.Sscanf(string(text), "%d %d %d %d %d", &w.mark.log, &w.mark.blocks, &w.mark.feeds, &w.mark.acts, &w.mark.epoch); err != nil {
		w.mark = mark{}
	}
	if w.file, err = os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o600); err != nil {
		return nil, fmt.Errorf("建立 %s，请检查数据目录的权限: %w", filepath.Base(path), err)
	}
	return w, nil
}

// raise notes what was committed.
func (w *highWater) raise(m mark) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	err := w.numbers.raise(m.highest)
	if !m.above(w.mark) {
		return err
	}
	return errors.Join(err, w.write(w.mark.join(m)))
}

// lower notes that the records were put back, once that has been dealt with. The
// highest numbers stay: they may be on paper.
func (w *highWater) lower(m mark) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return errors.Join(w.numbers.raise(m.highest), w.write(m))
}

func (w *highWater) write(m mark) error {
	w.mark = m
	if w.file == nil {
		return nil
	}
	if _, err := w.file.WriteAt(fmt.Appendf(nil, markFormat, m.log, m.blocks, m.feeds, m.acts, m.epoch), 0); err != nil {
		return fmt.Errorf("记录 %s，请检查数据目录所在的磁盘: %w", HighWater, err)
	}
	return nil
}

func (w *highWater) seen() mark {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.mark
}

func (w *highWater) close() error {
	if w.file == nil {
		return nil
	}
	return w.file.Close()
}

// reached is how far the records have come.
func reached(tx Tx) (m mark, err error) {
	log, err := tx.Log()
	if err != nil {
		return m, err
	}
	m.log = log.Size
	if m.highest, err = readHighest(tx); err != nil {
		return m, err
	}
	names, err := tx.Series()
	if err != nil {
		return m, err
	}
	for _, name := range names {
		blocks, err := tx.Blocks(name)
		if err != nil {
			return m, err
		}
		m.blocks += int64(len(blocks))
		for _, b := range blocks {
			m.highest[name] = max(m.highest[name], b.To)
		}
	}
	scopes, err := tx.Scopes()
	if err != nil {
		return m, err
	}
	for _, s := range scopes {
		m.feeds += s.Head
	}
	if m.acts, err = number(tx, metaActs); err != nil {
		return m, err
	}
	m.epoch, err = number(tx, metaEpoch)
	return m, err
}

// updateNoted is an Update whose changes stand in no log, and the mark moved
// after it. What pushes change needs no more than the log's size.
func (h *Hub) updateNoted(ctx context.Context, fn func(Tx) error) error {
	var at mark
	err := h.store.Update(ctx, func(tx Tx) (err error) {
		if err := fn(tx); err != nil {
			return err
		}
		at, err = reached(tx)
		return err
	})
	return errors.Join(err, h.noted(at, false, err))
}

// noticeCopy begins a new life when the records are behind their mark: somebody
// put back a copy of the database and did not say so. It reports how far they
// have come, and whether they were put back. Numbers that were leased before,
// and that the records do not know of, they know from then on.
func (h *Hub) noticeCopy(tx Tx) (at mark, back bool, err error) {
	if at, err = reached(tx); err != nil {
		return at, false, err
	}
	if err = h.recallNumbers(tx, h.water.highest(), &at); err != nil || !h.water.seen().above(at) {
		return at, false, err
	}
	h.opt.Log.Warn("records are behind their mark", "log", at.log, "had", h.water.seen().log)
	if err := h.begin(tx); err != nil {
		return at, true, err
	}
	at, err = reached(tx)
	return at, true, err
}

// noted moves the mark to where a commit brought the records; what was not
// committed moves nothing.
func (h *Hub) noted(at mark, back bool, err error) error {
	if err != nil {
		return nil
	}
	if back {
		return h.water.lower(at)
	}
	return h.water.raise(at)
}
