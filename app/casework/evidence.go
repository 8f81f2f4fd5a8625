package casework

import (
	"bytes"
	"context"
	"fmt"
	"image"
	_ "image/gif" // formats a photo may come in
	_ "image/jpeg"
	_ "image/png"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"github.com/evanoberholster/imagemeta"

	"anxin/model"
)

// Limits for looking into a picture; beyond them the bytes are kept unread.
const (
	maxLookBytes  = 64 << 20
	maxLookPixels = 120_000_000
)

// EvidenceIn says what a file is evidence of.
type EvidenceIn struct {
	Case       model.ID
	Inspection model.ID
	Name       string // file name as it was
	Category   string // 行政处罚法 46; "" means 视听资料
	Supports   []string
}

// AddEvidence keeps a file exactly as it is and writes beside it what can be
// read from it: type, size, hash, and for a photo time, zone, place and
// turning. A damaged or disguised file is kept too and says so.
func (d *Desk) AddEvidence(ctx context.Context, in EvidenceIn, r io.Reader) (Kept[model.Evidence], error) {
	if in.Case != "" {
		if _, _, err := load[model.Case](ctx, d, in.Case); err != nil {
			return Kept[model.Evidence]{}, err
		}
	}
	e, err := d.keep(ctx, in, r)
	if err != nil {
		return Kept[model.Evidence]{}, err
	}
	id := d.IDs.NewID()
	if _, err := d.commit(ctx, model.Change{ID: id, Record: e}); err != nil {
		return Kept[model.Evidence]{}, fmt.Errorf("登记证据“%s”: %w", e.Name, err)
	}
	return Kept[model.Evidence]{ID: id, Value: e}, nil
}

// keep puts a file's bytes away and describes them; the record is not
// committed yet.
func (d *Desk) keep(ctx context.Context, in EvidenceIn, r io.Reader) (*model.Evidence, error) {
	var head headBuffer
	info, err := d.Blobs.Put(ctx, io.TeeReader(r, &head))
	if err != nil {
		return nil, fmt.Errorf("保存证据“%s”: %w", filepath.Base(in.Name), err)
	}
	e := &model.Evidence{Case: in.Case, Inspection: in.Inspection, Category: in.Category, Name: filepath.Base(in.Name),
		SHA256: info.SHA256, Size: info.Size, ImportedAt: d.Clock.Now(), ImportedBy: d.me, Supports: in.Supports}
	if e.Category == "" {
		e.Category = "视听资料"
	}
	look(e, head.Bytes(), info.Size, d.Clock.Now().Location())
	return e, nil
}

// Warnings about a piece of evidence, for the report of the act.
func EvidenceWarnings(e *model.Evidence) (out []Warning) {
	if e.Disguised {
		out = append(out, Warning{e.Name, fmt.Sprintf("文件名与内容不符，实际是 %s，已按原样保存", e.Type)})
	}
	if e.Damaged != "" {
		out = append(out, Warning{e.Name, e.Damaged + "，已按原样保存，请重新拷贝或补拍"})
	}
	return out
}

// headBuffer keeps what passes by, up to the look limit.
type headBuffer struct{ bytes.Buffer }

func (h *headBuffer) Write(p []byte) (int, error) {
	if room := maxLookBytes - h.Len(); room > 0 {
		h.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

// look reads what the bytes say about themselves.
func look(e *model.Evidence, b []byte, size int64, zone *time.Location) {
	e.Type = sniff(b)
	if want := byExtension(e.Name); want != "" && want != e.Type {
		e.Disguised = true
	}
	if size == 0 {
		e.Damaged = "文件是空的"
		return
	}
	if !strings.HasPrefix(e.Type, "image/") || size > maxLookBytes {
		return
	}
	cfg, _, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		e.Damaged = "图片的开头已损坏，不能显示"
		return
	}
	e.Width, e.Height = cfg.Width, cfg.Height
	if int64(cfg.Width)*int64(cfg.Height) <= maxLookPixels {
		if _, _, err := image.Decode(bytes.NewReader(b)); err != nil {
			e.Damaged = "图片不完整，后半部分缺失或已损坏"
		}
	}
	readExif(e, b, zone)
}

func sniff(b []byte) string {
	t, _, _ := strings.Cut(http.DetectContentType(b[:min(len(b), 512)]), ";")
	if t == "application/zip" && bytes.Contains(b[:min(len(b), 4096)], []byte("xl/")) {
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return t
}

// byExtension is the type a file name promises, "" when it promises nothing
// that can be checked.
func byExtension(name string) string {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".jpg", ".jpeg":
		return "image/jpeg"
	case ".png":
		return "image/png"
	case ".pdf":
		return "application/pdf"
	}
	return ""
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
