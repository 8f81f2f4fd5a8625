package casework

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// Limits of what is looked at on a camera's card.
const (
	mostCardFiles = 5000
	mostCardDepth = 6
)

// cardTypes are the files cameras and recorders write.
var cardTypes = []string{".mp4", ".mov", ".avi", ".mkv", ".ts", ".m4a", ".wav", ".mp3", ".aac", ".amr", ".jpg", ".jpeg", ".png", ".heic"}

// CardFile is a recording or a picture on a camera's card.
type CardFile struct {
	Path string // below the card's folder, with slashes
	Size int64  // bytes
	At   time.Time
}

// Mark tells a file of a card from every other, also after the card was away. It
// says nothing of the file to who reads it.
func (f CardFile) Mark() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s|%d|%d", f.Path, f.Size, f.At.Unix()))
	return hex.EncodeToString(sum[:8])
}

// Card watches the card of a camera: a folder that may come and go. It offers a
// file once it has stood unchanged from one look to the next, so that one that
// is still being written waits. It is not safe for use from several goroutines.
type Card struct {
	// Open gives the files of the card; an error that is fs.ErrNotExist says
	// that it is not plugged in.
	Open func() (fs.FS, error)
	// Taken tells whether a file was imported or put aside before.
	Taken func(mark string) bool

	last map[string]bool // marks of the look before
}

// Look reads the card. It gives back the new files, oldest first, and whether
// the card is there; one that is away is no error.
func (c *Card) Look(ctx context.Context) (fresh []CardFile, present bool, err error) {
	files, err := c.read(ctx)
	if errors.Is(err, fs.ErrNotExist) {
		c.last = nil
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("读取记录仪的存储卡: %w", err)
	}
	seen := map[string]bool{}
	for _, f := range files {
		mark := f.Mark()
		seen[mark] = true
		if c.last[mark] && !c.Taken(mark) {
			fresh = append(fresh, f)
		}
	}
	c.last = seen
	slices.SortFunc(fresh, func(a, b CardFile) int {
		if n := a.At.Compare(b.At); n != 0 {
			return n
		}
		return strings.Compare(a.Path, b.Path)
	})
	return fresh, true, nil
}

// read lists the recordings of the card; a folder that cannot be read is passed
// over, as long as it is not the card itself.
func (c *Card) read(ctx context.Context) (out []CardFile, err error) {
	card, err := c.Open()
	if err != nil {
		return nil, err
	}
	err = fs.WalkDir(card, ".", func(name string, e fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil && name == ".":
			return err
		case err != nil || hidden(name):
			return skipping(e)
		case e.IsDir() && strings.Count(name, "/") >= mostCardDepth || len(out) >= mostCardFiles:
			return skipping(e)
		case e.IsDir() || !slices.Contains(cardTypes, strings.ToLower(path.Ext(name))):
			return nil
		}
		info, err := e.Info()
		if err != nil || info.Size() == 0 {
			return nil // it went away, or nothing is in it yet
		}
		out = append(out, CardFile{Path: name, Size: info.Size(), At: info.ModTime()})
		return nil
	})
	return out, err
}

func hidden(name string) bool { return name != "." && strings.HasPrefix(path.Base(name), ".") }

func skipping(e fs.DirEntry) error {
	if e != nil && e.IsDir() {
		return fs.SkipDir
	}
	return nil
}
