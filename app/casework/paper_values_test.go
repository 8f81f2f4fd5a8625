package casework

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"anxin/model/statute"
)

func TestValuesInPrint(t *testing.T) {
	for _, c := range []struct {
		name, kind string
		in, want   any
	}{
		{"a day", kindDate, "2026-09-18", "2026年9月18日"},
		{"a day in print", kindDate, "2026年9月18日", "2026年9月18日"},
		{"no day", kindDate, "", ""},
		{"words for a day", kindDate, "另行通知", "另行通知"},
		{"an instant", kindTime, "2026-09-18T09:05:00+08:00", "2026年9月18日9时5分"},
		{"an instant in print", kindTime, "2026年9月18日9时10分", "2026年9月18日9时10分"},
		{"the end alone", kindTime, "11时35分", "11时35分"},
		{"money as JSON reads it", kindMoney, json.Number("386452.3"), "386,452.30"},
		{"money as a float", kindMoney, 386452.3, "386,452.30"},
		{"money in print", kindMoney, "386,452.30", "386,452.30"},
		{"a count", "text", int64(28), "28"},
		{"yes", kindFlag, "true", true},
		{"no", kindFlag, "false", false},
		{"not said", kindFlag, "", false},
		{"a flag", kindFlag, true, true},
		{"several", kindChoices, "甲 乙", []string{"甲", "乙"}},
		{"several as a list", kindChoices, []string{"甲"}, []string{"甲"}},
	} {
		if got := printedValue(c.kind, c.in); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// TestPrintAndFormAgree: what is printed can be edited again, and prints the
// same.
func TestPrintAndFormAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 20000).Draw(t, "day")).Format(time.DateOnly)
		if got := formValue(kindDate, printedValue(kindDate, day)); got != day {
			t.Fatalf("day %s came back as %v", day, got)
		}
		fen := statute.Fen(rapid.Int64Range(0, int64(statute.MaxFen)).Draw(t, "fen"))
		kept := keptValue(kindMoney, json.Number(fen.Plain()))
		if kept != fen.Plain() || formValue(kindMoney, printedValue(kindMoney, kept)) != fen.Plain() {
			t.Fatalf("%s was kept as %v and printed as %v", fen.Plain(), kept, printedValue(kindMoney, kept))
		}
	})
}

func TestRowsKeepTheirDeclaredColumns(t *testing.T) {
	f := PaperField{Name: "workers", Kind: kindRows, Columns: []string{"name", "owed"}, ColumnKinds: []string{"text", kindMoney}}
	want := []map[string]any{{"name": "某人", "owed": "1,200.00"}}
	for name, rows := range map[string]any{
		"as a builder makes them": []map[string]any{{"name": "某人", "owed": "1200", "row": 3}},
		"as JSON gives them":      []any{map[string]any{"name": "某人", "owed": json.Number("1200"), "row": 3.0}},
	} {
		if got := f.eachValue(rows, printedValue); !reflect.DeepEqual(got, any(want)) {
			t.Errorf("%s: %v", name, got)
		}
	}
	if got := f.eachValue("名单另附", printedValue); got != "名单另附" {
		t.Errorf("text in the place of rows became %v", got)
	}
}

func TestProvisionalNumbersAreMarked(t *testing.T) {
	p, err := statute.NewPattern("{word}{type}字〔{year}〕第{n}号", "劳监令", 0)
	if err != nil {
		t.Fatal(err)
	}
	const id = "0191f0c0-0000-7000-8000-0000000a1b2c"
	if got := provisional(p, "桃人社", 2026, id); got != "桃人社劳监令字〔2026〕暂编0A1B2C号" {
		t.Error(got)
	}
	p, err = statute.NewPattern("{word}{type}【{year}】{n}", "令", 4)
	if err != nil {
		t.Fatal(err)
	}
	if got := provisional(p, "桃人社", 2026, id); got != "桃人社令【2026】暂编0A1B2C" {
		t.Error(got)
	}
}
