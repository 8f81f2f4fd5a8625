package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
)

// A stream is content of any length sealed in chunks of 64 KiB, each
// AES-256-GCM with the chunk's number and whether it is the last as nonce
// (Hoang, Reyhanitabar, Rogaway, Vizár 2015: STREAM). So a chunk changed, cut
// off, moved or put into another stream does not open. Every stream needs a
// key of its own.
const (
	StreamKeySize = 32       // bytes
	chunkSize     = 64 << 10 // clear bytes
	tagSize       = 16
	sealedChunk   = chunkSize + tagSize
)

// ErrCut: a stream whose length no stream has; a part of it is missing.
var ErrCut = errors.New("密封的内容不完整，后半部分缺失")

// ClearSize is how many clear bytes a stream of so many sealed bytes holds;
// the error is ErrCut.
func ClearSize(sealed int64) (int64, error) {
	chunks := (sealed + sealedChunk - 1) / sealedChunk
	last := sealed - (chunks-1)*sealedChunk
	if sealed < tagSize || last < tagSize || last == tagSize && chunks > 1 {
		return 0, ErrCut
	}
	return sealed - chunks*tagSize, nil
}

// lastChunk is the number of the last chunk of so many clear bytes; an empty
// stream has one empty chunk.
func lastChunk(size int64) int64 { return max(0, (size-1)/chunkSize) }

func chunkNonce(chunk int64, last bool) []byte {
	n := make([]byte, 12)
	binary.BigEndian.PutUint64(n[2:10], uint64(chunk))
	if last {
		n[11] = 1
	}
	return n
}

func streamCipher(key []byte) (cipher.AEAD, error) {
	if len(key) != StreamKeySize {
		return nil, fmt.Errorf("密封内容的密钥应为 %d 字节", StreamKeySize)
	}
	return must(cipher.NewGCM(must(aes.NewCipher(key)))), nil
}

// StreamWriter seals what is written to it. Close it: the last chunk says that
// it is the last.
type StreamWriter struct {
	w      io.Writer
	aead   cipher.AEAD
	clear  []byte // up to one chunk, not yet known whether it is the last
	sealed []byte
	chunk  int64
	err    error
}

// NewStreamWriter begins a stream under a fresh key of StreamKeySize bytes.
func NewStreamWriter(w io.Writer, key []byte) (*StreamWriter, error) {
	aead, err := streamCipher(key)
	if err != nil {
		return nil, err
	}
	return &StreamWriter{w: w, aead: aead, clear: make([]byte, 0, chunkSize), sealed: make([]byte, 0, sealedChunk)}, nil
}

// Write implements io.Writer. After an error it returns that error for ever.
func (s *StreamWriter) Write(p []byte) (n int, err error) {
	for len(p) > 0 && s.err == nil {
		if len(s.clear) == chunkSize {
			s.flush(false)
			continue
		}
		took := min(chunkSize-len(s.clear), len(p))
		s.clear = append(s.clear, p[:took]...)
		p = p[took:]
		n += took
	}
	return n, s.err
}

// Size is how many clear bytes were written.
func (s *StreamWriter) Size() int64 { return s.chunk*chunkSize + int64(len(s.clear)) }

func (s *StreamWriter) flush(last bool) {
	s.sealed = s.aead.Seal(s.sealed[:0], chunkNonce(s.chunk, last), s.clear, nil)
	if _, s.err = s.w.Write(s.sealed); s.err == nil && !last {
		s.chunk++
		s.clear = s.clear[:0]
	}
}

var errStreamClosed = errors.New("密封的内容已经写完")

// Close writes the last chunk; it does not close the writer below.
func (s *StreamWriter) Close() error {
	if s.err != nil {
		return s.err
	}
	s.flush(true)
	err := s.err
	if err == nil {
		s.err = errStreamClosed
	}
	return err
}

// Stream reads a sealed stream at any place. It is safe for concurrent use.
type Stream struct {
	r    io.ReaderAt
	size int64
	aead cipher.AEAD

	mu     sync.Mutex
	held   int64 // number of the chunk in clear, -1 for none
	clear  []byte
	sealed []byte
}

// OpenStream reads the stream that fills r, which is so many bytes long. The
// error is ErrCut for a length no stream has; whatever else is wrong shows
// when that part is read.
func OpenStream(r io.ReaderAt, sealed int64, key []byte) (*Stream, error) {
	size, err := ClearSize(sealed)
	if err != nil {
		return nil, err
	}
	aead, err := streamCipher(key)
	if err != nil {
		return nil, err
	}
	return &Stream{r: io.NewSectionReader(r, 0, sealed), size: size, aead: aead, held: -1}, nil
}

// Size is how many clear bytes the stream holds.
func (s *Stream) Size() int64 { return s.size }

// ReadAt implements io.ReaderAt over the clear bytes: what it returns was
// opened and so is what was sealed at that place. The error wraps ErrDamaged
// where a chunk does not open.
func (s *Stream) ReadAt(p []byte, off int64) (n int, err error) {
	if off < 0 {
		return 0, errors.New("读取的位置在内容之前")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for n < len(p) {
		if off >= s.size {
			return n, io.EOF
		}
		if err := s.hold(off / chunkSize); err != nil {
			return n, err
		}
		got := copy(p[n:], s.clear[off%chunkSize:])
		n += got
		off += int64(got)
	}
	return n, nil
}

// hold opens a chunk, with the lock held.
func (s *Stream) hold(chunk int64) error {
	if s.held == chunk {
		return nil
	}
	if s.sealed == nil {
		s.sealed = make([]byte, min(sealedChunk, s.size+tagSize))
	}
	s.held = -1
	n, err := s.r.ReadAt(s.sealed, chunk*sealedChunk)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if s.clear, err = s.aead.Open(s.clear[:0], chunkNonce(chunk, chunk == lastChunk(s.size)), s.sealed[:n], nil); err != nil {
		return ErrDamaged
	}
	s.held = chunk
	return nil
}

// Verify opens the one chunk of an empty stream, which no ReadAt would touch.
func (s *Stream) Verify() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hold(lastChunk(s.size))
}
