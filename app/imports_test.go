package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"sort"
	"strings"
	"testing"
)

// room says which of our rooms a room may import, and why not others.
type room struct {
	may []string
	why string
}

const everything = "*"

// rooms is the plan of the house. A room that is not listed may not exist, an
// import that is not listed is forbidden; the main programs and app/office,
// which wires the rooms for all three, may import everything.
var rooms = map[string]room{
	"assets":              {nil, "assets only embeds"},
	"model":               {nil, "the domain knows nobody"},
	"model/statute":       {[]string{"model", "assets"}, "the law is tables and arithmetic"},
	"model/seal":          {[]string{"model"}, "keys and signatures know only the domain"},
	"model/pinyin":        {nil, "readings of characters"},
	"model/hold":          {nil, "a folder has one program, whatever lies in it"},
	"model/store":         {[]string{"model", "model/seal", "model/pinyin"}, "the store knows the domain and its seal"},
	"model/blob":          {[]string{"model", "model/seal"}, "bytes know the domain and their seal"},
	"model/bundle":        {[]string{"model", "model/seal"}, "a signed file of named members, whatever they are"},
	"model/modeltest":     {[]string{"model", "model/seal", "model/store", "model/blob", "model/statute"}, "test kit of the domain"},
	"forms":               {[]string{"forms/xpath"}, "a form knows no law"},
	"forms/xpath":         {nil, "an expression language knows nobody"},
	"forms/xlsform":       {[]string{"forms", "forms/xpath"}, "a compiler knows what it compiles to"},
	"forms/paper":         {[]string{"model", "model/seal", "forms", "assets"}, "paper sets what it is given"},
	"forms/pack":          {[]string{"forms", "forms/xpath", "forms/xlsform", "forms/paper", "model", "model/seal", "model/bundle"}, "a package is a form with its papers, sealed"},
	"forms/paper/preview": {nil, "a viewer shows any PDF"},
	"sync/wire":           {[]string{"model", "model/seal"}, "the wire carries the domain"},
	"sync/merge":          {[]string{"model", "sync/wire"}, "merging is a rule about records"},
	"sync/client":         {[]string{"model", "model/seal", "model/store", "model/blob", "model/bundle", "sync/wire", "sync/merge"}, "the laptop's side"},
	"sync/hub":            {[]string{"model", "model/seal", "model/bundle", "sync/wire", "sync/merge"}, "the hub never sees a laptop's store"},
	"sync/synctest":       {[]string{"model", "model/seal", "model/store", "model/blob", "model/modeltest", "sync/wire", "sync/merge", "sync/client", "sync/hub"}, "test kit of sync"},
	"sync/hubd":           {[]string{everything}, ""},
	"app/theme":           {nil, "colours and sizes"},
	"app/lang":            {nil, "words"},
	"app/widgets":         {[]string{"app/theme", "app/lang", "model/pinyin"}, "parts without a domain"},
	"app/dialogs":         {[]string{"app/theme", "app/lang", "app/widgets"}, "dialogs without a domain"},
	"app/shell":           {[]string{"app/theme", "app/lang", "app/widgets", "app/dialogs"}, "the shell knows pages, not what is on them"},
	"app/formview":        {[]string{"forms", "app/theme", "app/lang", "app/widgets", "app/dialogs"}, "draws a form, knows no law"},
	"app/uitest":          {[]string{"app/theme", "app/lang", "app/widgets", "app/dialogs", "app/shell", "assets"}, "test kit of the desktop"},
	"app/casework":        {[]string{"model", "model/statute", "model/pinyin", "forms"}, "use cases know neither screen nor disk"},
	"app/page":            {[]string{"model", "model/statute", "app/casework", "forms", "app/formview", "app/dialogs", "app/widgets", "app/lang", "app/theme", "app/shell"}, "pages reach store, paper and sync only through interfaces"},
	"app/office":          {[]string{everything}, ""},
	"app/day":             {[]string{everything}, ""},
	"app/terminal":        {nil, "words of a command line, whichever it is"},
	"app/anxinctl":        {[]string{everything}, ""},
	"app":                 {[]string{everything}, ""},
}

// testsToo are the rooms that tests may import beside their room's own: the
// test kits, and the real rooms that stories are told on (a page is tested on a
// real store and a real press, not on imitations of them).
var testsToo = []string{"model/modeltest", "sync/synctest", "app/uitest", "assets",
	"model/store", "model/blob", "model/seal", "model/bundle", "forms/xlsform", "forms/paper"}

// onlyIn are packages of others that one part of the house keeps to itself.
var onlyIn = map[string][]string{
	"fyne.io/fyne/v2":               {"app", "app/shell", "app/page", "app/formview", "app/dialogs", "app/widgets", "app/theme", "app/uitest"},
	"github.com/jung-kurt/gofpdf":   {"forms/paper"},
	"github.com/skip2/go-qrcode":    {"forms/paper"},
	"github.com/tetratelabs/wazero": {"forms/paper/preview"},
	"modernc.org/sqlite":            {"model/store", "sync/hub"},
	"database/sql":                  {"model/store", "sync/hub"},
}

func TestImportsFollowThePlan(t *testing.T) {
	files := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && (name == "build" || name == "testdata" || name == ".git" || strings.HasPrefix(name, ".") && name != "..") {
			return filepath.SkipDir
		}
		rel, err := filepath.Rel("..", path)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if !strings.HasSuffix(rel, ".go") || !strings.Contains(rel, "/") {
			return nil
		}
		files++
		checkFile(t, path, rel)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 100 {
		t.Errorf("only %d files were read: the walk missed the house", files)
	}
}

func checkFile(t *testing.T, path, rel string) {
	t.Helper()
	dir := filepath.ToSlash(filepath.Dir(rel))
	r, ok := rooms[dir]
	if !ok {
		t.Errorf("%s: %q is no room of the plan", rel, dir)
		return
	}
	set := token.NewFileSet()
	f, err := parser.ParseFile(set, path, nil, parser.ImportsOnly)
	if err != nil {
		t.Errorf("%s: %v", rel, err)
		return
	}
	test := strings.HasSuffix(rel, "_test.go")
	for _, spec := range f.Imports {
		what := strings.Trim(spec.Path.Value, `"`)
		line := set.Position(spec.Pos()).Line
		if ours, found := strings.CutPrefix(what, "anxin/"); found {
			if ours != dir && !allowed(r, ours, test) {
				t.Errorf("%s:%d: %s may not import %s: %s", rel, line, dir, ours, r.why)
			}
			continue
		}
		for module, homes := range onlyIn {
			if (what == module || strings.HasPrefix(what, module+"/")) && !has(homes, dir) && !(test && dir == "sync/synctest") {
				t.Errorf("%s:%d: %s is for %s only", rel, line, module, strings.Join(homes, ", "))
			}
		}
	}
}

func allowed(r room, ours string, test bool) bool {
	return has(r.may, everything) || has(r.may, ours) || test && has(testsToo, ours)
}

func has(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func TestThePlanNamesOnlyRoomsThatStand(t *testing.T) {
	var gone []string
	for dir := range rooms {
		if m, err := filepath.Glob(filepath.Join("..", filepath.FromSlash(dir), "*.go")); err != nil || len(m) == 0 {
			gone = append(gone, dir)
		}
	}
	sort.Strings(gone)
	if len(gone) > 0 {
		t.Errorf("rooms of the plan without a file: %s", strings.Join(gone, ", "))
	}
}
