package blob

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	_ "image/gif" // formats a photo may come in
	"image/jpeg"
	_ "image/png"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	_ "golang.org/x/image/bmp" // scanners write these
	"golang.org/x/image/draw"
	_ "golang.org/x/image/tiff"
	_ "golang.org/x/image/webp"

	"anxin/model"
	"anxin/model/seal"
)

// ThumbFolder is the name of the folder of thumbnails in the data folder. It
// may be deleted: thumbnails are made again from the evidence.
const ThumbFolder = "thumbs"

const (
	maxThumbEdge  = 1024
	thumbTime     = 5 * time.Second
	maxThumbBytes = 128 << 20 // of the picture as stored
	thumbQuality  = 82
)

// Why there is no thumbnail, for errors.Is.
var (
	ErrNoPicture = errors.New("这个文件不是能显示的图片，请导出后用专门的程序打开")
	ErrBroken    = errors.New("图片已经损坏，不能显示；原件已按原样保存")
	ErrTooBig    = errors.New("图片太大")
	ErrTooSlow   = errors.New("图片展开的时间太长，没有显示；原件已按原样保存，请用专门的程序查看")
)

// Thumbnail is a JPEG of a picture, no edge longer than edge pixels (at most
// 1024) and turned as the camera was held (orientation is EXIF's 1-8, 0 for
// unknown). It is made once and cached sealed. A picture of more pixels than
// model.PictureFits allows is refused before it is unpacked, and unpacking
// ends after five seconds; the error wraps ErrNoPicture, ErrBroken, ErrTooBig,
// ErrTooSlow or those of Get.
func (s *Store) Thumbnail(ctx context.Context, sha string, edge, orientation int) ([]byte, error) {
	edge = min(max(edge, 16), maxThumbEdge)
	if orientation < 1 || orientation > 8 {
		orientation = 1
	}
	name := fmt.Sprintf("%s-%d-%d", sha, edge, orientation)
	if out, err := s.cached(name); err != nil || out != nil {
		return out, err
	}
	src, err := s.picture(ctx, sha)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, turned(shrunk(src, edge), orientation), &jpeg.Options{Quality: thumbQuality}); err != nil {
		return nil, fmt.Errorf("制作缩略图: %w", err)
	}
	return out.Bytes(), s.cache(name, out.Bytes())
}

// picture unpacks a picture within the limits.
func (s *Store) picture(ctx context.Context, sha string) (image.Image, error) {
	r, size, err := s.Get(ctx, sha)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	if size > maxThumbBytes {
		return nil, fmt.Errorf("%w，文件有 %d MB；原件已按原样保存", ErrTooBig, size>>20)
	}
	if err := fits(ctx, r); err != nil {
		return nil, err
	}
	limited, stop := context.WithTimeout(ctx, thumbTime)
	defer stop()
	src, _, err := image.Decode(&contextReader{limited, r})
	if err == nil {
		return src, nil
	}
	if limited.Err() != nil && ctx.Err() == nil {
		return nil, ErrTooSlow
	}
	return nil, worded(ctx, err)
}

// fits looks at a picture's first bytes and goes back to its start.
func fits(ctx context.Context, r io.ReadSeeker) error {
	// What image cannot read it takes for a format it does not know.
	if _, err := r.Read(make([]byte, 1)); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("读取图片: %w", err)
	}
	cfg, _, err := image.DecodeConfig(r)
	if err != nil {
		return worded(ctx, err)
	}
	if err := model.PictureFits(cfg); err != nil {
		return fmt.Errorf("%w：%w", ErrTooBig, err)
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("读取图片: %w", err)
	}
	return nil
}

// worded says what an error of unpacking means.
func worded(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, ErrDamaged):
		return err
	case errors.Is(err, image.ErrFormat):
		return ErrNoPicture
	}
	return ErrBroken
}

// shrunk scales a picture down to an edge; a small one stays as it is. A large
// one is sampled to three times the edge first: averaging all of its pixels
// would take several times the memory of the picture.
func shrunk(src image.Image, edge int) *image.RGBA {
	if b := src.Bounds(); max(b.Dx(), b.Dy()) > 4*edge {
		src = scaled(draw.ApproxBiLinear, src, 3*edge)
	}
	return scaled(draw.BiLinear, src, edge)
}

func scaled(by draw.Scaler, src image.Image, edge int) *image.RGBA {
	b := src.Bounds()
	w, h := b.Dx(), b.Dy()
	if long := max(w, h); long > edge {
		w, h = max(1, w*edge/long), max(1, h*edge/long)
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(out, out.Bounds(), image.White, image.Point{}, draw.Src) // JPEG knows nothing transparent
	by.Scale(out, out.Bounds(), src, b, draw.Over, nil)
	return out
}

// origin says, for each orientation, which pixel of a picture of w×h stands at
// (x, y) when it is turned upright (EXIF 2.32, table 4).
var origin = [...]func(x, y, w, h int) (int, int){
	2: func(x, y, w, h int) (int, int) { return w - 1 - x, y },
	3: func(x, y, w, h int) (int, int) { return w - 1 - x, h - 1 - y },
	4: func(x, y, w, h int) (int, int) { return x, h - 1 - y },
	5: func(x, y, w, h int) (int, int) { return y, x },
	6: func(x, y, w, h int) (int, int) { return y, h - 1 - x },
	7: func(x, y, w, h int) (int, int) { return w - 1 - y, h - 1 - x },
	8: func(x, y, w, h int) (int, int) { return w - 1 - y, x },
}

// turned undoes the way the camera was held.
func turned(src *image.RGBA, orientation int) *image.RGBA {
	if orientation == 1 {
		return src
	}
	w, h := src.Rect.Dx(), src.Rect.Dy()
	size := image.Rect(0, 0, w, h)
	if orientation >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	out := image.NewRGBA(size)
	for y := range size.Dy() {
		for x := range size.Dx() {
			fromX, fromY := origin[orientation](x, y, w, h)
			out.SetRGBA(x, y, src.RGBAAt(fromX, fromY))
		}
	}
	return out
}

func (s *Store) thumbPath(name string) string {
	return filepath.Join(filepath.Dir(s.dir), ThumbFolder, name[:2], name)
}

// cached reads a thumbnail; nil when there is none or it does not open.
func (s *Store) cached(name string) ([]byte, error) {
	if _, ok := s.path(name[:min(len(name), 64)]); !ok {
		return nil, fmt.Errorf("证据文件“%s”: %w", name, model.ErrNotFound)
	}
	raw, err := os.ReadFile(s.thumbPath(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("读取缩略图: %w", err)
	}
	out, err := s.keys.Open("thumb "+name, raw)
	if errors.Is(err, seal.ErrDamaged) {
		return nil, nil // it is made again
	}
	return out, err
}

func (s *Store) cache(name string, out []byte) error {
	raw, err := s.keys.Seal("thumb "+name, out)
	if err != nil {
		return err
	}
	path := s.thumbPath(name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("建立缩略图文件夹: %w", err)
	}
	return seal.WriteFile(path, raw)
}
