package office

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"time"

	"anxin/assets"
	"anxin/forms"
	"anxin/forms/pack"
	"anxin/forms/paper"
	"anxin/forms/xlsform"
	"anxin/model"
)

// The wording of a paper is the office's own: its template is edited in the
// window and kept as a form package, from where every laptop has it. A paper
// stays on the template it was drafted on.

// Template is the template of a type of document as this office has it.
type Template struct {
	Type, Title string
	Version     string // of the package it comes from, "" for the program's
	Own         bool   // written by this office
}

// ownVersion marks the versions of templates written here: what they were
// written over, the moment, and the laptop.
var ownVersion = regexp.MustCompile(`^(.*)-own\.\d{8}T\d{6}\.[0-9a-f]{4}$`)

// Templates lists the types of the catalogue with what is printed on today.
func (o *Office) Templates(ctx context.Context) ([]Template, error) {
	k, err := o.Desk.Office(ctx)
	if err != nil && !errors.Is(err, model.ErrNotFound) {
		return nil, err
	}
	region := ""
	if err == nil {
		region = k.Value.Region
	}
	var out []Template
	for _, row := range o.Desk.Law.Catalogue(o.Now(), region).All() {
		if o.Press.Fields(row.ID) == nil {
			continue
		}
		version := o.Newest(row.ID)
		out = append(out, Template{Type: row.ID, Title: row.Title, Version: version, Own: ownVersion.MatchString(version)})
	}
	return out, nil
}

// TemplateText is the template new papers of a type are printed on.
func (o *Office) TemplateText(ctx context.Context, docType string) (string, error) {
	e, err := o.inForce(ctx, docType)
	if err != nil {
		return "", err
	}
	raw, err := fs.ReadFile(papersOf(e), docType+".paper")
	if err != nil {
		return "", fmt.Errorf("没有文书 %s 的模板", docType)
	}
	return string(raw), nil
}

// papersOf are the templates of an edition with the program's under them; of no
// edition the program's.
func papersOf(e *Edition) fs.FS {
	if e == nil {
		return assets.Papers
	}
	return pack.Overlay{Base: assets.Papers, Files: e.Package.Papers}
}

// PreviewTemplate prints the sample of a type on a template that is being
// written. Its error names the line that is wrong ("D06.paper:12：…").
func (o *Office) PreviewTemplate(ctx context.Context, docType, text string) ([]byte, error) {
	e, err := o.inForce(ctx, docType)
	if err != nil {
		return nil, err
	}
	p, err := o.tryTemplate(e, docType, text)
	if err != nil {
		return nil, err
	}
	job, err := SampleOf(p, papersOf(e), docType)
	if err != nil {
		return nil, err
	}
	job.Token = sampleToken
	out, err := p.Print(job)
	return out.PDF, err
}

// sampleToken is as long as that of a real paper and says that it is none.
var sampleToken = strings.Repeat("ANXIN SAMPLE ", 19)

// tryTemplate reads one template as the press will, and holds it to the form
// its fields are filled from.
func (o *Office) tryTemplate(e *Edition, docType, text string) (*paper.Press, error) {
	name := docType + ".paper"
	files := map[string][]byte{}
	all := papersOf(e)
	parts, err := fs.Glob(all, "*.part")
	if err != nil {
		return nil, fmt.Errorf("列出模板的片段: %w", err)
	}
	for _, part := range append(parts, "elements.csv") {
		if files[part], err = fs.ReadFile(all, part); err != nil {
			return nil, fmt.Errorf("读取模板的片段: %w", err)
		}
	}
	files[name] = []byte(text)
	p, err := o.Press.With(pack.Overlay{Files: files})
	if err != nil {
		return nil, err
	}
	form, err := o.FormInForce(docType)
	if err != nil {
		return nil, err
	}
	filled := map[string]bool{}
	form.Each(func(q *forms.Question) { filled[q.Name] = true })
	for _, f := range o.Press.Fields(docType) { // amounts in words are composed when the paper is printed
		filled[f.Name] = true
	}
	return p, unasked(form.ID, filled, p.Fields(docType), name, text)
}

// unasked refuses a template with a field that nothing fills: it would be empty
// on every paper.
func unasked(form string, filled map[string]bool, fields []paper.Field, file, text string) error {
	missing := func(list []paper.Field) string {
		for _, f := range list {
			if !filled[f.Name] {
				return f.Name
			}
		}
		return ""
	}
	name := missing(fields)
	for _, f := range fields {
		if name == "" {
			name = missing(f.Columns)
		}
	}
	if name == "" {
		return nil
	}
	declared := regexp.MustCompile(`^(field|column)\s+` + regexp.QuoteMeta(name) + `\s`)
	for i, line := range strings.Split(text, "\n") {
		if declared.MatchString(line) {
			return fmt.Errorf("%s:%d：表单 %s 里没有“%s”这一问，印出来总是空的，请改用表单里有的名称", file, i+1, form, name)
		}
	}
	return fmt.Errorf("%s:1：表单 %s 里没有“%s”这一问，印出来总是空的，请改用表单里有的名称", file, form, name)
}

