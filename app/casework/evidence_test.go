package casework

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"encoding/hex"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"testing"
	"time"

	"github.com/emmansun/gmsm/sm3"

	"anxin/model"
	"anxin/model/modeltest"
)

// laptopDesk is a desk on a real laptop.
func laptopDesk(t testing.TB) (*Desk, *modeltest.Laptop) {
	t.Helper()
	l := modeltest.NewLaptop(t, 1)
	rooms := Rooms{Journal: l.Store, Blobs: l.Blobs, Clock: l.Clock, IDs: l.IDs}
	return NewDesk(rooms, modeltest.ID(1, 0)), l
}

func picture(w, h int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, color.RGBA{uint8(x * 7), uint8(y * 5), uint8(x ^ y), 255})
		}
	}
	return m
}

func jpegOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// tag is one entry of an image file directory (TIFF 6.0).
type tag struct {
	id, kind uint16
	count    uint32
	value    []byte
}

func ascii(id uint16, s string) tag { return tag{id, 2, uint32(len(s) + 1), append([]byte(s), 0)} }
func short(id, v uint16) tag        { return tag{id, 3, 1, binary.LittleEndian.AppendUint16(nil, v)} }
func long(id uint16, v uint32) tag  { return tag{id, 4, 1, binary.LittleEndian.AppendUint32(nil, v)} }

func degrees(id uint16, v float64) tag {
	var out []byte
	whole, part := math.Modf(v)
	for _, n := range []uint32{uint32(whole), 1, 0, 1, uint32(math.Round(part * 3600 * 1000)), 1000} {
		out = binary.LittleEndian.AppendUint32(out, n)
	}
	return tag{id, 5, 3, out}
}

// directory writes tags at an offset of the file; values longer than a word
// follow it.
func directory(at uint32, tags ...tag) []byte {
	out := binary.LittleEndian.AppendUint16(nil, uint16(len(tags)))
	far := at + uint32(2+12*len(tags)+4)
	var values []byte
	for _, g := range tags {
		out = binary.LittleEndian.AppendUint16(out, g.id)
		out = binary.LittleEndian.AppendUint16(out, g.kind)
		out = binary.LittleEndian.AppendUint32(out, g.count)
		if len(g.value) <= 4 {
			out = append(out, append(g.value, 0, 0, 0, 0)[:4]...)
			continue
		}
		out = binary.LittleEndian.AppendUint32(out, far+uint32(len(values)))
		values = append(values, g.value...)
	}
	return append(append(out, 0, 0, 0, 0), values...)
}

// withNotes puts a camera's notes (EXIF) into a JPEG.
func withNotes(raw []byte, orientation uint16, taken, offset string, lat, lon float64) []byte {
	const exifAt, gpsAt = 200, 600
	exif := []tag{ascii(0x9003, taken)}
	if offset != "" {
		exif = append(exif, ascii(0x9011, offset))
	}
	tiff := append([]byte("II*\x00\x08\x00\x00\x00"), directory(8, short(0x0112, orientation), long(0x8769, exifAt), long(0x8825, gpsAt))...)
	tiff = append(append(tiff, make([]byte, exifAt-len(tiff))...), directory(exifAt, exif...)...)
	tiff = append(append(tiff, make([]byte, gpsAt-len(tiff))...),
		directory(gpsAt, ascii(1, "N"), degrees(2, lat), ascii(3, "E"), degrees(4, lon))...)
	notes := append([]byte("Exif\x00\x00"), tiff...)
	out := append([]byte{}, raw[:2]...)
	out = append(out, 0xff, 0xe1)
	out = binary.BigEndian.AppendUint16(out, uint16(len(notes)+2))
	return append(append(out, notes...), raw[2:]...)
}

