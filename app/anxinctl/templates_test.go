package main

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"anxin/app/day"
	"anxin/assets"
	"anxin/forms/paper"
)

func TestPapersCheck(t *testing.T) {
	must(t, []string{"个模板，0 个有错"}, "papers", "check")
	dir := t.TempDir()
	refused(t, "没有文书模板", "papers", "check", dir)
	refused(t, "找不到文件夹", "papers", "check", filepath.Join(dir, "none"))
	for name, text := range map[string]string{"A.paper": "title 甲\nbody\n{{x}}\n", "B.paper": "title 乙\nfield a text 甲\nbody\n正文\n", "C.paper": "title 丙\nbody\n好\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	code, out, errs := ctl("papers", "check", dir)
	if code != 1 || errs != "" || !strings.Contains(out, "A.paper:3：") || !strings.Contains(out, "B.paper:2：") || strings.Contains(out, "C.paper") {
		t.Errorf("exit %d, %q, %q", code, out, errs)
	}
	if err := os.WriteFile(filepath.Join(dir, "A.paper"), []byte("title 甲\nbody\n甲\u0E01\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "B.paper")); err != nil {
		t.Fatal(err)
	}
	if code, out, _ := ctl("papers", "check", dir); code != 1 || !strings.Contains(out, "U+0E01") || !strings.Contains(out, "共 2 个模板，1 个有错") {
		t.Errorf("a word without a glyph: exit %d, %q", code, out)
	}
}

func TestPapersList(t *testing.T) {
	must(t, []string{"D06", "劳动保障监察限期改正指令书", "D28"}, "papers", "list")
	var list []listedPaper
	if err := json.Unmarshal([]byte(must(t, nil, "papers", "list", "--json")), &list); err != nil {
		t.Fatal(err)
	}
	for _, p := range list {
		if p.Type == "" || p.Title == "" || len(p.Fields) == 0 || p.Fields[0].Label == "" {
			t.Errorf("listed %+v", p)
		}
	}
}

// Every type has a sample; each says that it is one and reads back as its type.
func TestPapersSample(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	out := must(t, []string{"D06 ", "D28 "}, "papers", "sample", "--out", dir)
	files, err := filepath.Glob(filepath.Join(dir, "*.pdf"))
	if err != nil || len(files) < 40 || strings.Count(out, ".pdf，") != len(files) {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		sealed, err := paper.ReadPDF(raw)
		if err != nil || sealed.Mark != paper.MarkExample || !strings.HasPrefix(filepath.Base(f), sealed.Type+" ") {
			t.Errorf("%s: %s %s %v", filepath.Base(f), sealed.Type, sealed.Mark, err)
		}
	}
	own := t.TempDir() // without data, each field is filled with its label
	if err := os.WriteFile(filepath.Join(own, "X.paper"), []byte("title 甲\nfield a text! 事由\nfield m money 金额\nfield f flag 旗\nfield k choice 选 = 一/二\nfield r rows 行\ncolumn c text 栏\nbody\n{{a}}{{m}}{{if f}}{{end}}{{k:boxes}}\n@each r\n{{c}}\n@end\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	must(t, []string{"X 甲.pdf，1 页"}, "papers", "sample", "--out", dir, "--dir", own)
}

// A worked day is printed on a printer, scanned back, and bound.
func TestPrintScanAndBind(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a shell script stands for lp: not on Windows")
	}
	out, did := worked(t)
	data := day.OfficeDir(out)
	var ids []string
	for _, d := range did.Documents {
		ids = append(ids, d.ID)
	}
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "lp"), []byte("#!/bin/sh\nfor f; do :; done\ncp \"$f\" '"+bin+"/printed.pdf'\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	must(t, []string{"打印 2 件文书共 "}, "--data", data, "print", ids[0], ids[1], "--printer", "default", "--duplex")
	nobody := none
	if code, text, _ := ctl("--data", data, "print", ids[0], nobody, "--printer", "HP"); code != 1 || !strings.Contains(text, "成功 1 份") || !strings.Contains(text, "未打印 "+nobody) {
		t.Errorf("one of two cannot be printed: exit %d, %q", code, text)
	}
	refused(t, "二者选一", "--data", data, "print", ids[0])
	refused(t, "只能写一份", "--data", data, "print", ids[0], ids[1], "--out", filepath.Join(bin, "x.pdf"))
	must(t, []string{"页扫描件"}, "--data", data, "papers", "scan", filepath.Join(bin, "printed.pdf"), "--dry")
	kase := listed(t, data, "case")
	bound := filepath.Join(bin, "f.pdf")
	must(t, []string{"件材料", "自查未通过"}, "--data", data, "file", "build", kase, "--out", bound)
	if n, err := paper.CountPages(contentOf(t, bound)); err != nil || n < 10 {
		t.Errorf("the file has %d pages, %v", n, err)
	}
	refused(t, "不是案件", "--data", data, "file", "build", ids[0], "--out", bound)
	refused(t, "找不到扫描件", "--data", data, "papers", "scan", filepath.Join(bin, "none.png"))
}

func contentOf(t *testing.T, file string) []byte {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// An office's own template stands on the program's parts and is held to the
// elements of the law.
func TestOwnTemplatesStandOnTheProgram(t *testing.T) {
	dir := t.TempDir()
	raw, err := fs.ReadFile(assets.Papers, "D03.paper")
	if err != nil {
		t.Fatal(err)
	}
	own := filepath.Join(dir, "D03.paper")
	if err := os.WriteFile(own, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	must(t, []string{"共 1 个模板，0 个有错"}, "papers", "check", dir)
	short := strings.ReplaceAll(string(raw), "，与检查情况一致", "")
	if err := os.WriteFile(own, []byte(short), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, _ := ctl("papers", "check", dir)
	if code != 1 || !strings.Contains(out, "D03.paper:") || !strings.Contains(out, "缺少法定要素“确认语”") {
		t.Errorf("exit %d, %q", code, out)
	}
}

// While a template is edited its sample is printed again at each save, and a
// slip is told without losing the last good one.
func TestSamplesFollowTheTemplate(t *testing.T) {
	dir, out := t.TempDir(), t.TempDir()
	file := filepath.Join(dir, "X.paper")
	write := func(text string) {
		t.Helper()
		whole := filepath.Join(t.TempDir(), "X.paper") // put in place in one step: no half file is ever seen
		if err := os.WriteFile(whole, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(whole, file); err != nil {
			t.Fatal(err)
		}
	}
	var said bytes.Buffer
	s := &session{ctx: t.Context(), out: &said}
	tick, done := make(chan time.Time), make(chan error)
	write("title 甲\nfield a text 事由\nbody\n{{a}}\n")
	go func() { done <- (&papersSampleCmd{Out: out, Dir: dir}).watch(s, tick) }()
	settle := func() { // the second is taken when the first is dealt with
		tick <- time.Time{}
		tick <- time.Time{}
	}
	settle()
	write("title 乙\nfield a text 事由\nbody\n{{b}}好\n")
	settle()
	write("title 丙丙\nfield a text 事由\nbody\n{{a}}\n")
	settle()
	close(tick)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	text := said.String()
	if strings.Count(text, "共 1 种文书") != 2 || !strings.Contains(text, "X.paper:4") {
		t.Errorf("said %q", text)
	}
	for _, name := range []string{"X 甲.pdf", "X 丙丙.pdf"} {
		if _, err := os.Stat(filepath.Join(out, name)); err != nil {
			t.Error(err)
		}
	}
}
