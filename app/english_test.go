package main

import (
	"encoding/csv"
	"encoding/json"
	"io/fs"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"anxin/app/uitest"
	"anxin/app/widgets"
	"anxin/assets"
	"anxin/forms"
	"anxin/forms/xlsform"
	"anxin/model"
)

// chineseOnPurpose may stand on an English screen: examples of what is written on
// Chinese papers, the name of the language itself, and what laptops are called.
var chineseOnPurpose = []string{"中文", "湖南", "桃人社", "监察一中队", "局服务器"}

// TestAnEnglishScreenIsEnglish opens every page of the carried day with every one of
// its sides, and looks for Chinese that is neither what somebody entered nor the name
// of a paper or an article of the law.
func TestAnEnglishScreenIsEnglish(t *testing.T) {
	d, _ := watchedDay(t)
	d.win.Resize(fyne.NewSize(1900, 2400)) // long pages are drawn as far as they are seen
	if err := d.useLanguage("en"); err != nil {
		t.Fatal(err)
	}
	d.shell.Rebuild()
	known := knownChinese(t, d)
	found := map[string]string{}
	look := func(name, text string) {
		for _, piece := range hanPieces.FindAllString(citations.ReplaceAllString(text, "\n"), -1) {
			paper := strings.HasPrefix(name, "documents record") // shows what a paper says
			if !known.holds(text, piece, paper) && found[text] == "" {
				found[text] = name
			}
		}
	}
	see := func(name string) { texts(d.win.Canvas().Content(), func(text string) { look(name, text) }) }
	for _, p := range d.places() {
		d.shell.Go(p.Key, "")
		eachSide(d, func(side string) { see(p.Key + side) })
	}
	for _, r := range everyRecord(t, d) {
		d.shell.Go(r[0], r[1])
		eachSide(d, func(side string) { see(r[0] + " record" + side) })
	}
	for name, open := range map[string]func(){"keys": d.shell.OpenKeys, "palette": d.shell.OpenPalette} {
		open()
		texts(d.win.Canvas().Overlays().Top(), func(text string) { look(name, text) })
		d.win.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
		d.win.Canvas().Overlays().Remove(d.win.Canvas().Overlays().Top())
	}
	for _, text := range sortedKeys(found) {
		t.Errorf("%s: %q", found[text], text)
	}
}

// texts visits the texts shown, each as it was given and not as lines break it.
func texts(o fyne.CanvasObject, see func(string)) {
	if o == nil || !o.Visible() {
		return
	}
	see(uitest.Words(o))
	if _, whole := o.(interface{ Words() string }); whole {
		return
	}
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			texts(child, see)
		}
	case *widget.Label: // its lines are those of the text above
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			texts(child, see)
		}
	}
}

// hanPieces are runs of Chinese, with the marks between its words.
var hanPieces = regexp.MustCompile(`\p{Han}[\p{Han}、，。；：（）《》〔〕“”0-9A-Za-z\-·]*`)

// citations name an article of the law or a paper, or are a number of one.
var citations = regexp.MustCompile(`《[^》]+》(（试行）|第[一二三四五六七八九十百零]+[条款项]|第（[一二三四五六七八九十]+）项|之[一二三]|[至、，])*|\p{Han}+〔[0-9]+〕第[0-9]+号|\p{Han}+/[0-9]{4}`)

// known is the Chinese an English screen may show.
type known struct {
	entered string          // what somebody entered, and the law: everything in one text
	coded   map[string]bool // words of the program that stand in records
}

// holds tells whether a piece of a text is entered and not a word of the program.
func (k known) holds(text, piece string, paper bool) bool {
	piece = strings.Trim(piece, "、，。；：（“）”")
	if k.coded[strings.TrimSpace(text)] || k.coded[piece] {
		return paper
	}
	return slices.Contains(chineseOnPurpose, piece) || strings.Contains(k.entered, piece)
}

// knownChinese reads every record and the tables of the law.
func knownChinese(t *testing.T, d *desktop) known {
	t.Helper()
	k := known{coded: codedWords(t)}
	var b strings.Builder
	add := func(text string) {
		if !k.coded[text] {
			b.WriteString(text + "\n")
		}
	}
	for _, kind := range model.Kinds() {
		heads, err := d.office.Store.List(t.Context(), model.Query{Kind: kind, Limit: 10000})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range heads {
			var body any
			if err := json.Unmarshal(h.Body, &body); err != nil {
				t.Fatal(err)
			}
			eachString(body, add)
		}
	}
	for _, row := range rowsOf(t, "documents.csv") {
		delete(k.coded, row["title"])
		add(row["title"])
		add(row["basis"])
	}
	for _, table := range []string{"clocks.csv", "gates.csv", "parameters.csv", "fines.csv", "rules.csv", "services.csv", "transitions.csv", "matters.csv", "discretion.csv", "authority.csv"} {
		for _, row := range rowsOf(t, table) {
			add(row["basis"])
		}
	}
	k.entered = b.String()
	return k
}

