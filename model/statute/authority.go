package statute

import (
	"io/fs"
	"time"
)

// anyItem is the row of an authority table for every item without a row of its own.
const anyItem = "*"

// Authority is which department answers for an item of the checklist.
type Authority struct {
	// Departments are the ones that may answer; more than one when the field of
	// the works (房屋市政, 交通, 水利) decides and is not known.
	Departments []Term
	Version     string
	Source
}

type authorityRow struct {
	field      string
	department string
	Source
}

// AuthorityFor finds the department that answers for a checklist item (C10)
// on works of a field ("" when it is not known), by the division of powers in
// force on a day in a region. Where none is laid down for the item it is the
// labour department itself. Source: 《保障农民工工资支付条例》第七条.
func (l *Law) AuthorityFor(item, field string, on time.Time, region string) Authority {
	for _, region := range regions(region) {
		for _, key := range []string{item, anyItem} {
			if a := l.authorityIn(key, field, on, region); len(a.Departments) > 0 {
				return a
			}
		}
	}
	return Authority{}
}

// authorityIn looks in the rows of one region alone.
func (l *Law) authorityIn(item, field string, on time.Time, region string) Authority {
	var a Authority
	for _, v := range l.authorities {
		if v.item != item || v.Region != region || !v.covers(on) || v.row.field != "" && field != "" && v.row.field != field {
			continue
		}
		for _, t := range l.dictionaries["authority"] {
			if t.Code == v.row.department {
				a.Departments = append(a.Departments, t)
			}
		}
		a.Version, a.Source = v.Version(), v.row.Source
	}
	return a
}

// authorityVersion is one row with its item; several rows of an item stand
// side by side, one for each field.
type authorityVersion struct {
	item string
	versioned[authorityRow]
}

func (l *Law) loadAuthorities(fsys fs.FS) error {
	t, err := readTable(fsys, "authority.csv", "item", "field", "authority", "basis", "mark", "valid_from", "valid_to", "region", "note")
	if err != nil {
		return err
	}
	for _, r := range t.records {
		row := authorityRow{field: r.text("field"), department: r.need("authority"), Source: r.source()}
		found := false
		for _, term := range l.dictionaries["authority"] {
			found = found || term.Code == row.department
		}
		if !found {
			r.fail("authority", "没有代码为“%s”的部门，请在 dictionaries.csv 的 authority 中补上", row.department)
		}
		v := versioned[authorityRow]{r.validity(), r.line, row}
		item := r.need("item")
		for _, o := range l.authorities {
			if o.item == item && o.row.field == row.field && o.overlaps(v.Validity) {
				r.fail("valid_from", "“%s”的有效期与第%d行重叠，请把其中一行的起止日期改开", item, o.line)
			}
		}
		l.authorities = append(l.authorities, authorityVersion{item, v})
	}
	if t.fault == nil && !l.hasDefaultAuthority() {
		return &TableError{File: "authority.csv", Problem: "缺少“*”一行（其余各项的主管部门），请补上"}
	}
	return t.fault
}

func (l *Law) hasDefaultAuthority() bool {
	for _, v := range l.authorities {
		if v.item == anyItem && v.Region == "" && v.To.IsZero() {
			return true
		}
	}
	return false
}
