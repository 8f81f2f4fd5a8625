package xlsform

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"testing"

	"anxin/forms"
)

// corpusCase is one recorded form: its tables, whether pyxform accepts them,
// the words of its error, or the XForm it makes of them.
type corpusCase struct {
	Test          string                     `json:"test"`
	MD            string                     `json:"md"`
	SS            map[string]json.RawMessage `json:"ss"`
	Name          string                     `json:"name"`
	Errored       bool                       `json:"errored"`
	ErrorContains sentences                  `json:"error__contains"`
	XForm         string                     `json:"xform"`
}

// sentences is a list of texts, recorded as a lone text where there is one.
type sentences []string

func (s *sentences) UnmarshalJSON(raw []byte) error {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		*s = sentences{one}
		return nil
	}
	return json.Unmarshal(raw, (*[]string)(s))
}

// corpusFloor is what has been reached of the recorded corpus; it only rises.
const corpusFloor = 0.99

// TestCorpus prints N of M over the recorded forms. A form that pyxform
// accepts must compile to the same nodes with the same conditions, or be
// refused by naming what it uses outside the profile. A form that pyxform
// refuses must be refused at the same sheet and row.
func TestCorpus(t *testing.T) {
	path := os.Getenv("ANXIN_PYXFORM_CORPUS")
	if path == "" {
		path = "../../../shared/corpora/pyxform_cases.json"
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Skipf("the recorded forms are not here: %v", err)
	}
	var cases []json.RawMessage
	if err := json.Unmarshal(raw, &cases); err != nil {
		t.Fatal(err)
	}
	right, outside, empty := 0, 0, 0
	for _, recorded := range cases {
		var c corpusCase
		if err := json.Unmarshal(recorded, &c); err != nil {
			t.Logf("a case that cannot be read: %v\n%s", err, recorded)
			continue
		}
		if c.MD == "" && len(c.SS) == 0 {
			empty++ // recorded without its tables: nothing to read
			continue
		}
		refused, err := c.check()
		if err != nil {
			t.Logf("%s\n%s\n    %v", c.Test, c.MD, err)
			continue
		}
		right++
		if refused {
			outside++
		}
	}
	fmt.Printf("pyxform corpus: %d of %d (%d of them refused as outside the profile, %d more recorded without tables)\n", right, len(cases)-empty, outside, empty)
	if float64(right) < corpusFloor*float64(len(cases)-empty) {
		t.Errorf("%d of %d is below the floor of %.1f %%", right, len(cases)-empty, corpusFloor*100)
	}
}

func (c corpusCase) check() (outside bool, err error) {
	var form *forms.Form
	if c.Name == "" {
		c.Name = "data"
	}
	if c.MD != "" {
		form, err = CompileMarkdown(c.MD, c.Name)
	} else {
		form, err = build(c.sheets(), c.Name)
	}
	var refused *Error
	switch {
	case err != nil && !errors.As(err, &refused):
		return false, fmt.Errorf("not an *Error: %w", err)
	case c.Errored && err == nil:
		return false, fmt.Errorf("accepted, pyxform says %v", c.ErrorContains)
	case c.Errored:
		return refused.outside(c.source()), c.samePlace(refused)
	case err != nil && refused.outside(c.source()):
		return true, nil
	case err != nil:
		return false, fmt.Errorf("refused: %w", err)
	}
	return false, sameNodes(form, c.XForm)
}

// source is all that is written in the tables.
func (c corpusCase) source() string {
	var b strings.Builder
	b.WriteString(c.MD)
	for name, raw := range c.SS {
		b.WriteString(name)
		b.Write(raw)
	}
	return b.String()
}

func (c corpusCase) sheets() []sheet {
	var out []sheet
	for name, raw := range c.SS {
		var rows []map[string]string
		if strings.HasSuffix(name, "_header") || json.Unmarshal(raw, &rows) != nil {
			continue // the headers once more, or a note about the file
		}
		s := sheet{name: name}
		columns := map[string]int{}
		var head []string
		for _, r := range rows {
			for _, k := range sortedColumns(r) {
				if _, ok := columns[k]; !ok {
					columns[k] = len(head)
					head = append(head, k)
				}
			}
		}
		s.rows = append(s.rows, line{1, head})
		for i, r := range rows {
			cells := make([]string, len(head))
			for k, v := range r {
				cells[columns[k]] = tidy(v)
			}
			s.rows = append(s.rows, line{i + 2, cells})
		}
		out = append(out, s)
	}
	return out
}

