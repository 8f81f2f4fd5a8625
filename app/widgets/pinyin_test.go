package widgets_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"anxin/app/widgets"
)

func TestMatch(t *testing.T) {
	cases := []struct {
		name, text, query string
		rank              int
		ok                bool
	}{
		{"nothing asked", "拆迁中心", "", 0, true},
		{"as written", "拆迁中心", "拆迁", 0, true},
		{"initials of all", "拆迁中心", "cqzx", 1, true},
		{"upper case", "拆迁中心", "CQ", 1, true},
		{"further in as written", "拆迁中心", "中心", 2, true},
		{"initials further in", "县城拆迁中心", "cqzx", 3, true},
		{"mixed", "拆迁中心", "拆qz心", 1, true},
		{"marks are passed over", "拆迁（一期）中心", "cqyqzx", 1, true},
		{"blanks in the query", "拆迁中心", "cq zx", 1, true},
		{"chong", "重庆路", "cql", 1, true},
		{"zhong", "重庆路", "zql", 1, true},
		{"hang or xing", "银行", "yh", 1, true},
		{"hang or xing", "银行", "yx", 1, true},
		{"letters as they are", "A1标段", "a1bd", 1, true},
		{"other letters", "拆迁中心", "cqzz", 0, false},
		{"too long", "拆迁", "cqzx", 0, false},
		{"vowels", "安薪", "ax", 1, true},
	}
	for _, c := range cases {
		t.Run(c.name+" "+c.query, func(t *testing.T) {
			if rank, ok := widgets.Match(c.text, c.query); ok != c.ok || ok && rank != c.rank {
				t.Errorf("Match(%q, %q) is %d, %v; want %d, %v", c.text, c.query, rank, ok, c.rank, c.ok)
			}
		})
	}
}

// Whatever its characters, a text is found by its own initials and by itself.
func TestInitialsFindTheirText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("拆迁中心重庆行长乐朝阳单解盖覃长A1（）·-龘𠮷é \t"))).Draw(t, "text")
		if _, ok := widgets.Match(text, widgets.Initials(text)); !ok {
			t.Fatalf("%q is not found by %q", text, widgets.Initials(text))
		}
		if rank, ok := widgets.Match(text, text); !ok || rank != 0 {
			t.Fatalf("%q is not found by itself: %d", text, rank)
		}
	})
}

func TestNarrow(t *testing.T) {
	options := []widgets.Option{{"1", "城西拆迁办"}, {"2", "拆迁中心"}, {"3", "木工"}, {"cq", "其他"}}
	var got []string
	for _, o := range widgets.Narrow(options, "cq") {
		got = append(got, o.Key)
	}
	if fmt.Sprint(got) != "[2 1 cq]" {
		t.Errorf("found %v, want the beginning first, then further in, then by key", got)
	}
}

func BenchmarkNarrow40000(b *testing.B) {
	options := make([]widgets.Option, 40000)
	for i := range options {
		options[i] = widgets.Option{Key: fmt.Sprint(i), Label: fmt.Sprintf("第%d建筑劳务工程有限公司拆迁中心", i)}
	}
	for b.Loop() {
		widgets.Narrow(options, "cqzx")
	}
}
