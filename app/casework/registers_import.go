package casework

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
)

// The registers a workbook may hold, by the usual name of their sheet.
const (
	RegisterGrids     = "网格"
	RegisterOfficers  = "执法人员"
	RegisterEmployers = "用人单位"
	RegisterSites     = "工程项目"
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

// registerSheets are the registers in the order they are taken in: sites name
// employers, so these come before.
var registerSheets = []struct {
	register string
	columns  []column
	take     func(*registers, row)
}{
	{RegisterGrids, gridColumns, (*registers).grid},
	{RegisterOfficers, officerColumns, (*registers).officer},
	{RegisterEmployers, employerColumns, (*registers).employer},
	{RegisterSites, siteColumns, (*registers).site},
}

func columnsOf(register string) []column {
	for _, s := range registerSheets {
		if s.register == register {
			return s.columns
		}
	}
	return nil
}

// Import is how a workbook is read where its own words do not say it. nil reads
// it as it stands.
type Import struct {
	Sheets  map[string]string               // sheet → register, "" leaves it out; one not named is what its name says
	Columns Columns                         // columns under titles of their own
	Tell    func(done float64, text string) // how far it is, 0..1; nil: nobody asks
}

// register is what a sheet holds.
func (as *Import) register(sheet string) string {
	if as != nil {
		if said, ok := as.Sheets[sheet]; ok {
			return said
		}
	}
	if columnsOf(sheet) != nil {
		return sheet
	}
	return ""
}

func (as *Import) columns() Columns {
	if as == nil {
		return nil
	}
	return as.Columns
}

func (as *Import) tell(done float64, text string) {
	if as != nil && as.Tell != nil {
		as.Tell(done, text)
	}
}

// rowsAtOnce is how many rows are taken between two looks at whether the work
// was stopped.
const rowsAtOnce = 64

// Where the parts of an import end, of 1.
const (
	shareRead  = 0.1
	shareTaken = 0.6
)

// ImportRegisters reads employers, sites, officers and grids from a workbook
// (sheets 用人单位, 工程项目, 执法人员, 网格, or those as names; any may be absent)
// into the journal, in one batch. A record that is here already is merged: its
// blanks are filled, and where both say something else the older word stays and
// a warning names the cell. A column nobody explained is refused with
// *UnknownColumns. Nothing is committed when a sheet cannot be read or the work
// is stopped.
func (d *Desk) ImportRegisters(ctx context.Context, name string, r io.Reader, as *Import) (Report, error) {
	book, err := openWorkbook(name, r)
	if err != nil {
		return Report{}, err
	}
	defer book.Close()
	book.as = as.columns()
	im := &registers{desk: d}
	if err := im.load(ctx); err != nil {
		return Report{}, err
	}
	as.tell(shareRead, "")
	if err := im.takeAll(ctx, book, as); err != nil {
		return Report{}, err
	}
	as.tell(shareTaken, "")
	return im.commit(ctx)
}

// takeAll takes the rows of every sheet that holds a register.
func (im *registers) takeAll(ctx context.Context, book *workbook, as *Import) error {
	type piece struct {
		table *sheet
		take  func(*registers, row)
	}
	var pieces []piece
	total := 0
	for _, s := range registerSheets {
		for _, name := range book.file.GetSheetList() {
			if as.register(name) != s.register {
				continue
			}
			t, err := book.table(name, s.columns)
			if err != nil {
				return err
			}
			pieces = append(pieces, piece{t, s.take})
			total += len(t.rows)
		}
	}
	if len(pieces) == 0 {
		return fmt.Errorf("“%s”里没有可导入的工作表，需要：网格、执法人员、用人单位、工程项目", book.name)
	}
	done := 0
	for _, p := range pieces {
		for _, r := range p.table.rows {
			if done%rowsAtOnce == 0 {
				if err := ctx.Err(); err != nil {
					return err
				}
				as.tell(shareRead+(shareTaken-shareRead)*float64(done)/float64(total), r.where(""))
			}
			p.take(im, r)
			done++
		}
	}
	return nil
}

// Layout is how a workbook stands: its sheets with what they seem to hold.
type Layout struct{ Sheets []LayoutSheet }

// LayoutSheet is one sheet: the register it holds, or seems to, and its columns.
type LayoutSheet struct {
	Name     string
	Register string // "" for none
	Rows     int    // below the header
	Columns  []LayoutColumn
	Choices  []ColumnChoice // what its columns may be
}

// LayoutColumn is one column with a title.
type LayoutColumn struct {
	Title, Cell string
	Is          string // column of ours, "" for one that is left out
	Known       bool   // its own title says so
	Sample      []string
}

// SampleRows is how many rows a layout shows.
const SampleRows = 5

// ReadLayout reads how a workbook stands and keeps nothing. A sheet nobody
// named is what its name says, or what its titles look like.
func (d *Desk) ReadLayout(name string, r io.Reader, as *Import) (Layout, error) {
	book, err := openWorkbook(name, r)
	if err != nil {
		return Layout{}, err
	}
	defer book.Close()
	var out Layout
	for _, name := range book.file.GetSheetList() {
		cells, err := book.cells(name)
		if err != nil {
			return Layout{}, err
		}
		l := LayoutSheet{Name: name, Register: as.register(name)}
		if _, said := as.sheets()[name]; !said && l.Register == "" {
			l.Register = looksLike(cells)
		}
		l.read(book, cells, as.columns())
		out.Sheets = append(out.Sheets, l)
	}
	return out, nil
}

func (as *Import) sheets() map[string]string {
	if as == nil {
		return nil
	}
	return as.Sheets
}

// looksLike is the register whose titles a sheet bears: it has the one a
// register needs, and more of its titles than of another's.
func looksLike(cells [][]string) string {
	best, register := 1, ""
	for _, s := range registerSheets {
		head := headOf(cells, s.columns)
		if head < 0 || !hasNeeded(cells[head], s.columns) {
			continue
		}
		if n := matches(cells[head], s.columns); n > best {
			best, register = n, s.register
		}
	}
	return register
}

func hasNeeded(titles []string, columns []column) bool {
	for _, c := range columns {
		if c.needed && !slices.ContainsFunc(titles, func(t string) bool { _, ok := find(squash(t), []column{c}); return ok }) {
			return false
		}
	}
	return true
}

// read fills in the columns. Titles of a register nobody recognises stand in
// the first row of two texts.
func (l *LayoutSheet) read(book *workbook, cells [][]string, as Columns) {
	columns := columnsOf(l.Register)
	for _, c := range columns {
		l.Choices = append(l.Choices, ColumnChoice{c.name, c.titles[0]})
	}
	head := headOf(cells, columns)
	if head < 0 {
		head = slices.IndexFunc(cells, func(r []string) bool {
			return len(slices.DeleteFunc(slices.Clone(r), func(c string) bool { return strings.TrimSpace(c) == "" })) >= 2
		})
	}
	if head < 0 {
		return
	}
	s := &sheet{book: book, name: l.Name}
	var rows []row
	for i := head + 1; i < len(cells); i++ {
		if !blank(cells[i]) {
			l.Rows++
			if len(rows) < SampleRows {
				rows = append(rows, row{sheet: s, n: i + 1, cells: cells[i]})
			}
		}
	}
	for i, title := range cells[head] {
		t := squash(title)
		if t == "" {
			continue
		}
		col := LayoutColumn{Title: strings.TrimSpace(title), Cell: s.cell(head+1, i)}
		known, ok := find(t, columns)
		col.Known, col.Is = ok, known.name
		if c, said := as.column(l.Name, t, columns); said {
			col.Is = c.name
		}
		for _, r := range rows {
			col.Sample = append(col.Sample, r.at(i))
		}
		l.Columns = append(l.Columns, col)
	}
}
