package casework

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"anxin/forms"
	"anxin/model"
)

// A type of document is data: a row of the catalogue, a form for what is
// filled in, a template for how it reads. What follows works for every type.

// PaperIn says which document is drafted and from what. A document of a case
// needs the case alone; About is the record another document is about: the
// lead of an answer to a complaint, the paper of a receipt.
type PaperIn struct {
	Type       string
	Case       model.ID
	Inspection model.ID
	Employer   model.ID
	About      model.ID
	// Answers are given beforehand, by the names of the form's questions; they
	// go before what the records say.
	Answers map[string]any
}

// DraftPaper drafts a document of any type of the catalogue, filled in with
// everything the records already say.
func (d *Desk) DraftPaper(ctx context.Context, in PaperIn) (model.ID, error) {
	doc := &model.Document{Type: in.Type, Version: d.newest(in.Type), Case: in.Case, Inspection: in.Inspection, About: in.About}
	f, err := d.dossier(ctx, in)
	if err != nil {
		return "", err
	}
	row, err := f.Law.Catalogue(f.At, f.region()).Get(in.Type)
	if err != nil {
		return "", err
	}
	if d.Press.Fields(doc.Edition()) == nil {
		return "", fmt.Errorf("没有%s（%s）的模板，请在模板目录中添加", row.Title, in.Type)
	}
	if k := d.toReceipt(f, ""); in.Type == receiptType && in.About == "" && k != nil {
		doc.About = k.ID
	}
	if doc.Inspection == "" && len(f.visits()) > 0 {
		doc.Inspection = f.visits()[0].ID
	}
	if doc.Fields, err = d.prefill(f, in, doc.Edition()); err != nil {
		return "", err
	}
	if len(rowList(doc.Fields["workers"])) > 0 && len(f.Rolls) > 0 {
		doc.WageRoll = f.Rolls[0].ID
	}
	if doc.Title, err = d.title(ctx, doc); err != nil {
		return "", err
	}
	return d.Draft(ctx, *doc)
}

// title is what this office calls a document: its own word for the type, a
// title somebody wrote, or that of the template's variant.
func (d *Desk) title(ctx context.Context, doc *model.Document) (string, error) {
	o, err := d.Office(ctx)
	if err != nil {
		return "", err
	}
	if t := o.Value.Titles[doc.Type]; t != "" {
		return t, nil
	}
	edition := doc.Edition()
	if doc.Title != "" && doc.Title != d.Press.Title(edition) {
		return doc.Title, nil
	}
	return d.Press.TitleFor(edition, d.printable(edition, doc.Fields)), nil
}

// prefill opens the form of a type on what the records say and gives its
// answers: what was looked up, defaults, and sentences composed of both.
func (d *Desk) prefill(f *File, in PaperIn, edition string) (map[string]any, error) {
	s := d.sources(f, in)
	form, err := d.PaperForm(model.EditionOf(in.Type, d.newest(in.Type)))
	if errors.Is(err, errNoForm) {
		return s.facts, nil
	}
	if err != nil {
		return nil, err
	}
	if err := knownQuestions(form, in.Answers); err != nil {
		return nil, err
	}
	given := s.all(form)
	maps.Copy(given, in.Answers)
	return d.answers(form, given)
}

// answers runs values through a form: defaults and calculations are done.
func (d *Desk) answers(form *forms.Form, given map[string]any) (map[string]any, error) {
	in, err := d.fillIn(form, given)
	if err != nil {
		return nil, err
	}
	flat, err := in.Flat()
	if err != nil {
		return nil, fmt.Errorf("表单“%s”: %w", form.ID, err)
	}
	return flat, nil
}

func (d *Desk) fillIn(form *forms.Form, given map[string]any) (*forms.Instance, error) {
	in, err := forms.New(form, forms.Env{Now: d.Clock.Now, Language: "zh", Lists: d.Lists})
	if err != nil {
		return nil, fmt.Errorf("打开表单“%s”: %w", form.ID, err)
	}
	if err := in.LoadFlat(given); err != nil {
		return nil, fmt.Errorf("表单“%s”: %w", form.ID, err)
	}
	return in, nil
}

var errNoForm = errors.New("没有文书表单")

// PaperForm is the form an edition of a document (see model.EditionOf) is filled
// in with.
func (d *Desk) PaperForm(edition string) (*forms.Form, error) {
	if d.Form == nil {
		return nil, errNoForm
	}
	return d.Form(edition)
}

