package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"anxin/model"
)

// feedPage is a page of n revisions, every third with parents, and what stands
// behind them.
func feedPage(t testing.TB, n int) Page {
	t.Helper()
	p := Page{Next: int64(n), Head: int64(n) + 7}
	for i := range n {
		r := model.Revision{Record: model.ID(fmt.Sprintf("01990000-0001-7000-8000-%012d", i)), Kind: model.KindEmployer, Schema: 1, Author: "o", Time: day.AddDate(0, 0, i),
			Body: fmt.Appendf(nil, `{"address":"桃花源县武陵街 %d 号","headcount":%d,"name":"桃花源第%d建筑\"工程\"有限公司","phones":["13807360000",null],"sites":[]}`, i, i, i)}
		if i%3 == 2 {
			r.Kind, r.Parents = model.KindSite, []model.Rev{"1-a", "1-b"}[:1+i%2]
		}
		if err := device().SignRevision(&r); err != nil {
			t.Fatal(err)
		}
		p.Revisions = append(p.Revisions, r)
	}
	return p
}

func pageText(t testing.TB, p Page) []byte {
	t.Helper()
	text, err := JSON(p)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// pageTexts are pages that readPage reads.
func pageTexts(t testing.TB) [][]byte {
	full := feedPage(t, 9)
	full.Gone = []model.ID{"01990000-0001-7000-8000-000000000099"}
	full.Conflicts = []Conflict{{Record: "r", Kind: model.KindSite, Ours: "2-o", Theirs: "2-t", Fields: []string{"名称"}, At: day}}
	return [][]byte{pageText(t, feedPage(t, 1)), pageText(t, feedPage(t, 9)), pageText(t, full)}
}

// TestPagesOfHubs: what hubs write is read at once, and as it was written.
func TestPagesOfHubs(t *testing.T) {
	for _, text := range pageTexts(t) {
		var page Page
		if !readPage(bytes.Clone(text), &page) {
			t.Errorf("not read at once: %s", text)
		}
		if again := pageText(t, page); !bytes.Equal(again, text) {
			t.Errorf("%s\nwas read as\n%s", text, again)
		}
	}
}

// TestOtherPages: what a page may also be is left to encoding/json.
func TestOtherPages(t *testing.T) {
	whole := string(pageText(t, feedPage(t, 3)))
	change := func(old, new string) string {
		if !strings.Contains(whole, old) {
			t.Fatalf("no %s in %s", old, whole)
		}
		return strings.Replace(whole, old, new, 1)
	}
	for name, text := range map[string]string{
		"empty": `{"revisions":[],"next":1,"head":1}`, "none": `{"revisions":null,"next":1,"head":1}`, "bare": `{"revisions":[{}],"next":1}`,
		"blank":           change(`"kind":`, `"kind": `),
		"other order":     change(`{"revisions":`, `{"next":3,"revisions":`),
		"escaped name":    change(`"kind"`, `"\u006bind"`),
		"escaped kind":    change(`"employer"`, `"\u0065mployer"`),
		"Chinese author":  change(`"author":"o"`, `"author":"甲"`),
		"newer member":    change(`,"sig":`, `,"newer":1,"sig":`),
		"body not sorted": change(`{"address"`, `{"zip":1,"address"`),
		"no body":         change(`"body":{`, `"body":null,"of_old":{`),
		"schema 1.0":      change(`"schema":1`, `"schema":1.0`),
		"twice":           change(`"next":3`, `"revisions":null,"next":3`),
		"twice, empty":    change(`"next":3`, `"Revisions":[],"next":3`),
		"no parents":      change(`,"schema"`, `,"parents":[],"schema"`),
		"comma":           whole[:strings.LastIndex(whole, `],"`)] + `],}`,
		"cut":             whole[:len(whole)-1], "longer": whole + "}", "no text": "",
		"bad time": change(`"time":"2026-09-18T`, `"time":"2026-09-18 `), "bad signature": change(`"sig":"`, `"sig":"!`), "schema 01": change(`"schema":1`, `"schema":01`),
	} {
		var page, want Page
		if readPage([]byte(text), &page) {
			t.Errorf("%s: read at once", name)
		}
		wrong := json.Unmarshal([]byte(text), &want)
		err := Unpack(PackText([]byte(text)), &page, MaxPage)
		if (err == nil) != (wrong == nil) || err == nil && !reflect.DeepEqual(page, want) {
			t.Errorf("%s: %v, %v, read as %+v instead of %+v", name, err, wrong, page, want)
		}
	}
}

// TestNearlyPages: a page with bytes changed, put in or left out is read as
// encoding/json reads it, or refused as there.
func TestNearlyPages(t *testing.T) {
	texts := pageTexts(t)[:2]
	pieces := rapid.SampledFrom([]string{"", `"`, `\`, `,`, `:`, `{`, `}`, `[`, `]`, ` `, `0`, `7`, `-`, `.`, `e`, `null`, "\xff", "甲", `"x":1,`, `"revisions":[],`, `"Next":9,`})
	rapid.Check(t, func(t *rapid.T) {
		text := bytes.Clone(rapid.SampledFrom(texts).Draw(t, "page"))
		for range rapid.IntRange(1, 3).Draw(t, "changes") {
			at := rapid.IntRange(0, len(text)).Draw(t, "at")
			to := min(len(text), at+rapid.IntRange(0, 2).Draw(t, "out"))
			text = append(append(bytes.Clone(text[:at]), pieces.Draw(t, "in")...), text[to:]...)
		}
		var fast, slow Page
		if !readPage(bytes.Clone(text), &fast) {
			return
		}
		if err := json.Unmarshal(text, &slow); err != nil || !reflect.DeepEqual(fast, slow) {
			t.Fatalf("%v\n%s\nread as %+v instead of %+v", err, text, fast, slow)
		}
	})
}

// BenchmarkUnpackPage is what a laptop pays to read a full page.
func BenchmarkUnpackPage(b *testing.B) {
	body := PackText(pageText(b, feedPage(b, PageRows)))
	b.ReportAllocs()
	for b.Loop() {
		var page Page
		if err := Unpack(body, &page, MaxPage); err != nil || len(page.Revisions) != PageRows {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*PageRows), "ns/revision")
}
