package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// HighWater is the name of the file beside the database that says how far the
// laptop's log had come. When it is ahead of the database, the database was
// put back from a copy: numbers may have been used since and entries sent.
const HighWater = "highwater"

const markFormat = "%010d %019d\n"

// mark is a place in the log of one laptop.
type mark struct {
	epoch int
	seq   int64
}

func (m mark) above(o mark) bool { return m.epoch > o.epoch || m.epoch == o.epoch && m.seq > o.seq }

// highWater is written after each commit. A crash between the two leaves it
// behind the database, which is harmless; it is never ahead.
type highWater struct{ file *os.File }

func openHighWater(dir string) (*highWater, mark, error) {
	path := filepath.Join(dir, HighWater)
	var m mark
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, m, fmt.Errorf("读取文件“%s”: %w", path, err)
	}
	// The file only detects; when it is unreadable there is nothing to detect
	// and the next commit writes it anew.
	if _, err := fmt.Sscanf(string(text), "%d %d", &m.epoch, &m.seq); err != nil {
		m = mark{}
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return nil, m, fmt.Errorf("打开文件“%s”: %w", path, err)
	}
	return &highWater{f}, m, nil
}

func (h *highWater) advance(m mark) error {
	if _, err := h.file.WriteAt(fmt.Appendf(nil, markFormat, m.epoch, m.seq), 0); err != nil {
		return fmt.Errorf("写文件“%s”: %w", h.file.Name(), err)
	}
	if err := h.file.Sync(); err != nil {
		return fmt.Errorf("写文件“%s”: %w", h.file.Name(), err)
	}
	return nil
}
