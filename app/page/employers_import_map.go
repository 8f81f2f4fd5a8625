package page

import (
	"encoding/json"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"anxin/app/casework"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
)

// prefImport keeps what people said sheets and columns of their own names are.
const prefImport = "import.words"

// importWords is what was said of names before: of sheets by their titles, of
// columns by register and title. "" is what was left out.
type importWords struct {
	Sheets  map[string]string            `json:"sheets"`
	Columns map[string]map[string]string `json:"columns"`
}

// readImportWords reads what is kept; what cannot be read is asked for again.
func readImportWords(prefs Preferences) importWords {
	w := importWords{}
	if json.Unmarshal([]byte(prefs.Get(prefImport)), &w) != nil || w.Sheets == nil || w.Columns == nil {
		return importWords{Sheets: map[string]string{}, Columns: map[string]map[string]string{}}
	}
	return w
}

func (w importWords) keep(prefs Preferences) {
	raw, err := json.Marshal(w)
	if err == nil { // maps of texts
		prefs.Set(prefImport, string(raw))
	}
}

// titlesOf is what a sheet is known by: its name may be that of any other.
func titlesOf(s casework.LayoutSheet) string {
	var titles []string
	for _, c := range s.Columns {
		titles = append(titles, c.Title)
	}
	return strings.Join(titles, "|")
}

// guess says again what sheets with these titles were said to be, and tells
// whether there were any.
func (w importWords) guess(layout casework.Layout, sheets map[string]string) (some bool) {
	for _, s := range layout.Sheets {
		if _, said := sheets[s.Name]; said || s.Register != "" {
			continue
		}
		if register := w.Sheets[titlesOf(s)]; register != "" {
			sheets[s.Name], some = register, true
		}
	}
	return some
}

// note remembers what a column is; what its own title says needs no memory.
func (w importWords) note(register, title, is string) {
	if w.Columns[register] == nil {
		w.Columns[register] = map[string]string{}
	}
	w.Columns[register][title] = is
}

// importMap is the first step: what each sheet and each column is, with the
// first rows as they would be taken.
type importMap struct {
	page   *Import
	sheets []*importSheet
	first  fyne.Focusable
	root   fyne.CanvasObject
}

// importSheet is one sheet of the workbook.
type importSheet struct {
	of       casework.LayoutSheet
	register *widgets.Select
	picks    []*widgets.Select // one a column
	fields   []*widgets.Field
	sample   *fyne.Container
}

func newImportMap(p *Import, layout casework.Layout) *importMap {
	m := &importMap{page: p}
	box := container.NewVBox(widgets.NewParagraph(lang.T("import.map.text")))
	for _, s := range layout.Sheets {
		one := m.sheet(s)
		m.sheets = append(m.sheets, one)
		box.Add(one.card())
		if m.first == nil {
			m.first = one.register
		}
		one.showSample()
	}
	m.root, _ = widgets.NewFormScroll(box)
	return m
}

// registerOptions are what a sheet may hold.
func registerOptions() []widgets.Option {
	return []widgets.Option{{Key: "", Label: lang.T("employers.map.out")},
		{Key: casework.RegisterEmployers, Label: lang.T("employers.tab.employers")}, {Key: casework.RegisterSites, Label: lang.T("employers.tab.sites")},
		{Key: casework.RegisterOfficers, Label: lang.T("import.officers")}, {Key: casework.RegisterGrids, Label: lang.T("employers.tab.grids")}}
}

