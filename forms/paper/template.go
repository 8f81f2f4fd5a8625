package paper

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Kind says what a field of a template holds.
type Kind string

// The kinds of field. What Job.Fields carries for each stands at Job.
const (
	Text    Kind = "text"
	Date    Kind = "date"
	Time    Kind = "time"
	Money   Kind = "money"
	Flag    Kind = "flag"
	Choice  Kind = "choice"
	Choices Kind = "choices"
	Rows    Kind = "rows"
	Image   Kind = "image"
)

var kinds = []Kind{Text, Date, Time, Money, Flag, Choice, Choices, Rows, Image}

// Field is one value a template takes.
type Field struct {
	Name     string
	Kind     Kind
	Label    string // Chinese, for screens and error texts
	Required bool
	Options  []string // choice and choices
	Columns  []Field  // rows
}

// template is one parsed *.paper file.
type template struct {
	file, docType string
	title         string
	titles        []titleWhen // tried in order before title
	copies        []string    // names of the copies it is printed in
	style         pageStyle
	size, lead    float64 // body text in points
	fields        []Field
	body          []*node
	annex         *node  // nil when there is none
	footer        *node  // nil when there is none
	bodyLine      int    // where the body begins in its file
	words         string // of the body as it is written
	counts        bool   // the text quotes page totals: it is laid out again once they are known
}

// titleWhen is the title of one variant of a document.
type titleWhen struct {
	title string
	when  condition
}

// titleFor is the printed title for the values of a job.
func (t *template) titleFor(values row) string {
	for _, v := range t.titles {
		if v.when.holds(values[v.when.name]) {
			return v.title
		}
	}
	return t.title
}

func (t *template) field(name string) *Field { return findField(t.fields, name) }

func findField(fields []Field, name string) *Field {
	if i := slices.IndexFunc(fields, func(f Field) bool { return f.Name == name }); i >= 0 {
		return &fields[i]
	}
	return nil
}

// loadTemplates reads every *.paper file at the root of papers. Its error has the first fault of each file.
func loadTemplates(papers fs.FS) (map[string]*template, error) {
	names, err := fs.Glob(papers, "*.paper")
	if err != nil {
		return nil, fmt.Errorf("列出文书模板：%w", err)
	}
	out := map[string]*template{}
	var faults []error
	for _, name := range names {
		t, err := parseTemplate(papers, name)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		out[t.docType] = t
	}
	return out, errors.Join(append(faults, checkElements(papers, out))...)
}

// parser reads one template; it stops at the first error, which names file and line. Positions count the lines
// of the template with its parts put in, from 1; fail turns them into a file and a line of that file.
type parser struct {
	tpl   *template
	lines []sourceLine
	at    int            // index of the next line
	rows  *Field         // inside @each
	grid  int            // columns, inside @grid
	used  map[string]int // field, or rows.column → times used
	where map[string]int // the same → position of its declaration
}

func parseTemplate(papers fs.FS, file string) (*template, error) {
	lines, err := readSource(papers, file)
	if err != nil {
		return nil, err
	}
	p := &parser{
		tpl:   &template{file: file, docType: strings.TrimSuffix(path.Base(file), ".paper"), style: letterStyle, size: 14, lead: 26},
		lines: lines, used: map[string]int{}, where: map[string]int{},
	}
	if err := p.head(); err != nil {
		return nil, err
	}
	nodes, err := p.nodes(0)
	if err != nil {
		return nil, err
	}
	if err := p.divide(nodes); err != nil {
		return nil, err
	}
	return p.tpl, p.unused()
}

func (p *parser) fail(position int, format string, args ...any) error {
	at := p.lines[max(0, min(position, len(p.lines))-1)]
	return fmt.Errorf("%s:%d：%s", at.file, at.number, fmt.Sprintf(format, args...))
}

// next gives the next line that says something, trimmed, with its position; ok is false at the end.
func (p *parser) next() (s string, position int, ok bool) {
	for p.at < len(p.lines) {
		s = strings.Trim(p.lines[p.at].text, " ")
		p.at++
		if s != "" && !strings.HasPrefix(s, "#") {
			return s, p.at, true
		}
	}
	return "", p.at, false
}

// head reads the declarations down to the line "body".
func (p *parser) head() error {
	var variants []variantTitle
	for {
		s, n, ok := p.next()
		if !ok {
			return p.fail(n, "缺少“body”行，正文应从它之后开始")
		}
		word, rest, _ := strings.Cut(s, " ")
		rest = strings.Trim(rest, " ")
		var err error
		switch word {
		case "body":
			if p.tpl.title == "" {
				return p.fail(n, "缺少“title”行，请写明文书名称")
			}
			p.tpl.bodyLine, p.tpl.words = p.lines[n-1].number, joinLines(p.lines[p.at:])
			return p.titleConditions(variants)
		case "title":
			if title, when, varies := strings.Cut(rest, " when "); varies {
				variants = append(variants, variantTitle{n, strings.Trim(title, " "), when})
			} else {
				p.tpl.title = rest
			}
		case "copies":
			p.tpl.copies = options(rest)
		case "style":
			err = p.styleLine(n, rest)
		case "size":
			p.tpl.size, p.tpl.lead, err = p.sizes(n, rest)
		case "field":
			err = p.fieldLine(n, rest)
		case "column":
			err = p.columnLine(n, rest)
		default:
			err = p.fail(n, "不认识“%s”，此处只能写 title、copies、style、size、field、column、include、body", word)
		}
		if err != nil {
			return err
		}
	}
}

