package page

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
)

// alarmCard says that the hub contradicted itself: people must look into it.
func (s *Sync) alarmCard() fyne.CanvasObject {
	clear := widgets.NewActionButton(widgets.Action{Label: lang.T("sync.alarm.clear"), Do: s.clearAlarm})
	return widgets.NewSectionCard(lang.T("sync.alarm"), container.NewVBox(
		widgets.NewBorder(nil, nil, widgets.NewTag(lang.T("sync.alarm.tag"), theme.Bad), nil, widgets.NewParagraph(alarmText(s.status.Alarm))),
		widgets.NewParagraph(lang.T("sync.alarm.text")), container.NewHBox(clear)))
}

// alarmText is when the hub contradicted itself, and how.
func alarmText(alarm string) string {
	at, text, ok := cutTime(alarm)
	if !ok {
		return lang.Said(alarm)
	}
	return at + " " + lang.Said(text)
}

// cutTime takes the time off the beginning of a text.
func cutTime(text string) (at, rest string, ok bool) {
	if n := len(time.DateTime); len(text) > n {
		_, err := time.Parse(time.DateTime, text[:n])
		return text[:n], strings.TrimSpace(text[n:]), err == nil
	}
	return "", text, false
}

func (s *Sync) clearAlarm() {
	dialogs.Confirm(s.env.Host.Window(), dialogs.Question{Title: lang.T("sync.alarm"), Text: lang.T("sync.alarm.sure"), Verb: lang.T("sync.alarm.clear"), Danger: true, Yes: func() {
		s.env.Host.Run(lang.T("sync.alarm.clear"), func(ctx context.Context, _ func(float64, string)) error { return s.env.Hub.ClearAlarm(ctx) }, s.switched)
	}})
}

// switched shows how things stand after a switch was turned.
func (s *Sync) switched(err error) {
	if err != nil {
		showError(s.env, err)
	}
	s.Refresh()
}

// levels says how far what was done here has come: stored on this laptop, in
// the hub's signed log, in the hub's backup.
func (s *Sync) levels() []*widgets.Field {
	st := s.status
	fields := []*widgets.Field{shownField(lang.T("sync.level.stored"), lang.T("sync.pending.n", "n", st.Logged+st.Pending)),
		shownField(lang.T("sync.level.logged"), lang.T("sync.pending.n", "n", st.Logged)),
		shownField(lang.T("sync.level.backed"), lang.T("sync.pending.n", "n", st.BackedUp))}
	if st.Files > 0 {
		fields = append(fields, shownField(lang.T("sync.files"), lang.T("sync.files.n", "n", st.Files, "size", megabytes(st.Bytes))))
	}
	if st.Wanted > 0 {
		fields = append(fields, shownField(lang.T("sync.wanted"), lang.T("sync.wanted.n", "n", st.Wanted)))
	}
	return fields
}

// lineCard are the switches of the line and the way by a USB stick.
func (s *Sync) lineCard() fyne.CanvasObject {
	s.pause.Set(s.status.Paused)
	s.metered.Set(s.status.Metered)
	out := widgets.NewActionButton(widgets.Action{Label: lang.T("sync.usb.out"), Icon: fynetheme.UploadIcon(), Do: s.usbOut})
	in := widgets.NewActionButton(widgets.Action{Label: lang.T("sync.usb.in"), Icon: fynetheme.DownloadIcon(), Do: s.usbIn})
	return widgets.NewSectionCard(lang.T("sync.line"), container.NewVBox(s.pause, s.metered, widgets.NewCaption(lang.T("sync.metered.hint")),
		widgets.NewParagraph(lang.T("sync.usb.text")), widgets.NewFlow(out, in)))
}

func (s *Sync) usbOut() {
	name := lang.T("sync.usb.file", "day", dayText(s.env.Now()))
	dialogs.SaveFile(s.env.Host.Window(), name, func(path string) {
		s.carry(lang.T("sync.usb.out"), func(ctx context.Context) (HubSummary, error) { return s.env.Hub.UsbOut(ctx, path) }, func(sum HubSummary) string {
			return lang.T("sync.usb.out.done", "n", sum.Pushed, "files", sum.Blobs, "file", path)
		})
	})
}

func (s *Sync) usbIn() {
	dialogs.PickFile(s.env.Host.Window(), []string{packageEnding}, func(path string) {
		s.carry(lang.T("sync.usb.in"), func(ctx context.Context) (HubSummary, error) { return s.env.Hub.UsbIn(ctx, path) }, func(sum HubSummary) string {
			return lang.T("sync.usb.in.done", "pushed", sum.Pushed, "pulled", sum.Pulled, "files", sum.Blobs)
		})
	})
}

// carry does one way of the exchange by file.
func (s *Sync) carry(title string, work func(context.Context) (HubSummary, error), says func(HubSummary) string) {
	var sum HubSummary
	watched(s.env, title, func(ctx context.Context, _ func(float64, string)) (err error) {
		sum, err = work(ctx)
		return err
	}, func() {
		s.regs.forget()
		s.Refresh()
		dialogs.Inform(s.env.Host.Window(), title, says(sum))
	})
}
