package seal_test

import (
	"bytes"
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"anxin/model/seal"
)

func TestCanonical(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"RFC 8785 3.2.2, its numbers", `{"numbers":[333333333.3333333,1E30,4.50,2e-3,0.000000000000000000000000001]}`, `{"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27]}`},
		{"RFC 8785 3.2.2, its text", `{"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/"}`, `{"string":"€$\u000f\nA'B\"\\\\\"/"}`},
		{"RFC 8785 3.2.3, order of names", `{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`,
			"{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}"},
		{"blanks", " { \"b\" : [ 1 , 2 ] ,\n\"a\" : { } } ", `{"a":{},"b":[1,2]}`},
		{"words", `[true,false,null]`, `[true,false,null]`},
		{"fen beyond 2^53", `9007199254740993`, `9007199254740993`},
		{"largest", `[9223372036854775807,-9223372036854775808,18446744073709551615]`, `[9223372036854775807,-9223372036854775808,18446744073709551615]`},
		{"zero has one form", `[0,-0,0.0,0e9]`, `[0,0,0,0]`},
		{"integers written as floats", `[1.0,1e3,1.5e1,-2E0]`, `[1,1000,15,-2]`},
		{"edges of the exponent", `[1e20,1e21,1e-6,1e-7,1.5e-10]`, `[100000000000000000000,1e+21,0.000001,1e-7,1.5e-10]`},
		{"marks that HTML escapes", `"\u003c\u0026\u2028"`, "\"<&\u2028\""},
		{"equal prefix", `{"ab":1,"a":2,"":3}`, `{"":3,"a":2,"ab":1}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := seal.Canonical(json.RawMessage(c.in))
			if err != nil || string(got) != c.want {
				t.Errorf("got %s, %v\nwant %s", got, err, c.want)
			}
		})
	}
}

func TestCanonicalRefuses(t *testing.T) {
	for _, c := range []struct{ name, in string }{
		{"nothing", ``}, {"half", `{"a":`}, {"two values", `1 2`},
		{"a name twice", `{"a":1,"b":2,"a":3}`}, {"a name twice, one escaped", `{"a":1,"\u0061":3}`},
		{"lone surrogate", `"\ud800"`}, {"surrogates in wrong order", `"\ude00\ud83d"`}, {"half a pair", `"\ud83dx"`},
		{"bytes that are no text", "\"\xff\""},
		{"RFC 8785 3.2.2, the number it rounds", `333333333.33333329`}, {"digits a float loses", `0.12345678901234567890123`}, {"integer a float loses", `184467440737095516150001`},
		{"too large", `1e400`}, {"too small", `1e-400`}, {"mad exponent", `1e99999999999999999999`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, err := seal.Canonical(json.RawMessage(c.in)); err == nil {
				t.Errorf("accepted as %s", got)
			}
		})
	}
	if _, err := seal.Canonical(math.NaN()); err == nil {
		t.Error("NaN accepted")
	}
}

func jsonValue(depth int) *rapid.Generator[any] {
	leaves := []*rapid.Generator[any]{
		rapid.String().AsAny(), rapid.Int64().AsAny(), rapid.Uint64().AsAny(), rapid.Float64().AsAny(), rapid.Bool().AsAny(), rapid.Just[any](nil),
	}
	if depth > 0 {
		leaves = append(leaves, rapid.SliceOfN(jsonValue(depth-1), 0, 4).AsAny(), rapid.MapOfN(rapid.String(), jsonValue(depth-1), 0, 4).AsAny())
	}
	return rapid.OneOf(leaves...)
}

// What is canonical stays as it is, means the same, and does not depend on how
// the text was indented.
func TestCanonicalIsIdempotent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := jsonValue(3).Draw(t, "value")
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		once, err := seal.Canonical(v)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		var indented bytes.Buffer
		if err := json.Indent(&indented, text, " ", "\t"); err != nil {
			t.Fatal(err)
		}
		for _, form := range [][]byte{once, text, indented.Bytes()} {
			again, err := seal.Canonical(json.RawMessage(form))
			if err != nil || !bytes.Equal(once, again) {
				t.Fatalf("%s became %s, %v; first %s", form, again, err, once)
			}
		}
		var a, b any
		if json.Unmarshal(text, &a) != nil || json.Unmarshal(once, &b) != nil {
			t.Fatalf("%s is not readable", once)
		}
		// Minus nought and nought are one number, in RFC 8785 as in ==.
		if !reflect.DeepEqual(a, b) {
			t.Fatalf("meaning changed: %s, %s", text, once)
		}
	})
}

func FuzzCanonical(f *testing.F) {
	for _, s := range []string{`{"b":[1,2.50],"a":"\u00e9\ud83d\ude00"}`, `[1e-7,-0,18446744073709551615]`, `{"":{"":[]}}`, strings.Repeat("[", 50) + strings.Repeat("]", 50)} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		once, err := seal.Canonical(json.RawMessage(in))
		if err != nil {
			return
		}
		again, err := seal.Canonical(json.RawMessage(once))
		if err != nil || !bytes.Equal(once, again) {
			t.Fatalf("%q, then %q, %v", once, again, err)
		}
	})
}

func BenchmarkCanonical(b *testing.B) {
	text := []byte(`{"name":"桃花源第1建筑工程有限公司","uscc":"91430725MA40000001","workers":[` +
		strings.Repeat(`{"name":"张伟","owed_fen":1300000,"card4":"0001"},`, 27) + `{}]}`)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := seal.Canonical(json.RawMessage(text)); err != nil {
			b.Fatal(err)
		}
	}
}
