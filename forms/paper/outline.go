package paper

import (
	"fmt"
	"regexp"
)

// bookmark is a heading and where it stands.
type bookmark struct {
	words string
	level int // 1 or 2
	page  int // from 0
	y     float64
}

// bookmarksOf collects the headings of all sheets in their order. Those before the first title stand at level 1.
func bookmarksOf(sheets []sheet) []bookmark {
	var out []bookmark
	for i := range sheets {
		for _, st := range sheets[i].strips {
			if st.bookmark != "" {
				level := st.level
				if len(out) == 0 {
					level = 1
				}
				out = append(out, bookmark{st.bookmark, level, i, sheets[i].geometry.height - st.y})
			}
		}
	}
	return out
}

var pageKid = regexp.MustCompile(`(\d{1,7}) 0 R`)

// addOutline adds the bookmarks and gives the number of their root, 0 when there are none (PDF 32000-1, 12.3.3).
func (o *objects) addOutline(marks []bookmark) int {
	const tree = 1 // of pages, as gofpdf numbers it
	kids := pageKid.FindAllSubmatch(o.bodies[tree], -1)
	if len(marks) == 0 {
		return 0
	}
	root := o.add(nil)
	first := root + 1 // bookmark i is object first+i
	parents, tops := make([]int, len(marks)), []int{}
	children := map[int][]int{}
	for i, m := range marks {
		if m.level == 1 || len(tops) == 0 {
			parents[i], tops = root, append(tops, i)
			continue
		}
		top := tops[len(tops)-1]
		parents[i], children[top] = first+top, append(children[top], i)
	}
	for i, m := range marks {
		entry := fmt.Sprintf("<</Title %s /Parent %d 0 R /Dest [%s 0 R /XYZ null %.1f null]", textString(m.words), parents[i], kids[m.page][1], m.y)
		siblings := tops
		if parents[i] != root {
			siblings = children[parents[i]-first]
		}
		o.add([]byte(entry + neighbours(siblings, i, first) + family(children[i], first, "-") + ">>"))
	}
	o.bodies[root] = []byte("<</Type /Outlines" + family(tops, first, "") + ">>")
	return root
}

func neighbours(siblings []int, i, first int) string {
	out := ""
	for k, s := range siblings {
		if s == i && k > 0 {
			out += fmt.Sprintf(" /Prev %d 0 R", first+siblings[k-1])
		}
		if s == i && k < len(siblings)-1 {
			out += fmt.Sprintf(" /Next %d 0 R", first+siblings[k+1])
		}
	}
	return out
}

// family names the first and last child and how many there are; sign "-" shows them folded.
func family(kids []int, first int, sign string) string {
	if len(kids) == 0 {
		return ""
	}
	return fmt.Sprintf(" /First %d 0 R /Last %d 0 R /Count %s%d", first+kids[0], first+kids[len(kids)-1], sign, len(kids))
}
