package paper

import (
	"bytes"
	"slices"
	"testing"

	"anxin/assets"
)

func openFace(t testing.TB, name string) *face {
	t.Helper()
	data, err := assets.Face(name)
	if err != nil {
		t.Fatal(err)
	}
	f, err := parseFace(name, data)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestFacesCoverNames(t *testing.T) {
	body, rare := openFace(t, faceBody), openFace(t, faceRare)
	for _, r := range "艾力·买买提李㛃欧阳䶮，。《》〔〕¥0123456789" {
		if body.glyph(r) == 0 {
			t.Errorf("the body face lacks %c", r)
		}
	}
	for _, r := range "𠮷𬱖𡋾" {
		if body.glyph(r) == 0 && rare.glyph(r) == 0 {
			t.Errorf("neither face has %c", r)
		}
	}
	if body.width('国') != 1000 {
		t.Errorf("a hanzi is %d wide", body.width('国'))
	}
}

// A subset draws the runes asked for, in their order, with the outlines and widths of the whole face.
func TestSubset(t *testing.T) {
	f := openFace(t, faceBody)
	runes := []rune("，国国1é薪")
	slices.Sort(runes)
	data, err := f.subset(runes)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := sfntTables(data)
	if err != nil {
		t.Fatal(err)
	}
	tables["cmap"] = []byte{0, 0, 0, 0}
	small := &face{name: "subset", tables: tables}
	if err := small.parseHeaders(); err != nil {
		t.Fatal(err)
	}
	if small.glyphs < len(runes)+1 {
		t.Fatalf("%d glyphs for %d runes", small.glyphs, len(runes))
	}
	for i, r := range runes {
		want, err := f.outline(f.glyph(r))
		if err != nil {
			t.Fatal(err)
		}
		got, err := small.outline(uint16(i + 1))
		if err != nil {
			t.Fatal(err)
		}
		if int16At(want, 0) >= 0 && !bytes.HasPrefix(got, want) {
			t.Errorf("the outline of %c is not the face's", r)
		}
		wantAdvance, _ := f.advance(f.glyph(r))
		if gotAdvance, _ := small.advance(uint16(i + 1)); gotAdvance != wantAdvance {
			t.Errorf("%c is %d wide, want %d", r, gotAdvance, wantAdvance)
		}
	}
	again, err := f.subset(runes)
	if err != nil || !bytes.Equal(data, again) {
		t.Error("the same runes give another subset")
	}
}

func TestMarksAreAFace(t *testing.T) {
	f := newMarks()
	data, err := f.subset([]rune{boxEmpty, boxTicked, boxCrossed})
	if err != nil || len(data) == 0 {
		t.Fatalf("no subset: %v", err)
	}
	for _, r := range []rune{boxEmpty, boxTicked, boxCrossed} {
		if f.glyph(r) == 0 || f.width(r) != 1000 {
			t.Errorf("no box %c", r)
		}
	}
}

// tinyFace is a whole face of three glyphs: the check boxes with a cmap of the given format.
func tinyFace(format int) []byte {
	f := newMarks()
	var sub []byte
	if format == 12 {
		sub = be.AppendUint32(be.AppendUint32([]byte{0, 12, 0, 0}, 28), 0)
		sub = be.AppendUint32(sub, 1)
		for _, v := range []uint32{boxEmpty, boxCrossed, 1} {
			sub = be.AppendUint32(sub, v)
		}
	} else {
		for _, v := range []uint16{4, 32, 0, 4, 4, 1, 0, boxCrossed, 0xFFFF, 0, boxEmpty, 0xFFFF, 0x10000 + 1 - boxEmpty, 1, 0, 0} {
			sub = be.AppendUint16(sub, v)
		}
	}
	f.tables["cmap"] = append([]byte{0, 0, 0, 1, 0, 3, 0, 1, 0, 0, 0, 12}, sub...)
	return writeSFNT(f.tables)
}

func TestParseFaceReadsBothCmaps(t *testing.T) {
	for _, format := range []int{4, 12} {
		f, err := parseFace("tiny", tinyFace(format))
		if err != nil {
			t.Fatalf("format %d: %v", format, err)
		}
		for i, r := range []rune{boxEmpty, boxTicked, boxCrossed} {
			if int(f.glyph(r)) != i+1 {
				t.Errorf("format %d: %c is glyph %d, want %d", format, r, f.glyph(r), i+1)
			}
		}
		if f.glyph('国') != 0 || f.glyph(-1) != 0 || f.glyph(0x110000) != 0 {
			t.Errorf("format %d: a glyph for a rune it has not", format)
		}
	}
}

func TestParseFaceRefuses(t *testing.T) {
	good := tinyFace(12)
	cases := []struct {
		name string
		data []byte
	}{
		{"nothing", nil}, {"text", []byte("this is not a font at all")}, {"cut", good[:len(good)/2]},
		{"collection", append([]byte("ttcf"), good[4:]...)}, {"CFF", append([]byte("OTTO"), good[4:]...)},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if _, err := parseFace("x", c.data); err == nil {
				t.Error("it was taken")
			}
		})
	}
}

func FuzzFace(f *testing.F) {
	f.Add(tinyFace(4))
	f.Add(tinyFace(12))
	f.Add([]byte("ttcf00000000"))
	f.Fuzz(func(t *testing.T, data []byte) {
		face, err := parseFace("fuzz", data)
		if err != nil {
			return
		}
		runes := []rune{'A', '国', boxEmpty, boxTicked, 0x20BB7}
		for _, r := range runes {
			face.width(r)
		}
		if out, err := face.subset(runes); err == nil && len(out) == 0 {
			t.Error("an empty subset and no error")
		}
	})
}
