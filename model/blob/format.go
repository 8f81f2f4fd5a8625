package blob

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

const (
	fixedSize     = 8                  // word, version, zeros
	sealedKeySize = 12 + keySize + tag // nonce, key, tag
	headerSize    = fixedSize + sealedKeySize
	keySize       = 32
	tag           = 16
	chunkSize     = 64 << 10 // clear bytes
	sealedChunk   = chunkSize + tag
)

var fixed = [fixedSize]byte{'A', 'N', 'X', 'B', 1}

var (
	errForeign = errors.New("不是本程序保存的证据文件")
	errNewer   = errors.New("由更新的程序保存，请升级本程序")
	errChunk   = errors.New("内容已经损坏或被改动")
	errCut     = errors.New("文件不完整")
)

// parseHeader returns the sealed key in a header.
func parseHeader(h []byte) ([]byte, error) {
	if len(h) < headerSize {
		return nil, errCut
	}
	if !bytes.Equal(h[:4], fixed[:4]) {
		return nil, errForeign
	}
	if h[4] > fixed[4] {
		return nil, errNewer
	}
	if !bytes.Equal(h[:fixedSize], fixed[:]) {
		return nil, errForeign
	}
	return h[fixedSize:headerSize], nil
}

// bound is what a file's key is sealed to: the header and the name.
func bound(name string) []byte { return append(fixed[:], name...) }

// clearSize is how many clear bytes a file of so many bytes holds.
func clearSize(file int64) (int64, error) {
	body := file - headerSize
	chunks := (body + sealedChunk - 1) / sealedChunk
	last := body - (chunks-1)*sealedChunk
	if body < tag || last < tag || last == tag && chunks > 1 {
		return 0, errCut
	}
	return body - chunks*tag, nil
}

// lastChunk is the number of the last chunk of so many clear bytes; an empty
// file has one empty chunk.
func lastChunk(size int64) int64 { return max(0, (size-1)/chunkSize) }

func newCipher(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("证据文件的密钥: %w", err)
	}
	return cipher.NewGCM(block)
}

func nonce(chunk int64, last bool) []byte {
	n := make([]byte, 12)
	binary.BigEndian.PutUint64(n[2:10], uint64(chunk))
	if last {
		n[11] = 1
	}
	return n
}

// sealStream writes the chunks of r to w and returns how many clear bytes
// there were.
func sealStream(w io.Writer, r io.Reader, aead cipher.AEAD) (int64, error) {
	now, next := make([]byte, chunkSize), make([]byte, chunkSize)
	sealed := make([]byte, 0, sealedChunk)
	n, err := io.ReadFull(r, now)
	size := int64(0)
	for chunk := int64(0); ; chunk++ {
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return size, err
		}
		more, nextErr := 0, error(io.EOF)
		if err == nil {
			more, nextErr = io.ReadFull(r, next)
		}
		if more == 0 && nextErr != nil && !errors.Is(nextErr, io.EOF) {
			return size, nextErr
		}
		sealed = aead.Seal(sealed[:0], nonce(chunk, more == 0), now[:n], nil)
		if _, err := w.Write(sealed); err != nil {
			return size, err
		}
		size += int64(n)
		if more == 0 {
			return size, nil
		}
		now, next, n, err = next, now, more, nextErr
	}
}
