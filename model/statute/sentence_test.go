package statute_test

import (
	"testing"

	"anxin/model/statute"
)

func TestFactSentence(t *testing.T) {
	const sentence = "[在{site}]未与农民工订立劳动合同[，涉及劳动者{workers}名][（{note}）]。"
	for _, c := range []struct {
		name, sentence string
		slots          map[string]string
		want           string
	}{
		{"all", sentence, map[string]string{"site": "茶香苑二期", "workers": "9", "note": "7月进场"}, "在茶香苑二期未与农民工订立劳动合同，涉及劳动者9名（7月进场）。"},
		{"no note", sentence, map[string]string{"site": "茶香苑二期", "workers": "9"}, "在茶香苑二期未与农民工订立劳动合同，涉及劳动者9名。"},
		{"nothing", sentence, nil, "未与农民工订立劳动合同。"},
		{"marks in a value stay", sentence, map[string]string{"note": "[{site}]"}, "未与农民工订立劳动合同（[{site}]）。"},
		{"slot outside brackets", "共{workers}名", nil, "共名"},
		{"open bracket", "共[{workers}名", map[string]string{"workers": "3"}, "共[3名"},
		{"closing first", "共]名[", nil, "共]名["},
		{"open brace", "共{workers", nil, "共{workers"},
		{"empty", "", nil, ""},
	} {
		if got := statute.FactSentence(c.sentence, c.slots); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func FuzzFactSentence(f *testing.F) {
	f.Add("[在{site}]未设告示牌[（{note}）]。", "工地")
	f.Add("]{[}", "{site}")
	f.Fuzz(func(t *testing.T, sentence, site string) {
		slots := map[string]string{"site": site}
		if full, empty := statute.FactSentence(sentence, slots), statute.FactSentence(sentence, nil); len(full) < len(empty) {
			t.Fatalf("%q with %q is shorter than without: %q, %q", sentence, site, full, empty)
		}
	})
}
