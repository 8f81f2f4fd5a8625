package hub

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"anxin/sync/wire"
)

// leafSeal seals evidence leaf by leaf by AES-256-GCM, under a key of its own
// that comes of the hub's. Each leaf is bound to its file, the file's size and
// its place, so that none can stand for another.
type leafSeal struct{ aead cipher.AEAD }

func newLeafSeal(key Seal) (leafSeal, error) {
	derived, err := hkdf.Expand(sha256.New, key[:], "anxin hub evidence 1", len(key))
	if err != nil {
		return leafSeal{}, fmt.Errorf("材料的密封密钥: %w", err)
	}
	block, err := aes.NewCipher(derived)
	if err != nil {
		return leafSeal{}, fmt.Errorf("材料的密封密钥: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return leafSeal{}, fmt.Errorf("材料的密封密钥: %w", err)
	}
	return leafSeal{aead}, nil
}

func leafName(sha string, size int64, n int) []byte {
	return fmt.Appendf(nil, "%s %d %d", sha, size, n)
}

func (s leafSeal) seal(sha string, size int64, n int, clear []byte) []byte {
	return s.aead.Seal(make([]byte, 0, len(clear)+s.aead.Overhead()), nil, clear, leafName(sha, size, n))
}

// open returns the clear bytes of a leaf; one that does not open is ErrDamaged.
func (s leafSeal) open(sha string, size int64, n int, sealed []byte) ([]byte, error) {
	clear, err := s.aead.Open(nil, nil, sealed, leafName(sha, size, n))
	if err != nil {
		return nil, ErrDamaged
	}
	return clear, nil
}

// stride is how far sealed leaves lie apart, in bytes.
func (s leafSeal) stride() int64 { return int64(wire.LeafSize + s.aead.Overhead()) }

// sealedSize is how many bytes a file of size clear bytes takes.
func (s leafSeal) sealedSize(size int64) int64 {
	return size + int64(wire.Leaves(size)*s.aead.Overhead())
}

// clearSize is how many clear bytes so many sealed ones hold; a length no file
// has is ErrDamaged.
func (s leafSeal) clearSize(sealed int64) (int64, error) {
	leaves := (sealed + s.stride() - 1) / s.stride()
	size := sealed - leaves*int64(s.aead.Overhead())
	if leaves < 1 || size < 0 || s.sealedSize(size) != sealed {
		return 0, ErrDamaged
	}
	return size, nil
}

// sealedBytes is a file or an object of sealed leaves.
type sealedBytes interface {
	io.ReaderAt
	io.Closer
}

// leafFile reads a sealed file as its clear bytes, from anywhere. What does not
// open ends the reading with ErrDamaged.
type leafFile struct {
	sealedBytes
	seal  leafSeal
	sha   string
	size  int64 // clear
	at    int64
	held  int // number of the leaf in clear, -1 for none
	clear []byte
}

// openLeaves reads what lies in r, which is so many bytes long.
func (s leafSeal) openLeaves(r sealedBytes, sha string, sealed int64) (*leafFile, error) {
	size, err := s.clearSize(sealed)
	return &leafFile{sealedBytes: r, seal: s, sha: sha, size: size, held: -1}, err
}

// Read implements io.Reader.
func (f *leafFile) Read(p []byte) (int, error) {
	if f.at >= f.size && (f.at > 0 || f.held == 0) { // an empty file has a leaf, too, that must open
		return 0, io.EOF
	}
	n := int(f.at / wire.LeafSize)
	if n != f.held {
		sealed := make([]byte, wire.LeafLen(f.size, n)+int64(f.seal.aead.Overhead()))
		if got, err := f.ReadAt(sealed, int64(n)*f.seal.stride()); got < len(sealed) {
			return 0, fmt.Errorf("读取材料分段 %d: %w", n, err)
		}
		clear, err := f.seal.open(f.sha, f.size, n, sealed)
		if err != nil {
			return 0, err
		}
		f.clear, f.held = clear, n
	}
	copied := copy(p, f.clear[f.at-int64(n)*wire.LeafSize:])
	f.at += int64(copied)
	return copied, nil
}

// Seek implements io.Seeker.
func (f *leafFile) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += f.at
	case io.SeekEnd:
		offset += f.size
	}
	if offset < 0 {
		return 0, errors.New("材料的读取位置无效")
	}
	f.at = offset
	return offset, nil
}
