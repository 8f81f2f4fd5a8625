package casework

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"anxin/model"
	"anxin/model/statute"
)

// registers is one import under way: what the journal has, what the rows add.
type registers struct {
	desk   *Desk
	report Report
	filled []string // titles of the cells of the row that said something new

	employers map[string]*entry[model.Employer] // by key
	sites     map[string]*entry[model.Site]
	officers  map[string]*entry[model.Officer]
	grids     map[string]*entry[model.Grid]
}

// entry is a record that rows are merged into.
type entry[T any] struct {
	id    model.ID
	rev   model.Rev
	value *T
	dirty bool
}

func (im *registers) load(ctx context.Context) error {
	var err error
	if im.employers, err = index(ctx, im.desk, func(e *model.Employer) string { return employerKey(e.USCC, e.Name) }); err != nil {
		return err
	}
	if im.sites, err = index(ctx, im.desk, func(s *model.Site) string { return siteKey(s.PermitNo, s.Name) }); err != nil {
		return err
	}
	if im.officers, err = index(ctx, im.desk, func(o *model.Officer) string { return o.CertNo + "/" + o.Name }); err != nil {
		return err
	}
	im.grids, err = index(ctx, im.desk, func(g *model.Grid) string { return g.Code })
	return err
}

// index reads every record of a kind by a key of its own.
func index[T any, P interface {
	*T
	model.Record
}](ctx context.Context, d *Desk, key func(*T) string) (map[string]*entry[T], error) {
	list, err := all[T, P](ctx, d, model.Query{})
	if err != nil {
		return nil, err
	}
	out := map[string]*entry[T]{}
	var merged []Kept[T]
	for _, k := range list {
		if t, ok := twinOf(P(k.Value)); ok && t.StandsFor(k.ID) != "" {
			merged = append(merged, k)
			continue
		}
		out[key(k.Value)] = &entry[T]{id: k.ID, rev: k.Rev, value: k.Value}
	}
	for _, k := range merged { // a row under an old name or code goes to the record that stands for it
		stands, err := d.Standing(ctx, k.ID)
		if err != nil {
			return nil, err
		}
		for _, e := range out {
			if _, taken := out[key(k.Value)]; e.id == stands && !taken {
				out[key(k.Value)] = e
				break
			}
		}
	}
	return out, nil
}

// put finds or makes the entry of a key.
func put[T any](im *registers, m map[string]*entry[T], key string) (e *entry[T], fresh bool) {
	if e, ok := m[key]; ok {
		return e, false
	}
	e = &entry[T]{id: im.desk.IDs.NewID(), value: new(T), dirty: true}
	m[key] = e
	im.report.Added++
	return e, true
}

// merge fills a blank, keeps what stands, and warns where both differ.
func merge[T any](im *registers, e *entry[T], field *string, r row, column string, value string) {
	switch {
	case value == "" || value == *field:
	case *field == "":
		*field = value
		im.fills(&e.dirty, r, column)
	default:
		im.report.warn(r.where(column), "“%s”与已有的“%s”不同，保留已有内容", value, *field)
	}
}

func (im *registers) grid(r row) {
	code := strings.ReplaceAll(r.text("code"), " ", "")
	if code == "" {
		im.report.refuse(r.where("code"), "没有网格编码，这一行没有导入")
		return
	}
	level, err := strconv.Atoi(r.text("level"))
	if err != nil || level < 1 || level > 3 {
		im.report.warn(r.where("level"), "级别应为 1、2 或 3，现为“%s”，按 3 级保存", r.text("level"))
		level = 3
	}
	e, fresh := put(im, im.grids, code)
	if fresh {
		e.value.Code, e.value.Level = code, level
	}
	im.doubt(r, "code", checkArea(code))
	merge(im, e, &e.value.Parent, r, "parent", r.text("parent"))
	merge(im, e, &e.value.Name, r, "name", r.text("name"))
	merge(im, e, &e.value.Keeper, r, "keeper", r.text("keeper"))
	im.count(r, e.value.Name, fresh)
}

func (im *registers) officer(r row) {
	name := r.text("name")
	if name == "" {
		im.report.refuse(r.where("name"), "没有姓名，这一行没有导入")
		return
	}
	cert := strings.ToUpper(strings.ReplaceAll(r.text("cert_no"), " ", ""))
	key := cert + "/" + name
	if known, ok := im.officers["/"+name]; ok && cert != "" && im.officers[key] == nil {
		im.officers[key] = known // was written down before the certificate was known
		delete(im.officers, "/"+name)
	}
	e, fresh := put(im, im.officers, key)
	o := e.value
	if fresh {
		o.Name = name
	}
	merge(im, e, &o.CertNo, r, "cert_no", cert)
	merge(im, e, &o.Unit, r, "unit", r.text("unit"))
	merge(im, e, &o.Duty, r, "duty", r.text("duty"))
	merge(im, e, &o.CertType, r, "cert_type", r.text("cert_type"))
	merge(im, e, &o.Role, r, "role", r.text("role"))
	readDay(im, e, (*string)(&o.ValidFrom), r, "valid_from")
	readDay(im, e, (*string)(&o.ValidTo), r, "valid_to")
	if ok, why := statute.Certified(*o, im.desk.Clock.Now()); !ok {
		im.report.warn(r.where(certifiedColumn(why.Code)), "%s（%s）", bare(why.Text), why.Article)
	}
	im.count(r, name, fresh)
}

