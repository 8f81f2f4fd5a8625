package pack

import (
	"bytes"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"
)

// Overlay is a flat folder: the files of Base, if there is one, with Files in
// place of those of the same name.
type Overlay struct {
	Base  fs.FS
	Files map[string][]byte
}

// Open implements fs.FS.
func (o Overlay) Open(name string) (fs.File, error) {
	if content, ok := o.Files[name]; ok {
		return &file{info: info{name, int64(len(content))}, Reader: bytes.NewReader(content)}, nil
	}
	if o.Base != nil {
		return o.Base.Open(name)
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// ReadDir implements fs.ReadDirFS; it lists the root only.
func (o Overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	entries := map[string]fs.DirEntry{}
	if o.Base != nil {
		below, err := fs.ReadDir(o.Base, name)
		if err != nil {
			return nil, err
		}
		for _, e := range below {
			entries[e.Name()] = e
		}
	}
	if name == "." {
		for n, content := range o.Files {
			entries[n] = fs.FileInfoToDirEntry(info{n, int64(len(content))})
		}
	}
	return slices.SortedFunc(maps.Values(entries), func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) }), nil
}

// file is an open file of an overlay.
type file struct {
	info
	io.Reader
}

// Stat implements fs.File.
func (f *file) Stat() (fs.FileInfo, error) { return f.info, nil }

// Close implements fs.File.
func (f *file) Close() error { return nil }

// info describes a file of an overlay: anybody may read it, nobody knows when
// it was written.
type info struct {
	name string
	size int64
}

func (i info) Name() string     { return i.name }
func (i info) Size() int64      { return i.size }
func (info) Mode() fs.FileMode  { return 0o444 }
func (info) ModTime() time.Time { return time.Time{} }
func (info) IsDir() bool        { return false }
func (info) Sys() any           { return nil }