// SaveTemplate makes a template the office's own: new papers of the type are
// printed on it from now on. One that does not print its sample is refused.
func (o *Office) SaveTemplate(ctx context.Context, docType, text string) (*Edition, error) {
	if _, err := o.PreviewTemplate(ctx, docType, text); err != nil {
		return nil, err
	}
	e, err := o.inForce(ctx, docType)
	if err != nil {
		return nil, err
	}
	s := pack.Source{Name: docType + ".md", ValidFrom: model.DateOf(o.Now()), Papers: map[string][]byte{}}
	base := ""
	if e == nil {
		if s.Form, err = fs.ReadFile(assets.Forms, s.Name); err != nil {
			return nil, fmt.Errorf("没有文书 %s 的表单", docType)
		}
		form, err := Form(docType)
		if err != nil {
			return nil, err
		}
		base = form.Version
	} else {
		s.Name, s.Form, s.Law, s.ValidTo, base = e.Package.Name, e.Package.Source, e.Record.Law, e.Record.ValidTo, e.Record.Version
		for name, raw := range e.Package.Papers {
			s.Papers[name] = raw
		}
	}
	if s.Form, err = xlsform.Reversion(s.Name, s.Form, o.ownVersion(base)); err != nil {
		return nil, fmt.Errorf("表单有误：\n%w", err)
	}
	s.Name, s.Papers[docType+".paper"] = docType+".md", []byte(text)
	raw, err := o.MakePackage(s)
	if err != nil {
		return nil, err
	}
	return o.InstallPackage(ctx, raw, nil)
}

// mostBase keeps the version within what a package allows.
const mostBase = 16

// ownVersion names what is written now over a version.
func (o *Office) ownVersion(base string) string {
	if m := ownVersion.FindStringSubmatch(base); m != nil {
		base = m[1]
	}
	if r := []rune(base); len(r) > mostBase {
		base = string(r[:mostBase])
	}
	device := strings.ReplaceAll(string(o.Device().ID), "-", "")
	return fmt.Sprintf("%s-own.%s.%s", base, o.Now().Format("20060102T150405"), device[len(device)-4:])
}

// DropTemplate takes the office's own templates of a type out of use, so that
// new papers are printed on what it was written over again.
func (o *Office) DropTemplate(ctx context.Context, docType, reason string) error {
	list, err := o.Editions(ctx)
	if err != nil {
		return err
	}
	for _, e := range list {
		if e.Record.Form != docType || e.Record.State != model.FormPackageInstalled || !ownVersion.MatchString(e.Record.Version) {
			continue
		}
		if err := o.Desk.WithdrawPackage(ctx, e.ID, reason); err != nil {
			return err
		}
	}
	return nil
}

// sampleDay stands on the samples; they are made of nothing else that changes.
var sampleDay = time.Date(2026, 3, 18, 9, 0, 0, 0, time.FixedZone("CST", 8*3600))

// SampleOf is the job of a type's sample: the data beside the templates, as far
// as the template takes them, and where there are none each field filled with
// its own label.
func SampleOf(p *paper.Press, papers fs.FS, docType string) (paper.Job, error) {
	job := paper.Job{Type: docType, Mark: paper.MarkExample, Issued: sampleDay}
	raw, err := fs.ReadFile(papers, path.Join("samples", docType+".json"))
	if errors.Is(err, fs.ErrNotExist) {
		job.Fields = labelled(p.Fields(docType))
		return job, nil
	}
	if err != nil {
		return job, fmt.Errorf("读取 %s 的样张数据: %w", docType, err)
	}
	var data struct {
		Number string         `json:"number"`
		Fields map[string]any `json:"fields"`
	}
	if err := json.Unmarshal(raw, &data); err != nil {
		return job, fmt.Errorf("samples/%s.json 不是样张数据: %w", docType, err)
	}
	job.Number, job.Fields = data.Number, taken(p.Fields(docType), data.Fields)
	return job, nil
}

// taken are the values a template has fields for; a field without a value that
// wants one is filled with its label.
func taken(fields []paper.Field, values map[string]any) map[string]any {
	out := map[string]any{}
	for _, f := range fields {
		v, given := values[f.Name]
		switch rows, isRows := v.([]any); {
		case !given && f.Required:
			out[f.Name] = labelled([]paper.Field{f})[f.Name]
		case isRows && f.Kind == paper.Rows:
			var list []map[string]any
			for _, r := range rows {
				row, _ := r.(map[string]any)
				list = append(list, taken(f.Columns, row))
			}
			out[f.Name] = list
		case given:
			out[f.Name] = v
		}
	}
	return out
}

func labelled(fields []paper.Field) map[string]any {
	out := map[string]any{}
	for _, f := range fields {
		switch f.Kind {
		case paper.Flag:
			out[f.Name] = true
		case paper.Choice:
			out[f.Name] = f.Options[0]
		case paper.Choices:
			out[f.Name] = f.Options
		case paper.Rows:
			out[f.Name] = []map[string]any{labelled(f.Columns)}
		case paper.Money:
			out[f.Name] = "1,234.50"
		case paper.Image:
		default:
			out[f.Name] = f.Label
		}
	}
	return out
}
