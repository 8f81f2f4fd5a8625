package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"anxin/app/day"
	"anxin/app/lang"
	"anxin/app/office"
	"anxin/app/page"
	"anxin/model"
)

// tourScreen is a common office laptop's screen, in pixels.
const tourScreen = "1366x768"

// screensDir holds the pictures of the pages below the day's output.
const screensDir = "screens"

// tour works through a day while the real window shows each step, and leaves a
// picture of every page. The window shows the same data folder the day works
// on, through the same use cases.
type tour struct {
	d       *desktop
	in, out string
	screen  string // its size in pixels, "1366x768"
	picture int
}

// fill makes the window as large as the screen, whatever its scale.
func (t *tour) fill() {
	var w, h float32
	if n, err := fmt.Sscanf(t.screen, "%fx%f", &w, &h); n != 2 || err != nil {
		fmt.Sscanf(tourScreen, "%fx%f", &w, &h)
	}
	scale := t.d.win.Canvas().Scale()
	t.d.win.Resize(fyne.NewSize(w/scale, h/scale))
}

func (t *tour) waiting() fyne.CanvasObject {
	return container.NewCenter(widget.NewLabel(lang.T("tour.begins")))
}

// run goes through the day and returns the exit code.
func (t *tour) run() int {
	if err := t.work(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "anxin:", err)
		return 1
	}
	fmt.Printf("已走完，结果在 %s (summary.json, documents, %s)\n", t.out, screensDir)
	return 0
}

func (t *tour) work(ctx context.Context) error {
	in, err := day.Input(t.in)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(t.out, screensDir), 0o755); err != nil {
		return fmt.Errorf("建立截图文件夹: %w", err)
	}
	if err := t.firstRun(); err != nil {
		return err
	}
	_, err = day.Run(ctx, day.Options{In: in, Out: t.out, Before: func(step string) { fmt.Println(step) },
		After: func(step string, o *office.Office) error { return t.after(ctx, step, o) }})
	return err
}

// firstRun pictures what a new officer sees first.
func (t *tour) firstRun() error {
	fyne.DoAndWait(func() {
		t.fill() // the scale is known once the window stands
		t.d.win.SetContent(page.NewWizard(page.WizardOptions{Window: t.d.win, Now: time.Now, Run: t.d.run,
			Create:     func(context.Context, page.SetUp) error { return errors.New(lang.T("tour.begins")) },
			OpenSample: func(context.Context, page.Tell) error { return errors.New(lang.T("tour.begins")) }, Region: office.Region, Speak: func(string) error { return nil }, Done: func() {}}))
	})
	return t.shoot("wizard")
}

// stops says which page shows what a step did.
var stops = map[string]string{
	"导入名册": "employers", "登记线索": "leads", "受理立案": "cases", "检查审批": "inspections", "现场检查笔录": "inspections",
	"起草限期改正指令书": "documents", "签发限期改正指令书": "documents", "送达": "documents",
}

// after shows the page of a step; the last step shows them all.
func (t *tour) after(ctx context.Context, step string, o *office.Office) error {
	if t.d.shell == nil {
		if err := t.d.take(ctx, o); err != nil {
			return err
		}
		fyne.DoAndWait(func() {
			t.d.show()
			t.fill()
		})
	}
	if stop, ok := stops[step]; ok {
		if err := t.visit(stop, "step"); err != nil {
			return err
		}
	}
	if step != day.LastStep {
		return nil
	}
	for _, p := range t.d.places() {
		if err := t.visit(p.Key, "page"); err != nil {
			return err
		}
	}
	return t.records(ctx, o)
}

// records opens one record of each kind that has a page of its own.
func (t *tour) records(ctx context.Context, o *office.Office) error {
	for _, r := range recordPages {
		heads, err := o.Store.List(ctx, r.query)
		if err != nil || len(heads) == 0 {
			return errors.Join(err, missing(len(heads), r.place))
		}
		fyne.DoAndWait(func() { t.d.shell.Go(r.place, string(heads[0].ID)) })
		if err := t.shoot("record-" + r.place); err != nil {
			return err
		}
	}
	return nil
}

func missing(n int, place string) error {
	if n > 0 {
		return nil
	}
	return fmt.Errorf("“%s”页没有可以打开的记录", place)
}

func (t *tour) visit(key, why string) error {
	fyne.DoAndWait(func() {
		if t.d.shell.Route().Page == key {
			t.d.shell.Rebuild()
			return
		}
		t.d.shell.Go(key, "")
	})
	return t.shoot(why + "-" + key)
}

// settle is how long a page gets to paint; software rendering needs about 40 ms
// a frame.
const settle = 700 * time.Millisecond

// longestRead is how long a picture waits for a page on a busy machine.
const longestRead = 20 * time.Second

// awaitPage waits until nothing is being read for the page, and then for its
// painting.
func (t *tour) awaitPage() {
	for end := time.Now().Add(longestRead); time.Now().Before(end); {
		working := false
		time.Sleep(settle)
		fyne.DoAndWait(func() { working = t.d.shell != nil && t.d.shell.Working() })
		if !working {
			return
		}
	}
}

// shoot keeps a picture of the whole screen. The canvas itself reads back
// black under a virtual display, so ImageMagick's import asks the X server.
func (t *tour) shoot(name string) error {
	tool, err := exec.LookPath("import")
	if err != nil {
		return nil // no pictures without the tool; the day itself is the same
	}
	t.awaitPage()
	t.picture++
	file := filepath.Join(t.out, screensDir, fmt.Sprintf("%02d-%s.png", t.picture, name))
	if out, err := exec.Command(tool, "-window", "root", file).CombinedOutput(); err != nil {
		return fmt.Errorf("截图“%s”没有成功（%s）: %w", name, bytes.TrimSpace(out), err)
	}
	return notBlank(file)
}

// notBlank refuses a picture of one colour: a window that painted nothing.
func notBlank(file string) error {
	raw, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("读取截图: %w", err)
	}
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		return fmt.Errorf("读取截图“%s”: %w", file, err)
	}
	b := img.Bounds()
	first := img.At(b.Min.X, b.Min.Y)
	for y := b.Min.Y; y < b.Max.Y; y += 7 {
		for x := b.Min.X; x < b.Max.X; x += 7 {
			if img.At(x, y) != first {
				return nil
			}
		}
	}
	return fmt.Errorf("截图“%s”是空白的，窗口没有画出来", file)
}

// recordPages are the records the tour opens, one for each page that has any.
var recordPages = []struct {
	place string
	query model.Query
}{
	{"leads", model.Query{Kind: model.KindLead, Limit: 1}},
	{"inspections", model.Query{Kind: model.KindInspection, Limit: 1}},
	{"cases", model.Query{Kind: model.KindCase, Limit: 1}},
	{"documents", model.Query{Kind: model.KindDocument, States: []string{model.DocumentServed}, Limit: 1}},
	{"employers", model.Query{Kind: model.KindEmployer, Limit: 1}},
}
