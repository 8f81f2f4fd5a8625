// Package uitest gives tests a program without a display: our theme and faces,
// our words, a window of a chosen size, and hands that find things by the words a
// person sees. It is imported by tests only and refuses sleeping and timing.
package uitest

import (
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/assets"
)

// Screen is a window in a test with the hands of a person.
type Screen struct {
	t   testing.TB
	App fyne.App
	Win fyne.Window
}

// Size is the window most tests use.
var Size = fyne.NewSize(1280, 760)

var screenTheme = theme.New(theme.Faces{Regular: assets.ScreenRegular, Bold: assets.ScreenBold}, 1)

// New makes an empty window with our theme and Chinese words. Only one may be
// open at a time, the toolkit's driver is global; the test closes it by itself.
func New(t testing.TB) *Screen {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(screenTheme)
	Language(t, "zh-Hans")
	win := test.NewTempWindow(t, container.NewStack())
	win.SetPadded(false)
	win.Resize(Size)
	return &Screen{t: t, App: app, Win: win}
}

// On gives the hands of a person to a window that a test made itself.
func On(t testing.TB, app fyne.App, win fyne.Window) *Screen {
	return &Screen{t: t, App: app, Win: win}
}

// Language changes the words to those of a language.
func Language(t testing.TB, tag string) {
	t.Helper()
	if err := lang.Load(assets.Lang, tag); err != nil {
		t.Fatal(err)
	}
}

// Scale sets the text scale for what is shown from now on.
func (s *Screen) Scale(scale float32) { s.App.Settings().SetTheme(screenTheme.WithScale(scale)) }

// Show puts an object in the window and lets it settle.
func (s *Screen) Show(o fyne.CanvasObject) {
	s.Win.SetContent(o)
	s.Settle()
}

// Settle lays the window out until wrapped texts have found their heights, as
// the real driver does between two frames.
func (s *Screen) Settle() {
	size := s.Win.Canvas().Size()
	for range 3 {
		s.Win.Canvas().Content().Resize(size.SubtractWidthHeight(1, 1))
		s.Win.Canvas().Content().Resize(size)
	}
}

// Resize changes the size of the window.
func (s *Screen) Resize(width, height float32) {
	s.Win.Resize(fyne.NewSize(width, height))
	s.Settle()
}

// Capture writes a picture of the window to the folder named by the environment
// variable ANXIN_SHOTS; without it nothing happens. It is for eyes, not for tests.
func (s *Screen) Capture(name string) {
	s.t.Helper()
	folder := os.Getenv("ANXIN_SHOTS")
	if folder == "" {
		return
	}
	s.Settle()
	file, err := os.Create(filepath.Join(folder, name+".png"))
	if err != nil {
		s.t.Fatal(err)
	}
	defer file.Close()
	if err := png.Encode(file, s.Win.Canvas().Capture()); err != nil {
		s.t.Fatal(err)
	}
}