func sortedColumns(r map[string]string) []string {
	var keys []string
	for k := range r {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// outside tells whether a problem names something outside the profile that
// really stands in the source.
func (e *Error) outside(src string) bool {
	for _, p := range e.Problems {
		if p.Outside != "" && strings.Contains(strings.ToLower(src), strings.ToLower(strings.TrimSuffix(p.Outside, "()"))) {
			return true
		}
	}
	return false
}

var pyxformPlace = regexp.MustCompile(`\[row : (\d+)\](?: On the '(\w+)' sheet)?`)

// samePlace asks for a problem where pyxform sees one, or for one that names
// what is outside the profile.
func (c corpusCase) samePlace(refused *Error) error {
	if refused.outside(c.source()) {
		return nil
	}
	for _, words := range c.ErrorContains {
		m := pyxformPlace.FindStringSubmatch(words)
		if m == nil {
			return nil
		}
		row, _ := strconv.Atoi(m[1])
		for _, p := range refused.Problems {
			sameRow := p.Row == row || p.Sheet == sheetSettings && p.Row == row+1 // its one row counts as 1
			if sameRow && (m[2] == "" || p.Sheet == m[2]) {
				return nil
			}
		}
		return fmt.Errorf("pyxform says %s, ours\n%w", words, refused)
	}
	return nil
}

// bind is what an XForm says of a node.
type bind struct {
	Nodeset    string `xml:"nodeset,attr"`
	Relevant   string `xml:"relevant,attr"`
	Required   string `xml:"required,attr"`
	Constraint string `xml:"constraint,attr"`
	Calculate  string `xml:"calculate,attr"`
}

var generatedNode = regexp.MustCompile(`/(generated_table_list_label|reserved_name_for_field_list_labels)_\d+$`)

// generated tells a node that no row of the form asks for and that pyxform adds
// for other programs: the number of rows of a repeat as a calculation of its
// own, the heading of a grid.
func generated(form *forms.Form, path string) bool {
	if generatedNode.MatchString("/" + path) {
		return true
	}
	repeat, counted := strings.CutSuffix(path, "_count")
	q := form.Question(repeat)
	return counted && q != nil && q.RepeatCount != ""
}

// sameNodes compares the form with the binds of the XForm: each bound node is
// there, and has a condition where the bind has one.
func sameNodes(form *forms.Form, xform string) error {
	if xform == "" {
		return nil
	}
	var doc struct {
		Binds []bind `xml:"head>model>bind"`
	}
	if err := xml.Unmarshal([]byte(xform), &doc); err != nil {
		return fmt.Errorf("xform: %w", err)
	}
	bound := map[string]bool{}
	for _, b := range doc.Binds {
		_, path, _ := strings.Cut(strings.TrimPrefix(b.Nodeset, "/"), "/")
		if strings.HasPrefix(path, "meta/") || strings.Contains(path, "@") {
			continue
		}
		q := form.Question(path)
		if q == nil && generated(form, path) {
			continue
		}
		if q == nil {
			return fmt.Errorf("no node %s", b.Nodeset)
		}
		bound["/"+path] = true
		for _, pair := range [][2]string{{b.Relevant, q.Relevant}, {b.Required, q.Required}, {b.Constraint, q.Constraint}, {b.Calculate, q.Calculation}} {
			if (pair[0] == "" || pair[0] == "false()") != (pair[1] == "") && len(q.Trigger) == 0 {
				return fmt.Errorf("%s: bind has %q, form has %q", q.Path, pair[0], pair[1])
			}
		}
	}
	var missing error
	form.Each(func(q *forms.Question) {
		if !q.IsContainer() && !bound[q.Path] && missing == nil {
			missing = fmt.Errorf("%s is not in the XForm", q.Path)
		}
	})
	return missing
}
