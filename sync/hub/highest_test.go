package hub

import (
	"maps"
	"path/filepath"
	"testing"
)

// TestNumbersFileHighest: what one process notes, the next one reads, whatever the
// names of the series, and also when another one replaced the file at that moment.
func TestNumbersFileHighest(t *testing.T) {
	want := highest{"令/2026": 5, "两行\n3 令/2026": 7, "他/2026": 9}
	path := filepath.Join(t.TempDir(), HighNumbers)
	f := numbersFile{known: highest{}}
	if err := f.open(path); err != nil {
		t.Fatal(err)
	}
	other := highest{"他/2026": 9}
	writes := 0
	err := f.keep(highest{"令/2026": 5, "两行\n3 令/2026": 7}, func(all highest) error {
		if writes++; writes == 1 {
			all = other // which had read the file before
		}
		return f.write(all)
	})
	if err != nil || writes != 2 {
		t.Errorf("written %d times: %v", writes, err)
	}
	next := numbersFile{known: highest{}}
	if err := next.open(path); err != nil || next.id != f.id || next.fresh || !maps.Equal(next.known, want) {
		t.Errorf("read %+v, %v", next, err)
	}
	writes = 0
	err = f.keep(highest{"令/2026": 6}, func(highest) error { writes++; return f.write(other) })
	if err == nil || writes != writesAtOnce {
		t.Errorf("another process writes all the time: written %d times, %v", writes, err)
	}
}