func (m *importMap) sheet(s casework.LayoutSheet) *importSheet {
	one := &importSheet{of: s, sample: container.NewVBox()}
	one.register = widgets.NewSelect(registerOptions(), nil)
	one.register.SetKey(s.Register)
	one.register.OnPicked = func(key string) { m.turn(s, key) }
	if s.Register == "" {
		return one
	}
	options := []widgets.Option{{Key: "", Label: lang.T("employers.map.out")}}
	for _, c := range s.Choices {
		options = append(options, widgets.Option{Key: c.Name, Label: lang.Said(c.Title)})
	}
	for _, c := range s.Columns {
		is := c.Is
		if said, ok := m.page.kept.Columns[s.Register][c.Title]; ok && is == "" {
			is = said
		}
		pick := widgets.NewSelect(options, nil)
		pick.SetKey(is)
		field := widgets.NewField(c.Title, pick)
		pick.OnPicked = func(string) { field.SetError(""); one.showSample() }
		field.SetHint(sampleText(c))
		one.picks, one.fields = append(one.picks, pick), append(one.fields, field)
	}
	return one
}

// sampleText is what stands in a column, so that one knows it.
func sampleText(c casework.LayoutColumn) string {
	var some []string
	for _, text := range c.Sample {
		if text != "" && len(some) < 2 {
			some = append(some, text)
		}
	}
	if len(some) == 0 {
		return lang.T("import.map.blank")
	}
	return lang.T("import.map.sample", "text", strings.Join(some, lang.T("sync.comma")))
}

// turn says what a sheet holds; its columns are then other ones.
func (m *importMap) turn(s casework.LayoutSheet, register string) {
	m.page.kept.Sheets[titlesOf(s)] = register
	m.page.as.Sheets[s.Name] = register
	m.page.read()
}

func (s *importSheet) card() fyne.CanvasObject {
	title := lang.T("import.sheet", "name", s.of.Name, "n", s.of.Rows)
	what := widgets.NewFieldGrid(widgets.NewField(lang.T("import.sheet.is"), s.register).Span())
	if s.of.Register == "" {
		return widgets.NewSectionCard(title, what)
	}
	return widgets.NewSectionCard(title, container.NewVBox(what, widgets.NewFieldGrid(s.fields...), widgets.NewHeading(lang.T("import.first", "n", min(s.of.Rows, casework.SampleRows))), s.sample))
}

// showSample shows the first rows as they would be taken.
func (s *importSheet) showSample() {
	if s.of.Register == "" {
		return
	}
	s.sample.RemoveAll()
	titles := map[string]string{}
	for _, c := range s.of.Choices {
		titles[c.Name] = lang.Said(c.Title)
	}
	for i := range min(s.of.Rows, casework.SampleRows) {
		var said []string
		for n, c := range s.of.Columns {
			if title := titles[s.picks[n].Key()]; title != "" && i < len(c.Sample) && c.Sample[i] != "" {
				said = append(said, title+" "+c.Sample[i])
			}
		}
		text := strings.Join(said, "　")
		if text == "" {
			text = lang.T("import.row.empty")
		}
		s.sample.Add(widgets.NewParagraph(text))
	}
	s.sample.Refresh()
}

// take reads the choices into the import and shows what is wrong with them.
func (m *importMap) take() bool {
	ok, some := true, false
	var bad fyne.Focusable
	for _, s := range m.sheets {
		m.page.as.Sheets[s.of.Name] = s.of.Register
		some = some || s.of.Register != ""
		taken := map[string]string{}
		for i, c := range s.of.Columns {
			if s.of.Register == "" {
				break
			}
			is := s.picks[i].Key()
			s.fields[i].SetError("")
			if other := taken[is]; is != "" && other != "" {
				s.fields[i].SetError(lang.T("import.map.twice", "title", other))
				ok = false
				if bad == nil {
					bad = s.picks[i]
				}
			}
			taken[is] = c.Title
			key, value := casework.UnknownColumn{Sheet: s.of.Name, Title: c.Title}.Is(is)
			m.page.as.Columns[key] = value
			if is != c.Is || !c.Known {
				m.page.kept.note(s.of.Register, c.Title, is)
			}
		}
	}
	if bad != nil {
		widgets.Focus(bad)
	}
	if !some {
		m.page.env.Host.Toast(lang.T("import.none"), theme.Warning)
	}
	return ok && some
}
