package assets

import (
	_ "embed" // the page renderer below
	"fmt"
	"sync"
)

//go:embed pdfium/pdfium.wasm.zst
var pdfium []byte

var unpackedPdfium = sync.OnceValues(func() ([]byte, error) { return unpack(pdfium) })

// Pdfium returns the renderer of PDF pages as a WebAssembly module. It unpacks
// once; the bytes (4 MB) are shared and read-only. Origin and licences stand
// in pdfium/README.md.
func Pdfium() ([]byte, error) {
	b, err := unpackedPdfium()
	if err != nil {
		return nil, fmt.Errorf("打开PDF显示组件: %w", err)
	}
	return b, nil
}