// certifiedColumn is where the reason an officer is not certified stands.
func certifiedColumn(code string) string {
	switch code {
	case "role":
		return "role"
	case "no_certificate":
		return "cert_no"
	case "early":
		return "valid_from"
	}
	return "valid_to"
}

func readDay[T any](im *registers, e *entry[T], field *string, r row, column string) {
	text := r.text(column)
	if text == "" {
		return
	}
	d, ok := readDate(text)
	if !ok {
		im.report.warn(r.where(column), "“%s”不是日期，没有采用；请写成 2026-01-31", text)
		return
	}
	merge(im, e, field, r, column, string(d))
}

func (im *registers) employer(r row) {
	name := r.text("name")
	if name == "" {
		im.report.refuse(r.where("name"), "没有单位名称，这一行没有导入")
		return
	}
	code := statute.CheckUSCC(r.text("uscc"))
	if raw := r.text("uscc"); raw != "" && !code.OK {
		im.report.warn(r.where("uscc"), "%s，已按“%s”保存，请核对", strings.TrimRight(code.Reason, "。"), code.Normal)
	}
	e, fresh := put(im, im.employers, employerKey(code.Normal, name))
	v := e.value
	if fresh {
		v.Name, v.USCC, v.Source = name, code.Normal, r.where("")
	} else {
		im.report.warn(r.where("name"), "“%s”已有记录，合并为一条", name)
	}
	merge(im, e, &v.Name, r, "name", name)
	merge(im, e, &v.LegalRep, r, "legal_rep", r.text("legal_rep"))
	merge(im, e, &v.Phone, r, "phone", im.judged(r, "phone", statute.CheckPhone))
	merge(im, e, &v.Address, r, "address", r.text("address"))
	merge(im, e, &v.Industry, r, "industry", r.text("industry"))
	merge(im, e, &v.Grid, r, "grid", im.judged(r, "grid", checkArea))
	merge(im, e, &v.Division, r, "division", im.judged(r, "division", statute.CheckDivision))
	merge(im, e, &v.Contact, r, "contact", r.text("contact"))
	merge(im, e, &v.ContactPhone, r, "contact_phone", im.judged(r, "contact_phone", statute.CheckPhone))
	merge(im, e, &v.Grade, r, "grade", im.grade(r))
	im.headcount(e, r)
	im.count(r, name, fresh)
}

// judged is an identifier in its usual form; what is odd about it is a warning
// and never keeps it out.
func (im *registers) judged(r row, column string, check func(string) statute.Verdict) string {
	text := r.text(column)
	if text == "" {
		return ""
	}
	v := check(text)
	im.doubt(r, column, v)
	return v.Normal
}

func (im *registers) doubt(r row, column string, v statute.Verdict) {
	if !v.OK {
		im.report.warn(r.where(column), "%s", bare(v.Reason))
	}
}

// grade reads A, B or C, also with 级 behind it.
func (im *registers) grade(r row) string {
	text := strings.TrimSuffix(strings.ToUpper(r.text("grade")), "级")
	if text != "" && !slices.Contains([]string{"A", "B", "C"}, text) {
		im.report.warn(r.where("grade"), "诚信等级应为 A、B 或者 C，现为“%s”，没有采用", r.text("grade"))
		return ""
	}
	return text
}

func (im *registers) headcount(e *entry[model.Employer], r row) {
	text := r.text("headcount")
	if text == "" {
		return
	}
	n, err := strconv.Atoi(text)
	switch {
	case err != nil || n < 0:
		im.report.warn(r.where("headcount"), "“%s”不是人数，没有采用", text)
	case e.value.Headcount == 0:
		if e.value.Headcount = n; n > 0 {
			im.fills(&e.dirty, r, "headcount")
		}
	case e.value.Headcount != n:
		im.report.warn(r.where("headcount"), "“%d”与已有的“%d”不同，保留已有内容", n, e.value.Headcount)
	}
}

func (im *registers) site(r row) {
	name := r.text("name")
	if name == "" {
		im.report.refuse(r.where("name"), "没有项目名称，这一行没有导入")
		return
	}
	e, fresh := put(im, im.sites, siteKey(r.text("permit_no"), name))
	v := e.value
	if fresh {
		v.Name, v.PermitNo, v.Source = name, r.text("permit_no"), r.where("")
	}
	merge(im, e, &v.Address, r, "address", r.text("address"))
	merge(im, e, &v.Grid, r, "grid", im.judged(r, "grid", checkArea))
	im.siteDetails(e, r)
	if v.Owner == "" {
		v.Owner = im.unit(e, r, "owner")
	}
	if v.General == "" {
		v.General = im.unit(e, r, "general")
	}
	if len(v.Subs) == 0 {
		if id := im.unit(e, r, "subs"); id != "" {
			v.Subs = []model.ID{id}
		}
	}
	im.siteFigures(e, r)
	im.count(r, name, fresh)
}

