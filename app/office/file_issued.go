package office

import (
	"context"
	"fmt"

	"anxin/model"
)

// IssuedPDF is the file of an issued document, with its title.
func (o *Office) IssuedPDF(ctx context.Context, id model.ID) (title string, pdf []byte, err error) {
	h, err := o.Store.Head(ctx, id)
	if err != nil {
		return "", nil, fmt.Errorf("文书 %s: %w", id, err)
	}
	unissued := fmt.Errorf("%s 不是已签发的文书，请先签发", id)
	if h.Kind != model.KindDocument {
		return "", nil, unissued
	}
	d, err := model.As[model.Document](h.Body)
	if err != nil {
		return "", nil, err
	}
	if d.Issued == nil {
		return "", nil, unissued
	}
	pdf, err = o.ReadBlob(ctx, d.Issued.PDF)
	return d.Title, pdf, err
}
