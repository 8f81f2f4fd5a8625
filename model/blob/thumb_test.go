package blob_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/emmansun/gmsm/sm3"

	"anxin/model"
	"anxin/model/blob"
)

// quarters is a picture whose corners are red, green, blue and white.
func quarters(w, h int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{255, 0, 0, 255}
			switch {
			case x >= w/2 && y < h/2:
				c = color.RGBA{0, 255, 0, 255}
			case x < w/2 && y >= h/2:
				c = color.RGBA{0, 0, 255, 255}
			case x >= w/2:
				c = color.RGBA{255, 255, 255, 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	return m
}

func encoded(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// letter names the colour of a corner.
func letter(c color.Color) byte {
	r, g, b, _ := c.RGBA()
	switch {
	case r > 0xc000 && g > 0xc000 && b > 0xc000:
		return 'W'
	case r > 0xc000:
		return 'R'
	case g > 0xc000:
		return 'G'
	case b > 0xc000:
		return 'B'
	}
	return '?'
}

func TestThumbnailIsUpright(t *testing.T) {
	s, _, _ := open(t)
	info := put(t, s, encoded(t, quarters(400, 200)))
	for orientation, want := range map[int]string{0: "RGBW", 1: "RGBW", 2: "GRWB", 3: "WBGR", 4: "BWRG", 5: "RBGW", 6: "BRWG", 7: "WGBR", 8: "GWRB", 9: "RGBW"} {
		raw, err := s.Thumbnail(ctx, info.SHA256, 64, orientation)
		if err != nil {
			t.Fatalf("%d: %v", orientation, err)
		}
		m, err := jpeg.Decode(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		b := m.Bounds()
		if size := (image.Point{64, 32}); orientation >= 5 && orientation <= 8 && b.Size() != (image.Point{32, 64}) || (orientation < 5 || orientation > 8) && b.Size() != size {
			t.Errorf("%d: %v", orientation, b.Size())
		}
		got := string([]byte{letter(m.At(3, 3)), letter(m.At(b.Max.X-4, 3)), letter(m.At(3, b.Max.Y-4)), letter(m.At(b.Max.X-4, b.Max.Y-4))})
		if got != want {
			t.Errorf("%d: corners %s, want %s", orientation, got, want)
		}
	}
}

func TestSmallPictureIsNotBlownUp(t *testing.T) {
	s, _, _ := open(t)
	for _, size := range []image.Point{{3, 2}, {1, 900}, {2500, 1}} {
		raw, err := s.Thumbnail(ctx, put(t, s, encoded(t, quarters(size.X, size.Y))).SHA256, 100, 1)
		if err != nil {
			t.Fatalf("%v: %v", size, err)
		}
		cfg, err := jpeg.DecodeConfig(bytes.NewReader(raw))
		if err != nil || cfg.Width > min(size.X, 100) || cfg.Height > min(size.Y, 100) {
			t.Errorf("%v became %d×%d, %v", size, cfg.Width, cfg.Height, err)
		}
	}
}

func TestThumbnailIsCachedSealed(t *testing.T) {
	s, dir, keys := open(t)
	info := put(t, s, encoded(t, quarters(200, 200)))
	first, err := s.Thumbnail(ctx, info.SHA256, 50, 1)
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	root := filepath.Join(filepath.Dir(dir), blob.ThumbFolder)
	err = filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil || len(files) != 1 {
		t.Fatalf("%v, %v", files, err)
	}
	raw, err := os.ReadFile(files[0])
	if err != nil || bytes.Contains(raw, first[:16]) {
		t.Errorf("clear bytes on disk, %v", err)
	}
	if err := os.Remove(path(dir, info.SHA256)); err != nil {
		t.Fatal(err)
	}
	if again, err := s.Thumbnail(ctx, info.SHA256, 50, 1); err != nil || !bytes.Equal(first, again) {
		t.Errorf("not from the cache: %v", err)
	}
	put(t, s, encoded(t, quarters(200, 200)))
	if err := os.WriteFile(files[0], []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	if again, err := s.Thumbnail(ctx, info.SHA256, 50, 1); err != nil || !bytes.Equal(first, again) {
		t.Errorf("not made again: %v", err)
	}
	keys.Forget()
	if _, err := s.Thumbnail(ctx, info.SHA256, 50, 1); !errors.Is(err, model.ErrLocked) {
		t.Errorf("locked: %v", err)
	}
}

func TestWhatHasNoThumbnail(t *testing.T) {
	s, dir, _ := open(t)
	whole := encoded(t, quarters(300, 300))
	bomb := bytes.Clone(whole)
	binary.BigEndian.PutUint32(bomb[16:], 60_000)
	binary.BigEndian.PutUint32(bomb[20:], 60_000)
	binary.BigEndian.PutUint32(bomb[29:], crc32.ChecksumIEEE(bomb[12:29]))
	for name, c := range map[string]struct {
		raw  []byte
		want error
	}{
		"a text": {[]byte("工资表"), blob.ErrNoPicture}, "nothing": {nil, blob.ErrNoPicture}, "half a picture": {whole[:len(whole)-50], blob.ErrBroken},
		"a head only": {whole[:20], blob.ErrBroken}, "a bomb": {bomb, blob.ErrTooBig},
	} {
		if _, err := s.Thumbnail(ctx, put(t, s, c.raw).SHA256, 100, 1); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	info := put(t, s, whole)
	stopped, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := s.Thumbnail(stopped, info.SHA256, 100, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
	if _, err := s.Thumbnail(ctx, "../../etc/passwd", 100, 1); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("a path: %v", err)
	}
	raw, err := os.ReadFile(path(dir, info.SHA256))
	if err != nil {
		t.Fatal(err)
	}
	raw[len(raw)/2] ^= 1
	if err := os.WriteFile(path(dir, info.SHA256), raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Thumbnail(ctx, info.SHA256, 100, 1); !errors.Is(err, blob.ErrDamaged) && !errors.Is(err, blob.ErrBroken) {
		t.Errorf("damaged on disk: %v", err)
	}
}

func TestSM3(t *testing.T) {
	s, _, _ := open(t)
	data := pattern(3*chunk + 5)
	want := sm3.Sum(data)
	if got, err := s.SM3(ctx, put(t, s, data).SHA256); err != nil || got != hex.EncodeToString(want[:]) {
		t.Errorf("%s, %v", got, err)
	}
	if got, err := s.SM3(ctx, put(t, s, []byte("abc")).SHA256); err != nil || got != "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0" {
		t.Errorf("the example of GB/T 32905: %s, %v", got, err)
	}
	if _, err := s.SM3(ctx, "none"); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("%v", err)
	}
}

func BenchmarkSHA256AndSM3(b *testing.B) {
	s, _, _ := open(b)
	info := put(b, s, pattern(16<<20))
	b.SetBytes(info.Size)
	for b.Loop() {
		if err := s.Check(ctx, info.SHA256); err != nil {
			b.Fatal(err)
		}
		if _, err := s.SM3(ctx, info.SHA256); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkThumbnail12MP is a phone's photo, made anew each time.
func BenchmarkThumbnail12MP(b *testing.B) {
	s, dir, _ := open(b)
	var raw bytes.Buffer
	if err := jpeg.Encode(&raw, quarters(4000, 3000), nil); err != nil {
		b.Fatal(err)
	}
	info := put(b, s, raw.Bytes())
	for b.Loop() {
		if _, err := s.Thumbnail(ctx, info.SHA256, 320, 6); err != nil {
			b.Fatal(err)
		}
		if err := os.RemoveAll(filepath.Join(filepath.Dir(dir), blob.ThumbFolder)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRefuseBomb is a file that would unpack to 14 GB.
func BenchmarkRefuseBomb(b *testing.B) {
	s, _, _ := open(b)
	bomb := encoded(b, quarters(300, 300))
	binary.BigEndian.PutUint32(bomb[16:], 60_000)
	binary.BigEndian.PutUint32(bomb[20:], 60_000)
	binary.BigEndian.PutUint32(bomb[29:], crc32.ChecksumIEEE(bomb[12:29]))
	info := put(b, s, bomb)
	for b.Loop() {
		if _, err := s.Thumbnail(ctx, info.SHA256, 320, 1); !errors.Is(err, blob.ErrTooBig) {
			b.Fatal(err)
		}
	}
}
