package casework

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"anxin/model"
)

// SignaturePoint is a place of the pen, in the pad's own pixels, and how long
// after the first touch it was there, in milliseconds.
type SignaturePoint struct {
	X  float32 `json:"x"`
	Y  float32 `json:"y"`
	MS int64   `json:"ms"`
}

// Signature is what somebody wrote on the screen under an issued document.
// What is kept says which document it was put under, by the digest of its data
// and the hash of its pages, on which laptop, before which officer, and when.
type Signature struct {
	Document model.ID           `json:"document"`
	Title    string             `json:"title"`
	Number   string             `json:"number"`
	Digest   string             `json:"digest"` // of the document's data, as its code carries it
	PDF      string             `json:"pdf"`    // SHA-256 of the pages
	Name     string             `json:"name"`
	Role     string             `json:"role"`
	Device   string             `json:"device"`
	Officer  model.ID           `json:"officer"`
	Began    time.Time          `json:"began"`
	Ended    time.Time          `json:"ended"`
	Strokes  [][]SignaturePoint `json:"strokes"`
	Picture  string             `json:"picture"` // PNG in base64
}

// SignatureType is what the bytes of a kept signature are.
const SignatureType = "application/vnd.anxin.signature+json"

// KeepSignature keeps a signature written on the screen as evidence and links
// it to the document. The office must have chosen to let people sign so; wet
// ink stays possible beside it.
func (d *Desk) KeepSignature(ctx context.Context, s Signature) (model.ID, error) {
	doc, rev, err := load[model.Document](ctx, d, s.Document)
	if err != nil {
		return "", err
	}
	o, err := d.Office(ctx)
	if err != nil {
		return "", err
	}
	switch {
	case !o.Value.ScreenSigning:
		return "", errors.New("本单位没有开启屏上签名，请打印后手写签名；需要的，在“设置”的本单位中开启")
	case doc.Issued == nil:
		return "", fmt.Errorf("《%s》还没有签发，不能签名", doc.Title)
	case doc.State == model.DocumentWithdrawn:
		return "", fmt.Errorf("《%s》已经撤回，不能签名", doc.Title)
	case strings.TrimSpace(s.Name) == "":
		return "", errors.New("请填写签名人的姓名")
	case len(s.Strokes) == 0 || s.Picture == "":
		return "", errors.New("没有笔迹，请在框内签名")
	}
	s.Title, s.Number, s.Digest, s.PDF = doc.Title, NumberOf(doc), doc.Issued.Digest, doc.Issued.PDF
	s.Device, s.Officer = d.Device, d.me
	raw, err := json.Marshal(s)
	if err != nil {
		return "", fmt.Errorf("整理签名: %w", err)
	}
	in := EvidenceIn{Case: doc.Case, Inspection: doc.Inspection, Name: s.label() + "签名.json", Category: "电子数据"}
	e, err := d.keep(ctx, in, bytes.NewReader(raw))
	if err != nil {
		return "", err
	}
	e.Type, e.Disguised, e.TakenAt, e.Zoned = SignatureType, false, s.Ended, true
	id := d.IDs.NewID()
	doc.Events = append(doc.Events, model.Event{Kind: model.EventSigned, At: s.Ended, By: d.me, Record: id, Note: s.label()})
	if _, err := d.commit(ctx, model.Change{ID: id, Record: e}, model.Change{ID: s.Document, Base: rev, Record: doc}); err != nil {
		return "", fmt.Errorf("登记《%s》的签名: %w", doc.Title, err)
	}
	return id, nil
}

// label is who signed as what.
func (s *Signature) label() string {
	if s.Role == "" {
		return s.Name
	}
	return s.Name + "（" + s.Role + "）"
}

// ReadSignature reads a kept signature and its picture.
func ReadSignature(raw []byte) (*Signature, []byte, error) {
	var s Signature
	if err := json.Unmarshal(raw, &s); err != nil {
		return nil, nil, fmt.Errorf("签名文件已损坏: %w", err)
	}
	picture, err := base64.StdEncoding.DecodeString(s.Picture)
	if err != nil {
		return nil, nil, fmt.Errorf("签名图片已损坏: %w", err)
	}
	return &s, picture, nil
}
