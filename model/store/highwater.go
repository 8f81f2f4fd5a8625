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

// highWater are the files that hold the mark: one in the data folder and one
// outside it. They are written after each commit and made durable when the
// store closes; a crash leaves them behind the database, which is harmless, and
// never ahead.
type highWater struct {
	files   []*os.File
	trouble error // why there is none outside; work goes on without it
}

// openHighWater opens the marks and returns the highest.
func openHighWater(opt Options) (h highWater, seen mark, err error) {
	f, seen, err := openMark(filepath.Join(opt.Dir, HighWater))
	if err != nil {
		return h, seen, err
	}
	h.files = append(h.files, f)
	if opt.Marks == "" {
		return h, seen, nil
	}
	if h.trouble = os.MkdirAll(opt.Marks, 0o700); h.trouble != nil {
		h.trouble = fmt.Errorf("不能建立文件夹“%s”，请检查权限: %w", opt.Marks, h.trouble)
		return h, seen, nil
	}
	f, outside, trouble := openMark(filepath.Join(opt.Marks, string(opt.Device.ID)))
	if h.trouble = trouble; trouble != nil {
		return h, seen, nil
	}
	h.files = append(h.files, f)
	if outside.above(seen) {
		seen = outside
	}
	return h, seen, nil
}

func openMark(path string) (*os.File, mark, error) {
	var m mark
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, m, fmt.Errorf("不能读取文件“%s”，请检查权限: %w", path, err)
	}
	// The file only detects; when it is unreadable there is nothing to detect
	// and the next commit writes it anew.
	if _, err := fmt.Sscanf(string(text), "%d %d", &m.epoch, &m.seq); err != nil {
		m = mark{}
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return nil, m, fmt.Errorf("不能写文件“%s”，请检查权限: %w", path, err)
	}
	return f, m, nil
}

func (h highWater) advance(m mark) error {
	var errs []error
	for _, f := range h.files {
		if _, err := f.WriteAt(fmt.Appendf(nil, markFormat, m.epoch, m.seq), 0); err != nil {
			errs = append(errs, fmt.Errorf("写文件“%s”: %w", f.Name(), err))
		}
	}
	return errors.Join(errs...)
}

func (h highWater) close() error {
	errs := []error{h.trouble}
	for _, f := range h.files {
		errs = append(errs, f.Sync(), f.Close())
	}
	return errors.Join(errs...)
}
