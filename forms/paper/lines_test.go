package paper

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// shaped gives glyphs of 10 points (wide) and 5.5 points (narrow).
func shaped(s string) []glyph {
	var out []glyph
	for _, c := range plainText(s) {
		w := 5.5
		if wide(c.r) {
			w = 10
		}
		out = append(out, glyph{cell: c, width: w})
	}
	return out
}

func broken(s string, ems float64) []string {
	var out []string
	for _, l := range breakLines(shaped(s), 10, ems*10, ems*10) {
		var b strings.Builder
		for _, g := range l.glyphs {
			b.WriteRune(g.r)
		}
		out = append(out, b.String())
	}
	return out
}

func TestBreakLines(t *testing.T) {
	cases := []struct {
		name, text string
		ems        float64
		want       []string
	}{
		{"plain", "拖欠工资", 2, []string{"拖欠", "工资"}},
		{"empty", "", 4, []string{""}},
		{"closing mark hangs by half", "拖欠工资，责令改正", 4, []string{"拖欠工", "资，责令", "改正"}},
		{"closing mark fits in half a character", "拖欠工资，责令", 4.5, []string{"拖欠工资，", "责令"}},
		{"no line ends with an opening mark", "违反《劳动法》的", 3, []string{"违反", "《劳动", "法》的"}},
		{"a figure is one thing", "共计¥386,452.30元整", 8, []string{"共计", "¥386,452.30元", "整"}},
		{"a figure keeps its unit", "于2026年3月", 3.3, []string{"于", "2026年", "3月"}},
		{"the dot of a name", "告知艾力·买买提", 4, []string{"告知艾", "力·买买", "提"}},
		{"dashes stay together", "工资——奖金", 3, []string{"工资", "——奖", "金"}},
		{"a telephone number", "电话0571-8862 3456", 8, []string{"电话", "0571-8862 3456"}},
		{"words break at spaces", "see the act", 4, []string{"see the", "act"}},
		{"a long word is cut, not lost", "abcdefghijkl", 3, []string{"abcde", "fghij", "kl"}},
		{"quotation marks", "称“不知道”。", 4, []string{"称“不知", "道”。"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := broken(c.text, c.ems); strings.Join(got, "|") != strings.Join(c.want, "|") {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// chinese draws running text: words with the punctuation of legal prose between them.
func chinese(t *rapid.T) string {
	words := []string{"拖欠", "工资", "劳动保障监察", "用人单位", "应当", "艾力·买买提", "386,452.30元", "2026年3月18日", "ICBC", "𠮷田", "33011001234", "¥5.00", "100%", "第三十条", "（一）", "《劳动法》", "“是”"}
	joints := []string{"", "", "", "，", "。", "、", "；", "：", "？", " ", "——", "……"}
	var b strings.Builder
	for _, i := range rapid.SliceOfN(rapid.IntRange(0, len(words)*len(joints)-1), 1, 60).Draw(t, "words") {
		b.WriteString(words[i/len(joints)])
		b.WriteString(joints[i%len(joints)])
	}
	return b.String()
}

// widestStretch is the width of the widest part of a text that has no break in it.
func widestStretch(text string) (widest float64) {
	glyphs := shaped(text)
	width := 0.0
	for i, may := range breaks(glyphs) {
		if width += glyphs[i].width; may {
			widest, width = max(widest, width), 0
		}
	}
	return max(widest, width)
}

func TestLinesKeepTheRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, ems := chinese(t), rapid.Float64Range(14, 32).Draw(t, "width")
		lines := broken(text, ems)
		for i, l := range lines {
			rs := []rune(l)
			if len(rs) == 0 {
				continue
			}
			if i > 0 && is(rs[0], classNoStart) {
				t.Fatalf("line %d begins with %q: %q", i, rs[0], lines)
			}
			if is(rs[len(rs)-1], classNoEnd) {
				t.Fatalf("line %d ends with %q: %q", i, rs[len(rs)-1], lines)
			}
			if w := widthOf(shaped(l)); w > ems*10+5+slack {
				t.Fatalf("line %d is %.1f wide on %.1f", i, w, ems*10)
			}
		}
		if squeeze(strings.Join(lines, "")) != squeeze(text) {
			t.Fatalf("text was lost: %q became %q", text, lines)
		}
		if widestStretch(text) > ems*10 {
			return // it has to be cut somewhere
		}
		for _, figure := range []string{"386,452.30", "33011001234", "2026", "¥5.00", "100%"} {
			if strings.Count(text, figure) != strings.Count(strings.Join(lines, "\n"), figure) {
				t.Fatalf("a figure %s was divided: %q", figure, lines)
			}
		}
	})
}

func TestJustifiedLinesFill(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, ems := chinese(t), rapid.Float64Range(14, 32).Draw(t, "width")
		for _, l := range breakLines(shaped(text), 10, ems*10, ems*10) {
			gaps := l.gaps(ems*10, 10)
			if gaps == nil {
				continue
			}
			sum := l.width
			for i, g := range gaps {
				if g < 0 || g > 10*mostStretch+slack {
					t.Fatalf("gap %d is %.2f", i, g)
				}
				sum += g
			}
			if sum < ems*10-0.001 || sum > ems*10+0.001 {
				t.Fatalf("a justified line is %.3f wide on %.3f", sum, ems*10)
			}
		}
	})
}

func TestNormalise(t *testing.T) {
	cases := []struct{ name, in, want string }{
		{"tab", "甲\t乙", "甲 乙"},
		{"line ends", "甲\r\n乙\r丙\u2028丁", "甲\n乙\n丙\n丁"},
		{"zero width", "甲\u200b\ufeff乙\u200d", "甲乙"},
		{"soft hyphen and control", "甲\u00ad\x07乙", "甲乙"},
		{"no-break and thin spaces", "甲\u00a0乙\u2009丙", "甲 乙 丙"},
		{"ideographic space stays", "甲\u3000乙", "甲\u3000乙"},
		{"variation selectors", "葛\U000E0100城", "葛城"},
		{"above U+FFFF", "𠮷㛃䶮𬱖", "𠮷㛃䶮𬱖"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got, err := normalise(c.in); err != nil || got != c.want {
				t.Errorf("got %q (%v), want %q", got, err, c.want)
			}
		})
	}
	if _, err := normalise("a\xff"); err == nil {
		t.Error("invalid UTF-8 was taken")
	}
}

func TestChineseNumber(t *testing.T) {
	for n, want := range map[int]string{1: "一", 10: "十", 12: "十二", 20: "二十", 34: "三十四", 100: "一百", 105: "一百零五", 110: "一百一十", 999: "九百九十九", 1000: "1000"} {
		if got := chineseNumber(n); got != want {
			t.Errorf("%d is written %s, want %s", n, got, want)
		}
	}
}
