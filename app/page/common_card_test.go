package page

import (
	"context"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"anxin/app/casework"
	"anxin/app/lang"
	"anxin/app/uitest"
	"anxin/model"
)

// card is a folder as a body camera leaves it: two files with their times.
func card(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "NO NAME")
	sure(t, os.MkdirAll(filepath.Join(dir, "DCIM", "100 A"), 0o700))
	for name, at := range map[string]time.Time{"VID_0001.MP4": time.Date(2026, 9, 18, 14, 2, 0, 0, time.UTC), "IMG_0002.jpg": time.Date(2026, 9, 18, 14, 31, 0, 0, time.UTC)} {
		path := filepath.Join(dir, "DCIM", "100 A", name)
		sure(t, os.WriteFile(path, []byte(name), 0o600))
		sure(t, os.Chtimes(path, at, at))
	}
	return dir
}

func (w *world) evidence(p *Inspections) []kept[model.Evidence] {
	w.Helper()
	list, err := readAll[model.Evidence](w.env, model.Query{Parent: p.id})
	sure(w, err)
	return list
}

func TestNewFilesOfACameraCardAreImportedInOneAct(t *testing.T) {
	for _, tag := range lang.Languages {
		t.Run(tag, func(t *testing.T) {
			w := newWorld(t)
			w.entry("daybook-equipment", map[string]any{"title": "DSJ-T9", "type": "执法记录仪", "serial": "0007", "condition": "在用"})
			p := w.announced()
			uitest.Language(t, tag)
			p.Refresh()
			folder := card(t)
			uitest.AnswerFiles(t, folder)
			p.shown.(*visit).part(partEvidence)
			w.screen.Settle()
			w.screen.Tap(lang.T("card.watch"))
			w.screen.MustSee(lang.T("card.none", "folder", folder)) // the first look does not know what is still being written
			w.passes()
			w.screen.MustSee(lang.T("card.fresh", "n", 2, "from", "2026-09-18 22:02", "to", "2026-09-18 22:31"))
			w.screen.Resize(1366-168, 768-60)
			w.screen.Capture("visit-card-" + tag)
			w.takesTheCard(p, tag)
			w.tapLast(lang.T("dialog.close")) // the bytes are no film, and that is told
			w.passes()
			w.passes()
			w.screen.MustSee(lang.T("card.none", "folder", folder))
			sure(t, os.RemoveAll(folder))
			w.passes()
			w.screen.MustSee(lang.T("card.away", "folder", folder))
			p.Leave()
			waits := len(w.waiting)
			w.passes()
			if len(w.waiting) >= waits && waits > 0 {
				t.Error("the card is watched on after the page was left")
			}
			w.show(NewInspections(w.env, string(p.id))) // and watched again when it is opened again
			w.host.page.(*Inspections).shown.(*visit).part(partEvidence)
			w.screen.Settle()
			w.screen.Tap(lang.T("card.stop"))
			w.screen.MustSee(lang.T("card.watch"))
		})
	}
}

