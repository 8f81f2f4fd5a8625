package casework

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"anxin/model"
	"anxin/model/statute"
)

// The columns of the registers, by the sheet they stand on.
var (
	employerColumns = []column{
		{"name", []string{"单位名称", "用人单位", "名称"}, true},
		{"uscc", []string{"统一社会信用代码", "信用代码", "证件号码"}, false},
		{"legal_rep", []string{"法定代表人", "负责人"}, false},
		{"phone", []string{"联系电话", "电话"}, false},
		{"address", []string{"地址", "住所"}, false},
		{"industry", []string{"行业", "所属行业"}, false},
		{"grid", []string{"所属网格", "网格编码"}, false},
		{"headcount", []string{"从业人数", "职工人数"}, false},
		{"division", []string{"行政区划代码", "区划代码"}, false},
		{"contact", []string{"劳资专管员", "联系人"}, false},
		{"contact_phone", []string{"劳资专管员电话", "联系人电话"}, false},
		{"grade", []string{"守法诚信等级", "诚信等级"}, false},
	}
	siteColumns = []column{
		{"name", []string{"项目名称", "工程名称"}, true},
		{"permit_no", []string{"施工许可证号", "许可证号"}, false},
		{"owner", []string{"建设单位"}, false},
		{"general", []string{"施工总承包", "总承包单位"}, false},
		{"subs", []string{"专业/劳务分包", "分包单位"}, false},
		{"address", []string{"项目地址", "地址"}, false},
		{"started", []string{"开工日期"}, false},
		{"contract", []string{"合同额(万元)", "合同额"}, false},
		{"grid", []string{"所属网格", "网格编码"}, false},
		{"division", []string{"行政区划代码", "区划代码"}, false},
		{"project_code", []string{"项目代码"}, false},
		{"contact", []string{"现场负责人"}, false},
		{"phone", []string{"联系电话", "电话"}, false},
		{"wage_officer", []string{"劳资专管员"}, false},
		{"wage_officer_phone", []string{"劳资专管员电话"}, false},
		{"guarantee_kind", []string{"工资保证金形式", "保证金形式"}, false},
		{"guarantee_to", []string{"保证金到期日", "保函到期日"}, false},
		{"account_bank", []string{"专用账户开户行", "专户开户行"}, false},
		{"account_no", []string{"专用账户账号", "专户账号"}, false},
	}
	officerColumns = []column{
		{"name", []string{"姓名"}, true},
		{"unit", []string{"单位"}, false},
		{"cert_no", []string{"执法证号", "证号"}, false},
		{"cert_type", []string{"证件类型"}, false},
		{"valid_from", []string{"有效期起"}, false},
		{"valid_to", []string{"有效期至"}, false},
		{"role", []string{"角色"}, true},
		{"duty", []string{"职务"}, false},
	}
	gridColumns = []column{
		{"code", []string{"网格编码", "编码"}, true},
		{"level", []string{"级别"}, true},
		{"parent", []string{"上级编码"}, false},
		{"name", []string{"名称"}, true},
		{"keeper", []string{"网格员"}, false},
	}
)

// registers is one import under way: what the journal has, what the rows add.
type registers struct {
	desk    *Desk
	report  Report
	changes []model.Change

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

// ImportRegisters reads employers, sites, officers and grids from a workbook
// (sheets 用人单位, 工程项目, 执法人员, 网格; any may be absent) into the
// journal, in one batch. A record that is here already is merged: its blanks
// are filled, and where both say something else the older word stays and a
// warning names the cell. as explains columns under titles of their own and may
// be nil; one that is not explained is refused with *UnknownColumns. Nothing is
// committed when a sheet cannot be read.
func (d *Desk) ImportRegisters(ctx context.Context, name string, r io.Reader, as Columns) (Report, error) {
	book, err := openWorkbook(name, r)
	if err != nil {
		return Report{}, err
	}
	defer book.Close()
	book.as = as
	im := &registers{desk: d}
	if err := im.load(ctx); err != nil {
		return Report{}, err
	}
	sheets := []struct {
		name    string
		columns []column
		take    func(row)
	}{
		{"网格", gridColumns, im.grid},
		{"执法人员", officerColumns, im.officer},
		{"用人单位", employerColumns, im.employer},
		{"工程项目", siteColumns, im.site},
	}
	found := 0
	for _, s := range sheets {
		if i, err := book.file.GetSheetIndex(s.name); err != nil || i < 0 {
			continue
		}
		found++
		t, err := book.table(s.name, s.columns)
		if err != nil {
			return Report{}, err
		}
		for _, r := range t.rows {
			s.take(r)
		}
	}
	if found == 0 {
		return Report{}, fmt.Errorf("“%s”里没有可导入的工作表，需要：网格、执法人员、用人单位、工程项目", book.name)
	}
	return im.commit(ctx)
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
		e.dirty = true
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
	im.count(fresh, e.dirty)
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
	im.count(fresh, e.dirty)
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
	im.count(fresh, e.dirty)
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
		e.value.Headcount = n
		e.dirty = e.dirty || n > 0
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
	im.count(fresh, e.dirty)
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
			e.value.Started, e.dirty = d, true
		} else {
			im.report.warn(r.where("started"), "“%s”不是日期，没有采用；请写成 2026-01-31", text)
		}
	}
	if text := r.text("contract"); text != "" && e.value.ContractFen == 0 {
		fen, err := statute.ParseWan(text)
		if err != nil {
			im.report.warn(r.where("contract"), "%v", err)
		} else {
			e.value.ContractFen, e.dirty = int64(fen), true
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
			s.dirty = true
			return e.id
		}
	}
	if !containsText(s.value.Unmatched, name) {
		s.value.Unmatched = append(s.value.Unmatched, name)
		s.dirty = true
	}
	im.report.warn(r.where(column), "单位“%s”不在用人单位名册里，已记下名称，请补登单位", name)
	return ""
}

func (im *registers) count(fresh, dirty bool) {
	switch {
	case fresh:
	case dirty:
		im.report.Merged++
	default:
		im.report.Same++
	}
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
