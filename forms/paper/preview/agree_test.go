package preview

import (
	"encoding/json"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode"

	"anxin/assets"
	"anxin/forms/paper"
)

// Three readers that share no code read the same characters in the same order in every sample of the house.
func TestReadersAgree(t *testing.T) {
	needReaders(t)
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

func needReaders(t *testing.T) {
	t.Helper()
	for _, name := range []string{"pdftotext", "mutool"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("%s is not installed: the readers are not compared", name)
		}
	}
}

// printed is a sample of the house on paper.
func printed(t testing.TB, press *paper.Press, sample string) []byte {
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

// The same of any text: hanzi of all planes, names with a middle dot, long numbers, Latin, punctuation at every place
// of a line.
func TestReadersAgreeOnAnyText(t *testing.T) {
	needReaders(t)
	press, err := paper.NewPress(fstest.MapFS{"T.paper": {Data: []byte("title 题\nfield a text 文\nbody\n{{a}}\n")}}, assets.Face)
	if err != nil {
		t.Fatal(err)
	}
	v := newViewer(t)
	for seed := range uint64(4) {
		text := anyText(rand.New(rand.NewPCG(seed, 7)), press)
		out, err := press.Print(paper.Job{Type: "T", Fields: map[string]any{"a": text}})
		if err != nil {
			t.Fatal(err)
		}
		if got := agree(t, v, out.PDF); !strings.HasPrefix(got, letters(text)) {
			t.Errorf("seed %d: what was typed is not what is read", seed)
		}
	}
}

// anyText draws a text of about 600 characters that the press has glyphs for.
func anyText(r *rand.Rand, press *paper.Press) string {
	planes := [][2]rune{{'一', '龥'}, {'一', '龥'}, {0x3400, 0x4DBF}, {0x20000, 0x2A6DF}, {0x2A700, 0x2EBE0}}
	words := []string{"艾力·买买提", "¥386,452.30", "91330110MA2XXXXX7K", "（一）", "《条例》", "，", "。", "；", "“", "”", " PDF/A ", "2026年3月18日", "——", "……"}
	var b strings.Builder
	for b.Len() < 1800 {
		if r.IntN(6) == 0 {
			b.WriteString(words[r.IntN(len(words))])
			continue
		}
		p := planes[r.IntN(len(planes))]
		one := string(p[0] + rune(r.IntN(int(p[1]-p[0]))))
		if _, err := press.Print(paper.Job{Type: "T", Fields: map[string]any{"a": one}}); err == nil {
			b.WriteString(one)
		}
	}
	return b.String()
}

// agree gives the text three readers agree on.
func agree(t *testing.T, v *Viewer, pdf []byte) string {
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
		if letters(string(got)) != letters(want) {
			t.Errorf("%s and PDFium differ:\n%s\n%s", reader[0], letters(string(got)), letters(want))
		}
	}
	return letters(want)
}

// letters are the characters of a text as they follow one another, without the white space readers add.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
}
