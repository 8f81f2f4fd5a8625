package casework

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	_ "image/gif" // formats a photo may come in
	_ "image/jpeg"
	_ "image/png"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/evanoberholster/imagemeta"
	_ "golang.org/x/image/bmp" // scanners write these
	_ "golang.org/x/image/tiff"
	_ "golang.org/x/image/webp"

	"anxin/model"
)

// Limits for looking into a file; beyond them the bytes are kept unread.
const (
	maxLookBytes = 64 << 20
	maxLookTime  = 10 * time.Second
)

// look reads what the bytes say about themselves: b is the first part of a
// file of so many bytes.
func look(ctx context.Context, e *model.Evidence, b []byte, size int64, zone *time.Location) {
	e.Type = sniff(b)
	if want := byExtension[strings.ToLower(filepath.Ext(e.Name))]; want != nil && size > 0 {
		e.Disguised = !slices.Contains(want, e.Type)
	}
	switch {
	case size == 0:
		e.Damaged = "文件是空的"
	case strings.HasPrefix(e.Type, "image/"):
		lookAtPicture(ctx, e, b, size)
		readExif(e, b, zone)
	case size <= maxLookBytes:
		e.Damaged = cutShort(e.Type, b)
	}
}

// lookAtPicture unpacks a picture to see that it is whole, where that costs no
// more than a picture may.
func lookAtPicture(ctx context.Context, e *model.Evidence, b []byte, size int64) {
	cfg, _, err := image.DecodeConfig(bytes.NewReader(b))
	if errors.Is(err, image.ErrFormat) {
		return // a format this program cannot draw, such as HEIC
	}
	if err != nil {
		e.Damaged = "图片的开头已损坏，不能显示"
		return
	}
	e.Width, e.Height = cfg.Width, cfg.Height
	if size > maxLookBytes || model.PictureFits(cfg) != nil {
		return
	}
	ctx, stop := context.WithTimeout(ctx, maxLookTime)
	defer stop()
	if _, _, err := image.Decode(&stoppable{ctx, bytes.NewReader(b)}); err != nil && ctx.Err() == nil {
		e.Damaged = "图片不完整，后半部分缺失或已损坏"
	}
}

// stoppable ends a long unpacking when its context ends.
type stoppable struct {
	ctx context.Context
	r   io.Reader
}

func (s *stoppable) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.r.Read(p)
}

// cutShort says what is missing of a file that is here whole, "" if nothing.
func cutShort(kind string, b []byte) string {
	switch {
	case kind == "application/pdf":
		if !bytes.Contains(b[max(0, len(b)-2048):], []byte("%%EOF")) {
			return "PDF 不完整，后半部分缺失"
		}
	case isZip(kind):
		if _, err := zip.NewReader(bytes.NewReader(b), int64(len(b))); err != nil && !errors.Is(err, zip.ErrInsecurePath) {
			return "文件不完整，后半部分缺失或已损坏"
		}
	case kind == typeMP4 || kind == typeMOV:
		if !wholeBoxes(b) {
			return "录像不完整，后半部分缺失"
		}
	}
	return ""
}

// wholeBoxes walks the outermost boxes of a film (ISO/IEC 14496-12): they fill
// the file exactly and one of them is the index, without which nothing plays.
func wholeBoxes(b []byte) bool {
	index := false
	for len(b) > 0 {
		if len(b) < 8 {
			return false
		}
		size := uint64(binary.BigEndian.Uint32(b))
		index = index || string(b[4:8]) == "moov"
		switch {
		case size == 0: // to the end of the file
			return index
		case size == 1 && len(b) >= 16:
			size = binary.BigEndian.Uint64(b[8:])
		}
		if size < 8 || size > uint64(len(b)) {
			return false
		}
		b = b[size:]
	}
	return index
}

const (
	typeZip  = "application/zip"
	typeXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	typeDOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	typeOLE  = "application/x-ole-storage" // Word and Excel before 2007
	typeMP4  = "video/mp4"
	typeMOV  = "video/quicktime"
	typeM4A  = "audio/mp4"
	typeHEIC = "image/heic"
	typeAMR  = "audio/amr"
	typeTIFF = "image/tiff"
)

func isZip(kind string) bool { return kind == typeZip || kind == typeXLSX || kind == typeDOCX }

// byExtension are the types a file name promises; what is not listed promises
// nothing that can be checked.
var byExtension = map[string][]string{
	".jpg": {"image/jpeg"}, ".jpeg": {"image/jpeg"}, ".png": {"image/png"}, ".gif": {"image/gif"}, ".bmp": {"image/bmp"},
	".webp": {"image/webp"}, ".tif": {typeTIFF}, ".tiff": {typeTIFF}, ".heic": {typeHEIC}, ".heif": {typeHEIC},
	".pdf": {"application/pdf"}, ".xlsx": {typeXLSX}, ".docx": {typeDOCX}, ".xls": {typeOLE}, ".doc": {typeOLE}, ".zip": {typeZip, typeXLSX, typeDOCX},
	".mp4": {typeMP4, typeMOV}, ".mov": {typeMOV, typeMP4}, ".m4a": {typeM4A, typeMP4}, ".avi": {"video/avi"}, ".wav": {"audio/wave"}, ".amr": {typeAMR},
}

// sniff names what bytes are by their first few hundred.
func sniff(b []byte) string {
	t, _, _ := strings.Cut(http.DetectContentType(b[:min(len(b), 512)]), ";")
	head := b[:min(len(b), 4096)]
	switch {
	case t == typeZip && bytes.Contains(head, []byte("xl/")):
		return typeXLSX
	case t == typeZip && bytes.Contains(head, []byte("word/")):
		return typeDOCX
	case len(b) >= 12 && string(b[4:8]) == "ftyp":
		return byBrand(string(b[8:12]))
	case bytes.HasPrefix(b, []byte("II*\x00")) || bytes.HasPrefix(b, []byte("MM\x00*")):
		return typeTIFF
	case bytes.HasPrefix(b, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return typeOLE
	case bytes.HasPrefix(b, []byte("#!AMR")):
		return typeAMR
	}
	return t
}

// byBrand tells the many files that begin alike (ISO/IEC 14496-12) apart.
func byBrand(brand string) string {
	switch brand {
	case "heic", "heix", "heim", "heis", "hevc", "mif1", "msf1":
		return typeHEIC
	case "qt  ":
		return typeMOV
	case "M4A ", "M4B ":
		return typeM4A
	}
	return typeMP4
}

// readExif takes time, zone, place and turning from the camera's notes. A
// photo without them, or with broken ones, stays as it is.
func readExif(e *model.Evidence, b []byte, zone *time.Location) {
	defer func() {
		// The reader is a third party's and the bytes are anybody's: a photo
		// it fails on is kept without notes.
		_ = recover()
	}()
	x, err := imagemeta.Decode(bytes.NewReader(b))
	if err != nil {
		return
	}
	e.Orient = int(x.Orientation)
	if t := x.DateTimeOriginal(); !t.IsZero() && t.Year() > 1990 {
		_, offset := t.Zone()
		e.Zoned = offset != 0 || hasOffset(b)
		if !e.Zoned {
			t = time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, zone)
		}
		e.TakenAt = t
	}
	if lat, lon := x.GPS.Latitude(), x.GPS.Longitude(); lat != 0 || lon != 0 {
		e.Place = &model.GeoPoint{Lat: lat, Lon: lon}
	}
}

// hasOffset: the camera wrote an offset of zero, which is a zone too.
func hasOffset(b []byte) bool { return bytes.Contains(b[:min(len(b), 64<<10)], []byte("+00:00")) }
