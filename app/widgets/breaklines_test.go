package widgets

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func wide(s string) float32 {
	var w float32
	for _, r := range s {
		w += 1
		if r > 0x2000 {
			w += 1
		}
	}
	return w
}

func TestLinesBreakAsAReaderExpects(t *testing.T) {
	for _, c := range []struct {
		name, text, want string
		room             float32
	}{
		{"closing punctuation stays with its word", "青溪县人力资源局（示例）", "青溪县人力资源局（示\n例）", 22},
		{"no opening punctuation at the end", "关于实施《条例》", "关于实施\n《条例》", 10},
		{"a number stays whole", "欠薪203100.00元", "欠薪\n203100.00\n元", 10},
		{"words stay whole", "Print and serve a paper", "Print and \nserve a \npaper", 10},
		{"a comma does not begin a line", "一二三四，五六", "一二三\n四，五六", 8},
		{"breaks of the text stay", "一二\n三四五六", "一二\n三四五六", 8},
		{"room for all", "一二三四", "一二三四", 8},
		{"nothing", "", "", 8},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := breakLines(c.text, c.room, wide); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestBrokenLinesKeepEveryCharacter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("青溪县（）《》，。1234 abc·、“”"))).Draw(t, "text")
		room := rapid.Float32Range(1, 60).Draw(t, "room")
		broken := breakLines(text, room, wide)
		if strings.ReplaceAll(broken, "\n", "") != text {
			t.Fatalf("%q became %q", text, broken)
		}
		for _, line := range strings.Split(broken, "\n")[1:] {
			if r, _ := utf8.DecodeRuneInString(line); strings.ContainsRune("），。》、", r) && room > 8 && strings.Trim(line, "），。》、”") != "" {
				before := strings.Split(broken, line)[0]
				if !strings.HasSuffix(strings.TrimSuffix(before, "\n"), " ") {
					t.Fatalf("a line begins with %q in %q", r, broken)
				}
			}
		}
	})
}
