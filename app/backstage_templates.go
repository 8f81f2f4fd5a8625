package main

import (
	"context"

	"anxin/app/office"
	"anxin/app/page"
)

// the templates of the office and the codes of the province, as the pages see
// them.

// readVisitCode is page.Env.ReadVisitCode.
func readVisitCode(ctx context.Context, path string) (text, name string, picture []byte, err error) {
	c, err := office.ReadVisitCode(ctx, path)
	return c.Text, c.Name, c.Picture, err
}

// Templates implements page.Templates.
func (r *backstage) Templates(ctx context.Context) ([]page.Template, error) {
	o, err := r.d.at()
	if err != nil {
		return nil, err
	}
	list, err := o.Templates(ctx)
	out := make([]page.Template, len(list))
	for i, x := range list {
		out[i] = page.Template(x)
	}
	return out, err
}

// TemplateText implements page.Templates.
func (r *backstage) TemplateText(ctx context.Context, docType string) (string, error) {
	o, err := r.d.at()
	if err != nil {
		return "", err
	}
	return o.TemplateText(ctx, docType)
}

// PreviewTemplate implements page.Templates.
func (r *backstage) PreviewTemplate(ctx context.Context, docType, text string) ([]byte, error) {
	o, err := r.d.at()
	if err != nil {
		return nil, err
	}
	return o.PreviewTemplate(ctx, docType, text)
}

// SaveTemplate implements page.Templates.
func (r *backstage) SaveTemplate(ctx context.Context, docType, text string) error {
	o, err := r.d.at()
	if err != nil {
		return err
	}
	_, err = o.SaveTemplate(ctx, docType, text)
	return err
}

// DropTemplate implements page.Templates.
func (r *backstage) DropTemplate(ctx context.Context, docType, reason string) error {
	o, err := r.d.at()
	if err != nil {
		return err
	}
	return o.DropTemplate(ctx, docType, reason)
}
