package pinyin_test

import (
	"testing"

	"anxin/model/pinyin"
)

func TestInitials(t *testing.T) {
	for _, c := range []struct {
		text, first, other string
		several            bool
	}{
		{"桃花源", "thy", "", false},
		{"桃花源（县）建筑 公司", "thyxjzgs", "", false},
		{"重庆路", "zql", "cql", true},
		{"单小兵", "dxb", "sxb", true},
		{"A1标段", "a1bd", "", false},
		{"安薪é", "axé", "", false},
		{"", "", "", false},
	} {
		if got := pinyin.Initials(c.text); got != c.first {
			t.Errorf("Initials(%q) is %q, want %q", c.text, got, c.first)
		}
		if got, several := pinyin.Others(c.text); got != c.other || several != c.several {
			t.Errorf("Others(%q) is %q, %v", c.text, got, several)
		}
	}
}
