// Command app is 安薪 on the desktop: it opens a data folder, or makes one at
// the first run, and shows the pages of an office in a window.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"anxin/app/day"
	"anxin/app/lang"
	"anxin/app/office"
	"anxin/app/theme"
	"anxin/assets"
)

func main() {
	data := flag.String("data", defaultDir(), "数据文件夹 (data folder)")
	language := flag.String("language", "", "界面语言 zh-Hans 或 en，不写时第一次运行跟随系统 (language; at the first run the system's)")
	dayIn := flag.String("day", "", "在窗口中走完一天：示例日的文件夹 (work through a sample day)")
	dayOut := flag.String("out", filepath.Join("build", "day"), "示例日的输出文件夹 (where the day goes)")
	screen := flag.String("screen", tourScreen, "示例日中屏幕的像素大小 (the screen of the day, in pixels)")
	version := flag.Bool("version", false, "显示版本 (print the version)")
	flag.Parse()
	if *version {
		fmt.Println(appName, appVersion)
		return
	}
	if *dayIn != "" && *language == "" {
		*language = lang.Languages[0] // the day's pictures are the same everywhere
	}
	if err := lang.Load(assets.Lang, tongueAtFirst(*language, *data)); err != nil {
		fmt.Fprintln(os.Stderr, "anxin:", err)
		os.Exit(2)
	}
	os.Exit(start(*data, tour{in: *dayIn, out: *dayOut, screen: *screen}))
}

// start shows the window and returns the exit code when it is closed.
func start(data string, t tour) int {
	describe()
	followCaret()
	a := app.NewWithID(appID)
	a.SetIcon(fyne.NewStaticResource("Icon.png", assets.Icon))
	a.Settings().SetTheme(theme.New(theme.Faces{Regular: assets.ScreenRegular, Bold: assets.ScreenBold}, 1))
	// The toolkit's start leaves a hundred megabytes of garbage behind.
	a.Lifecycle().SetOnStarted(func() { time.AfterFunc(300*time.Millisecond, debug.FreeOSMemory) })
	if t.in != "" {
		data = day.OfficeDir(t.out)
	}
	d := newDesktop(a, data)
	d.watch()
	code := 0
	// The toolkit's own way out can panic: what it still wants done on the
	// window's goroutine may meet a queue already closed.
	d.win.SetOnClosed(func() {
		d.close()
		os.Exit(code)
	})
	if t.in != "" {
		t.d = d
		d.win.SetContent(t.waiting())
		d.win.Show()
		go func() {
			status := t.run()
			fyne.Do(func() {
				code = status
				d.win.Close()
			})
		}()
	} else {
		d.marks = office.Marks()
		d.begin()
	}
	fell := true
	defer func() {
		if fell {
			d.rescue()
		}
	}()
	a.Run()
	fell = false
	d.close()
	return code
}

// defaultDir is where an officer's data lies unless told otherwise.
func defaultDir() string {
	if dir := os.Getenv("ANXIN_DATA"); dir != "" {
		return dir
	}
	base, err := os.UserConfigDir()
	if err != nil {
		base = "."
	}
	return filepath.Join(base, "anxin")
}
