package page

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
)

// holidayCard takes in the holiday notice of a year: until it is there, days
// that fall in that year are provisional.
func (s *Settings) holidayCard() fyne.CanvasObject {
	add := widgets.NewActionButton(widgets.Action{Label: lang.T("settings.holidays.add"), Icon: fynetheme.FolderOpenIcon(), Do: s.pickHolidays})
	return widgets.NewSectionCard(lang.T("settings.holidays"),
		container.NewVBox(widgets.NewParagraph(lang.T("settings.holidays.text")), container.NewHBox(add)))
}

func (s *Settings) pickHolidays() {
	dialogs.PickFile(s.env.Host.Window(), []string{".csv", ".json"}, func(path string) {
		var moved int
		s.env.Host.Run(lang.T("settings.holidays.add"), func(ctx context.Context, _ func(float64, string)) (err error) {
			moved, err = s.env.AddHolidays(ctx, path)
			return err
		}, func(err error) {
			if err != nil {
				showError(s.env, err)
				return
			}
			s.env.Host.Toast(lang.T("settings.holidays.done", "n", moved), theme.Good)
		})
	})
}
