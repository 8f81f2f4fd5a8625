package casework

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"
)

var recorded = time.Date(2026, 9, 18, 14, 2, 0, 0, time.UTC)

// cardOf is a card whose files a test changes; nil is a card that is away.
func cardOf(files *fstest.MapFS, taken map[string]bool) *Card {
	return &Card{Taken: func(m string) bool { return taken[m] }, Open: func() (fs.FS, error) {
		if *files == nil {
			return nil, fs.ErrNotExist
		}
		return *files, nil
	}}
}

func names(list []CardFile) (out []string) {
	for _, f := range list {
		out = append(out, f.Path)
	}
	return out
}

func TestCardOffersWhatStandsStill(t *testing.T) {
	film := func(size int, after time.Duration) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte(strings.Repeat("x", size)), ModTime: recorded.Add(after)}
	}
	files := fstest.MapFS{"DCIM/100/B.MP4": film(10, time.Minute), "DCIM/100/A.jpg": film(3, 0), "DCIM/100/notes.txt": film(3, 0),
		".Trash/old.mp4": film(3, 0), "DCIM/100/empty.mp4": film(0, 0), "a/b/c/d/e/f/g/deep.mp4": film(3, 0)}
	taken := map[string]bool{}
	c := cardOf(&files, taken)
	look := func(want ...string) {
		t.Helper()
		got, present, err := c.Look(t.Context())
		if err != nil || present != (files != nil) {
			t.Fatalf("present %v, %v", present, err)
		}
		if !slices.Equal(names(got), want) {
			t.Fatalf("offered %v, want %v", names(got), want)
		}
	}
	look() // the first look cannot know what is still being written
	look("DCIM/100/A.jpg", "DCIM/100/B.MP4")
	files["DCIM/100/B.MP4"] = film(20, 2*time.Minute)
	look("DCIM/100/A.jpg")
	taken[CardFile{"DCIM/100/A.jpg", 3, recorded}.Mark()] = true
	look("DCIM/100/B.MP4")
	kept := files
	files = nil
	look()
	files = kept
	look()
	look("DCIM/100/B.MP4")
}

func TestCardThatCannotBeReadSaysSo(t *testing.T) {
	c := &Card{Open: func() (fs.FS, error) { return nil, errors.New("坏了") }, Taken: func(string) bool { return false }}
	if _, _, err := c.Look(t.Context()); err == nil || !strings.Contains(err.Error(), "存储卡") {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	files := fstest.MapFS{"a.mp4": {Data: []byte("x")}}
	if _, _, err := cardOf(&files, nil).Look(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled look gave %v", err)
	}
}

// Whatever is written, changed and taken between looks: a file is offered only
// when two looks in a row saw it alike, and never after it was taken.
func TestCardOffersEachFileOnceItIsWhole(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		files, taken, before := fstest.MapFS{}, map[string]bool{}, map[string]bool{}
		c := cardOf(&files, taken)
		for range rapid.IntRange(1, 12).Draw(r, "looks") {
			for _, name := range rapid.SliceOfN(rapid.SampledFrom([]string{"a.mp4", "b.jpg", "d/c.wav"}), 0, 3).Draw(r, "written") {
				size := rapid.IntRange(1, 4).Draw(r, "size")
				files[name] = &fstest.MapFile{Data: make([]byte, size), ModTime: recorded}
			}
			got, _, err := c.Look(context.Background())
			if err != nil {
				r.Fatal(err)
			}
			now := map[string]bool{}
			for name, f := range files {
				now[CardFile{name, int64(len(f.Data)), f.ModTime}.Mark()] = true
			}
			want := 0
			for m := range now {
				if before[m] && !taken[m] {
					want++
				}
			}
			for _, f := range got {
				if m := f.Mark(); !before[m] || taken[m] {
					r.Fatalf("%s was offered", m)
				}
			}
			if len(got) != want {
				r.Fatalf("%d were offered, want %d", len(got), want)
			}
			if len(got) > 0 && rapid.Bool().Draw(r, "take") {
				taken[got[0].Mark()] = true
			}
			before = now
		}
	})
}
