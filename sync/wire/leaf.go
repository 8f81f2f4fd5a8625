package wire

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// ErrHash: a text is no SHA-256 in lower hexadecimal.
var ErrHash = errors.New("材料编号不是有效的 SHA-256")

// CheckHash refuses everything that is not 64 lower hexadecimal digits, and so
// every path that is not a file of the evidence room. The error is ErrHash.
func CheckHash(sha string) error {
	raw, err := hex.DecodeString(sha)
	if err != nil || len(raw) != 32 || strings.ToLower(sha) != sha {
		return ErrHash
	}
	return nil
}

// Leaves is how many leaves a file of size bytes has; an empty file has one.
func Leaves(size int64) int {
	return int(max(1, (size+LeafSize-1)/LeafSize))
}

// LeafLen is how many bytes leaf n of a file of size bytes has.
func LeafLen(size int64, n int) int64 {
	return max(0, min(LeafSize, size-int64(n)*LeafSize))
}

// Run is a run of leaves, First to Last inclusive, from 0.
type Run struct{ First, Last int }

func (r Run) String() string { return fmt.Sprintf("%d-%d", r.First, r.Last) }

// Len is how many leaves the run has.
func (r Run) Len() int { return r.Last - r.First + 1 }

// ParseRun reads "first-last"; the error is ErrMalformed.
func ParseRun(text string) (Run, error) {
	first, last, ok := strings.Cut(text, "-")
	a, err1 := strconv.ParseUint(first, 10, 16)
	b, err2 := strconv.ParseUint(last, 10, 16)
	r := Run{int(a), int(b)}
	if !ok || err1 != nil || err2 != nil || r.Len() < 1 || r.Len() > MaxRun || r.String() != text {
		return Run{}, fmt.Errorf("分段“%.20s”: %w", text, ErrMalformed)
	}
	return r, nil
}

// Bitmap marks leaves: leaf n is bit n%8 of byte n/8.
type Bitmap []byte

// Set marks leaf n, which must be below 8·len(b).
func (b Bitmap) Set(n int) { b[n/8] |= 1 << (n % 8) }

// Has reports whether leaf n is marked.
func (b Bitmap) Has(n int) bool { return n >= 0 && n/8 < len(b) && b[n/8]&(1<<(n%8)) != 0 }

// NewBitmap makes an empty map of n leaves.
func NewBitmap(n int) Bitmap { return make(Bitmap, (n+7)/8) }

// Full reports whether the first n leaves are all marked.
func (b Bitmap) Full(n int) bool {
	for i := range n {
		if !b.Has(i) {
			return false
		}
	}
	return true
}
