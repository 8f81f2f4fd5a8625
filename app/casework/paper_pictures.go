package casework

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"anxin/model"
)

// A draft names a picture by the SHA-256 of the evidence it is; what is issued
// names the print of it, which is made then and carried inside the PDF. So the
// paper can be printed again from itself alone, and the draft still leads to
// the evidence as it came in.

// kindImage is the kind of a field that shows a picture.
const kindImage = "image"

// mostPicture bounds a photo that is printed, in bytes.
const mostPicture = 64 << 20

// picturesOf makes the prints that the printed fields of a document name, and
// puts their names in place of the evidence's. What cannot be printed is
// called by its name.
func (d *Desk) picturesOf(ctx context.Context, doc *model.Document, fields map[string]any) (map[string][]byte, error) {
	prints := map[string][]byte{}
	swap := func(in map[string]any, name string) error {
		hash, _ := in[name].(string)
		if hash == "" {
			return nil
		}
		print, err := d.printOf(ctx, doc, hash)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(print)
		in[name] = hex.EncodeToString(sum[:])
		prints[hex.EncodeToString(sum[:])] = print
		return nil
	}
	for _, f := range d.Press.Fields(doc.Edition()) {
		if f.Kind == kindImage {
			if err := swap(fields, f.Name); err != nil {
				return nil, err
			}
		}
		for i, kind := range f.ColumnKinds {
			if kind != kindImage {
				continue
			}
			for _, row := range rowList(fields[f.Name]) {
				if err := swap(row, f.Columns[i]); err != nil {
					return nil, err
				}
			}
		}
	}
	if len(prints) == 0 {
		return nil, nil
	}
	return prints, nil
}

func (d *Desk) printOf(ctx context.Context, doc *model.Document, hash string) ([]byte, error) {
	name, err := d.pictureName(ctx, doc, hash)
	if err != nil {
		return nil, err
	}
	r, size, err := d.Blobs.Get(ctx, hash)
	if errors.Is(err, model.ErrNotFound) {
		return nil, fmt.Errorf("《%s》所附的照片“%s”不在本机，请先同步，或者改选其他照片: %w", doc.Title, name, err)
	}
	if err != nil {
		return nil, fmt.Errorf("读取照片“%s”: %w", name, err)
	}
	defer r.Close()
	if size > mostPicture {
		return nil, fmt.Errorf("照片“%s”超过 %d MB，不能排入文书，请改选其他照片", name, mostPicture>>20)
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("读取照片“%s”: %w", name, err)
	}
	print, err := d.Press.Picture(raw)
	if err != nil {
		return nil, fmt.Errorf("“%s”%w", name, err)
	}
	return print, nil
}

// pictureName is the file name of a picture among the evidence of the case or
// the visit; the beginning of its hash where no record has it.
func (d *Desk) pictureName(ctx context.Context, doc *model.Document, hash string) (string, error) {
	list, err := d.Pictures(ctx, doc.Case, doc.Inspection)
	if err != nil {
		return "", err
	}
	for _, k := range list {
		if k.Value.SHA256 == hash {
			return k.Value.Name, nil
		}
	}
	return hash[:min(12, len(hash))], nil
}

// Pictures are the pieces of evidence of a case, or of a visit without one,
// that a paper can show, the first that came in first.
func (d *Desk) Pictures(ctx context.Context, of, visit model.ID) ([]Kept[model.Evidence], error) {
	var out []Kept[model.Evidence]
	for _, q := range []model.Query{{Case: of}, {Parent: visit}} {
		if q.Case == "" && q.Parent == "" {
			continue
		}
		list, err := all[model.Evidence](ctx, d, q)
		if err != nil {
			return nil, err
		}
		for i := len(list) - 1; i >= 0; i-- {
			if k := list[i]; printable(k.Value) && !hasPicture(out, k.ID) {
				out = append(out, k)
			}
		}
	}
	return out, nil
}

// printable tells whether a press can show a piece of evidence.
func printable(e *model.Evidence) bool {
	return (e.Type == "image/jpeg" || e.Type == "image/png") && e.Damaged == ""
}

func hasPicture(list []Kept[model.Evidence], id model.ID) bool {
	for _, k := range list {
		if k.ID == id {
			return true
		}
	}
	return false
}

// PictureOf is a piece of evidence as a row of pictures on a paper.
func PictureOf(e *model.Evidence) model.Picture {
	name := e.Name
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		name = name[:i]
	}
	p := model.Picture{Photo: e.SHA256, Caption: name}
	if !e.TakenAt.IsZero() {
		p.Taken = model.ChineseTime(e.TakenAt) + "拍摄"
	}
	return p
}

// KeepVisitCode keeps a picture of the code the province gave a visit which
// could not be read: it is evidence of the visit and printed on its notice as it
// is.
func (d *Desk) KeepVisitCode(ctx context.Context, visit model.ID, name string, raw []byte) error {
	k, err := d.AddEvidence(ctx, EvidenceIn{Inspection: visit, Name: name, Category: "电子数据"}, bytes.NewReader(raw))
	if err != nil {
		return err
	}
	if !printable(k.Value) {
		return fmt.Errorf("“%s”不是能排印的图片，请另存为 png 或 jpg", name)
	}
	i, rev, err := load[model.Inspection](ctx, d, visit)
	if err != nil {
		return err
	}
	i.ExternalCode, i.ExternalPicture = "", k.Value.SHA256
	_, err = d.Save(ctx, visit, rev, i)
	return err
}

// pictureRows are pictures as the rows of a paper.
func pictureRows(list []model.Picture) []map[string]any {
	var rows []map[string]any
	for _, p := range list {
		rows = append(rows, map[string]any{"photo": p.Photo, "caption": p.Caption, "taken": p.Taken})
	}
	return rows
}

// shownEvidence are the pictures among the evidence of an act.
func (d *Desk) shownEvidence(ctx context.Context, ids []model.ID) ([]map[string]any, error) {
	var list []model.Picture
	for _, id := range ids {
		e, _, err := load[model.Evidence](ctx, d, id)
		if err != nil {
			return nil, err
		}
		if printable(e) {
			list = append(list, PictureOf(e))
		}
	}
	return pictureRows(list), nil
}
