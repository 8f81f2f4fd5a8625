package blob

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"
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

// The size told from a file's length is the size put in, and no length but
// those the format makes is believed.
func TestClearSize(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.Int64Range(0, 5*chunkSize).Draw(t, "size")
		file := headerSize + size + tag*(lastChunk(size)+1)
		if got, err := clearSize(file); err != nil || got != size {
			t.Fatalf("%d bytes in a file of %d read as %d, %v", size, file, got, err)
		}
		odd := rapid.Int64Range(0, 5*sealedChunk).Draw(t, "file")
		if got, err := clearSize(odd); err == nil && headerSize+got+tag*(lastChunk(got)+1) != odd {
			t.Fatalf("a file of %d is believed to hold %d", odd, got)
		}
	})
}
