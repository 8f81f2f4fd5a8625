package page

import (
	"context"
	"runtime/debug"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"anxin/app/lang"
	"anxin/app/widgets"
	"anxin/model"
)

// about says what this program is, what it is made with, and by which key it
// signs.
func (s *Settings) about() fyne.CanvasObject {
	key, device := widgets.NewCopyable(""), widgets.NewCopyable("")
	var is VaultStanding
	s.env.Host.Run(lang.T("vault.reading"), func(ctx context.Context, _ func(float64, string)) (err error) {
		is, err = s.env.Vault.Standing(ctx)
		return err
	}, func(err error) {
		if err != nil {
			showError(s.env, err)
			return
		}
		key.SetText(joined(is.KeyID, algorithmKey(is.Algorithm)))
		device.SetText(lang.T("settings.device.text", "id", is.Device, "epoch", is.Epoch))
	})
	program := widgets.NewFieldGrid(shownField(lang.T("settings.program"), lang.T("app.name")), shownField(lang.T("settings.version"), s.env.Version),
		widgets.NewField(lang.T("settings.device"), device).Span(), widgets.NewField(lang.T("settings.key"), key).Span(),
		shownField(lang.T("settings.lawversion"), s.newestLaw()).Span())
	body := container.NewVBox(widgets.NewSectionCard(lang.T("settings.about"), program),
		widgets.NewSectionCard(lang.T("settings.fonts"), widgets.NewParagraph(lang.T("settings.fonts.text"))),
		widgets.NewSectionCard(lang.T("settings.libraries"), container.NewVBox(widgets.NewParagraph(lang.T("settings.libraries.text")), widgets.NewCaption(builtWith()))))
	root, _ := widgets.NewFormScroll(container.NewPadded(body))
	return root
}

// newestLaw says how much law the tables hold and how new it is.
func (s *Settings) newestLaw() string {
	rows := s.env.Desk.Law.Rows()
	var newest model.Date
	for _, r := range rows {
		if !r.From.IsZero() {
			newest = max(newest, model.DateOf(r.From))
		}
	}
	return lang.T("settings.lawversion.text", "n", len(rows), "day", newest)
}

// builtWith are the parts the program was built with, each with its version.
func builtWith() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "" // a program that was built without modules
	}
	parts := make([]string, len(info.Deps))
	for i, m := range info.Deps {
		parts[i] = m.Path + " " + m.Version
	}
	return strings.Join(parts, ", ")
}
