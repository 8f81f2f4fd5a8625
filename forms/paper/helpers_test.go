package paper

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"anxin/assets"
)

var sharedPress = sync.OnceValues(func() (*Press, error) { return NewPress(assets.Papers, assets.Face) })

// testingSoak says that the long runs are wanted: all scans, all glyphs of all papers.
func testingSoak() bool { return os.Getenv("ANXIN_SOAK") != "" }

// newPress gives the press with the real templates and faces.
func newPress(t testing.TB) *Press {
	t.Helper()
	p, err := sharedPress()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var issued = time.Date(2026, 3, 18, 16, 30, 0, 0, time.FixedZone("CST", 8*3600))

func mustPrint(t testing.TB, job Job) Printed {
	t.Helper()
	out, err := newPress(t).Print(job)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// laidText gives what a job puts on its pages, page by page, without white space.
func laidText(t testing.TB, p *Press, job Job) []string {
	t.Helper()
	sheets, _, err := p.sheets(&job)
	if err != nil {
		t.Fatal(err)
	}
	return textOf(sheets)
}

func textOf(sheets []sheet) (out []string) {
	for _, s := range sheets {
		var b strings.Builder
		for _, st := range s.strips {
			for _, sp := range st.spans {
				b.WriteString(string(sp.runes))
			}
		}
		out = append(out, squeeze(b.String()))
	}
	return out
}

// flowText gives the text of a job as it flows, not yet divided into pages, without white space.
func flowText(t testing.TB, p *Press, job Job) string {
	t.Helper()
	l, err := p.layout(&job)
	if err != nil {
		t.Fatal(err)
	}
	l.values["pages"], l.values["annex_pages"] = value{text: "1"}, value{text: "1"}
	var b strings.Builder
	parts := [][]*node{l.tpl.body}
	for _, n := range []*node{l.tpl.annex, l.tpl.footer} {
		if n != nil {
			parts = append(parts, n.kids)
		}
	}
	for _, nodes := range parts {
		strips, err := l.compose(nodes, l.tpl.style.geometry, 1)
		if err != nil {
			t.Fatal(err)
		}
		for _, st := range strips {
			for _, sp := range st.spans {
				b.WriteString(string(sp.runes))
			}
		}
	}
	return squeeze(b.String())
}

func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// tool runs an outside program on a PDF and gives its output; the test is skipped where it is not installed.
func tool(t *testing.T, pdf []byte, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("%s is not installed: its check of our pages is left out", name)
	}
	file := filepath.Join(t.TempDir(), "document.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	for i, a := range args {
		if a == "FILE" {
			args[i] = file
		}
	}
	out, err := exec.Command(name, args...).Output() // qpdf ends with an error on a warning too
	if err != nil {
		var said *exec.ExitError
		errors.As(err, &said)
		t.Fatalf("%s: %v\n%s\n%s", name, err, out, said.Stderr)
	}
	return string(out)
}
