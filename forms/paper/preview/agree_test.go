package preview

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"anxin/assets"
	"anxin/forms/paper"
)

// Three readers that share no code read the same characters in every sample of the house.
func TestReadersAgree(t *testing.T) {
	for _, name := range []string{"pdftotext", "mutool"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("%s is not installed: the readers are not compared", name)
		}
	}
	press, err := paper.NewPress(assets.Papers, assets.Face)
	if err != nil {
		t.Fatal(err)
	}
	v := newViewer(t)
	samples, err := fs.Glob(assets.Papers, "samples/*.json")
	if err != nil || len(samples) < 40 {
		t.Fatalf("%d samples, %v", len(samples), err)
	}
	for _, sample := range samples {
		t.Run(filepath.Base(sample), func(t *testing.T) {
			agree(t, v, printed(t, press, sample))
		})
	}
}

// printed is a sample of the house on paper.
func printed(t *testing.T, press *paper.Press, sample string) []byte {
	t.Helper()
	raw, err := fs.ReadFile(assets.Papers, sample)
	if err != nil {
		t.Fatal(err)
	}
	job := paper.Job{Type: strings.TrimSuffix(filepath.Base(sample), ".json"), Issued: time.Unix(0, 0).UTC(), Token: "SAMPLE"}
	if err := json.Unmarshal(raw, &job); err != nil {
		t.Fatal(err)
	}
	out, err := press.Print(job)
	if err != nil {
		t.Fatal(err)
	}
	return out.PDF
}

func agree(t *testing.T, v *Viewer, pdf []byte) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "d.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	d := open(t, v, pdf)
	want := ""
	for i := range d.Pages() {
		text, err := d.Text(i)
		if err != nil {
			t.Fatal(err)
		}
		want += text
	}
	for _, reader := range [][]string{{"pdftotext", "-raw", file, "-"}, {"mutool", "draw", "-q", "-F", "txt", "-o", "-", file}} {
		got, err := exec.Command(reader[0], reader[1:]...).Output()
		if err != nil {
			t.Fatal(err)
		}
		if characters(string(got)) != characters(want) {
			t.Errorf("%s and PDFium differ:\n%s\n%s", reader[0], characters(string(got)), characters(want))
		}
	}
}

// characters are those of a text in their own order: readers put the blocks of a page one after another as they
// see fit.
func characters(s string) string {
	list := []rune(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			return -1
		}
		return r
	}, s))
	slices.Sort(list)
	return string(list)
}