// variantTitle is a line "title 名称 when field = option" until all fields are declared.
type variantTitle struct {
	line        int
	title, when string
}

func (p *parser) titleConditions(list []variantTitle) error {
	for _, v := range list {
		c, err := p.condition(v.line, v.when)
		if err != nil {
			return err
		}
		if c.options == nil {
			return p.fail(v.line, "title 的 when 之后应写“字段 = 选项”")
		}
		p.tpl.titles = append(p.tpl.titles, titleWhen{v.title, c})
	}
	return nil
}

func options(s string) []string {
	var out []string
	for _, o := range strings.Split(s, "/") {
		out = append(out, strings.Trim(o, " "))
	}
	return out
}

func (p *parser) styleLine(n int, name string) error {
	style, ok := pageStyles[name]
	if !ok {
		return p.fail(n, "没有版式“%s”，可用 letter、record 或 sheet", name)
	}
	p.tpl.style = style
	return nil
}

func (p *parser) sizes(n int, s string) (size, lead float64, err error) {
	words := strings.Fields(s)
	if len(words) == 2 {
		a, errA := strconv.ParseFloat(words[0], 64)
		b, errB := strconv.ParseFloat(words[1], 64)
		if errA == nil && errB == nil && a >= 6 && a <= 40 && b >= a && b <= 80 {
			return a, b, nil
		}
	}
	return 0, 0, p.fail(n, "size 之后应是字号和行距两个磅数，如“size 14 26”，行距不小于字号")
}

func (p *parser) fieldLine(n int, s string) error {
	f, err := p.declaration(n, s)
	if err != nil {
		return err
	}
	if slices.Contains(builtins, f.Name) || p.tpl.field(f.Name) != nil {
		return p.fail(n, "字段“%s”重复，或与内置名称相同", f.Name)
	}
	p.tpl.fields = append(p.tpl.fields, f)
	p.where[f.Name] = n
	return nil
}

// columnLine adds a column to the rows field declared last.
func (p *parser) columnLine(n int, s string) error {
	f, err := p.declaration(n, s)
	if err != nil {
		return err
	}
	if len(p.tpl.fields) == 0 || p.tpl.fields[len(p.tpl.fields)-1].Kind != Rows {
		return p.fail(n, "column 应紧跟在 rows 类的字段之后")
	}
	rows := &p.tpl.fields[len(p.tpl.fields)-1]
	if f.Kind == Rows || slices.Contains(builtins, f.Name) || slices.Contains(rowBuiltins, f.Name) || findField(rows.Columns, f.Name) != nil {
		return p.fail(n, "栏目“%s”重复、与内置名称相同或类型不可用", f.Name)
	}
	rows.Columns = append(rows.Columns, f)
	p.where[rows.Name+"."+f.Name] = n
	return nil
}

// declaration reads "name kind[!] label [= option/option]".
func (p *parser) declaration(n int, s string) (Field, error) {
	spec, list, hasOptions := strings.Cut(s, " = ")
	words := strings.Fields(spec)
	if len(words) != 3 || !isName(words[0]) {
		return Field{}, p.fail(n, "字段应写作“名称 类型 标签”，名称用小写英文字母")
	}
	kind, required := strings.CutSuffix(words[1], "!")
	f := Field{Name: words[0], Kind: Kind(kind), Label: words[2], Required: required}
	if !slices.Contains(kinds, f.Kind) {
		return Field{}, p.fail(n, "没有字段类型“%s”", kind)
	}
	if isChoice := f.Kind == Choice || f.Kind == Choices; isChoice != hasOptions {
		return Field{}, p.fail(n, "choice、choices 类字段之后应写“ = 选项/选项”，其他类型不写")
	}
	if hasOptions {
		f.Options = options(list)
	}
	return f, nil
}

func isName(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r != '_' && (r < 'a' || r > 'z') && (r < '0' || r > '9') })
}

// divide takes annex and footer out of the body.
func (p *parser) divide(nodes []*node) error {
	for _, n := range nodes {
		switch n.verb {
		case "annex":
			if p.tpl.annex != nil {
				return p.fail(n.line, "一份模板只能有一个 @annex")
			}
			p.tpl.annex = n
		case "footer":
			if p.tpl.footer != nil {
				return p.fail(n.line, "一份模板只能有一个 @footer")
			}
			p.tpl.footer = n
		default:
			p.tpl.body = append(p.tpl.body, n)
		}
	}
	return nil
}

// unused reports the first declared field or column that the body never prints.
func (p *parser) unused() error {
	first, line := "", 0
	for name, at := range p.where {
		if p.used[name] == 0 && (line == 0 || at < line) {
			first, line = name, at
		}
	}
	if line > 0 {
		return p.fail(line, "字段“%s”已声明但正文没有用到，请在正文中使用或删去", first)
	}
	return nil
}
