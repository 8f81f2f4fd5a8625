package page

import (
	"context"

	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/widgets"
	"anxin/model"
)

// visitCode takes the code of the province's platform from a picture of it:
// one that can be read becomes the text of its question, another is printed on
// the notice as it is.
type visitCode struct {
	plan    *visitPlan
	field   *widgets.Field
	says    *widgets.Paragraph
	changed func()
	name    string // of the picture to be kept with the plan
	picture []byte
}

// codeQuestion is where the form asks for the text of the code.
const codeQuestion = "/plan/external_code"

func newVisitCode(p *visitPlan, changed func()) *visitCode {
	c := &visitCode{plan: p, says: widgets.NewParagraph(lang.T("inspections.code.none")), changed: changed}
	if p.v.k.Value.ExternalPicture != "" && p.v.k.Value.ExternalCode == "" {
		c.says.SetText(lang.T("inspections.code.kept"))
	}
	read := widgets.NewQuietButton(lang.T("inspections.code.read"), fynetheme.MediaPhotoIcon(), c.pick)
	if !p.v.Editable() {
		read.Hide()
	}
	c.field = widgets.NewField(lang.T("inspections.code"), widgets.NewBorder(nil, nil, nil, read, c.says)).Span()
	return c
}

func (c *visitCode) pick() {
	env := c.plan.v.env
	dialogs.PickFile(env.Host.Window(), []string{".png", ".jpg", ".jpeg", ".pdf"}, func(path string) {
		var text, name string
		var picture []byte
		env.Host.Run(lang.T("inspections.code.read"), func(ctx context.Context, _ func(float64, string)) (err error) {
			text, name, picture, err = env.ReadVisitCode(ctx, path)
			return err
		}, func(err error) {
			if err != nil {
				showError(env, err)
				return
			}
			c.take(text, name, picture)
		})
	})
}

// take puts what was read where it belongs; a picture takes the place of a text.
func (c *visitCode) take(text, name string, picture []byte) {
	changed, err := c.plan.form.in.Set(codeQuestion, text)
	if err != nil {
		showError(c.plan.v.env, err)
		return
	}
	c.plan.form.view.Apply(changed)
	c.name, c.picture = name, picture
	c.says.SetText(lang.T("inspections.code.text", "text", text))
	if text == "" {
		c.says.SetText(lang.T("inspections.code.picture", "name", name))
	}
	c.changed()
}

// keep keeps the picture of a code that could not be read with its visit,
// unless a text was typed after all.
func (c *visitCode) keep(ctx context.Context, visit model.ID) error {
	if c.picture == nil || c.plan.form.in.Value(codeQuestion) != "" {
		return nil
	}
	return c.plan.v.env.Desk.KeepVisitCode(ctx, visit, c.name, c.picture)
}
