package casework

import (
	"context"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"anxin/model"
)

func TestOwnPatternsOfNumbers(t *testing.T) {
	for _, c := range []struct {
		name, docType, template, brackets string
		want, wrong                       string
	}{
		{name: "the catalogue's", docType: "D06", want: "桃人社劳监令字〔2026〕第1号"},
		{name: "without 第", docType: "D06", template: "{word}监令〔{year}〕{n}号", want: "桃人社监令〔2026〕1号"},
		{name: "other brackets for all", docType: "D13", brackets: "[]", want: "桃人社劳监罚字[2026]第1号"},
		{name: "brackets of the office win", docType: "D13", template: "{word}{type}【{year}】{n}号", brackets: "()", want: "桃人社劳监罚(2026)1号"},
		{name: "the year missing", docType: "D06", template: "{word}第{n}号", wrong: "文号格式“{word}第{n}号”中{year}应出现一次"},
		{name: "the year bare", docType: "D06", template: "{word}{year}年{n}号", wrong: "年份应放在"},
		{name: "an unknown slot", docType: "D06", template: "{局}〔{year}〕{n}号", wrong: "不认识的占位符"},
		{name: "as another type is written", docType: "D06", template: "{word}劳监罚字〔{year}〕第{n}号", wrong: "与行政处罚决定书的相同"},
		{name: "as another type, in other brackets", docType: "D06", template: "{word}劳监罚字[{year}]第{n}号", wrong: "与行政处罚决定书的相同"},
		{name: "a figure before the count", docType: "D06", template: "{word}{type}〔{year}〕第1{n}号", wrong: "在{n}旁边写有数字"},
		{name: "unknown brackets", docType: "D06", brackets: "〈〉", wrong: "年份括号“〈〉”不能用"},
		{name: "half a bracket", docType: "D06", brackets: "〔", wrong: "不能用"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBureau(t, "湖南")
			d, ctx := b.desks[lead], context.Background()
			err := d.SetNumbering(ctx, map[string]string{c.docType: c.template}, c.brackets)
			if c.wrong != "" {
				if err == nil || !strings.Contains(err.Error(), c.wrong) {
					t.Errorf("want a refusal for %q, got %v", c.wrong, err)
				}
				return
			}
			b.must(err)
			number, use, err := d.number(ctx, "some", c.docType, b.clock.Now())
			b.must(err)
			series, err := d.Series(c.docType, b.clock.Now())
			if number != c.want || use.Series != series || err != nil {
				t.Errorf("number %q of series %q, %v", number, use.Series, err)
			}
			o, err := d.Office(ctx)
			b.must(err)
			if shown, err := d.NumberExample(o.Value, c.docType, c.template, c.brackets); shown != c.want || err != nil {
				t.Errorf("shown as %q, %v", shown, err)
			}
		})
	}
}

// TestTwoPatternsAreNotTheSame: two types that both got the same words of
// their own are refused, also where the office's record is saved as a whole.
func TestTwoPatternsAreNotTheSame(t *testing.T) {
	b := newBureau(t, "湖南")
	d, ctx := b.desks[lead], context.Background()
	err := d.SetNumbering(ctx, map[string]string{"D06": "{word}监〔{year}〕{n}号", "D13": "{word}监〔{year}〕{n}号"}, "")
	if err == nil || !strings.Contains(err.Error(), "会得到同一文号") {
		t.Error(err)
	}
	o, err := d.Office(ctx)
	b.must(err)
	o.Value.Patterns = map[string]string{"D06": "{n}"}
	if _, err := d.Save(ctx, o.ID, o.Rev, o.Value); err == nil || !strings.Contains(err.Error(), "劳动保障监察限期改正指令书的文号格式有误") {
		t.Error(err)
	}
	// A record that came from elsewhere is not trusted either.
	b.put(o.ID, o.Value)
	if _, _, err := d.number(ctx, "some", "D06", b.clock.Now()); err == nil {
		t.Error("a number was written by a faulty pattern")
	}
}

// TestNumbersOfTwoSeriesNeverMeet: whatever patterns are accepted, two papers
// of two series never carry the same number.
func TestNumbersOfTwoSeriesNeverMeet(t *testing.T) {
	base := newBureau(t, "湖南")
	d := base.desks[lead]
	rows := d.Law.Catalogue(base.clock.Now(), "湖南").All()
	pieces := func(r *rapid.T, what string, of ...string) string { return rapid.SampledFrom(of).Draw(r, what) }
	rapid.Check(t, func(r *rapid.T) {
		o := &model.Office{Word: pieces(r, "word", "", "桃人社", "桃人社劳监"), Brackets: pieces(r, "brackets", "", "【】"), Patterns: map[string]string{}}
		for _, docType := range []string{"D06", "D13", "D27", "D25"} {
			if rapid.Bool().Draw(r, "own "+docType) {
				o.Patterns[docType] = pieces(r, "before", "", "{word}", "桃人社") + pieces(r, "type", "", "{type}", "劳监令", "令", "罚") + pieces(r, "mark", "", "字") +
					pieces(r, "year", "〔{year}〕", "[{year}]") + pieces(r, "no", "", "第", "0") + "{n}" + pieces(r, "end", "", "号", "1")
			}
		}
		if d.checkNumbering(o) != nil {
			return
		}
		seen := map[string]string{}
		for _, row := range rows {
			p, err := pattern(o, row)
			if err != nil {
				r.Fatal(err)
			}
			for _, n := range []int{1, 2, 11, 21, rapid.IntRange(1, 2000).Draw(r, "n")} {
				number, series := p.Format(o.Word, 2026, n), row.Number.Type
				if other, used := seen[number]; used && other != series {
					r.Fatalf("%s is of %s and of %s", number, other, series)
				}
				seen[number] = series
			}
		}
	})
}
