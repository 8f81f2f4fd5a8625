package casework

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/emmansun/gmsm/sm3"

	"anxin/model"
)

// EvidenceIn says what a file is evidence of.
type EvidenceIn struct {
	Case       model.ID
	Inspection model.ID
	Name       string // file name as it was
	Category   string // 行政处罚法 46; "" means 视听资料
	Supports   []string
	SM3        bool // hash by SM3 beside SHA-256
	// Taken is when the camera's file was closed, for a kind of file that does
	// not say itself when it was taken.
	Taken time.Time
	// Clock is how the camera's clock stood; zero where nobody compared.
	Clock CameraClock
}

// AddEvidence keeps a file exactly as it is and writes beside it what can be
// read from it: type, size, hash, and for a photo time, zone, place and
// turning. A damaged or disguised file is kept too and says so. The same bytes
// of the same visit and case are kept once: then the piece kept before is given
// back, with the revision it stands at; a new piece has none yet.
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
	if before, found, err := d.keptBefore(ctx, e); err != nil || found {
		return before, err
	}
	id := d.IDs.NewID()
	if _, err := d.commit(ctx, model.Change{ID: id, Record: e}); err != nil {
		return Kept[model.Evidence]{}, fmt.Errorf("登记证据“%s”: %w", e.Name, err)
	}
	return Kept[model.Evidence]{ID: id, Value: e}, nil
}

// keptBefore looks for a piece of the same bytes of the same visit and case.
func (d *Desk) keptBefore(ctx context.Context, e *model.Evidence) (Kept[model.Evidence], bool, error) {
	if e.Case == "" && e.Inspection == "" {
		return Kept[model.Evidence]{}, false, nil
	}
	list, err := all[model.Evidence](ctx, d, model.Query{Case: e.Case, Parent: e.Inspection})
	for _, k := range list {
		if k.Value.SHA256 == e.SHA256 && k.Value.Case == e.Case && k.Value.Inspection == e.Inspection {
			return k, true, nil
		}
	}
	return Kept[model.Evidence]{}, false, err
}

// keep puts a file's bytes away and describes them; the record is not
// committed yet.
func (d *Desk) keep(ctx context.Context, in EvidenceIn, r io.Reader) (*model.Evidence, error) {
	var head headBuffer
	r = io.TeeReader(r, &head)
	sum := sm3.New()
	if in.SM3 {
		r = io.TeeReader(r, sum)
	}
	info, err := d.Blobs.Put(ctx, r)
	if err != nil {
		return nil, fmt.Errorf("保存证据“%s”: %w", filepath.Base(in.Name), err)
	}
	e := &model.Evidence{Case: in.Case, Inspection: in.Inspection, Category: in.Category, Name: filepath.Base(in.Name),
		SHA256: info.SHA256, Size: info.Size, ImportedAt: d.Clock.Now(), ImportedBy: d.me, Supports: in.Supports,
		ClockOffset: int64(in.Clock.Ahead / time.Second), ClockSource: in.Clock.Source, Recorder: in.Clock.Camera}
	if e.Category == "" {
		e.Category = "视听资料"
	}
	if in.SM3 {
		e.SM3 = hex.EncodeToString(sum.Sum(nil))
	}
	look(ctx, e, head.Bytes(), info.Size, d.Clock.Now().Location())
	if e.TakenAt.IsZero() {
		e.TakenAt = in.Taken
	}
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
