package statute

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"sort"
	"strconv"
	"strings"
	"time"
)

// Parameter is a single figure of the law or of the office's practice.
type Parameter struct {
	Key    string
	Title  string
	Unit   string  // 元, %, 个工作日, …; amounts in 元 are held in fen
	Values []int64 // one, or a list of presets
	Source
}

// Value is the figure, the first one when there are several.
func (p Parameter) Value() int64 { return p.Values[0] }

// reason words the parameter as a ground with its article.
func (p Parameter) reason(code, format string, args ...any) Reason {
	return Reason{Code: code, Text: fmt.Sprintf(format, args...), Article: p.Article}
}

func (l *Law) loadParameters(fsys fs.FS) error {
	t, err := readTable(fsys, "parameters.csv", "key", "title", "value", "unit", "basis", "mark", "valid_from", "valid_to", "region", "note")
	if err != nil {
		return err
	}
	for _, r := range t.records {
		p := Parameter{Key: r.need("key"), Title: r.need("title"), Unit: r.need("unit"), Source: r.source()}
		p.Values, err = parameterValues(r.need("value"), p.Unit)
		if err != nil {
			r.fail("value", "%s", err)
		}
		l.parameters.add(r, p.Key, r.validity(), p)
	}
	if t.fault != nil {
		return t.fault
	}
	for _, key := range neededParameters {
		if len(l.parameters.rows[key]) == 0 {
			return &TableError{File: "parameters.csv", Problem: fmt.Sprintf("缺少“%s”一行，请补上", key)}
		}
	}
	return nil
}

func parameterValues(text, unit string) ([]int64, error) {
	var values []int64
	for _, item := range strings.FieldsFunc(text, func(c rune) bool { return c == ';' || c == '\uff1b' }) {
		item = strings.TrimSpace(item)
		if unit == "元" {
			amount, err := ParseFen(item)
			if err != nil {
				return nil, errors.New(strings.TrimSuffix(err.Error(), "。"))
			}
			values = append(values, int64(amount))
			continue
		}
		n, err := strconv.ParseInt(item, 10, 32)
		if err != nil || n < 0 {
			return nil, fmt.Errorf("“%s”应为不小于零的整数，多个值用分号隔开，请更正", item)
		}
		values = append(values, n)
	}
	if len(values) == 0 {
		return nil, errors.New("没有数值，请填写")
	}
	return values, nil
}

// Parameter returns the figure in force on a day in a region.
func (l *Law) Parameter(key string, on time.Time, region string) (Parameter, error) {
	p, _, ok := l.parameters.at(key, on, region)
	if !ok {
		return Parameter{}, fmt.Errorf("本地区没有“%s”的规定，请在 parameters.csv 中补上", key)
	}
	return p, nil
}

// OfficeSetting is a default that an office may replace by its own value.
type OfficeSetting struct {
	Key   string
	Title string
	Value string // "3W" for a clock (length and unit), the figures for a parameter
	Note  string
}

// Settings lists what an office may set, by key: every row marked K, and clocks whose
// statute leaves the unit of “日” open.
func (l *Law) Settings() []OfficeSetting {
	found := map[string]OfficeSetting{}
	for key, rows := range l.clocks.rows {
		for _, v := range rows {
			if c := v.row; c.Timed() && (c.Setting || c.Alternate != "") {
				found[key] = OfficeSetting{key, c.Title, strconv.Itoa(c.Length) + string(c.Unit), c.Note}
			}
		}
	}
	for key, rows := range l.parameters.rows {
		for _, v := range rows {
			if p := v.row; p.Setting {
				found[key] = OfficeSetting{key, p.Title, p.text(), p.Note}
			}
		}
	}
	all := make([]OfficeSetting, 0, len(found))
	for _, s := range found {
		all = append(all, s)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Key < all[j].Key })
	return all
}

func (p Parameter) text() string {
	words := make([]string, len(p.Values))
	for i, v := range p.Values {
		words[i] = strconv.FormatInt(v, 10)
		if p.Unit == "元" {
			words[i] = Fen(v).Plain()
		}
	}
	return strings.Join(words, ";")
}

// WithSettings returns the law with an office's own values, by key and in the form of
// [OfficeSetting]. A key the law has fixed is refused, naming the article.
func (l *Law) WithSettings(values map[string]string) (*Law, error) {
	own := *l
	own.clocks.rows = maps.Clone(l.clocks.rows)
	own.parameters.rows = maps.Clone(l.parameters.rows)
	for key, value := range values {
		var err error
		switch {
		case len(l.clocks.rows[key]) > 0:
			own.clocks.rows[key], err = adoptClock(l.clocks.rows[key], value)
		case len(l.parameters.rows[key]) > 0:
			own.parameters.rows[key], err = adoptParameter(l.parameters.rows[key], value)
		default:
			err = fmt.Errorf("没有名为“%s”的设置项，请删去", key)
		}
		if err != nil {
			return nil, err
		}
	}
	return &own, nil
}

func adoptClock(rows []versioned[Clock], value string) ([]versioned[Clock], error) {
	value = strings.ToUpper(strings.TrimSpace(value))
	length, err := strconv.Atoi(strings.TrimRight(value, "WCHMYF"))
	unit := Unit(value[max(len(value)-1, 0):])
	if err != nil || len(unit) == 0 || !strings.Contains("WCHMYF", string(unit)) {
		return nil, fmt.Errorf("“%s”应写成天数加单位，如3W（三个工作日）、3C（三日），请更正", rows[0].row.Title)
	}
	adopted, changed := make([]versioned[Clock], len(rows)), false
	for i, v := range rows {
		c := &v.row
		if c.Setting || c.Alternate != "" && length == c.Length && (unit == c.Alternate || unit == c.Unit) {
			c.Length, c.Unit, c.Alternate = length, unit, ""
			changed = true
		}
		if problem := c.fault(); problem != "" {
			return nil, fmt.Errorf("“%s”:%s", c.Title, problem)
		}
		adopted[i] = v
	}
	if !changed {
		c := rows[len(rows)-1].row
		return nil, fmt.Errorf("“%s”由%s规定为%s，不能由本机关另行设置", c.Title, c.Article, c.LengthText())
	}
	return adopted, nil
}

func adoptParameter(rows []versioned[Parameter], value string) ([]versioned[Parameter], error) {
	adopted, changed := make([]versioned[Parameter], len(rows)), false
	for i, v := range rows {
		if v.row.Setting {
			values, err := parameterValues(value, v.row.Unit)
			if err != nil {
				return nil, fmt.Errorf("“%s”:%w", v.row.Title, err)
			}
			v.row.Values = values
			changed = true
		}
		adopted[i] = v
	}
	if !changed {
		p := rows[len(rows)-1].row
		return nil, fmt.Errorf("“%s”由%s规定，不能由本机关另行设置", p.Title, p.Article)
	}
	return adopted, nil
}