func (im *registers) siteDetails(e *entry[model.Site], r row) {
	v := e.value
	merge(im, e, &v.Division, r, "division", im.judged(r, "division", statute.CheckDivision))
	merge(im, e, &v.ProjectCode, r, "project_code", im.judged(r, "project_code", statute.CheckProjectCode))
	merge(im, e, &v.Contact, r, "contact", r.text("contact"))
	merge(im, e, &v.Phone, r, "phone", im.judged(r, "phone", statute.CheckPhone))
	merge(im, e, &v.WageOfficer, r, "wage_officer", r.text("wage_officer"))
	merge(im, e, &v.WageOfficerPhone, r, "wage_officer_phone", im.judged(r, "wage_officer_phone", statute.CheckPhone))
	merge(im, e, &v.GuaranteeKind, r, "guarantee_kind", r.text("guarantee_kind"))
	merge(im, e, &v.AccountBank, r, "account_bank", r.text("account_bank"))
	merge(im, e, &v.AccountNo, r, "account_no", strings.ReplaceAll(r.text("account_no"), " ", ""))
	readDay(im, e, (*string)(&v.GuaranteeTo), r, "guarantee_to")
}

func (im *registers) siteFigures(e *entry[model.Site], r row) {
	if text := r.text("started"); text != "" && e.value.Started == "" {
		if d, ok := readDate(text); ok {
			e.value.Started = d
			im.fills(&e.dirty, r, "started")
		} else {
			im.report.warn(r.where("started"), "“%s”不是日期，没有采用；请写成 2026-01-31", text)
		}
	}
	if text := r.text("contract"); text != "" && e.value.ContractFen == 0 {
		fen, err := statute.ParseWan(text)
		if err != nil {
			im.report.warn(r.where("contract"), "%v", err)
		} else {
			e.value.ContractFen = int64(fen)
			im.fills(&e.dirty, r, "contract")
		}
	}
}

// unit finds the employer a site names; the name is kept when there is none.
func (im *registers) unit(s *entry[model.Site], r row, column string) model.ID {
	name := r.text(column)
	if name == "" {
		return ""
	}
	for _, e := range im.employers {
		if squash(e.value.Name) == squash(name) {
			im.fills(&s.dirty, r, column)
			return e.id
		}
	}
	if !containsText(s.value.Unmatched, name) {
		s.value.Unmatched = append(s.value.Unmatched, name)
		im.fills(&s.dirty, r, column)
	}
	im.report.warn(r.where(column), "单位“%s”不在用人单位名册里，已记下名称，请补登单位", name)
	return ""
}

// fills notes that a cell of the row said something new.
func (im *registers) fills(dirty *bool, r row, column string) {
	*dirty = true
	im.filled = append(im.filled, r.sheet.titles[column])
}

// count closes a row: what it became and what it told of the record.
func (im *registers) count(r row, name string, fresh bool) {
	told := strings.Join(im.filled, "、")
	switch {
	case fresh:
		im.report.Adds = append(im.report.Adds, Warning{Where: r.where("name"), Text: name})
	case told != "":
		im.report.Merged++
		im.report.Merges = append(im.report.Merges, Warning{Where: r.where("name"), Text: "并入“" + name + "”，补上：" + told})
	default:
		im.report.Same++
	}
	im.filled = im.filled[:0]
}

// commit writes everything that changed, in the order of the ids.
func (im *registers) commit(ctx context.Context) (Report, error) {
	var changes []model.Change
	changes = append(changes, dirty[model.Grid](im.grids)...)
	changes = append(changes, dirty[model.Officer](im.officers)...)
	changes = append(changes, dirty[model.Employer](im.employers)...)
	changes = append(changes, dirty[model.Site](im.sites)...)
	if len(changes) == 0 {
		return im.report, nil
	}
	if _, err := im.desk.commit(ctx, changes...); err != nil {
		return Report{}, fmt.Errorf("保存导入的名册: %w", err)
	}
	return im.report, nil
}

func dirty[T any, P interface {
	*T
	model.Record
}](m map[string]*entry[T]) (out []model.Change) {
	seen := map[model.ID]bool{} // a merged record's key leads to the entry of another
	for _, e := range m {
		if e.dirty && !seen[e.id] {
			seen[e.id] = true
			out = append(out, model.Change{ID: e.id, Base: e.rev, Record: P(e.value)})
		}
	}
	sortChanges(out)
	return out
}

// employerKey: one unit is one code; without a code, one name.
func employerKey(uscc, name string) string {
	if uscc != "" {
		return uscc
	}
	return "name:" + squash(name)
}

func siteKey(permit, name string) string {
	if permit != "" {
		return permit
	}
	return "name:" + squash(name)
}
