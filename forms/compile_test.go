package forms

import (
	"errors"
	"strings"
	"testing"
)

func TestDefinitionFaults(t *testing.T) {
	cases := []struct {
		name     string
		children []*Question
		column   string
		want     string
	}{
		{"unknown reference", []*Question{ask(TypeText, "workers"), ask(TypeText, "b", "relevant=${worker} > 1")}, "relevant", "是不是 ${workers}"},
		{"unknown function", []*Question{ask(TypeText, "a", "calculation=rounds(1)")}, "calculation", "是不是 round()"},
		{"wrong number of arguments", []*Question{ask(TypeText, "a", "calculation=if(true(), 1)")}, "calculation", "有 2 个参数"},
		{"syntax", []*Question{ask(TypeText, "a", "constraint=. > ")}, "constraint", "没有写完"},
		{"ambiguous", []*Question{group("g", ask(TypeText, "x")), group("h", ask(TypeText, "x")), ask(TypeText, "a", "relevant=${x} = 1")}, "relevant", "不明确"},
		{"one name twice", []*Question{ask(TypeText, "a"), ask(TypeText, "a")}, "name", "两个“a”"},
		{"itself", []*Question{ask(TypeText, "a", "calculation=${a} + 1")}, "calculation", "循环引用：/a"},
		{"two in a ring", []*Question{ask(TypeText, "a", "calculation=${b}"), ask(TypeText, "b", "calculation=${a}")}, "calculation", "/b → /a → /b"},
		{"a group shown by what is in it", []*Question{{Name: "g", Type: TypeGroup, Relevant: "${x} = 1", Children: []*Question{ask(TypeText, "x")}}}, "relevant", "循环引用"},
		{"label", []*Question{ask(TypeNote, "a", "label=共 ${n} 人")}, "label", "${n} 不存在"},
		{"trigger", []*Question{ask(TypeText, "a", "calculation=1", "trigger=zz")}, "trigger", "${zz} 不存在"},
		{"last saved", []*Question{ask(TypeText, "a", "default=${last-saved#a}")}, "default", "last-saved"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := &Form{ID: "x", Root: group("", c.children...)}
			var def *DefinitionError
			if err := f.Compile(); !errors.As(err, &def) {
				t.Fatalf("got %v", err)
			}
			p := def.Problems[0]
			if p.Column != c.column || !strings.Contains(p.Text, c.want) {
				t.Errorf("got %s: %s, want %s: …%s…", p.Column, p.Text, c.column, c.want)
			}
		})
	}
}

func TestAllFaultsAtOnce(t *testing.T) {
	f := &Form{Root: group("", ask(TypeText, "a", "relevant=(", "constraint=)"), ask(TypeText, "b", "calculation=${zzz}"))}
	var def *DefinitionError
	if err := f.Compile(); !errors.As(err, &def) || len(def.Problems) != 3 {
		t.Errorf("got %v, want three problems", err)
	}
}

func TestOnceIsNoCycle(t *testing.T) {
	in := start(t, ask(TypeInteger, "n"), ask(TypeCalculate, "first", "calculation=once(${n})"))
	set(t, in, "/n", "1")
	set(t, in, "/n", "2")
	wantValue(t, in, "/first", "1")
}

func TestNearest(t *testing.T) {
	words := []string{"relevant", "required", "readonly", "label"}
	for in, want := range map[string]string{"relevent": "relevant", "requird": "required", "lable": "label", "xyz": "", "labell": "label"} {
		if got := Nearest(in, words); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", in, got, want)
		}
	}
}