// takesTheCard imports what the card holds after its clock was compared, and
// finds both files kept with what the clock was off by.
func (w *world) takesTheCard(p *Inspections, tag string) {
	w.Helper()
	w.screen.Tap(lang.T("card.import"))
	w.screen.MustSee(lang.T("card.import.n", "n", 2), "VID_0001.MP4")
	w.screen.Capture("visit-card-import-" + tag)
	w.screen.Fill(lang.T("card.clock"), "三点")
	w.screen.Tap(lang.T("card.take"))
	w.screen.MustSee("14:02:31")
	w.screen.Fill(lang.T("card.clock"), w.clock.Now().Add(3*time.Minute+12*time.Second).Format(time.DateTime))
	w.screen.MustSee(lang.T("card.clock.fast", "by", "3m12s"))
	w.screen.Pick(lang.T("card.recorder"), "DSJ-T9 · 0007")
	w.screen.Capture("visit-card-clock-" + tag)
	w.screen.Tap(lang.T("card.take"))
	list := w.evidence(p)
	if len(list) != 2 {
		w.Fatalf("%d pieces of evidence, want 2: %v", len(list), w.host.said)
	}
	for _, k := range list {
		if k.Value.ClockOffset != 192 || k.Value.ClockSource != model.ClockCompared || k.Value.Recorder != "DSJ-T9 · 0007" {
			w.Errorf("%s: the camera's clock is kept as %d s by %q of %q", k.Value.Name, k.Value.ClockOffset, k.Value.ClockSource, k.Value.Recorder)
		}
		if k.Value.Name == "VID_0001.MP4" && !k.Value.TakenAt.Equal(time.Date(2026, 9, 18, 14, 2, 0, 0, time.UTC)) {
			w.Errorf("the film was taken at %v", k.Value.TakenAt)
		}
	}
}

func TestFilesPutAsideAreNotOfferedAgain(t *testing.T) {
	w := newWorld(t)
	p := w.announced()
	w.env.Prefs.Set(prefCard, card(t))
	p.shown.(*visit).part(partEvidence)
	w.screen.Settle()
	w.passes()
	w.screen.Tap(lang.T("card.import"))
	w.screen.Tap(joined("2026-09-18 22:31", "DCIM/100 A/IMG_0002.jpg", "12 B"))
	w.screen.Tap(lang.T("card.aside"))
	w.screen.Tap(lang.T("card.take"))
	w.tapLast(lang.T("dialog.close"))
	w.passes()
	w.passes()
	w.screen.MustNotSee(lang.T("card.import"))
	if list := w.evidence(p); len(list) != 1 || list[0].Value.Name != "VID_0001.MP4" {
		t.Errorf("kept %v", list)
	}
}

func TestPastingTakesWhatWasCopied(t *testing.T) {
	w := newWorld(t)
	p := w.announced()
	clip := fyne.CurrentApp().Clipboard()
	p.Paste()
	if !slices.Contains(w.host.said, lang.T("inspections.paste.nothing")) {
		t.Errorf("an empty clipboard says %v", w.host.said)
	}
	picture := filepath.Join(t.TempDir(), "粘贴的图片.png")
	file, err := os.Create(picture)
	sure(t, err)
	sure(t, png.Encode(file, image.NewGray(image.Rect(0, 0, 9, 9))))
	sure(t, file.Close())
	dropped := 0
	w.env.Copied = func(context.Context, string) ([]string, func(), error) {
		return []string{picture}, func() { dropped++ }, nil
	}
	p.Paste()
	if list := w.evidence(p); len(list) != 1 || list[0].Value.Name != "粘贴的图片.png" || dropped != 1 {
		t.Fatalf("pasted %v, dropped %d times", list, dropped)
	}
	p.Paste()
	w.screen.MustSee(lang.T("evidence.again", "name", "粘贴的图片.png"))
	w.screen.Tap(lang.T("dialog.close"))
	if list := w.evidence(p); len(list) != 1 {
		t.Errorf("the same bytes are kept %d times", len(list))
	}
	clip.SetContent("序号\t姓名\t身份证号码\t应发\t已发\t欠发\n1\t王大山\t430725198001010019\t12000.50\t2000\t10000.50\n2\t李小河\t\t9000\t0\t9000\n")
	p.Paste()
	w.screen.MustSee("19,000.50", "王大山", "李小河没有身份证号码，请补填")
	if k := only[model.Inspection](w); k.Value.WageRoll == "" {
		t.Error("the visit has no roll")
	}
	clip.SetContent("姓名\t欠发\n王大山\t100\n")
	p.Paste()
	w.screen.MustSee("身份证号码")
	w.screen.Tap(lang.T("dialog.close"))
	if !casework.IsTable(clip.Content()) {
		t.Error("the clipboard was changed")
	}
}
