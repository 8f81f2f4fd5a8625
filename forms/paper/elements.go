package paper

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// elementsFile lists what the law wants on each paper: type, the element in words, and what carries it. Needs are
// parted by spaces and all must be met: "a|b" by a declared field a or b, "text:words" by words in the body.
const elementsFile = "elements.csv"

// checkElements holds every template to the list. A template may be edited, but not out of what makes it lawful.
func checkElements(papers fs.FS, templates map[string]*template) error {
	f, err := papers.Open(elementsFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("读取 %s：%w", elementsFile, err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = '#'
	records, err := r.ReadAll()
	if err != nil {
		return fmt.Errorf("%s：%w", elementsFile, err)
	}
	var faults []error
	for _, e := range records {
		if len(e) != 3 {
			return fmt.Errorf("%s：每行应是 type,element,needs 三栏", elementsFile)
		}
		t := templates[e[0]]
		if t == nil { // the heading, or a type this office has no template for
			continue
		}
		for _, need := range strings.Fields(e[2]) {
			if !t.meets(need) {
				faults = append(faults, fmt.Errorf("%s:%d：缺少法定要素“%s”（应有%s），请补上", t.file, t.bodyLine, e[1], need))
			}
		}
	}
	return errors.Join(faults...)
}

// meets says whether the template has what an element needs. A declared field is printed: the parser saw to it.
func (t *template) meets(need string) bool {
	if words, ok := strings.CutPrefix(need, "text:"); ok {
		return strings.Contains(t.words, words)
	}
	return slices.ContainsFunc(strings.Split(need, "|"), func(name string) bool { return t.field(name) != nil })
}
