package dialogs_test

import (
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"

	"anxin/app/dialogs"
	"anxin/app/uitest"
)

// files are a folder with what an office keeps in it.
func files(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for _, name := range []string{"现场照片/门口.jpg", "现场照片/塔吊.jpg", "工资表.xlsx", "通知书.pdf", "笔录.PDF", ".hidden.pdf", "a.txt"} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, make([]byte, 2048), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	dialogs.RememberFolder(root, nil)
	t.Cleanup(func() { dialogs.RememberFolder("", nil) })
	return root
}

func TestChooserByKeyboard(t *testing.T) {
	root := files(t)
	s := screen(t)
	got := ""
	open := func(extensions ...string) { dialogs.PickFile(s.Win, extensions, func(path string) { got = path }) }
	want := func(name string) {
		t.Helper()
		if got != filepath.Join(root, name) {
			t.Errorf("picked %q, want %q", got, name)
		}
		if s.Win.Canvas().Overlays().Top() != nil {
			t.Fatal("the chooser is still open")
		}
		got = ""
	}
	open(".pdf")
	s.MustSee("现场照片", "笔录.PDF", "通知书.pdf", "2 KB", "文件夹", "选择文件")
	s.MustNotSee("工资表.xlsx", ".hidden.pdf", "a.txt")
	s.Capture("chooser")
	s.Press(fyne.KeyDown, fyne.KeyReturn)
	want("笔录.PDF")

	open(".pdf")
	s.Type("tzs") // 通知书 by its initials
	s.Press(fyne.KeyReturn)
	want("通知书.pdf")

	open(".jpg")
	s.Press(fyne.KeyReturn) // into the only folder
	s.MustSee("塔吊.jpg")
	s.Press(fyne.KeyBackspace)
	s.MustNotSee("塔吊.jpg")
	s.Press(fyne.KeyReturn, fyne.KeyDown, fyne.KeyReturn)
	want("现场照片/门口.jpg")

	open(".pdf") // opens where a file was picked last
	s.MustNotSee("塔吊.jpg")
	s.Press(fyne.KeyBackspace, fyne.KeyEscape)
	if got != "" || s.Win.Canvas().Overlays().Top() != nil {
		t.Errorf("Escape left %q and the chooser", got)
	}
}

func TestChooserTypedPath(t *testing.T) {
	root := files(t)
	s := screen(t)
	got := ""
	dialogs.PickFile(s.Win, []string{".pdf"}, func(path string) { got = path })
	path := s.Input("上一级")
	for _, c := range []struct{ typed, see string }{
		{"现场照片", "现场照片"},
		{"没有", "没有"},
		{filepath.Join(root, "nowhere"), "nowhere"},
	} {
		s.Focus(path)
		path.(interface{ SetText(string) }).SetText(c.typed)
		s.Press(fyne.KeyReturn)
		s.MustSee(c.see)
	}
	s.Focus(path)
	path.(interface{ SetText(string) }).SetText("../工资表.xlsx") // what is typed whole is meant
	s.Press(fyne.KeyReturn)
	if got != filepath.Join(root, "工资表.xlsx") {
		t.Errorf("picked %q", got)
	}
}

func TestChooserShowsAllFilesWhenAsked(t *testing.T) {
	files(t)
	s := screen(t)
	dialogs.PickFile(s.Win, []string{".pdf"}, func(string) {})
	s.MustNotSee("a.txt")
	s.Tap("显示全部文件（现只显示 .pdf）")
	s.MustSee("a.txt", "工资表.xlsx")
}

func TestChooserPicksFolders(t *testing.T) {
	root := files(t)
	s := screen(t)
	kept := ""
	dialogs.RememberFolder(root, func(folder string) { kept = folder })
	got := ""
	dialogs.PickFolder(s.Win, func(path string) { got = path })
	s.MustSee("现场照片")
	s.MustNotSee("a.txt")
	s.Tap("选择")
	if want := filepath.Join(root, "现场照片"); got != want || kept != want {
		t.Errorf("picked %q, kept %q, want %q", got, kept, want)
	}
	dialogs.PickFolder(s.Win, func(path string) { got = path })
	s.Press(fyne.KeyBackspace)
	s.Tap("新建文件夹")
	s.Type("归档")
	s.Press(fyne.KeyReturn)
	s.Tap("选择")
	if got != filepath.Join(root, "归档") {
		t.Errorf("picked %q", got)
	}
}

func TestChooserSaves(t *testing.T) {
	root := files(t)
	s := screen(t)
	got := ""
	save := func() { dialogs.SaveFile(s.Win, "台账.xlsx", func(path string) { got = path }) }
	save()
	s.Press(fyne.KeyReturn)
	if got != filepath.Join(root, "台账.xlsx") {
		t.Fatalf("saved to %q", got)
	}
	got = ""
	save()
	s.Type("工资表.xlsx") // the proposal is selected, typing replaces it
	s.Press(fyne.KeyReturn)
	s.MustSee("“工资表.xlsx”已经存在")
	s.Press(fyne.KeyEscape)
	if got != "" {
		t.Fatalf("an existing file was taken without a yes: %q", got)
	}
	s.Tap("保存")
	s.Tap("替换")
	if got != filepath.Join(root, "工资表.xlsx") {
		t.Errorf("saved to %q", got)
	}
	save()
	s.Fill("文件名", "没有的目录/x.xlsx")
	s.Press(fyne.KeyReturn)
	s.MustSee("没有这个文件夹")
}

func TestChooserInEnglish(t *testing.T) {
	files(t)
	s := screen(t)
	uitest.Language(t, "en")
	t.Cleanup(func() { uitest.Language(t, "zh-Hans") })
	dialogs.PickFile(s.Win, []string{".pdf"}, func(string) {})
	s.MustSee("Name", "Size", "Changed", "Up", "Home")
	s.MustNotSee("名称", "大小", "主目录")
}

func TestChooserFitsASmallWindow(t *testing.T) {
	files(t)
	s := screen(t)
	s.Scale(1.5)
	s.Resize(900, 600)
	dialogs.PickFile(s.Win, []string{".pdf"}, func(string) {})
	s.Capture("chooser-small")
	d := fyne.CurrentApp().Driver()
	for _, word := range []string{"选择", "取消", "上一级"} {
		b := s.Buttons(word)[0]
		at, size := d.AbsolutePositionForObject(b), b.Size()
		if at.X < 0 || at.Y < 0 || at.X+size.Width > 900 || at.Y+size.Height > 600 {
			t.Errorf("%q stands at %v with %v, outside of the window", word, at, size)
		}
	}
}
