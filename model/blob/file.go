package blob

import (
	"crypto/cipher"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// file is an opened piece of evidence: clear bytes at any offset. ReadAt may
// be called from several goroutines.
type file struct {
	*io.SectionReader
	f    *os.File
	name string
	size int64
	aead cipher.AEAD

	mu    sync.Mutex
	held  int64 // number of the chunk in clear, -1 for none
	clear []byte
}

func newFile(f *os.File, name string, size int64, aead cipher.AEAD) *file {
	b := &file{f: f, name: name, size: size, aead: aead, held: -1}
	b.SectionReader = io.NewSectionReader(chunks{b}, 0, size)
	return b
}

// Close implements io.Closer.
func (b *file) Close() error { return b.f.Close() }

// chunks reads a file by offset; SectionReader makes the rest of it.
type chunks struct{ b *file }

// ReadAt implements io.ReaderAt.
func (c chunks) ReadAt(p []byte, off int64) (n int, err error) {
	b := c.b
	b.mu.Lock()
	defer b.mu.Unlock()
	for n < len(p) {
		if off >= b.size {
			return n, io.EOF
		}
		if err := b.hold(off / chunkSize); err != nil {
			return n, err
		}
		got := copy(p[n:], b.clear[off%chunkSize:])
		n += got
		off += int64(got)
	}
	return n, nil
}

// hold opens a chunk, with the lock held.
func (b *file) hold(chunk int64) error {
	if b.held == chunk {
		return nil
	}
	sealed := make([]byte, sealedChunk)
	n, err := b.f.ReadAt(sealed, headerSize+chunk*sealedChunk)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("读取证据文件 %s: %w", b.name, err)
	}
	b.held = -1
	b.clear, err = b.aead.Open(b.clear[:0], nonce(chunk, chunk == lastChunk(b.size)), sealed[:n], nil)
	if err != nil {
		return damaged(b.name, errChunk)
	}
	b.held = chunk
	return nil
}
