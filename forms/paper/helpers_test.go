package paper

import (
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
	var out []string
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
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}
