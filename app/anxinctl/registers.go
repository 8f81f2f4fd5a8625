package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"anxin/app/casework"
	"anxin/app/office"
	"anxin/model"
)

type importRegistersCmd struct {
	File    string   `arg:"" help:".xlsx 工作簿"`
	Sheet   []string `sep:"none" help:"工作表装的是什么，如 Sheet1=用人单位；不导入的写 Sheet2=" placeholder:"表=名册"`
	Column  []string `sep:"none" help:"列导入到哪里，如 Sheet1/企业=单位名称；不导入的写 Sheet1/颜色=" placeholder:"表/列=列名"`
	Preview bool     `help:"只看会怎样，不写入"`
	Report  string   `help:"把报告写到 .xlsx 或 .csv 文件" type:"path"`
}

// Run implements the command.
func (c *importRegistersCmd) Run(s *session) error {
	f, err := openFile(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	if c.Report != "" {
		if err := folderOf(c.Report); err != nil {
			return err
		}
	}
	return s.with(func(o *office.Office) error {
		as, err := c.said(o, f)
		if err != nil {
			return err
		}
		use := o.Desk.ImportRegisters
		if c.Preview {
			use = o.Desk.PreviewRegisters
		}
		rep, err := use(s.ctx, c.File, f, as)
		if err != nil {
			return err
		}
		if c.Report != "" {
			if err := writeTable(c.Report, rep.Table()); err != nil {
				return err
			}
		}
		for _, w := range rep.Merges {
			s.printf("合并 %s\n", w)
		}
		s.report(rep)
		if c.Preview {
			s.printf("以上是预览，没有写入\n")
		}
		return nil
	})
}

// said reads what was said of sheets and columns; the file is read from its
// beginning afterwards.
func (c *importRegistersCmd) said(o *office.Office, f io.ReadSeeker) (*casework.Import, error) {
	as := &casework.Import{Sheets: map[string]string{}, Columns: casework.Columns{}}
	known := []string{casework.RegisterEmployers, casework.RegisterSites, casework.RegisterOfficers, casework.RegisterGrids, ""}
	for _, text := range c.Sheet {
		name, register, ok := strings.Cut(text, "=")
		if !ok || !slices.Contains(known, register) {
			return nil, fmt.Errorf("“%s”应写成“工作表=名册”，名册可以是：%s", text, strings.Join(known[:4], "、"))
		}
		as.Sheets[name] = register
	}
	if len(c.Column) == 0 {
		return as, nil
	}
	layout, err := o.Desk.ReadLayout(c.File, f, as)
	if err != nil {
		return nil, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("读取“%s”: %w", filepath.Base(c.File), err)
	}
	for _, text := range c.Column {
		if err := sayColumn(as, layout, text); err != nil {
			return nil, err
		}
	}
	return as, nil
}

// sayColumn reads 表/列=列名.
func sayColumn(as *casework.Import, layout casework.Layout, text string) error {
	left, is, ok := strings.Cut(text, "=")
	sheet, title, also := strings.Cut(left, "/")
	if !ok || !also {
		return fmt.Errorf("“%s”应写成“工作表/列=列名”", text)
	}
	for _, s := range layout.Sheets {
		if s.Name != sheet {
			continue
		}
		var all []string
		for _, choice := range append(s.Choices, casework.ColumnChoice{}) {
			if is == choice.Title || is == choice.Name {
				key, value := casework.UnknownColumn{Sheet: sheet, Title: title}.Is(choice.Name)
				as.Columns[key] = value
				return nil
			}
			all = append(all, choice.Title)
		}
		return fmt.Errorf("“%s”里没有名为“%s”的列可以导入，可用：%s", sheet, is, strings.Join(all[:len(all)-1], "、"))
	}
	return fmt.Errorf("工作簿里没有工作表“%s”", sheet)
}

// writeTable writes a table as the name of its file says.
func writeTable(path string, t casework.Table) error {
	var out bytes.Buffer
	write := func() error { return casework.WriteWorkbook(&out, t) }
	if strings.EqualFold(filepath.Ext(path), ".csv") {
		write = func() error { return t.WriteCSV(&out) }
	}
	if err := write(); err != nil {
		return err
	}
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		return fmt.Errorf("写出“%s”: %w", path, err)
	}
	return nil
}

// employerCmd is what is done with records of one employer or site under
// several entries.
type employerCmd struct {
	Duplicates duplicatesCmd `cmd:"" help:"列出可能是同一单位或者同一项目的记录"`
	Merge      mergeCmd      `cmd:"" help:"把两条记录并成一条：先登记的留下，后登记的指向它"`
	Part       partCmd       `cmd:"" help:"把并进别处的记录分开"`
	Distinct   distinctCmd   `cmd:"" help:"确认两条记录不是同一家，以后不再列出"`
}

