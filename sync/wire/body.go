package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// ErrTooLarge: a body goes beyond its limit, packed or unpacked.
var ErrTooLarge = errors.New("数据超过单次传输的上限")

// ErrMalformed: a body is not what it should be.
var ErrMalformed = errors.New("数据格式不正确")

// Encoding is the Content-Encoding of packed bodies.
const Encoding = "zstd"

var packer = sync.OnceValue(func() *zstd.Encoder {
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<20))
	if err != nil {
		panic("bug: zstd options: " + err.Error())
	}
	return enc
})

// JSON writes a message without the escapes that would change the canonical
// bytes of the bodies in it.
func JSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("写出消息: %w", err)
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// Pack writes a message as a body.
func Pack(v any) ([]byte, error) {
	raw, err := JSON(v)
	if err != nil {
		return nil, err
	}
	return PackText(raw), nil
}

// PackText packs a message already written as JSON.
func PackText(raw []byte) []byte { return packer().EncodeAll(raw, nil) }

// Unpack reads a body into a message. limit bounds the unpacked bytes, and so
// the memory a hostile body can take; the packed bytes are the caller's to
// bound. Errors wrap ErrTooLarge or ErrMalformed.
func Unpack(packed []byte, v any, limit int64) error {
	dec, err := zstd.NewReader(bytes.NewReader(packed), zstd.WithDecoderConcurrency(1),
		zstd.WithDecoderMaxMemory(uint64(limit)), zstd.WithDecoderMaxWindow(8<<20), zstd.WithDecoderLowmem(true))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	defer dec.Close()
	var raw bytes.Buffer
	raw.Grow(int(min(limit, usualGain*int64(len(packed)))) + bytes.MinRead)
	_, err = raw.ReadFrom(io.LimitReader(dec, limit+1))
	switch {
	case int64(raw.Len()) > limit, errors.Is(err, zstd.ErrDecoderSizeExceeded), errors.Is(err, zstd.ErrWindowSizeExceeded):
		return ErrTooLarge
	case err != nil:
		return fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	if err := json.Unmarshal(raw.Bytes(), v); err != nil {
		return fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return nil
}

// usualGain is about how many times smaller records are when they are packed.
const usualGain = 12
