package blob

import (
	"bytes"
	"errors"

	"anxin/model/seal"
)

const (
	fixedSize     = 8                            // word, version, zeros
	sealedKeySize = 12 + seal.StreamKeySize + 16 // nonce, key, tag
	headerSize    = fixedSize + sealedKeySize
)

var fixed = [fixedSize]byte{'A', 'N', 'X', 'B', 1}

var (
	errForeign = errors.New("不是本程序保存的证据文件")
	errNewer   = errors.New("由更新的程序保存，请升级本程序")
	errChanged = errors.New("内容与编号不符")
)

// parseHeader returns the sealed key in a header.
func parseHeader(h []byte) ([]byte, error) {
	if len(h) < headerSize {
		return nil, seal.ErrCut
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
