package xpath

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// corpusCase is one recorded assertion of the ODK web-forms XPath suite.
type corpusCase struct {
	Test   string          `json:"test"`
	Mode   string          `json:"mode"`
	Kind   string          `json:"kind"`
	Expr   string          `json:"expr"`
	Want   json.RawMessage `json:"want"`
	Factor float64         `json:"factor"`
	XML    string          `json:"xml"`
	Ctx    string          `json:"ctx"`
	Lang   string          `json:"lang"`
}

// corpusFloor is what has been reached of the recorded corpus; it only rises.
const corpusFloor = 0.99

// TestCorpus prints N of M over the recorded assertions. The clock stands
// where it stood when they were recorded.
func TestCorpus(t *testing.T) {
	path := os.Getenv("ANXIN_XPATH_CORPUS")
	if path == "" {
		path = "../../../shared/corpora/xpath_assertions.json"
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Skipf("the recorded assertions are not here: %v", err)
	}
	var cases []json.RawMessage
	if err := json.Unmarshal(raw, &cases); err != nil {
		t.Fatal(err)
	}
	right := 0
	for _, recorded := range cases {
		var c corpusCase
		if err := json.Unmarshal(recorded, &c); err != nil {
			t.Logf("a case that cannot be read: %v\n%s", err, recorded)
			continue
		}
		if err := c.check(); err != nil {
			t.Logf("%s\n    %s\n    %v", c.Test, c.Expr, err)
			continue
		}
		right++
	}
	fmt.Printf("xpath corpus: %d of %d\n", right, len(cases))
	if float64(right) < corpusFloor*float64(len(cases)) {
		t.Errorf("%d of %d is below the floor of %.1f %%", right, len(cases), corpusFloor*100)
	}
}

// check evaluates the case. One marked "fails" records what its engine does
// not do: there the answer must differ.
func (c corpusCase) check() error {
	err := c.evaluate()
	if c.Mode != "fails" {
		return err
	}
	if err == nil {
		return fmt.Errorf("got what the suite says must not come out")
	}
	return nil
}

func (c corpusCase) evaluate() error {
	doc, err := parseXML(c.XML)
	if err != nil {
		return fmt.Errorf("document: %w", err)
	}
	at := doc.find(c.Ctx)
	if at == nil {
		return fmt.Errorf("no node at %s", c.Ctx)
	}
	e, err := Compile(c.Expr, Options{Namespace: func(p string) (string, bool) {
		uri, ok := doc.prefixes[p]
		return uri, ok
	}})
	if err != nil {
		return err
	}
	v, err := e.Eval(corpusContext(doc, at, c.Lang))
	if err != nil {
		return err
	}
	return c.compare(v)
}

func corpusContext(doc, at *domNode, lang string) Context {
	zone := time.FixedZone("", -7*3600)
	var root Node
	if at.local == "instance" { // absolute paths begin at the primary instance
		root = at
	}
	return Context{
		Node: at, Root: root, Language: lang, Now: time.Date(2026, 11, 21, 14, 10, 38, 0, zone),
		Instance: func(id string) (Node, error) {
			var found Node
			doc.each(func(n *domNode) {
				if v, ok := n.attr("id"); ok && n.local == "instance" && v == id && found == nil {
					found = n
				}
			})
			return found, nil
		},
		Itext: func(id string) []Node { return itextOf(doc, id, lang) },
	}
}

// itextOf is the itext model: the wanted language, else the default one.
func itextOf(doc *domNode, id, lang string) []Node {
	var chosen *domNode
	doc.each(func(n *domNode) {
		if n.local != "translation" {
			return
		}
		l, _ := n.attr("lang")
		_, isDefault := n.attr("default")
		if chosen == nil || l == lang || isDefault && lang == "" {
			chosen = n
		}
	})
	if chosen == nil {
		return nil
	}
	var out []Node
	chosen.each(func(n *domNode) {
		if v, _ := n.attr("id"); n.local == "text" && v == id {
			for _, c := range n.children {
				if c.local == "value" {
					out = append(out, c)
				}
			}
		}
	})
	return out
}

func (c corpusCase) compare(v Value) error {
	r := &run{world: Context{Now: time.Date(2026, 11, 21, 14, 10, 38, 0, time.FixedZone("", -7*3600))}}
	got := ""
	switch c.Kind {
	case "boolean":
		got = fmt.Sprint(Truth(v))
	case "number", "rounded":
		return c.compareNumber(r.number(v))
	case "string":
		got = v.String()
	case "strlen":
		got = fmt.Sprint(utf8.RuneCountInString(v.String()))
	case "nodeset":
		got = addresses(v)
		var want []string
		if err := json.Unmarshal(c.Want, &want); err != nil {
			return err
		}
		return differ(got, strings.Join(want, " "))
	case "match":
		var pattern string
		if err := json.Unmarshal(c.Want, &pattern); err != nil {
			return err
		}
		if ok, err := regexp.MatchString(pattern, v.String()); err != nil || !ok {
			return fmt.Errorf("got %q, want a match of %s", v.String(), pattern)
		}
		return nil
	default:
		return fmt.Errorf("unknown kind %q", c.Kind)
	}
	var want any
	if err := json.Unmarshal(c.Want, &want); err != nil {
		return err
	}
	return differ(got, fmt.Sprint(want))
}

func (c corpusCase) compareNumber(got float64) error {
	var want any
	if err := json.Unmarshal(c.Want, &want); err != nil {
		return err
	}
	w, ok := want.(float64)
	if !ok {
		return differ(Number(got).String(), fmt.Sprint(want))
	}
	if c.Kind == "rounded" && c.Factor > 0 {
		got, w = math.Round(got*c.Factor), math.Round(w*c.Factor)
	}
	if got != w && math.Abs(got-w) > 1e-12*math.Abs(w) {
		return fmt.Errorf("got %v, want %v", got, w)
	}
	return nil
}

func addresses(v Value) string {
	set, ok := v.(NodeSet)
	if !ok {
		return "not a node-set: " + v.String()
	}
	var out []string
	for _, n := range set {
		out = append(out, n.(*domNode).address())
	}
	return strings.Join(out, " ")
}

func differ(got, want string) error {
	if got != want {
		return fmt.Errorf("got %q, want %q", got, want)
	}
	return nil
}
