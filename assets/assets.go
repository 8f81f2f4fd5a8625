// Package assets holds what the programs carry inside them: faces, icons,
// forms, paper templates, law tables and words. It embeds and unpacks, and
// refuses everything else: what a form means is known in forms, what a table
// means in model/statute. A room takes the part it needs as an fs.FS, so that
// an office's own folder can stand in its place.
package assets

import (
	"embed"
	"fmt"
	"io/fs"
	"sync"

	"github.com/klauspost/compress/zstd"
)

//go:embed papers
var papers embed.FS

//go:embed forms
var forms embed.FS

//go:embed statute
var statute embed.FS

//go:embed lang
var words embed.FS

//go:embed sample
var sample embed.FS

// The parts, each rooted at its own folder.
var (
	Papers  = sub(papers, "papers")   // paper templates, D06.paper
	Forms   = sub(forms, "forms")     // XLSForms as Markdown tables, checklist.md
	Statute = sub(statute, "statute") // law tables, clocks.csv
	Lang    = sub(words, "lang")      // words on screen, zh.json
	Sample  = sub(sample, "sample")   // one day of an office that does not exist
)

func sub(f fs.FS, dir string) fs.FS {
	s, err := fs.Sub(f, dir)
	if err != nil {
		panic("assets: " + err.Error()) // the folder is embedded above
	}
	return s
}

// Icon is the program's icon, a PNG of 256×256.
//
//go:embed icons/Icon.png
var Icon []byte

// The screen faces, CFF outlines (OpenType), parsed by the toolkit itself.
var (
	//go:embed fonts/screen-regular.otf
	ScreenRegular []byte
	//go:embed fonts/screen-bold.otf
	ScreenBold []byte
)

var (
	//go:embed fonts/serif.ttf.zst
	serif []byte
	//go:embed fonts/serif-bold.ttf.zst
	serifBold []byte
	//go:embed fonts/sans-bold.ttf.zst
	sansBold []byte
	//go:embed fonts/rare.ttf.zst
	rare []byte
)

// faces unpack once and are then shared; a caller must not write to them.
var faces = map[string]func() ([]byte, error){
	"serif":      sync.OnceValues(func() ([]byte, error) { return unpack(serif) }),
	"serif-bold": sync.OnceValues(func() ([]byte, error) { return unpack(serifBold) }),
	"sans-bold":  sync.OnceValues(func() ([]byte, error) { return unpack(sansBold) }),
	"rare":       sync.OnceValues(func() ([]byte, error) { return unpack(rare) }),
}

// Face returns a whole paper face (TrueType outlines, single face) by its
// role: "serif" and "serif-bold" for text, "sans-bold" for headings, "rare"
// for the characters of names that no other face has. The bytes are shared
// and read-only.
func Face(role string) ([]byte, error) {
	f, ok := faces[role]
	if !ok {
		return nil, fmt.Errorf("没有名为“%s”的字体", role)
	}
	return f()
}

func unpack(packed []byte) ([]byte, error) {
	d, err := zstd.NewReader(nil)
	if err != nil {
		return nil, fmt.Errorf("解开程序自带的数据: %w", err)
	}
	defer d.Close()
	b, err := d.DecodeAll(packed, nil)
	if err != nil {
		return nil, fmt.Errorf("解开程序自带的数据: %w", err)
	}
	return b, nil
}
