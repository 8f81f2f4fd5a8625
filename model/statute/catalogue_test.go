package statute_test

import (
	"slices"
	"strings"
	"testing"

	"anxin/model/statute"
)

func TestCatalogueHoldsEveryType(t *testing.T) {
	law := load(t)
	catalogue := law.Catalogue(day(t, "2026-09-18"), "湖南")
	for _, id := range strings.Fields("D01 D02 D03 D04 D05 D05a D06 D07 D08 D08a D08b D09 D10 D10a D10b D11 D12 D13 D13a D14 D15 " +
		"D16 D16a D17 D17a D18 D19 D19a D20 D20a D21 D22 D23 D24 D24a D25 D25a D25b D26 D26a D27 D27a D27b D28") {
		d, err := catalogue.Get(id)
		if err != nil {
			t.Error(err)
			continue
		}
		if d.ID != id || d.Title == "" || d.Copies < 1 || d.Article == "" || len(d.Sign) == 0 {
			t.Errorf("%+v", d)
		}
		if got := d.Number.Format("桃人社", 2026, 1); !strings.HasPrefix(got, "桃人社") || !strings.HasSuffix(got, "字〔2026〕第1号") {
			t.Errorf("%s is numbered %s", id, got)
		}
	}
	if _, err := catalogue.Get("D29"); err == nil || !strings.Contains(err.Error(), "D29") {
		t.Errorf("D29: %v", err)
	}
}

// Two types of the same office may not share a series of numbers.
func TestTypesHaveTheirOwnSeries(t *testing.T) {
	seen := map[string]string{}
	for _, d := range load(t).Catalogue(day(t, "2026-09-18"), "").All() {
		number := d.Number.Format("桃人社", 2026, 1)
		if other := seen[number]; other != "" {
			t.Errorf("%s and %s are both numbered %s", other, d.ID, number)
		}
		seen[number] = d.ID
	}
}

func TestRectificationOrder(t *testing.T) {
	law := load(t)
	d, err := law.Catalogue(day(t, "2026-09-18"), "湖南").Get("D06")
	if err != nil {
		t.Fatal(err)
	}
	if d.Title != "劳动保障监察限期改正指令书" || d.Copies != 2 {
		t.Errorf("%s, %d copies", d.Title, d.Copies)
	}
	if got := d.Number.Format("桃人社", 2026, 41); got != "桃人社劳监令字〔2026〕第41号" {
		t.Error(got)
	}
	if !slices.Contains(d.OnService, "remedy.review") || !slices.Contains(d.Gates, "two_officers") {
		t.Errorf("clocks %v, gates %v", d.OnService, d.Gates)
	}
}

func TestPenaltyGatesBlock(t *testing.T) {
	law := load(t)
	d, err := law.Catalogue(day(t, "2026-09-18"), "").Get("D13")
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"notice_served", "statement_closed", "review_passed"} {
		gate, err := law.Gate(key)
		if err != nil || !slices.Contains(d.Gates, key) || !gate.Blocks || gate.Reason().Article == "" {
			t.Errorf("%s: %+v %v among %v", key, gate, err, d.Gates)
		}
	}
	if _, err := law.Gate("none"); err == nil {
		t.Error("an unknown gate has no text")
	}
}

func TestRecordsAreSignedOnEveryPage(t *testing.T) {
	catalogue := load(t).Catalogue(day(t, "2026-09-18"), "")
	for _, id := range []string{"D03", "D28"} {
		d, err := catalogue.Get(id)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(d.Sign, statute.Signer{Role: statute.SignParty, EveryPage: true}) {
			t.Errorf("%s is signed by %v", id, d.Sign)
		}
	}
}

func TestPattern(t *testing.T) {
	for _, c := range []struct {
		template, kind string
		pad            int
		brackets       string
		want           string
	}{
		{"{word}{type}字〔{year}〕第{n}号", "劳监令", 0, "", "桃人社劳监令字〔2026〕第41号"},
		{"{word}劳监令字〔{year}〕第{n}号", "", 4, "【】", "桃人社劳监令字【2026】第0041号"},
		{"{word}令〔{year}〕{n}号", "", 0, "()", "桃人社令(2026)41号"},
		{"{word}令[{year}]{n}号", "", 2, "〈〉", "桃人社令[2026]41号"}, // unknown brackets change nothing
	} {
		p, err := statute.NewPattern(c.template, c.kind, c.pad)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.WithBrackets(c.brackets).Format("桃人社", 2026, 41); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
	for _, bad := range []string{"{word}字〔{year}〕号", "{word}第{n}号", "{word}〔{year}〕{n}{n}号", "{office}〔{year}〕{n}", "{word}{year}年{n}号", "{word}〔{year}〕{n}号}"} {
		if _, err := statute.NewPattern(bad, "", 0); err == nil {
			t.Errorf("%s is taken as a pattern", bad)
		}
	}
	if _, err := statute.NewPattern("〔{year}〕{n}", "", 5); err == nil {
		t.Error("five digits are more than allowed")
	}
}

func TestDictionaries(t *testing.T) {
	law := load(t)
	for list, least := range map[string]int{"cause": 29, "inspection": 3, "task": 6, "outcome": 5, "source": 14, "evidence": 8,
		"paper": 8, "site": 5, "authority": 7, "proof": 15} {
		if got := law.Dictionary(list); len(got) < least || got[0].Article == "" {
			t.Errorf("%s has %d terms, want %d", list, len(got), least)
		}
	}
	if law.Dictionary("none") != nil {
		t.Error("an unknown list must be empty")
	}
}
