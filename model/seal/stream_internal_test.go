package seal

import (
	"testing"

	"pgregory.net/rapid"
)

// The size told from a stream's length is the size put in, and no length but
// those that streams have is believed.
func TestClearSize(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.Int64Range(0, 5*chunkSize).Draw(t, "size")
		sealed := size + tagSize*(lastChunk(size)+1)
		if got, err := ClearSize(sealed); err != nil || got != size {
			t.Fatalf("%d bytes in a stream of %d read as %d, %v", size, sealed, got, err)
		}
		odd := rapid.Int64Range(0, 5*sealedChunk).Draw(t, "stream")
		if got, err := ClearSize(odd); err == nil && got+tagSize*(lastChunk(got)+1) != odd {
			t.Fatalf("a stream of %d is believed to hold %d", odd, got)
		}
	})
}
