package blob

import (
	"bytes"
	"testing"
)

func FuzzHeader(f *testing.F) {
	f.Add(append(fixed[:], make([]byte, sealedKeySize)...))
	f.Add([]byte("ANXB"))
	f.Add([]byte("%PDF-1.7"))
	f.Fuzz(func(t *testing.T, head []byte) {
		key, err := parseHeader(head)
		if err != nil {
			return
		}
		if again := append(fixed[:], key...); !bytes.Equal(again, head[:headerSize]) {
			t.Fatalf("%x was read as %x", head, again)
		}
	})
}
