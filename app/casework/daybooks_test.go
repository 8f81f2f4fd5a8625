package casework

import (
	"bytes"
	"strings"
	"testing"

	"anxin/model"
)

// A daybook adds up as a person does by hand, whatever a computer makes of tenths.
func TestDaybooksAddUpAsByHand(t *testing.T) {
	for name, c := range map[string]struct {
		answers []any
		want    float64
	}{
		"nothing":              {nil, 0},
		"tenths":               {[]any{0.1, 0.2}, 0.3},
		"ten dimes":            {[]any{0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1}, 1},
		"fen":                  {[]any{1.15, 2.3, 10_000_000.0}, 10_000_003.45},
		"counts":               {[]any{62.0, 8.0}, 70},
		"what is not answered": {[]any{4.5, nil, "暂无"}, 4.5},
	} {
		var entries []Kept[model.Entry]
		for _, v := range c.answers {
			entries = append(entries, Kept[model.Entry]{Value: &model.Entry{Fields: map[string]any{"hours": v}}})
		}
		if got := sumOf(entries, "hours"); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// A number leaves the program with all its digits.
func TestCellsOfAWorkbookAreWrittenInFull(t *testing.T) {
	table := Table{Name: "表", Head: []string{"数"}}
	want := []string{"数"}
	for _, c := range []struct {
		cell any
		want string
	}{{1_000_000.0, "1000000"}, {12_345_678.9, "12345678.9"}, {0.5, "0.5"}, {62, "62"}, {"", ""}, {"已办结", "已办结"}} {
		if got := CellText(c.cell); got != c.want {
			t.Errorf("%v is written %q, want %q", c.cell, got, c.want)
		}
		table.Rows, want = append(table.Rows, []any{c.cell}), append(want, c.want)
	}
	var file bytes.Buffer
	if err := table.WriteCSV(&file); err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(strings.TrimPrefix(file.String(), byteOrderMark), `""`, "")
	if got := strings.TrimSuffix(text, "\r\n"); got != strings.Join(want, "\r\n") {
		t.Errorf("the file holds %q, want %q", got, want)
	}
}
