package office

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"anxin/app/casework"
	"anxin/forms/paper"
	"anxin/model"
)

// pdfType and the prefix of pictures, as evidence records say what bytes are.
const (
	pdfType     = "application/pdf"
	pictureType = "image/"
)

// evidence gathers what is no scan of a paper: a picture on its own sheet, a
// PDF behind a sheet about it, and for the rest the sheet alone.
func (b *binder) evidence(scans map[model.ID]bool) error {
	list := slices.Clone(b.file.Evidence)
	list = slices.DeleteFunc(list, func(k casework.Kept[model.Evidence]) bool { return scans[k.ID] })
	slices.SortStableFunc(list, func(x, y casework.Kept[model.Evidence]) int { return x.Value.ImportedAt.Compare(y.Value.ImportedAt) })
	for i, k := range list {
		if err := b.begin(k.Value.Name); err != nil {
			return err
		}
		if err := b.exhibit(i+1, k.Value); err != nil {
			return err
		}
	}
	return nil
}

func (b *binder) exhibit(n int, e *model.Evidence) error {
	fields := map[string]any{"serial": fmt.Sprint(n), "name": e.Name, "category": e.Category, "size": sizeText(e.Size),
		"digest": e.SHA256, "supports": strings.Join(e.Supports, "、"), "taken": model.ChineseTime(e.TakenAt)}
	if o := b.file.Officers[e.ImportedBy]; o != nil {
		fields["person"] = o.Name
	}
	if e.Place != nil {
		fields["place"] = fmt.Sprintf("北纬 %.5f°，东经 %.5f°", e.Place.Lat, e.Place.Lon)
	}
	images, attached, err := b.exhibitBytes(e, fields)
	if err != nil {
		return err
	}
	sheet, err := b.sheet("evidence", fields, images)
	if err != nil {
		return fmt.Errorf("证据“%s”: %w", e.Name, err)
	}
	p := piece{group: groupEvidence, pdf: sheet, FiledPiece: FiledPiece{Name: fmt.Sprintf("证据%d　%s", n, e.Name),
		Date: model.DateOf(e.ImportedAt).Chinese(), Note: e.Category}}
	if err := b.add(p); err != nil || attached == nil {
		return err
	}
	p.pdf, p.Name = attached, p.Name+"（正文）"
	return b.add(p)
}

