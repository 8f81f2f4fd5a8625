package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// ErrTooLarge: a body goes beyond its limit, packed or unpacked.
var ErrTooLarge = errors.New("数据超过单次传输的上限")

// ErrMalformed: a body is not what it should be.
var ErrMalformed = errors.New("数据格式不正确")

// Encoding is the Content-Encoding of packed bodies.
const Encoding = "zstd"

// packer packs any number of bodies at a time. The fastest level makes no more
// bytes of records than the next one does, in half the time.
var packer = sync.OnceValue(func() *zstd.Encoder {
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithWindowSize(1<<20))
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
	raw, err := unpacker(limit).DecodeAll(packed, nil)
	switch {
	case errors.Is(err, zstd.ErrDecoderSizeExceeded), errors.Is(err, zstd.ErrWindowSizeExceeded):
		return ErrTooLarge
	case err != nil:
		return fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	if quickly(raw, v) {
		return nil
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return nil
}

// quickly reads the two messages that carry records, as this program writes
// them.
func quickly(raw []byte, v any) bool {
	switch v := v.(type) {
	case *Page:
		return readPage(raw, v)
	case *Push:
		return readPush(raw, v)
	}
	return false
}

var unpackers sync.Map // by limit

// unpacker is the decoder that gives so many bytes at most; it serves several at
// once.
func unpacker(limit int64) *zstd.Decoder {
	if known, ok := unpackers.Load(limit); ok {
		return known.(*zstd.Decoder)
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(uint64(limit)),
		zstd.WithDecoderMaxWindow(8<<20), zstd.WithDecoderLowmem(true))
	if err != nil {
		panic("bug: zstd options: " + err.Error())
	}
	known, _ := unpackers.LoadOrStore(limit, dec)
	return known.(*zstd.Decoder)
}
