package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestFilesOfTheClipboard(t *testing.T) {
	dir := t.TempDir()
	one, two := filepath.Join(dir, "照片 1.jpg"), filepath.Join(dir, "b.mp4")
	for _, p := range []string{one, two} {
		if err := os.WriteFile(p, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"a path":                 {one, []string{one}},
		"paths on lines":         {one + "\r\n" + two + "\r\n", []string{one, two}},
		"as a file manager says": {"x-special/nautilus-clipboard\ncopy\nfile://" + filepath.ToSlash(dir) + "/%E7%85%A7%E7%89%87%201.jpg\n", []string{one}},
		"in quotation marks":     {`"` + two + `"`, []string{two}},
		"a folder":               {dir, nil},
		"a missing file":         {filepath.Join(dir, "c.jpg"), nil},
		"a sentence":             {"请支付工资", nil},
		"a path and a sentence":  {one + "\n请支付工资", nil},
		"nothing":                {"", nil},
		"a name without folder":  {"b.mp4", nil},
	} {
		if got := filesIn(c.text); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
