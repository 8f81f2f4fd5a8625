package preview

import (
	"bytes"
	"context"
	"testing"
)

// useAll opens bytes, draws and reads a few pages; errors are as good as pages.
func useAll(v *Viewer, pdf []byte) {
	d, err := v.Open(context.Background(), pdf)
	if err != nil {
		return
	}
	defer d.Close()
	for i := range min(d.Pages(), 3) {
		d.Render(context.Background(), i, 36)
		d.Text(i)
	}
}

func FuzzOpen(f *testing.F) {
	for _, pdf := range [][]byte{squares(), spoken(), slow(2), slow(9)[:400], nil, []byte("%PDF-1.7\ntrailer<</Root 1 0 R>>")} {
		f.Add(pdf)
	}
	f.Add(bytes.Replace(squares(), []byte("/Length 23"), []byte("/Length -9"), 1))
	f.Add(bytes.Replace(spoken(), []byte("/Parent 2 0 R"), []byte("/Parent 3 0 R"), 1))
	f.Add(bytes.Replace(squares(), []byte("[0 0 200 100]"), []byte("[-9e9 0 9e9 1]"), 1))
	v := newViewer(f)
	f.Fuzz(func(t *testing.T, pdf []byte) {
		useAll(v, pdf)
		works(t, v)
	})
}