// PaperAnswers is what the form of a draft opens with: what it says, and what
// the records say where it says nothing yet.
func (d *Desk) PaperAnswers(ctx context.Context, doc *model.Document) (map[string]any, error) {
	form, err := d.PaperForm(doc.Edition())
	if err != nil {
		return nil, err
	}
	in := PaperIn{Type: doc.Type, Case: doc.Case, Inspection: doc.Inspection, About: doc.About}
	f, err := d.dossier(ctx, in)
	if err != nil {
		return nil, err
	}
	return d.paperAnswers(f, in, form, doc), nil
}

func (d *Desk) paperAnswers(f *File, in PaperIn, form *forms.Form, doc *model.Document) map[string]any {
	out := d.sources(f, in).hidden(form)
	for name, v := range d.declared(doc.Edition(), doc.Fields, formValue) {
		out[name] = v
	}
	return out
}

// SavePaper keeps a draft as its form was answered.
func (d *Desk) SavePaper(ctx context.Context, id model.ID, base model.Rev, answers map[string]any) (model.ID, error) {
	doc, _, err := load[model.Document](ctx, d, id)
	if err != nil {
		return "", err
	}
	doc.Fields = d.known(doc.Edition(), answers)
	d.settle(doc)
	return d.Save(ctx, id, base, doc)
}

// generalReasons is what stands against issuing a draft of any type: the
// gates of its row in the catalogue, where it belongs to a case, and what its
// form still asks for.
func (d *Desk) generalReasons(ctx context.Context, doc *model.Document) (out []Reason, err error) {
	if doc.Case != "" {
		if out, err = d.DocumentReasons(ctx, doc); err != nil {
			return nil, err
		}
	}
	asked, err := d.paperReasons(ctx, doc)
	return append(out, asked...), err
}

// rowIndex is the place of a question in a repeat: /items[2]/state.
var rowIndex = regexp.MustCompile(`\[(\d+)\]`)

// askedFor says what a question of the form still wants: which row it is in,
// and its name where the message does not say it.
func askedFor(p forms.Problem) string {
	text := p.Message
	if !strings.Contains(text, p.Label) {
		text = "“" + p.Label + "”" + text
	}
	if m := rowIndex.FindStringSubmatch(p.Path); m != nil {
		text = "第" + m[1] + "行：" + text
	}
	return text
}

// partyLines and officeLines are the questions of a paper that take over what stands
// in the registers, by where that is: there it is missing for every paper.
var (
	partyLines  = []string{"address", "uscc", "legal_rep", "legal_rep_post", "phone"}
	officeLines = []string{"agency", "agency_address", "postcode", "contact", "contact_phone", "government", "court", "agency_head"}
)

// missingAt says whose line of a register is missing and where it is filled in; ""
// for what belongs to the paper alone. party is whom the paper is for.
func missingAt(in *forms.Instance, p forms.Problem, party string) string {
	name := p.Path[strings.LastIndexByte(p.Path, '/')+1:]
	switch {
	case in.Value(p.Path) != "" || rowIndex.MatchString(p.Path): // wrong, not missing; or of a list
	case slices.Contains(partyLines, name) && party != "":
		return partyLacks(party, p.Label)
	case slices.Contains(officeLines, name):
		return fmt.Sprintf("本单位的%s没有填写，请在“设置”的本单位中补齐，或者直接填在文书上", p.Label)
	}
	return ""
}

func partyLacks(party, line string) string {
	return fmt.Sprintf("“%s”的%s没有填写，请在“单位与工地”的这个单位中补登，或者直接填在文书上", party, line)
}

// partyGaps are the party's lines that a paper cannot be printed without.
func (d *Desk) partyGaps(doc *model.Document) (out []Reason) {
	party, _ := doc.Fields["employer"].(string)
	for _, f := range d.Press.Fields(doc.Edition()) {
		if text, _ := doc.Fields[f.Name].(string); f.Required && text == "" && party != "" && slices.Contains(partyLines, f.Name) {
			out = append(out, block(partyLacks(party, f.Label), ""))
		}
	}
	return out
}

// paperReasons is what the form of a draft still asks for.
func (d *Desk) paperReasons(ctx context.Context, doc *model.Document) ([]Reason, error) {
	form, err := d.PaperForm(doc.Edition())
	if errors.Is(err, errNoForm) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	given, err := d.PaperAnswers(ctx, doc)
	if err != nil {
		return nil, err
	}
	in, err := d.fillIn(form, given)
	if err != nil {
		return nil, err
	}
	party, _ := given["employer"].(string)
	var out []Reason
	for _, p := range in.Errors() {
		out = append(out, block(cmp.Or(missingAt(in, p, party), askedFor(p)), ""))
	}
	for _, f := range d.Press.Fields(doc.Edition()) {
		if f.Required && f.Kind == kindRows && len(rowList(given[f.Name])) == 0 {
			out = append(out, block("“"+f.Label+"”至少填写一行", ""))
		}
	}
	return out, nil
}
