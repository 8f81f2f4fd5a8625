package page

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"anxin/app/lang"
	"anxin/app/widgets"
)

// printerCard chooses where papers are printed unless something else is said.
func (s *Settings) printerCard() fyne.CanvasObject {
	which := widgets.NewSelect(printerOptions(nil), func(name string) { s.env.Prefs.Set(prefPrinter, name) })
	which.SetKey("")
	duplex := widgets.NewCheck(lang.T("print.duplex"), func(on bool) {
		text := ""
		if on {
			text = "1"
		}
		s.env.Prefs.Set(prefDuplex, text)
	})
	duplex.Set(s.env.Prefs.Get(prefDuplex) != "")
	none := widgets.NewCaption("")
	none.Hide()
	card := widgets.NewSectionCard(lang.T("settings.printers"), container.NewVBox(
		widgets.NewFieldGrid(widgets.NewField(lang.T("print.printer"), which).Span(), widgets.NewField("", duplex).Span()), none))
	var list []Printer
	s.env.Host.Run(lang.T("print.printers"), func(ctx context.Context, _ func(float64, string)) (err error) {
		list, err = s.env.Papers.Printers(ctx)
		return err
	}, func(err error) {
		if err != nil || len(list) == 0 {
			none.SetText(lang.T("print.none"))
			none.Show()
			return
		}
		which.SetChoices(printerOptions(list))
		which.SetKey(s.env.Prefs.Get(prefPrinter))
	})
	return card
}
