package casework

import (
	"fmt"
	"strings"

	"anxin/model/statute"
)

// Columns says what columns under a title of their own are: by sheet and title
// the name of a column of ours, "" for one that is left out.
type Columns map[[2]string]string

// column is what a title was said to be; false when nothing was said of it.
func (as Columns) column(sheet, title string, columns []column) (column, bool) {
	name, said := as[[2]string{sheet, title}]
	for _, c := range columns {
		if said && c.name == name {
			return c, true
		}
	}
	return column{}, said
}

// headOf is the row of a sheet with most titles that people explained, -1 for
// none.
func (as Columns) headOf(sheet string, cells [][]string) int {
	best, at := 0, -1
	for i, r := range cells {
		n := 0
		for _, title := range r {
			if _, said := as[[2]string{sheet, squash(title)}]; said {
				n++
			}
		}
		if n > best {
			best, at = n, i
		}
	}
	return at
}

// UnknownColumn is a column of a workbook that bears no title of ours.
type UnknownColumn struct {
	Sheet, Cell, Title string
	Choices            []ColumnChoice // what it may be
}

// Is is the entry of Columns that says what the column is; "" leaves it out.
func (u UnknownColumn) Is(name string) (key [2]string, value string) {
	return [2]string{u.Sheet, squash(u.Title)}, name
}

// ColumnChoice is a column of ours under its usual title.
type ColumnChoice struct{ Name, Title string }

// UnknownColumns is the error of a sheet with columns that must be explained
// before it can be read: what stands under an unknown title is not lost in
// silence.
type UnknownColumns struct{ List []UnknownColumn }

func (e *UnknownColumns) add(s *sheet, cell, title string, columns []column) {
	u := UnknownColumn{Sheet: s.name, Cell: cell, Title: strings.TrimSpace(title)}
	for _, c := range columns {
		u.Choices = append(u.Choices, ColumnChoice{c.name, c.titles[0]})
	}
	e.List = append(e.List, u)
}

// Error names the first of the columns.
func (e *UnknownColumns) Error() string {
	u := e.List[0]
	names := make([]string, len(u.Choices))
	for i, c := range u.Choices {
		names[i] = c.Title
	}
	return fmt.Sprintf("%s 的列“%s”不认识，请改为以下列名之一：%s", u.Cell, u.Title, strings.Join(names, "、"))
}

// checkArea judges the code of a grid: that of a county or a township is its
// division code.
func checkArea(text string) statute.Verdict {
	if v := statute.CheckDivision(text); v.OK {
		return v
	}
	return statute.CheckGrid(text)
}
