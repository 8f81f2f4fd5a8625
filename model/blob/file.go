package blob

import (
	"errors"
	"fmt"
	"io"
	"os"

	"anxin/model/seal"
)

// file is an opened piece of evidence: clear bytes at any offset. ReadAt may
// be called from several goroutines.
type file struct {
	*io.SectionReader
	f    *os.File
	size int64
}

func newFile(f *os.File, name string, s *seal.Stream) *file {
	return &file{SectionReader: io.NewSectionReader(named{s, name}, 0, s.Size()), f: f, size: s.Size()}
}

// Close implements io.Closer.
func (b *file) Close() error { return b.f.Close() }

// named words the errors of a stream with the name of its file.
type named struct {
	*seal.Stream
	name string
}

// ReadAt implements io.ReaderAt.
func (s named) ReadAt(p []byte, off int64) (int, error) {
	n, err := s.Stream.ReadAt(p, off)
	switch {
	case err == nil || errors.Is(err, io.EOF):
		return n, err
	case errors.Is(err, seal.ErrDamaged):
		return n, damaged(s.name, err)
	}
	return n, fmt.Errorf("读取证据文件 %s: %w", s.name, err)
}
