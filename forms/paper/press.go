package paper

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
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
// a time.Time (its zone is kept); flag a bool; choice a string; choices []string; rows []map[string]any.
// The shapes encoding/json reads ([]any) are taken as well.
type Job struct {
	Type       string
	Fields     map[string]any
	Number     string    // 文号, "" for a draft
	Token      string    // text of the QR code, "" for none
	Attachment []byte    // canonical JSON the document is made from, carried inside the PDF
	Issued     time.Time // the PDF's dates
	Mark       string    // watermark: 草稿, 副本, 作废, 样张 or ""
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

// NewPress reads and checks every *.paper file at the root of papers; an error names file and line.
// faces gives whole TrueType files by the names serif, serif-bold, sans-bold and rare; it is asked at most
// once for each.
func NewPress(papers fs.FS, faces func(name string) ([]byte, error)) (*Press, error) {
	templates, err := loadTemplates(papers)
	if err != nil {
		return nil, err
	}
	return &Press{templates: templates, faces: newFaceSet(faces)}, nil
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
	pages, err := drawSheets(sheets, k, mark)
	if err != nil {
		return Printed{}, err
	}
	pdf, err := finish(pages, k, &job, title)
	return Printed{PDF: pdf, Pages: len(sheets), SymbolPage: symbolPage(sheets)}, err
}

func symbolPage(sheets []sheet) int {
	for i, s := range sheets {
		if slices.ContainsFunc(s.strips, func(p placed) bool { return p.symbol != nil }) {
			return i + 1
		}
	}
	return 0
}

// sheets lays a job out and gives the title it was printed under.
func (p *Press) sheets(job *Job) ([]sheet, string, error) {
	t := p.templates[job.Type]
	if t == nil {
		return nil, "", fmt.Errorf("没有文书 %s 的模板，请在模板目录中添加 %s.paper", job.Type, job.Type)
	}
	b := &binder{faces: p.faces, draft: job.Mark == MarkDraft || job.Mark == MarkExample}
	values, err := b.bind(t, job)
	if err != nil {
		return nil, "", err
	}
	sym, err := newSymbol(job.Token)
	if err != nil {
		return nil, "", fmt.Errorf("文书 %s：%w", job.Type, err)
	}
	sheets, err := p.lay(t, values, sym)
	return sheets, values["title"].text, err
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
