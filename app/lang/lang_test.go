package lang_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"anxin/app/lang"
)

// files is the catalogue as it stands in the tree, so that this test needs no
// more of the house than it checks.
var files = os.DirFS(filepath.Join("..", "..", "assets", "lang"))

var slot = regexp.MustCompile(`\{[a-z]+\}`)

func slots(text string) []string {
	found := slot.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

func read(t *testing.T, name string) map[string]string {
	t.Helper()
	texts, err := lang.Read(files, name)
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

func TestSameKeysAndSlots(t *testing.T) {
	zh, en := read(t, "zh.json"), read(t, "en.json")
	for key, text := range zh {
		other, ok := en[key]
		if !ok {
			t.Errorf("en.json lacks %q", key)
			continue
		}
		if !slices.Equal(slots(text), slots(other)) {
			t.Errorf("%q: slots differ: %v, %v", key, slots(text), slots(other))
		}
		if text == "" || other == "" {
			t.Errorf("%q is empty", key)
		}
	}
	for key := range en {
		if _, ok := zh[key]; !ok {
			t.Errorf("zh.json lacks %q", key)
		}
	}
}

// TestKeysInSource looks up every literal key of a call of lang.T under app/ and
// compares the names of the slots given with those of the text.
func TestKeysInSource(t *testing.T) {
	zh := read(t, "zh.json")
	seen, acts := 0, 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			key, ok := literal(call.Args[0])
			switch at := set.Position(call.Pos()); {
			case !ok:
			case isT(call.Fun):
				seen++
				checkCall(t, at, zh, key, call)
			case isAct(call.Fun):
				acts++
				checkAct(t, at, zh, key)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 20 || acts < 20 {
		t.Errorf("only %d keys and %d acts found in the source: is this test looking in the right place?", seen, acts)
	}
}

// isAct recognises the acts of a page by their name in the catalogue.
func isAct(fun ast.Expr) bool {
	s, ok := fun.(*ast.SelectorExpr)
	return ok && s.Sel.Name == "does"
}

// checkAct wants a name of the act and a sentence that it was done.
func checkAct(t *testing.T, at token.Position, texts map[string]string, key string) {
	for _, key := range []string{key, "did." + key} {
		if text, ok := texts[key]; !ok || len(slots(text)) > 0 {
			t.Errorf("%s: the act has %q for %q", at, text, key)
		}
	}
}

func isT(fun ast.Expr) bool {
	s, ok := fun.(*ast.SelectorExpr)
	if !ok || s.Sel.Name != "T" {
		return false
	}
	pkg, ok := s.X.(*ast.Ident)
	return ok && pkg.Name == "lang"
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

func checkCall(t *testing.T, at token.Position, texts map[string]string, key string, call *ast.CallExpr) {
	if strings.HasPrefix(key, "test.") {
		return // keys of the catalogue made in the test below
	}
	text, ok := texts[key]
	if !ok {
		t.Errorf("%s: there is no text for %q", at, key)
		return
	}
	given := map[string]bool{}
	for i := 1; i < len(call.Args); i += 2 {
		name, ok := literal(call.Args[i])
		if !ok {
			return // slots made at run time
		}
		given["{"+name+"}"] = true
	}
	if want, got := slots(text), slices.Sorted(maps.Keys(given)); !slices.Equal(got, want) && call.Ellipsis == token.NoPos {
		t.Errorf("%s: %q has the slots %v, the call gives %v", at, key, want, got)
	}
}

func TestSwitch(t *testing.T) {
	two := fstest.MapFS{
		"zh.json": {Data: []byte(`{"test.count": "共 {n} 条，{who}"}`)},
		"en.json": {Data: []byte(`{"test.count": "{n} in all, {who}"}`)},
	}
	for tag, want := range map[string]string{"zh-Hans": "共 12 条，{n}", "en": "12 in all, {n}"} {
		if err := lang.Load(two, tag); err != nil {
			t.Fatal(err)
		}
		if got := lang.T("test.count", "n", 12, "who", "{n}"); got != want {
			t.Errorf("%s: %q, want %q", tag, got, want)
		}
		if lang.Tag() != tag {
			t.Errorf("tag is %q, want %q", lang.Tag(), tag)
		}
	}
	if got := lang.T("test.missing"); got != "test.missing" {
		t.Errorf("a missing key shows %q", got)
	}
	if err := lang.Load(two, "fr"); err == nil || lang.Tag() == "fr" {
		t.Errorf("a language without texts was loaded: %v", err)
	}
	if err := lang.Load(fstest.MapFS{"zh.json": {Data: []byte("{")}}, "zh-Hans"); err == nil {
		t.Error("a broken file was loaded")
	}
}