// codedWords are what records keep as one of a list the program knows.
func codedWords(t *testing.T) map[string]bool {
	coded := map[string]bool{}
	for _, row := range rowsOf(t, "dictionaries.csv") {
		if row["list"] != "cause" { // a cause of action is named as the law names it
			coded[row["text"]] = true
		}
	}
	for _, state := range slices.Concat(model.CaseStates(), model.ContactWays()) {
		coded[state] = true
	}
	return coded
}

func rowsOf(t *testing.T, table string) (out []map[string]string) {
	t.Helper()
	f, err := assets.Statute.Open(table)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f.(fs.File))
	r.Comment, r.FieldsPerRecord = '#', -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, cells := range rows[1:] {
		row := map[string]string{}
		for i, name := range rows[0] {
			row[name] = cells[i]
		}
		out = append(out, row)
	}
	return out
}

func eachString(v any, see func(string)) {
	switch v := v.(type) {
	case string:
		see(v)
	case []any:
		for _, x := range v {
			eachString(x, see)
		}
	case map[string]any:
		for key, x := range v {
			see(key)
			eachString(x, see)
		}
	}
}

// everyRecord is a few records of every page that shows any, as page and argument.
func everyRecord(t *testing.T, d *desktop) (out [][2]string) {
	t.Helper()
	for _, r := range []struct {
		place string
		kind  model.Kind
	}{{"leads", model.KindLead}, {"inspections", model.KindInspection}, {"cases", model.KindCase}, {"documents", model.KindDocument}, {"employers", model.KindEmployer},
		{"employers", model.KindSite}, {"employers", model.KindGrid}, {"settings", model.KindOfficer}} {
		heads, err := d.office.Store.List(t.Context(), model.Query{Kind: r.kind, Limit: 8})
		if err != nil || len(heads) == 0 {
			t.Fatalf("no record of %s, %v", r.kind, err)
		}
		for _, h := range heads {
			out = append(out, [2]string{r.place, string(h.ID)})
		}
	}
	return append(out, [2]string{"leads", "new"}, [2]string{"inspections", "new"}, [2]string{"documents", "new"}, [2]string{"employers", "new"})
}

// eachSide shows the sides of a page one after the other, and theirs.
func eachSide(d *desktop, see func(name string)) {
	see("")
	for nth := range 2 {
		for r := '1'; r <= '9'; r++ {
			tabs := segmentsOf(d)
			if nth >= len(tabs) {
				return
			}
			before := tabs[nth].Key()
			tabs[nth].TypedRune(r)
			if tabs = segmentsOf(d); nth >= len(tabs) || tabs[nth].Key() == before {
				continue
			}
			see(" " + tabs[nth].Key())
		}
	}
}

// segmentsOf are the tabs of the page shown.
func segmentsOf(d *desktop) (out []*widgets.Segments) {
	every(d.win.Canvas().Content(), func(o fyne.CanvasObject) {
		if s, ok := o.(*widgets.Segments); ok && s.Tabs {
			out = append(out, s)
		}
	})
	return out
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool { return m[keys[i]]+keys[i] < m[keys[j]]+keys[j] })
	return keys
}

// TestFormsSpeakEnglish: every question of the program's own forms, its hint, its
// complaints and its choices have English words.
func TestFormsSpeakEnglish(t *testing.T) {
	files, err := fs.Glob(assets.Forms, "*.md")
	if err != nil || len(files) < 50 {
		t.Fatalf("%d forms, %v", len(files), err)
	}
	for _, name := range files {
		src, err := fs.ReadFile(assets.Forms, name)
		if err != nil {
			t.Fatal(err)
		}
		form, err := xlsform.CompileMarkdown(string(src), strings.TrimSuffix(name, ".md"))
		if err != nil {
			t.Fatal(err)
		}
		form.Each(func(q *forms.Question) {
			said := map[string]forms.Text{"label": q.Label, "hint": q.Hint, "required message": q.RequiredMessage, "constraint message": q.ConstraintMessage}
			for _, c := range q.Choices {
				said["choice "+c.Name] = c.Label
			}
			for what, text := range said {
				english := text.In("en")
				for _, piece := range hanPieces.FindAllString(english, -1) {
					if !slices.Contains(chineseOnPurpose, piece) {
						t.Errorf("%s: the %s of %q says %q", name, what, q.Name, english)
					}
				}
			}
		})
	}
}