// bomb is a PNG of a few kilobytes that claims so many pixels.
func bomb(w, h uint32) []byte {
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	_, _ = z.Write(make([]byte, 1<<20)) // a buffer takes everything
	_ = z.Close()
	chunk := func(kind string, data []byte) []byte {
		out := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
		body := append([]byte(kind), data...)
		return binary.BigEndian.AppendUint32(append(out, body...), crc32.ChecksumIEEE(body))
	}
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	head = append(head, 8, 6, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", head)...)
	out = append(out, chunk("IDAT", packed.Bytes())...)
	return append(out, chunk("IEND", nil)...)
}

func box(kind string, n int) []byte {
	return append(binary.BigEndian.AppendUint32(nil, uint32(8+n)), append([]byte(kind), make([]byte, n)...)...)
}

func TestEvidenceSaysWhatItIs(t *testing.T) {
	d, l := laptopDesk(t)
	photo, shot := jpegOf(t, picture(64, 48)), pngOf(t, picture(20, 10))
	film := append(append([]byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"), box("moov", 40)...), box("mdat", 500)...)
	pdf := []byte("%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n")
	for _, c := range []struct {
		name, kind string
		data       []byte
		disguised  bool
		damaged    string
	}{
		{"现场.jpg", "image/jpeg", photo, false, ""},
		{"现场.JPEG", "image/jpeg", photo, false, ""},
		{"截屏.jpg", "image/png", shot, true, ""},
		{"程序.jpg", "application/octet-stream", []byte("MZ\x90\x00\x03\x00\x00\x00"), true, ""},
		{"断.jpg", "image/jpeg", photo[:len(photo)-100], false, "图片不完整，后半部分缺失或已损坏"},
		{"头.png", "image/png", shot[:20], false, "图片的开头已损坏，不能显示"},
		{"炸弹.png", "image/png", bomb(60_000, 60_000), false, ""},
		{"空.jpg", "text/plain", nil, false, "文件是空的"},
		{"票.pdf", "application/pdf", pdf, false, ""},
		{"票断.pdf", "application/pdf", pdf[:20], false, "PDF 不完整，后半部分缺失"},
		{"录像.mp4", "video/mp4", film, false, ""},
		{"录像断.mp4", "video/mp4", film[:len(film)-100], false, "录像不完整，后半部分缺失"},
		{"没有索引.mov", "video/mp4", film[:24], false, "录像不完整，后半部分缺失"},
		{"苹果.heic", "image/heic", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), false, ""},
		{"苹果.jpg", "image/heic", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), true, ""},
		{"表.xlsx", "application/zip", []byte("PK\x03\x04 and no more"), true, "文件不完整，后半部分缺失或已损坏"},
		{"录音.amr", "audio/amr", []byte("#!AMR\n0123456789"), false, ""},
		{"旧表.xls", typeOLE, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more"), false, ""},
		{"说明.txt", "text/plain", []byte("工友说的话"), false, ""},
	} {
		k, err := d.AddEvidence(t.Context(), EvidenceIn{Name: "dir/" + c.name}, bytes.NewReader(c.data))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		e := k.Value
		if e.Name != c.name || e.Type != c.kind || e.Disguised != c.disguised || e.Damaged != c.damaged {
			t.Errorf("%s: %s, disguised %v, damaged %q", e.Name, e.Type, e.Disguised, e.Damaged)
		}
		if odd := EvidenceWarnings(e); (len(odd) > 0) != (c.disguised || c.damaged != "") {
			t.Errorf("%s: warnings %v", c.name, odd)
		}
		if err := l.Blobs.Check(t.Context(), e.SHA256); err != nil || e.Size != int64(len(c.data)) {
			t.Errorf("%s is not kept as it was: %d bytes, %v", c.name, e.Size, err)
		}
	}
}

func TestCamerasNotesAreKeptBesideThePhoto(t *testing.T) {
	d, l := laptopDesk(t)
	photo := jpegOf(t, picture(40, 30))
	for _, c := range []struct {
		name, offset string
		want         time.Time
		zoned        bool
	}{
		{"with a zone", "+06:00", time.Date(2026, 9, 17, 15, 4, 5, 0, time.FixedZone("", 6*3600)), true},
		{"without a zone", "", time.Date(2026, 9, 17, 15, 4, 5, 0, modeltest.Day.Location()), false},
		{"in the zone of Greenwich", "+00:00", time.Date(2026, 9, 17, 15, 4, 5, 0, time.UTC), true},
	} {
		raw := withNotes(photo, 6, "2026:09:17 15:04:05", c.offset, 28.9025, 111.4886)
		k, err := d.AddEvidence(t.Context(), EvidenceIn{Name: "a.jpg", SM3: true}, bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		e := k.Value
		if !e.TakenAt.Equal(c.want) || e.Zoned != c.zoned || e.Orient != 6 || e.Width != 40 || e.Height != 30 {
			t.Errorf("%s: taken %v, zoned %v, turned %d, %d×%d", c.name, e.TakenAt, e.Zoned, e.Orient, e.Width, e.Height)
		}
		if e.Place == nil || math.Abs(e.Place.Lat-28.9025) > 1e-4 || math.Abs(e.Place.Lon-111.4886) > 1e-4 {
			t.Errorf("%s: place %+v", c.name, e.Place)
		}
		if sum := sm3.Sum(raw); e.SM3 != hex.EncodeToString(sum[:]) {
			t.Errorf("%s: SM3 %q", c.name, e.SM3)
		}
		if ok, err := l.Blobs.Has(t.Context(), e.SHA256); !ok || err != nil {
			t.Errorf("%s: %v, %v", c.name, ok, err)
		}
	}
}

func TestDuplicatesCostNothing(t *testing.T) {
	d, l := laptopDesk(t)
	raw := jpegOf(t, picture(64, 48))
	for range 3 {
		if _, err := d.AddEvidence(t.Context(), EvidenceIn{Name: "a.jpg"}, bytes.NewReader(raw)); err != nil {
			t.Fatal(err)
		}
	}
	if list, err := l.Blobs.List(t.Context()); err != nil || len(list) != 1 {
		t.Errorf("%d files, %v", len(list), err)
	}
}

// Whatever the bytes are, looking at them neither fails nor hangs.
func FuzzLook(f *testing.F) {
	photo := jpegOf(f, picture(16, 16))
	f.Add("a.jpg", photo)
	f.Add("a.jpg", withNotes(photo, 3, "2026:09:17 15:04:05", "+08:00", 28, 111))
	f.Add("a.png", bomb(3000, 3000))
	f.Add("a.mp4", append([]byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"), box("moov", 4)...))
	f.Add("a.tif", []byte("II*\x00\x08\x00\x00\x00"))
	f.Add("a.xlsx", []byte("PK\x05\x06xl/"))
	f.Fuzz(func(t *testing.T, name string, b []byte) {
		e := &model.Evidence{Name: name}
		look(context.Background(), e, b, int64(len(b)), time.UTC)
		if len(b) > 0 && e.Type == "" {
			t.Error("bytes of no type")
		}
	})
}
