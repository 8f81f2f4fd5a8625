package lang_test

import (
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"anxin/app/lang"
)

func TestSaid(t *testing.T) {
	texts := fstest.MapFS{"zh.json": {Data: []byte(`{}`)}, "en.json": {Data: []byte(`{}`)}, "said.en.json": {Data: []byte(`{
		"书证": "Documentary evidence", "监察员": "inspector", "负责人": "head", "请写明理由": "Give a reason",
		"应当由{a}办理": "This is for {a} to do", "{a}没有执法证号": "{a} has no certificate", "检查{a}次，上限{b}次": "{b} allowed, {a} made", "登记送达": "Log a service"}`)}}
	if err := lang.Load(texts, "en"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ text, want string }{
		{"", ""}, {"书证", "Documentary evidence"}, {"书证。", "Documentary evidence."}, {"张建国", "张建国"}, {"GB/T 2260", "GB/T 2260"},
		{"应当由监察员办理", "This is for inspector to do"}, {"应当由监察员或者负责人办理", "This is for inspector or head to do"},
		{"张建国没有执法证号", "张建国 has no certificate"}, {"检查3次，上限2次", "2 allowed, 3 made"},
		{"令〔2026〕第2号：请写明理由。", "令〔2026〕第2号: Give a reason."}, {"登记送达: 请写明理由", "Log a service: Give a reason"},
		{"“一；二”", "“一；二”"}, {"“一；二”；书证", "“一；二”; Documentary evidence"}, {"“一、二”、“三、四”：请写明理由", "“一、二”、“三、四”: Give a reason"}, {"书证、物证", "Documentary evidence, 物证"}, {"书证\n请写明理由", "Documentary evidence\nGive a reason"},
	} {
		if got := lang.Said(c.text); got != c.want {
			t.Errorf("%q is said %q, want %q", c.text, got, c.want)
		}
	}
	if err := lang.Load(texts, "zh-Hans"); err != nil {
		t.Fatal(err)
	}
	if got := lang.Said("书证"); got != "书证" {
		t.Errorf("in Chinese it is said %q", got)
	}
}

// Whatever is entered, saying it ends and what has no Chinese stays.
func TestSayingEnds(t *testing.T) {
	if err := lang.Load(files, "en"); err != nil {
		t.Fatal(err)
	}
	pieces := []string{"书证", "：", "；", "、", "或者", "“", "”", "。", "\n", ": ", "应当由", "办理", "张", "{a}", "没有填写", "x", "1"}
	rapid.Check(t, func(t *rapid.T) {
		text := ""
		for _, p := range rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 12).Draw(t, "pieces") {
			text += p
		}
		if got := lang.Said(text); (text == "") != (got == "") {
			t.Fatalf("%q is said %q", text, got)
		}
	})
}
