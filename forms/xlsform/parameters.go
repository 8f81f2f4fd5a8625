package xlsform

import (
	"math"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"anxin/forms"
)

// looks are the words an appearance may have. Those of the profile are drawn;
// the others only affect the look in other programs and are let pass.
var looks = map[string]bool{
	"minimal": true, "autocomplete": true, "multiline": true, "likert": true, "table-list": true, "label": true, "list-nolabel": true, "field-list": true,
	"no-calendar": true, "month-year": true, "year": true, "signature": true,
	"list": true, "horizontal": true, "vertical": true, "columns": true, "columns-pack": true, "quick": true, "no-buttons": true, "no-ticks": true,
	"picker": true, "rating": true, "thousands-sep": true, "numbers": true, "compact": true, "hidden-answer": true,
}

var numberedLook = regexp.MustCompile(`^(w([1-9]|1[0-2])|columns-\d+|compact-\d+)$`)

func (c *compiler) checkAppearance(r record, q *forms.Question) {
	if strings.Contains(q.Appearance, "search(") {
		c.outside(r.sheet, r.number, r.written("appearance"), "search()")
		return
	}
	for _, word := range strings.Fields(q.Appearance) {
		if looks[word] || numberedLook.MatchString(word) {
			continue
		}
		names := make([]string, 0, len(looks))
		for n := range looks {
			names = append(names, n)
		}
		if near := forms.Nearest(word, names); near != "" {
			c.fault(r.sheet, r.number, r.written("appearance"), "不认识外观“%s”，是不是 %s？", clip(word), near)
			c.problems[len(c.problems)-1].Outside = word
			continue
		}
		c.outside(r.sheet, r.number, r.written("appearance"), word)
	}
}

// accepted parameters by type; outside are those of XLSForm the profile has
// no use for.
var acceptedParameters = map[forms.Type][]string{
	forms.TypeRange: {"start", "end", "step", "tick_interval", "placeholder", "tick_labelset"},
	forms.TypeText:  {"rows"}, forms.TypeImage: {"max-pixels"}, forms.TypeAudio: {"quality"},
	forms.TypeSelectOne: {"randomize", "seed"}, forms.TypeSelectMultiple: {"randomize", "seed"}, forms.TypeRank: {"randomize", "seed"},
	forms.TypeGeopoint: {"allow-mock-accuracy", "capture-accuracy", "warning-accuracy"},
}

var outsideParameters = map[string]bool{"app": true, "reference-geometry": true, "incremental": true}

var parameter = regexp.MustCompile(`^([^=\s]+)\s*=\s*(\S+)$`)

func (c *compiler) readParameters(r record, q *forms.Question) {
	q.Parameters = map[string]string{}
	cell := r.get("parameters")
	spaced := regexp.MustCompile(`\s*=\s*`).ReplaceAllString(cell, "=")
	for _, part := range strings.FieldsFunc(spaced, func(r rune) bool { return r == ' ' || r == ',' || r == ';' || r == '\t' || r == '\n' }) {
		m := parameter.FindStringSubmatch(part)
		if m == nil || strings.Contains(m[2], "=") {
			c.fault(r.sheet, r.number, r.written("parameters"), "应写成 名称=值，几项之间用空格隔开，如 start=1 end=10 step=1")
			return
		}
		q.Parameters[strings.ToLower(m[1])] = m[2]
	}
	c.checkParameters(r, q)
}

func (c *compiler) checkParameters(r record, q *forms.Question) {
	accepted := acceptedParameters[q.Type]
	if q.File != "" {
		accepted = append([]string{"value", "label"}, accepted...)
	}
	known := map[string]bool{}
	for _, a := range accepted {
		known[a] = true
	}
	var names []string
	for name := range q.Parameters {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		switch {
		case known[name]:
		case outsideParameters[name]:
			c.outside(r.sheet, r.number, r.written("parameters"), name)
		case len(accepted) == 0:
			c.outside(r.sheet, r.number, r.written("parameters"), name)
		default:
			c.fault(r.sheet, r.number, r.written("parameters"), "这种题型没有参数 %s，可用的有：%s", name, strings.Join(accepted, "、"))
		}
	}
	c.checkValues(r, q)
}

// oneOf lists the values some parameters may take.
var oneOf = map[string][]string{
	"quality":             {"normal", "low", "voice-only", "external"},
	"allow-mock-accuracy": {"true", "false"},
	"randomize":           {"true", "false"},
}

func (c *compiler) checkValues(r record, q *forms.Question) {
	column := r.written("parameters")
	if v, ok := q.Parameters["randomize"]; ok {
		q.Parameters["randomize"] = strings.ToLower(v)
	}
	for _, name := range [...]string{"quality", "allow-mock-accuracy", "randomize"} {
		if v, ok := q.Parameters[name]; ok && !contains(oneOf[name], q.Parameters[name]) {
			c.fault(r.sheet, r.number, column, "参数 %s 的值“%s”不对，应是 %s", name, clip(v), strings.Join(oneOf[name], " 或 "))
		}
	}
	c.checkNumbers(r, q)
	if v := q.Parameters["seed"]; v != "" && !strings.HasPrefix(v, "${") && math.IsNaN(number(v)) {
		c.fault(r.sheet, r.number, column, "参数 seed 应是数字或 ${题目}")
	}
	if q.Parameters["seed"] != "" && q.Parameters["randomize"] != "true" {
		c.fault(r.sheet, r.number, column, "有 seed 就应有 randomize=true")
	}
	for _, name := range [...]string{"value", "label"} {
		if v, ok := q.Parameters[name]; ok && !validName.MatchString(v) {
			c.fault(r.sheet, r.number, column, "参数 %s 的值“%s”不是列名：应以字母、汉字或 _ 开头，后面可用字母、数字、_、-、.", name, clip(v))
		}
	}
	if q.Type == forms.TypeRange {
		c.checkRange(r, q)
	}
}

// checkNumbers checks the parameters that are counts or measures.
func (c *compiler) checkNumbers(r record, q *forms.Question) {
	column := r.written("parameters")
	for _, name := range [...]string{"rows", "max-pixels"} {
		if v, ok := q.Parameters[name]; ok {
			if _, err := strconv.Atoi(v); err != nil {
				c.fault(r.sheet, r.number, column, "参数 %s 应是整数，不能是“%s”", name, clip(v))
			}
		}
	}
	for _, name := range [...]string{"capture-accuracy", "warning-accuracy"} {
		if v, ok := q.Parameters[name]; ok && math.IsNaN(number(v)) {
			c.fault(r.sheet, r.number, column, "参数 %s 应是数字，不能是“%s”", name, clip(v))
		}
	}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// number reads a plain decimal number, NaN if it is none.
func number(s string) float64 {
	if strings.Trim(s, "+-.0123456789") != "" {
		return math.NaN()
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return math.NaN()
	}
	return f
}