type duplicatesCmd struct {
	Sites bool `help:"列出工程项目，不写则列出用人单位"`
	JSON  bool `help:"以 JSON 输出"`
}

// whyWords are the reasons why two records may be one.
var whyWords = map[string]string{casework.SameCode: "代码相同", casework.SameName: "名称相同", casework.SamePhone: "电话相同、名称相近", casework.SameNumber: "项目代码相同"}

// Run implements the command.
func (c *duplicatesCmd) Run(s *session) error {
	kind := model.KindEmployer
	if c.Sites {
		kind = model.KindSite
	}
	return s.with(func(o *office.Office) error {
		list, err := o.Desk.Alike(s.ctx, kind)
		if err != nil {
			return err
		}
		if c.JSON {
			return s.json(list)
		}
		for _, l := range list {
			var why []string
			for _, w := range l.Why {
				why = append(why, whyWords[w])
			}
			s.printf("%s  %s\n%s  %s\n  %s\n", l.Earlier, l.EarlierName, l.Later, l.LaterName, strings.Join(why, "、"))
		}
		s.printf("可能重复 %d 对\n", len(list))
		return nil
	})
}

type mergeCmd struct {
	One   string   `arg:"" help:"一条记录的编号"`
	Other string   `arg:"" help:"另一条的编号"`
	Later []string `help:"取后登记的内容的项，如 联系电话 或 phone；可写多次，不写则只补先登记的空白" placeholder:"项"`
	Look  bool     `help:"只比较，不合并"`
}

// Run implements the command.
func (c *mergeCmd) Run(s *session) error {
	a, b, err := twoIDs(c.One, c.Other)
	if err != nil {
		return err
	}
	return s.with(func(o *office.Office) error {
		both, err := o.Desk.Compare(s.ctx, a, b)
		if err != nil {
			return err
		}
		word := fieldWords(both.Kind)
		if c.Look {
			s.printf("先登记 %s  %s\n后登记 %s  %s\n", both.Earlier.ID, s.nameOf(o, both.Earlier.ID), both.Later.ID, s.nameOf(o, both.Later.ID))
			for _, f := range both.Fields {
				s.printf("  %s（%s）：先登记 %s，后登记 %s\n", word(f.Name), f.Name, s.shown(o, f.Earlier), s.shown(o, f.Later))
			}
			s.printf("不同 %d 项\n", len(both.Fields))
			return nil
		}
		later, err := takenOver(both, word, c.Later)
		if err != nil {
			return err
		}
		m, err := o.Desk.MergeRegisters(s.ctx, both, later...)
		if err != nil {
			return err
		}
		s.printf("“%s”已并入“%s”；要分开用 anxinctl employer part %s\n", s.nameOf(o, m.Later), s.nameOf(o, m.Earlier), m.Later)
		return nil
	})
}

// takenOver are the fields taken from the later record: the blanks of the
// earlier and those asked for.
func takenOver(c casework.Comparison, word func(string) string, asked []string) (out []string, err error) {
	var all []string
	for _, f := range c.Fields {
		all = append(all, word(f.Name))
		if f.TakeLater || slices.Contains(asked, f.Name) || slices.Contains(asked, word(f.Name)) {
			out = append(out, f.Name)
		}
	}
	for _, text := range asked {
		if !slices.ContainsFunc(c.Fields, func(f casework.TwinField) bool { return text == f.Name || text == word(f.Name) }) {
			return nil, fmt.Errorf("“%s”不是两条记录不同的项，可用：%s", text, strings.Join(all, "、"))
		}
	}
	return out, nil
}

func twoIDs(one, other string) (a, b model.ID, err error) {
	if a, err = model.ParseID(one); err != nil {
		return a, b, err
	}
	b, err = model.ParseID(other)
	return a, b, err
}

type partCmd struct {
	ID string `arg:"" help:"并进别处的那条记录的编号"`
}

// Run implements the command.
func (c *partCmd) Run(s *session) error {
	id, err := model.ParseID(c.ID)
	if err != nil {
		return err
	}
	return s.with(func(o *office.Office) error {
		if err := o.Desk.Separate(s.ctx, id); err != nil {
			return err
		}
		s.printf("“%s”已分开\n", s.nameOf(o, id))
		return nil
	})
}

type distinctCmd struct {
	One   string `arg:"" help:"一条记录的编号"`
	Other string `arg:"" help:"另一条的编号"`
}

// Run implements the command.
func (c *distinctCmd) Run(s *session) error {
	a, b, err := twoIDs(c.One, c.Other)
	if err != nil {
		return err
	}
	return s.with(func(o *office.Office) error {
		if err := o.Desk.Distinguish(s.ctx, a, b); err != nil {
			return err
		}
		s.printf("已记下：“%s”和“%s”不是同一家\n", s.nameOf(o, a), s.nameOf(o, b))
		return nil
	})
}
