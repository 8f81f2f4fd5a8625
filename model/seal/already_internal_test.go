package seal

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestIsCanonical(t *testing.T) {
	for text, want := range map[string]bool{
		`{}`: true, `[]`: true, `""`: true, `0`: true, `-1`: true, `null`: true, `[true,false]`: true, `12.5`: true, `1e-7`: true,
		`{"a":1,"b":"二"}`: true, `"\n\"\\"`: true, `18446744073709551615`: true, "\"\x7f\"": true,
		`{"b":1,"a":2}`: false, `{"a":1,"a":2}`: false, `{"a" :1}`: false, `{"a":1} `: false, `{"a":1}}`: false, `{,}`: false, `{"a":1,}`: false,
		`[1,]`: false, `[1 ,2]`: false, `[`: false, `{"a"`: false, `{"a":`: false, `"`: false, `"\`: false, `"\u0041"`: false, `"\/"`: false,
		"\"\n\"": false, "\"\xff\"": false, `01`: false, `-0`: false, `-`: false, `1.0`: false, `1e3`: false, `1.5e+1`: false, `tru`: false, ``: false,
		strings.Repeat("[", 2000): false, // of no depth that a walker follows
	} {
		if got := isCanonical([]byte(text)); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// What passes as canonical is what would be written.
func judgeCanonical(t interface{ Fatalf(string, ...any) }, text []byte) {
	if !isCanonical(text) {
		return
	}
	if written, err := rewrite(text); err != nil || !bytes.Equal(written, text) {
		t.Fatalf("%q passes, %q is written: %v", text, written, err)
	}
}

func FuzzIsCanonical(f *testing.F) {
	for _, s := range []string{`{"a":[1,2.5],"b":"é😀"}`, `[1e-7,0,18446744073709551615]`, `{"":{"":[]}}`, `"\b\"\\"`, `-`, `{"a":-}`, `[1e]`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) { judgeCanonical(t, text) })
}

// A canonical text with a few bytes changed is taken for canonical only if it
// still is; and what a program of ours writes passes.
func TestIsCanonicalOfNearlyCanonical(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := map[string]any{
			"amount_fen": rapid.Int64().Draw(t, "amount"), "at": rapid.Float64().Draw(t, "at"), "done": rapid.Bool().Draw(t, "done"),
			"lines": rapid.SliceOfN(rapid.String(), 0, 3).Draw(t, "lines"), "name": rapid.StringOf(rapid.SampledFrom([]rune("张三\n\"\\a0"))).Draw(t, "name"),
		}
		text, err := Canonical(v)
		if err != nil {
			t.Fatalf("%v", err)
		}
		if !strings.Contains(string(text), `\u00`) && !isCanonical(text) {
			t.Fatalf("%s does not pass", text)
		}
		for range rapid.IntRange(1, 3).Draw(t, "changes") {
			at := rapid.IntRange(0, len(text)-1).Draw(t, "byte")
			text = bytes.Clone(text)
			text[at] = rapid.SampledFrom([]byte(`{}[]",:\0123456789-.eE btnu/`)).Draw(t, "to")
			judgeCanonical(t, text)
		}
		if json.Valid(text) {
			if again, err := Canonical(json.RawMessage(text)); err == nil {
				judgeCanonical(t, again)
			}
		}
	})
}
