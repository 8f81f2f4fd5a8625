package main

import (
	"path/filepath"
	"testing"

	"anxin/app/office"
)

// While the desktop works on a folder, the terminal says so.
func TestAHeldFolderIsRefused(t *testing.T) {
	t.Setenv(passphraseVariable, "青山不改 绿水长流")
	dir := filepath.Join(t.TempDir(), "data")
	make := []string{"--data", dir, "init", "--name", "桃花源县人社局", "--word", "桃人社", "--region", "湖南",
		"--officer", "张建国,430725001,2024-01-01,2029-12-31", "--officer", "李秀英,430725002,2024-01-01,2029-12-31"}
	release, err := office.Hold(dir)
	if err != nil {
		t.Fatal(err)
	}
	refused(t, "正被另一个安薪程序使用", make...)
	release()
	must(t, nil, make...)
	if release, err = office.Hold(dir); err != nil {
		t.Fatal(err) // the command let go
	}
	refused(t, "正被另一个安薪程序使用", "--data", dir, "list", "officer")
	release()
	must(t, []string{"张建国"}, "--data", dir, "list", "officer")
}
