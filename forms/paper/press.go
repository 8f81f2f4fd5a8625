package paper

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// Press prints documents. It is safe for concurrent use; templates are read once, faces on first use.
type Press struct {
	templates map[string]*template
	faces     *faceSet
}

// Job is one document to print. Printing is a pure function of it: the same job gives the same bytes.
//
// Fields holds what the template declares, by name: text and money take a string; date and time a string or
// a time.Time (its zone is kept); flag a bool; choice a string; choices []string; rows []map[string]any; image
// the SHA-256 of one of Images.
// The shapes encoding/json reads ([]any) are taken as well.
type Job struct {
	Type       string
	Fields     map[string]any
	Number     string    // 文号, "" for a draft
	Token      string    // text of the QR code, "" for none
	Attachment []byte    // canonical JSON the document is made from, carried inside the PDF
	Issued     time.Time // the PDF's dates
	Mark       string    // watermark: 草稿, 副本, 作废, 样张 or ""
	Copy       string    // one of Copies, printed at the upper left; "" for none

	// Images are the pictures that image fields name, by the SHA-256 of their bytes in hexadecimal figures; see
	// PreparePicture.
	Images map[string][]byte
}

// Printed is a finished document.
type Printed struct {
	PDF   []byte
	Pages int
	// SymbolPage is the page that carries the QR code, counted from 1; 0 for none.
	SymbolPage int
}

// Marks a document may carry across its pages. On drafts and samples required fields may still be empty.
const (
	MarkDraft   = "草稿"
	MarkCopy    = "副本"
	MarkVoid    = "作废"
	MarkExample = "样张"
)

// NewPress reads and checks every *.paper file at the root of papers; an error names file and line, one fault of
// each file.
// faces gives whole TrueType files by the names serif, serif-bold, sans-bold and rare; it is asked at most
// once for each.
func NewPress(papers fs.FS, faces func(name string) ([]byte, error)) (*Press, error) {
	templates, err := loadTemplates(papers)
	if err != nil {
		return nil, err
	}
	return &Press{templates: templates, faces: newFaceSet(faces)}, nil
}

// With is a press of other templates with the same faces.
func (p *Press) With(papers fs.FS) (*Press, error) {
	templates, err := loadTemplates(papers)
	if err != nil {
		return nil, err
	}
	return &Press{templates: templates, faces: p.faces}, nil
}

// Types lists the document types that have a template, sorted.
func (p *Press) Types() []string { return slices.Sorted(maps.Keys(p.templates)) }

// Title is the printed title of a document type, "" for an unknown one.
func (p *Press) Title(docType string) string {
	if t := p.templates[docType]; t != nil {
		return t.title
	}
	return ""
}

// Fields lists what the template of a document type declares, nil for an unknown type. Every template
// also takes the text field "title", which replaces the printed title.
func (p *Press) Fields(docType string) []Field {
	if t := p.templates[docType]; t != nil {
		return slices.Clone(t.fields)
	}
	return nil
}

// TitleFor is the title a document is printed under, which may depend on its variant: on the options picked in
// its fields, or on the field "title".
func (p *Press) TitleFor(docType string, fields map[string]any) string {
	t := p.templates[docType]
	if t == nil {
		return ""
	}
	if own, _ := fields["title"].(string); own != "" {
		return own
	}
	values := row{}
	for _, v := range t.titles {
		f := t.field(v.when.name)
		if picked, err := choiceValue(f, fields[f.Name]); err == nil && fields[f.Name] != nil {
			values[f.Name] = picked
		}
	}
	return t.titleFor(values)
}

// Copies are the names of the copies a document is printed in: 正本, 送达联, 存根.
func (p *Press) Copies(docType string) []string {
	if t := p.templates[docType]; t != nil {
		return slices.Clone(t.copies)
	}
	return nil
}

// Print sets a job on pages. Its errors are sentences that name the field at fault.
func (p *Press) Print(job Job) (Printed, error) {
	mark, err := p.watermark(job.Mark)
	if err != nil {
		return Printed{}, err
	}
	sheets, title, err := p.sheets(&job)
	if err != nil {
		return Printed{}, err
	}
	k := inkOf(sheets, mark)
	pages, pictures, err := drawSheets(sheets, k, mark)
	if err != nil {
		return Printed{}, err
	}
	pdf, err := finish(pages, k, pictures, bookmarksOf(sheets), &job, title)
	return Printed{PDF: pdf, Pages: len(sheets), SymbolPage: symbolPage(sheets)}, err
}

func symbolPage(sheets []sheet) int {
	for i, s := range sheets {
		if slices.ContainsFunc(s.strips, func(p placed) bool { return p.symbol != nil && p.symbol.token }) {
			return i + 1
		}
	}
	return 0
}

// sheets lays a job out and gives the title it was printed under.
func (p *Press) sheets(job *Job) ([]sheet, string, error) {
	l, err := p.layout(job)
	if err != nil {
		return nil, "", err
	}
	sheets, err := l.sheets()
	return sheets, l.values["title"].text, err
}

// layout checks a job against its template and makes ready what is set.
func (p *Press) layout(job *Job) (*layout, error) {
	t := p.templates[job.Type]
	if t == nil {
		return nil, fmt.Errorf("没有文书 %s 的模板，请在模板目录中添加 %s.paper", job.Type, job.Type)
	}
	if job.Copy != "" && !slices.Contains(t.copies, job.Copy) {
		return nil, fmt.Errorf("文书 %s 没有“%s”联，可用：%s", job.Type, job.Copy, strings.Join(t.copies, "、"))
	}
	b := &binder{faces: p.faces, images: job.Images, draft: job.Mark == MarkDraft || job.Mark == MarkExample}
	values, err := b.bind(t, job)
	if err != nil {
		return nil, err
	}
	sym, err := newSymbol(job.Token)
	if err != nil {
		return nil, fmt.Errorf("文书 %s：%w", job.Type, err)
	}
	if sym != nil {
		sym.token = true
	}
	return &layout{press: p, tpl: t, values: values, symbol: sym, marks: newPageMarks(job.Token), draft: b.draft, copy: job.Copy}, nil
}

func (p *Press) watermark(mark string) (*span, error) {
	if mark == "" {
		return nil, nil
	}
	if !slices.Contains([]string{MarkDraft, MarkCopy, MarkVoid, MarkExample}, mark) {
		return nil, fmt.Errorf("没有水印“%s”，可用草稿、副本、作废、样张", mark)
	}
	f, err := p.faces.chain(faceHead).pick([]rune(mark)[0])
	if err != nil {
		return nil, err
	}
	return &span{face: f, size: 150, runes: []rune(mark)}, nil
}

// later runs do beside what follows and gives what waits for its result. A panic in it comes up where it is waited for.
func later[T any](do func() T) func() T {
	once := sync.OnceValue(do)
	go func() {
		defer func() { _ = recover() }()
		once()
	}()
	return once
}
