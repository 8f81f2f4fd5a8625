package main

import (
	"testing"

	"anxin/model"
)

func TestAKindByEitherName(t *testing.T) {
	for _, text := range []string{"employer", "用人单位"} {
		if k, err := kindOf(text); err != nil || k != model.KindEmployer {
			t.Errorf("%s: %q, %v", text, k, err)
		}
	}
	if k, err := kindOf("employers"); err == nil {
		t.Errorf("a kind that is none was taken: %q", k)
	}
}

func TestFieldsInWords(t *testing.T) {
	for _, c := range []struct{ path, want string }{
		{"phone", "联系电话"},
		{"officer_a", "承办人员一"},
		{"nosuch", "nosuch"},
		{"phone[2].nosuch", "联系电话[2].nosuch"},
	} {
		if got := fieldWords(model.KindEmployer)(c.path); got != c.want {
			t.Errorf("%s is called %q, want %q", c.path, got, c.want)
		}
	}
}

func TestWhoGaveANumberBlock(t *testing.T) {
	for source, want := range map[string]string{"hub": "局里分配", "纸质登记簿": "纸质登记簿", "": ""} {
		if got := sourceWord(source); got != want {
			t.Errorf("%q is called %q, want %q", source, got, want)
		}
	}
}

func TestAnswersOnATerminal(t *testing.T) {
	for _, c := range []struct {
		in   any
		want string
	}{{nil, ""}, {true, "是"}, {false, "否"}, {[]any{1, 2}, "2 行"}, {"甲", "甲"}} {
		if got := written(c.in); got != c.want {
			t.Errorf("%v is written %q, want %q", c.in, got, c.want)
		}
	}
}