// exhibitBytes opens a piece of evidence for print; what cannot be shown gets
// a remark on its sheet.
func (b *binder) exhibitBytes(e *model.Evidence, fields map[string]any) (images map[string][]byte, attached []byte, err error) {
	switch {
	case e.Type != pdfType && !strings.HasPrefix(e.Type, pictureType):
		fields["remark"] = "此件不能印出，原件作为电子数据随案保存，以摘要核对。"
		return nil, nil, nil
	case e.Size > maxReadBlob:
		fields["remark"] = "此件过大，未印出，原件作为电子数据随案保存，以摘要核对。"
		return nil, nil, nil
	}
	raw, err := b.office.ReadBlob(b.ctx, e.SHA256)
	if errors.Is(err, model.ErrNotFound) {
		fields["remark"] = "此件不在立卷的电脑上，未印出。"
		b.absent = append(b.absent, fmt.Sprintf("证据“%s”：文件不在本机，请先同步", e.Name))
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	if e.Type == pdfType {
		return nil, raw, nil
	}
	images, hash := printOf(raw)
	if images == nil {
		fields["remark"] = "图片不能显示，未印出，原件作为电子数据随案保存，以摘要核对。"
		return nil, nil, nil
	}
	fields["picture"] = hash
	return images, nil, nil
}

// printOf makes the print of a picture and its name; nil when it cannot be shown.
func printOf(raw []byte) (images map[string][]byte, hash string) {
	print, err := paper.PreparePicture(raw, paper.LongestSide)
	if err != nil {
		return nil, ""
	}
	hash = Digest(print)
	return map[string][]byte{hash: print}, hash
}

// Digest is the SHA-256 by which the blob room names bytes.
func Digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// attached is the evidence an event of a paper names, with its bytes; nil where
// it is not here, which is noted.
func (b *binder) attached(d *model.Document, event model.Event, what string) (*model.Evidence, []byte, error) {
	i := slices.IndexFunc(b.file.Evidence, func(k casework.Kept[model.Evidence]) bool { return k.ID == event.Record })
	if i < 0 {
		b.absent = append(b.absent, fmt.Sprintf("《%s》的%s：登记不在本机，请先同步", d.Title, what))
		return nil, nil, nil
	}
	e := b.file.Evidence[i].Value
	raw, err := b.office.ReadBlob(b.ctx, e.SHA256)
	if errors.Is(err, model.ErrNotFound) {
		b.absent = append(b.absent, fmt.Sprintf("《%s》的%s“%s”：文件不在本机，请先同步", d.Title, what, e.Name))
		return nil, nil, nil
	}
	return e, raw, err
}

// signature adds a sheet with what was written on the screen under a paper.
func (b *binder) signature(group string, d *model.Document, event model.Event) error {
	e, raw, err := b.attached(d, event, "屏上签名")
	if err != nil || e == nil {
		return err
	}
	s, picture, err := casework.ReadSignature(raw)
	if err != nil {
		b.absent = append(b.absent, fmt.Sprintf("《%s》的屏上签名“%s”：%v", d.Title, e.Name, err))
		return nil
	}
	images, hash := printOf(picture)
	if images == nil {
		b.absent = append(b.absent, fmt.Sprintf("《%s》的屏上签名“%s”：图片不能显示", d.Title, e.Name))
		return nil
	}
	fields := map[string]any{"name": d.Title, "code": casework.NumberOf(d), "signer": s.Name, "role": s.Role, "began": model.ChineseTime(s.Began),
		"ended": model.ChineseTime(s.Ended), "device": s.Device, "document": s.Digest, "digest": e.SHA256, "picture": hash}
	if o := b.file.Officers[s.Officer]; o != nil {
		fields["officer"] = o.Name
	}
	pdf, err := b.sheet("signature", fields, images)
	if err != nil {
		return fmt.Errorf("《%s》的屏上签名: %w", d.Title, err)
	}
	return b.add(piece{group: group, pdf: pdf, FiledPiece: FiledPiece{Name: d.Title + "屏上签名：" + event.Note, Number: casework.NumberOf(d),
		Date: model.DateOf(event.At).Chinese(), Note: "电子数据"}})
}

// scan adds the scan of a signed paper behind the paper.
func (b *binder) scan(group string, d *model.Document, event model.Event) error {
	e, raw, err := b.attached(d, event, "签署扫描件")
	if err != nil || e == nil {
		return err
	}
	p := piece{group: group, pdf: raw, FiledPiece: FiledPiece{Name: d.Title + "签署件" + event.Note, Number: casework.NumberOf(d),
		Date: model.DateOf(event.At).Chinese(), Note: "扫描件"}}
	if e.Type != pdfType {
		images, hash := printOf(raw)
		if images == nil {
			b.absent = append(b.absent, fmt.Sprintf("《%s》的签署扫描件“%s”：图片不能显示", d.Title, e.Name))
			return nil
		}
		fields := map[string]any{"name": d.Title, "code": casework.NumberOf(d), "source": filepath.Base(e.Name), "digest": e.SHA256, "picture": hash}
		if p.pdf, err = b.sheet("scan", fields, images); err != nil {
			return fmt.Errorf("《%s》的签署扫描件: %w", d.Title, err)
		}
	}
	return b.add(p)
}

func (b *binder) cover(c *FiledCase) ([]byte, error) {
	f := b.file
	fields := map[string]any{"agency": f.Office.Name, "cause": f.Case.Cause, "outcome": f.Case.State,
		"opened": model.DateOf(f.Case.OpenedAt).Chinese(), "made": model.DateOf(f.At).Chinese(),
		"total": fmt.Sprint(c.Numbered), "pieces": fmt.Sprint(len(c.Pieces)), "party": "（未填写）"}
	if f.Employer != nil {
		fields["party"], fields["uscc"] = f.Employer.Name, f.Employer.USCC
	}
	var names []string
	for _, id := range []model.ID{f.Case.LeadOfficer, f.Case.Assistant} {
		if o := f.Officers[id]; o != nil {
			names = append(names, o.Name)
		}
	}
	fields["officers"] = strings.Join(names, "、")
	for _, t := range f.Case.Log {
		if t.To == model.CaseClosed {
			fields["closed"] = model.DateOf(t.At).Chinese()
		}
	}
	if f.Case.Cause == "" {
		fields["cause"] = "（未填写）"
	}
	return b.sheet("cover", fields, nil)
}

func (b *binder) contents() ([]byte, error) {
	rows := make([]map[string]any, 0, len(b.pieces))
	for _, p := range b.pieces {
		page := fmt.Sprint(p.Page)
		if p.Pages > 1 {
			page = fmt.Sprintf("%d-%d", p.Page, p.Page+p.Pages-1)
		}
		rows = append(rows, map[string]any{"name": p.Name, "code": p.Number, "date": p.Date, "page": page, "note": p.Note})
	}
	if len(rows) == 0 {
		return nil, errors.New("案件还没有已签发的文书和证据，不能立卷")
	}
	return b.sheet("contents", map[string]any{"items": rows}, nil)
}

// checks prints the self-check of the file; failed counts what did not pass.
func (b *binder) checks() (pdf []byte, failed int, err error) {
	var rows []map[string]any
	for _, i := range casework.SelfCheck(b.file) {
		result := "通过"
		if !i.OK {
			result = "未通过"
			failed++
		}
		if !i.OK && i.KnockOut != "" {
			result = "否决项"
		}
		rows = append(rows, map[string]any{"item": i.Item, "result": result, "basis": i.Article, "reason": i.Reason})
	}
	fields := map[string]any{"checks": rows, "passed": fmt.Sprint(len(rows) - failed), "failed": fmt.Sprint(failed),
		"made": model.DateOf(b.file.At).Chinese(), "notes": strings.Join(b.absent, "；")}
	pdf, err = b.sheet("check", fields, nil)
	return pdf, failed, err
}

func sizeText(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.1f KB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d 字节", n)
}
