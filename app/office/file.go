package office

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"anxin/app/casework"
	"anxin/assets"
	"anxin/forms/paper"
	"anxin/model"
	"anxin/model/bundle"
	"anxin/model/seal"
)

// FileBundle is the kind of a bundle that holds a bound file.
const FileBundle = "file"

// FiledPiece is one line of a file's contents.
type FiledPiece struct {
	Name   string `json:"name"`
	Number string `json:"number,omitempty"`
	Date   string `json:"date,omitempty"`
	Page   int    `json:"page"` // at which it begins
	Pages  int    `json:"pages"`
	Note   string `json:"note,omitempty"`
}

// FiledCase is the file of a case as one PDF.
type FiledCase struct {
	PDF      []byte       `json:"-"`
	Pages    int          `json:"pages"`    // of the PDF
	Numbered int          `json:"numbered"` // of them: without cover, contents and checks
	Pieces   []FiledPiece `json:"pieces"`
	Failed   int          `json:"failed"`           // items of the self-check that did not pass
	Absent   []string     `json:"absent,omitempty"` // what could not be bound, with the reason
}

// BuildFile binds the file of a case: cover, contents, documents in their
// order each with the scans of its signed paper, evidence, and the self-check
// list with the closing sheet. What cannot be bound is named, not passed over.
// tell is told how far it is (0..1) and which piece is read, and may be nil.
func (o *Office) BuildFile(ctx context.Context, id model.ID, tell func(done float64, name string)) (*FiledCase, error) {
	f, err := o.Desk.File(ctx, id)
	if err != nil {
		return nil, err
	}
	sheets, err := fileSheets()
	if err != nil {
		return nil, err
	}
	b := &binder{office: o, ctx: ctx, file: f, sheets: sheets, tell: tell}
	if err := b.documents(); err != nil {
		return nil, err
	}
	return b.bind()
}

// fileSheets is the press of the sheets that make a file of documents: cover,
// contents, evidence, scan, check.
func fileSheets() (*paper.Press, error) {
	dir, err := fs.Sub(assets.Papers, "file")
	if err != nil {
		return nil, fmt.Errorf("打开案卷模板: %w", err)
	}
	return paper.NewPress(dir, assets.Face)
}

// WriteFile writes a bound file, and beside it, when bundlePath is not "", a
// bundle of it signed by this laptop with its contents.
func (o *Office) WriteFile(c *FiledCase, path, bundlePath string) error {
	if err := seal.WriteFile(path, c.PDF); err != nil {
		return err
	}
	if bundlePath == "" {
		return nil
	}
	list, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return fmt.Errorf("写出卷内目录: %w", err)
	}
	return bundle.WriteFile(bundlePath, bundle.Header{Kind: FileBundle, Made: o.Now()}, o.Device(), nil, func(w *bundle.Writer) error {
		if _, err := w.Add("案卷.pdf", strings.NewReader(string(c.PDF))); err != nil {
			return err
		}
		_, err := w.Add("目录.json", strings.NewReader(string(list)))
		return err
	})
}

// piece is one document, scan or piece of evidence on its way into a file.
type piece struct {
	FiledPiece
	group string
	pdf   []byte
}

// binder gathers the pieces of one file.
type binder struct {
	office *Office
	ctx    context.Context
	file   *casework.File
	sheets *paper.Press
	pieces []piece
	absent []string
	tell   func(done float64, name string) // nil: nobody asks
}

// shareGathered is how much of the work is gathering the pieces; the rest is
// putting their pages into one file.
const shareGathered = 0.7

// begin tells that a piece comes next, and ends the work where that was asked for.
func (b *binder) begin(name string) error {
	if err := b.ctx.Err(); err != nil {
		return err
	}
	if b.tell != nil {
		all := max(len(b.file.Documents)+len(b.file.Evidence), 1)
		b.tell(min(float64(len(b.pieces)+len(b.absent))/float64(all), 1)*shareGathered, name)
	}
	return nil
}

