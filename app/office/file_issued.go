package office

import (
	"context"
	"fmt"

	"anxin/model"
)

// IssuedPDF is the file of an issued document, with its title.
func (o *Office) IssuedPDF(ctx context.Context, id model.ID) (title string, pdf []byte, err error) {
	d, err := o.issued(ctx, id)
	if err != nil {
		return "", nil, err
	}
	pdf, err = o.ReadBlob(ctx, d.Issued.PDF)
	return d.Title, pdf, err
}

// CopyPDF is one copy of an issued document by its name: the same data on pages
// that carry the name. Without a name it is the paper as it was issued.
func (o *Office) CopyPDF(ctx context.Context, id model.ID, name string) ([]byte, error) {
	d, err := o.issued(ctx, id)
	if err != nil {
		return nil, err
	}
	pdf, err := o.ReadBlob(ctx, d.Issued.PDF)
	if err != nil || name == "" {
		return pdf, err
	}
	own, err := o.pressOf(d.Edition())
	if err != nil {
		return nil, err
	}
	job, err := jobOf(own, pdf)
	if err != nil {
		return nil, err
	}
	job.Copy = name
	out, err := own.Print(job)
	return out.PDF, err
}

// Copies are the names of the copies an issued document is printed in, none
// where there is one only.
func (o *Office) Copies(ctx context.Context, id model.ID) ([]string, error) {
	d, err := o.issued(ctx, id)
	if err != nil {
		return nil, err
	}
	return o.Desk.Press.Copies(d.Edition()), nil
}

func (o *Office) issued(ctx context.Context, id model.ID) (*model.Document, error) {
	h, err := o.Store.Head(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("文书 %s: %w", id, err)
	}
	unissued := fmt.Errorf("%s 不是已签发的文书，请先签发", id)
	if h.Kind != model.KindDocument {
		return nil, unissued
	}
	d, err := model.As[model.Document](h.Body)
	if err != nil {
		return nil, err
	}
	if d.Issued == nil {
		return nil, unissued
	}
	return d, nil
}
