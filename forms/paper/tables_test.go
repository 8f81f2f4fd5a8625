package paper

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"anxin/assets"
)

// tablesOf gives the tables of statements, wherever they stand, by the field they print.
func tablesOf(nodes []*node) map[string]*node {
	out := map[string]*node{}
	for _, n := range nodes {
		if n.verb == "table" {
			out[n.name] = n
		}
		for name, kid := range tablesOf(slices.Concat(n.kids, n.other)) {
			out[name] = kid
		}
	}
	return out
}

func (t *template) tables() map[string]*node {
	nodes := slices.Clone(t.body)
	if t.annex != nil {
		nodes = append(nodes, t.annex)
	}
	return tablesOf(nodes)
}

// Every table of every template keeps its rows over all its pages, whatever their number, repeats its head on each
// and carries its sums over. So do the sheets of a file. The race detector has nothing to see in the largest.
func TestEveryTableLosesNoRow(t *testing.T) {
	file, err := fs.Sub(assets.Papers, "file")
	if err != nil {
		t.Fatal(err)
	}
	sheets, err := NewPress(file, assets.Face)
	if err != nil {
		t.Fatal(err)
	}
	sizes := []int{1, 47, 2000}
	if raced {
		sizes = sizes[:2]
	}
	tables := 0
	for _, p := range []*Press{newPress(t), sheets} {
		for _, docType := range p.Types() {
			for name, table := range p.templates[docType].tables() {
				tables++
				for _, n := range sizes {
					keepsTable(t, p, docType, p.templates[docType].field(name), table, n)
				}
			}
		}
	}
	if tables < 20 {
		t.Errorf("%d tables were looked at", tables)
	}
}

func takesWords(f Field) bool { return slices.Contains([]Kind{Text, Date, Time}, f.Kind) }

// rowsNumbered are n rows that say their number in their first column that takes words; amounts are 1.25.
func rowsNumbered(f *Field, n int) (rows []map[string]any, words string) {
	i := slices.IndexFunc(f.Columns, takesWords)
	for k := range n {
		row, _ := marked(f.Columns, variant{series: '丙', rows: 1})
		row[f.Columns[i].Name] = fmt.Sprintf("第%04d行", k+1)
		for _, c := range f.Columns {
			if c.Kind == Money {
				row[c.Name] = "1.25"
			}
		}
		rows = append(rows, row)
	}
	return rows, "第%04d行"
}

// printing is a job of a type for which the template prints a field of rows.
func printing(t *testing.T, p *Press, docType string, f *Field, rows []map[string]any, first string) Job {
	t.Helper()
	for _, v := range variants(p.Fields(docType)) {
		v.rows = 1
		values, _ := marked(p.Fields(docType), v)
		values[f.Name] = rows[:1]
		job := markedJob(docType, values)
		if strings.Contains(flowText(t, p, job), first) {
			job.Fields[f.Name] = rows
			return job
		}
	}
	t.Fatalf("%s: no variant prints %s", docType, f.Name)
	return Job{}
}

func keepsTable(t *testing.T, p *Press, docType string, f *Field, table *node, n int) {
	t.Helper()
	rows, words := rowsNumbered(f, n)
	job := printing(t, p, docType, f, rows, fmt.Sprintf(words, 1))
	sheets, _, err := p.sheets(&job)
	if err != nil {
		t.Fatal(err)
	}
	done := 0
	for i, page := range textOf(sheets) {
		before := done
		at := 0
		for done < n {
			found := strings.Index(page[at:], fmt.Sprintf(words, done+1))
			if found < 0 {
				break
			}
			at += found
			done++
		}
		if done == before {
			continue
		}
		for _, c := range table.columns {
			if !c.optional && !strings.Contains(page, squeeze(c.heading)) {
				t.Errorf("%s.%s, %d rows: page %d lacks the heading %s", docType, f.Name, n, i+1, c.heading)
			}
		}
		if len(table.carry) == 0 {
			continue
		}
		if before > 0 && !strings.Contains(page, broughtForward) || before == 0 && strings.Contains(page, broughtForward) ||
			before > 0 && !strings.Contains(page, yuan(int64(before)*125)) {
			t.Errorf("%s.%s, %d rows: page %d does not begin with the sum of %d rows", docType, f.Name, n, i+1, before)
		}
		if done < n && (!strings.Contains(page, carriedOver) || !strings.Contains(page, yuan(int64(done)*125))) {
			t.Errorf("%s.%s, %d rows: page %d does not end with the sum of %d rows", docType, f.Name, n, i+1, done)
		}
	}
	if done != n {
		t.Errorf("%s.%s: row %d of %d is missing or out of order", docType, f.Name, done+1, n)
	}
}

// What is repeated outside a table, paragraph by paragraph or in a form, keeps its rows as well.
func TestEverythingRepeatedIsWhole(t *testing.T) {
	p := newPress(t)
	for _, docType := range p.Types() {
		for _, f := range p.Fields(docType) {
			if f.Kind != Rows || p.templates[docType].tables()[f.Name] != nil ||
				!slices.ContainsFunc(f.Columns, takesWords) {
				continue
			}
			if strings.Contains(p.templates[docType].words, "@photos "+f.Name+" ") {
				continue
			}
			for _, n := range []int{1, 47} {
				rows, words := rowsNumbered(&f, n)
				text := flowText(t, p, printing(t, p, docType, &f, rows, fmt.Sprintf(words, 1)))
				at := 0
				for k := range n {
					found := strings.Index(text[at:], fmt.Sprintf(words, k+1))
					if found < 0 {
						t.Errorf("%s.%s: row %d of %d is missing or out of order", docType, f.Name, k+1, n)
						break
					}
					at += found
				}
			}
		}
	}
}
