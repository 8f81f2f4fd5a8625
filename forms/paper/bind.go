package paper

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// value is one bound field, ready to print.
type value struct {
	text  string
	flag  bool
	picks []string // choices
	rows  []row
	field *Field

	picture *picture
}

type row map[string]value

// filled says whether a condition on the value holds.
func (v value) filled() bool {
	return v.text != "" || v.flag || len(v.picks) > 0 || len(v.rows) > 0 || v.picture != nil
}

// binder checks a job against its template.
type binder struct {
	faces  *faceSet
	images map[string][]byte
	draft  bool // required fields may still be empty
}

// bind turns Job.Fields into values. Its errors name the field by its Chinese label.
func (b *binder) bind(t *template, job *Job) (row, error) {
	declared := append(slices.Clone(t.fields), Field{Name: "title", Kind: Text, Label: "文书名称"})
	out, err := b.fields(declared, job.Fields, "")
	if err != nil {
		return nil, fmt.Errorf("文书 %s：%w", t.docType, err)
	}
	if !out["title"].filled() {
		out["title"] = value{text: t.titleFor(out)}
	}
	out["copy"] = value{text: job.Copy, picks: []string{job.Copy}}
	number, err := b.printable(job.Number)
	if err != nil {
		return nil, fmt.Errorf("文书 %s 的文号%w", t.docType, err)
	}
	out["number"] = value{text: number}
	return out, nil
}

func (b *binder) fields(declared []Field, given map[string]any, place string) (row, error) {
	if err := undeclared(declared, given); err != nil {
		return nil, fmt.Errorf("%s%w", place, err)
	}
	out := row{}
	for i := range declared {
		f := &declared[i]
		v, err := b.value(f, given[f.Name])
		if err != nil {
			return nil, fmt.Errorf("%s“%s”（%s）%w", place, f.Label, f.Name, err)
		}
		if f.Required && !v.filled() && !b.draft {
			return nil, fmt.Errorf("%s“%s”（%s）没有填写，请补填后再打印", place, f.Label, f.Name)
		}
		v.field = f
		out[f.Name] = v
	}
	return out, nil
}

func undeclared(declared []Field, given map[string]any) error {
	var extra []string
	for name := range given {
		if findField(declared, name) == nil {
			extra = append(extra, name)
		}
	}
	if len(extra) == 0 {
		return nil
	}
	slices.Sort(extra)
	return fmt.Errorf("模板没有名为“%s”的字段，请核对字段名称或在模板中声明", strings.Join(extra, "、"))
}

func (b *binder) value(f *Field, given any) (value, error) {
	if given == nil {
		return value{}, nil
	}
	switch f.Kind {
	case Flag:
		on, ok := given.(bool)
		if !ok {
			return value{}, fmt.Errorf("应填是或否")
		}
		return value{flag: on}, nil
	case Choice, Choices:
		return choiceValue(f, given)
	case Rows:
		return b.rowsValue(f, given)
	case Image:
		return b.imageValue(given)
	case Date, Time:
		if t, ok := given.(time.Time); ok {
			return value{text: dateText(t, f.Kind)}, nil
		}
	}
	s, ok := given.(string)
	if !ok {
		return value{}, fmt.Errorf("应填文字")
	}
	s, err := b.printable(strings.TrimRight(s, "\n "))
	return value{text: s}, err
}

func (b *binder) imageValue(given any) (value, error) {
	hash, ok := given.(string)
	if !ok {
		return value{}, fmt.Errorf("应填图片的摘要")
	}
	if hash == "" {
		return value{}, nil
	}
	pic, err := newPicture(hash, b.images)
	return value{picture: pic}, err
}

// dateText writes a date as GB/T 9704 asks: Arabic figures, no leading zeros.
func dateText(t time.Time, k Kind) string {
	if t.IsZero() {
		return ""
	}
	if k == Time {
		return t.Format("2006年1月2日15时04分")
	}
	return t.Format("2006年1月2日")
}

func choiceValue(f *Field, given any) (value, error) {
	var picks []string
	switch g := given.(type) {
	case string:
		if g != "" {
			picks = []string{g}
		}
	case []string:
		picks = g
	case []any:
		for _, x := range g {
			s, ok := x.(string)
			if !ok {
				return value{}, fmt.Errorf("应填文字选项")
			}
			picks = append(picks, s)
		}
	default:
		return value{}, fmt.Errorf("应填文字选项")
	}
	if f.Kind == Choice && len(picks) > 1 {
		return value{}, fmt.Errorf("只能选一项")
	}
	for _, p := range picks {
		if !slices.Contains(f.Options, p) {
			return value{}, fmt.Errorf("没有选项“%s”，可选：%s", p, strings.Join(f.Options, "、"))
		}
	}
	return value{text: strings.Join(picks, "、"), picks: picks}, nil
}

func (b *binder) rowsValue(f *Field, given any) (value, error) {
	var list []map[string]any
	switch g := given.(type) {
	case []map[string]any:
		list = g
	case []any: // as encoding/json reads it
		for _, x := range g {
			m, ok := x.(map[string]any)
			if !ok {
				return value{}, fmt.Errorf("应逐行填写各栏")
			}
			list = append(list, m)
		}
	default:
		return value{}, fmt.Errorf("应逐行填写各栏")
	}
	out := value{}
	for i, m := range list {
		r, err := b.fields(f.Columns, m, fmt.Sprintf("第 %d 行", i+1))
		if err != nil {
			return value{}, err
		}
		out.rows = append(out.rows, r)
	}
	return out, nil
}

// printable normalises a text and makes sure that some face has each of its characters.
func (b *binder) printable(s string) (string, error) {
	s, err := normalise(s)
	if err != nil {
		return "", err
	}
	faces := b.faces.chain(faceBody)
	for _, r := range s {
		if r == '\n' {
			continue
		}
		f, err := faces.pick(r)
		if err != nil {
			return "", err
		}
		if f == nil {
			return "", missingRune(r)
		}
	}
	return s, nil
}

func missingRune(r rune) error {
	return fmt.Errorf("含有字库中没有的字“%c”（%U），请改用规范汉字，或由管理员更换收字更全的字体", r, r)
}