// documents gathers the papers, each followed by its scans, and the evidence
// at the end of its group.
func (b *binder) documents() error {
	scans := map[model.ID]bool{}
	list := inFileOrder(b.file.Documents)
	for _, k := range list {
		for _, e := range k.Value.Events {
			if e.Kind == model.EventScanned || e.Kind == model.EventSigned {
				scans[e.Record] = true
			}
		}
	}
	evidence, _ := groupOf("D08b")
	next := 0
	for g := range fileGroups {
		for ; next < len(list); next++ {
			if at, _ := groupOf(list[next].Value.Type); at != g {
				break
			}
			if err := b.document(fileGroups[g].name, list[next]); err != nil {
				return err
			}
		}
		if g == evidence {
			if err := b.evidence(scans); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *binder) document(group string, k casework.Kept[model.Document]) error {
	d := k.Value
	if err := b.begin(d.Title); err != nil {
		return err
	}
	p := piece{group: group, FiledPiece: FiledPiece{Name: d.Title, Number: casework.NumberOf(d), Date: model.DateOf(d.Issued.At).Chinese()}}
	if d.State == model.DocumentWithdrawn {
		p.Note = "已撤回"
	}
	raw, err := b.office.ReadBlob(b.ctx, d.Issued.PDF)
	if errors.Is(err, model.ErrNotFound) {
		b.absent = append(b.absent, fmt.Sprintf("《%s》%s：文件不在本机，请先同步", d.Title, casework.NumberOf(d)))
		return nil
	}
	if err != nil {
		return err
	}
	p.pdf = raw
	if err := b.add(p); err != nil {
		return err
	}
	for _, e := range d.Events {
		var err error
		switch {
		case e.Record == "":
		case e.Kind == model.EventScanned:
			err = b.scan(group, d, e)
		case e.Kind == model.EventSigned:
			err = b.signature(group, d, e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// add counts the pages of a piece and appends it; one that cannot be bound is
// named among the absent.
func (b *binder) add(p piece) error {
	n, err := paper.CountPages(p.pdf)
	if err != nil {
		b.absent = append(b.absent, fmt.Sprintf("“%s”：%v", p.Name, err))
		return nil
	}
	p.Page, p.Pages = 1, n
	if last := len(b.pieces) - 1; last >= 0 {
		p.Page = b.pieces[last].Page + b.pieces[last].Pages
	}
	b.pieces = append(b.pieces, p)
	return nil
}

// sheet prints one of the file's own sheets, as of the day: a file that is bound
// again on the same day has the same bytes.
func (b *binder) sheet(kind string, fields map[string]any, images map[string][]byte) ([]byte, error) {
	if _, ok := fields["case_number"]; !ok && kind != "scan" && kind != "signature" {
		fields["case_number"] = b.file.Case.Number
	}
	out, err := b.sheets.Print(paper.Job{Type: kind, Fields: fields, Images: images, Issued: b.day()})
	return out.PDF, err
}

// day is the day the file is bound, at midnight.
func (b *binder) day() time.Time { return model.DateOf(b.file.At).Time(b.file.At.Location()) }

// bind puts cover, contents and checks around the pieces.
func (b *binder) bind() (*FiledCase, error) {
	out := &FiledCase{Absent: b.absent}
	for _, p := range b.pieces {
		out.Pieces = append(out.Pieces, p.FiledPiece)
		out.Numbered += p.Pages
	}
	cover, err := b.cover(out)
	if err != nil {
		return nil, err
	}
	contents, err := b.contents()
	if err != nil {
		return nil, err
	}
	checks, failed, err := b.checks()
	if err != nil {
		return nil, err
	}
	out.Failed = failed
	parts := []paper.Part{{Title: "封面", PDF: cover}, {Title: "卷内目录", PDF: contents}}
	for _, p := range b.pieces {
		title := p.Name
		if p.Number != "" {
			title += "　" + p.Number
		}
		parts = append(parts, paper.Part{Group: p.group, Title: title, PDF: p.pdf, Numbered: true})
	}
	if err := b.ctx.Err(); err != nil {
		return nil, err
	}
	if b.tell != nil {
		b.tell(shareGathered, "")
	}
	if out.PDF, err = b.office.Press.Bind(append(parts, paper.Part{Title: "自查表、备考表", PDF: checks})); err != nil {
		return nil, err
	}
	out.Pages, err = paper.CountPages(out.PDF)
	return out, err
}
