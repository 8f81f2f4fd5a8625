package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"anxin/app/casework"
	"anxin/app/office"
	"anxin/model"
	"anxin/model/statute"
)

type initCmd struct {
	Name       string   `required:"" help:"单位全称"`
	Word       string   `required:"" help:"文书代字，如 桃人社"`
	Officer    []string `required:"" sep:"none" help:"执法人员，姓名,证号,有效期起,有效期至；写两次"`
	Region     string   `help:"适用地区：省份，或者市、县的名称或6位行政区划代码，如 湖南、桃源县、430725"`
	Government string   `help:"本级人民政府"`
	Court      string   `help:"管辖法院"`
	Address    string   `help:"地址"`
	Postcode   string   `help:"邮编"`
	Phone      string   `help:"联系电话"`
	Numbers    int      `help:"没有接入中心时，本机自编的号段大小" default:"100"`
}

// Run implements the command.
func (c *initCmd) Run(s *session) error {
	var two []model.Officer
	for _, text := range c.Officer {
		one, err := readOfficer(text)
		if err != nil {
			return err
		}
		two = append(two, one)
	}
	if len(two) < 2 || two[0].Name == two[1].Name || two[0].CertNo != "" && two[0].CertNo == two[1].CertNo {
		return errors.New("请用 --officer 写两名不同的执法人员（姓名,证号,有效期起,有效期至）")
	}
	region := office.Region(c.Region)
	if !region.OK {
		return fmt.Errorf("--region：%s", region.Reason)
	}
	p, err := s.pass("设置口令：")
	if err != nil {
		return err
	}
	if err := s.hold(); err != nil {
		return err
	}
	o, err := office.Create(s.ctx, s.options(), office.SetUp{Passphrase: p, Officers: two, Office: model.Office{Name: c.Name,
		Word: c.Word, Region: region.Normal, Government: c.Government, Court: c.Court, Address: c.Address, Postcode: c.Postcode, Phone: c.Phone, Contact: two[0].Name,
		Remedies: true, ReportDays: 3}})
	if err != nil {
		return err
	}
	defer o.Close()
	s.doubtPhone(c.Phone)
	if c.Numbers > 0 {
		if err := o.TakeLocalNumbers(s.ctx, o.Now().Year(), c.Numbers); err != nil {
			return err
		}
	}
	s.printf("已在“%s”新建%s\n", s.dir, c.Name)
	return nil
}

// readOfficer reads 姓名,证号,有效期起,有效期至; all but the name may be left out.
func readOfficer(text string) (model.Officer, error) {
	f := append(strings.Split(text, ","), "", "", "")
	for i := range f {
		f[i] = strings.TrimSpace(f[i])
	}
	o := model.Officer{Name: f[0], CertNo: f[1], ValidFrom: model.Date(f[2]), ValidTo: model.Date(f[3]), Role: model.RoleInspector}
	for _, d := range f[2:4] {
		if _, err := time.Parse(time.DateOnly, d); d != "" && err != nil {
			return o, fmt.Errorf("执法人员“%s”的有效期“%s”不是日期，请写成 2026-01-31", text, d)
		}
	}
	return o, nil
}

type importCmd struct {
	Registers importRegistersCmd `cmd:"" help:"名册：用人单位、工程项目、执法人员、网格"`
	Roster    importRosterCmd    `cmd:"" help:"工资表，归入案件"`
}

type importRosterCmd struct {
	Case string `required:"" help:"案件编号"`
	File string `arg:"" help:".xlsx 工作簿"`
}

// Run implements the command.
func (c *importRosterCmd) Run(s *session) error {
	f, err := openFile(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	id, err := model.ParseID(c.Case)
	if err != nil {
		return err
	}
	return s.with(func(o *office.Office) error {
		roll, rep, err := o.Desk.ImportRoster(s.ctx, id, c.File, f)
		if err != nil {
			return err
		}
		s.report(rep)
		h, err := o.Store.Head(s.ctx, roll)
		if err != nil {
			return err
		}
		total := statute.Fen(h.Summary.AmountFen)
		s.printf("%d 名劳动者，合计 %s 元，%s\n", h.Summary.Count, total, total.Capital())
		return nil
	})
}

func openFile(path string) (*os.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("找不到文件“%s”，请核对路径", path)
	}
	if info.IsDir() {
		return nil, fmt.Errorf("“%s”是文件夹，请指定一个文件", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("打开“%s”: %w", path, err)
	}
	return f, nil
}

func (s *session) report(rep casework.Report) {
	for _, w := range rep.Warnings {
		s.printf("提示 %s\n", w)
	}
	for _, w := range rep.Refused {
		s.printf("未导入 %s\n", w)
	}
	s.printf("新增 %d，合并 %d，未变 %d，未导入 %d，提示 %d\n", rep.Added, rep.Merged, rep.Same, len(rep.Refused), len(rep.Warnings))
}

type listCmd struct {
	Kind  string `arg:"" help:"种类：用人单位、案件、文书等的名称，或者 officer grid employer site lead case inspection wageroll interview document service evidence contact"`
	Text  string `help:"查找的文字"`
	State string `help:"状态"`
	Case  string `help:"案件编号"`
	Limit int    `default:"100" help:"最多几条"`
	JSON  bool   `help:"以 JSON 输出"`
}

// row is a record in a list.
type row struct {
	ID      model.ID     `json:"id"`
	State   string       `json:"state"`
	Number  string       `json:"number,omitempty"`
	Due     model.Date   `json:"due,omitempty"`
	Amount  int64        `json:"amount_fen,omitempty"`
	Updated time.Time    `json:"updated"`
	Record  model.Record `json:"record"`
}

// Run implements the command.
func (c *listCmd) Run(s *session) error {
	kind, err := kindOf(c.Kind)
	if err != nil {
		return err
	}
	return s.with(func(o *office.Office) error {
		q := model.Query{Kind: kind, Text: c.Text, Case: model.ID(c.Case), Limit: c.Limit}
		if c.State != "" {
			q.States = []string{c.State}
		}
		heads, err := o.Store.List(s.ctx, q)
		if err != nil {
			return err
		}
		rows := []row{}
		for _, h := range heads {
			r, err := model.Decode(h.Kind, h.Body)
			if err != nil {
				return err
			}
			rows = append(rows, row{ID: h.ID, State: h.Summary.State, Number: h.Summary.Number, Due: h.Summary.Due,
				Amount: h.Summary.AmountFen, Updated: h.Updated, Record: r})
		}
		if c.JSON {
			return s.json(rows)
		}
		for _, r := range rows {
			s.printf("%s  %s  %s  %s  %s\n", r.ID, r.State, r.Number, r.Due, label(r.Record))
		}
		total := len(rows)
		if total == c.Limit {
			if total, err = o.Store.Count(s.ctx, q); err != nil {
				return err
			}
		}
		if total > len(rows) {
			s.printf("共 %d 条，列出最新 %d 条；要更多请用 --limit，或者用 --text 查找\n", total, len(rows))
			return nil
		}
		s.printf("共 %d 条\n", total)
		return nil
	})
}

// label names a record in a list on a terminal.
func label(r model.Record) string {
	switch v := r.(type) {
	case *model.Officer, *model.Grid, *model.Employer, *model.Site, *model.Evidence, *model.Office, *model.Draw:
		return v.Summary().Find[0] // its name
	case *model.Lead:
		return v.Source
	case *model.Case:
		return v.Cause
	case *model.Inspection:
		return v.Matter
	case *model.Document:
		return v.Title
	case *model.WageRoll:
		return fmt.Sprintf("%d 名劳动者，%s 元", len(v.Workers), statute.Fen(v.TotalFen()))
	case *model.Interview:
		return maskName(v.Person)
	case *model.Service:
		return maskName(v.Receiver)
	case *model.Contact:
		return maskName(v.Person)
	}
	return ""
}

type showCmd struct {
	ID string `arg:"" help:"记录编号"`
}

// Run implements the command.
func (c *showCmd) Run(s *session) error {
	id, err := model.ParseID(c.ID)
	if err != nil {
		return err
	}
	return s.with(func(o *office.Office) error {
		revs, err := o.Store.History(s.ctx, id)
		if err != nil {
			return err
		}
		if len(revs) == 0 {
			return fmt.Errorf("编号 %s: %w", id, model.ErrNotFound)
		}
		return s.json(revs)
	})
}

type todayCmd struct{}

// Run implements the command.
func (c *todayCmd) Run(s *session) error {
	return s.with(func(o *office.Office) error {
		tasks, err := o.Desk.Today(s.ctx)
		if err != nil {
			return err
		}
		for _, t := range tasks {
			mark := ""
			if t.Overdue {
				mark = "（已逾期）"
			}
			s.printf("%s%s  %s  %s  %s\n", t.Due, mark, t.Title, t.Detail, t.Article)
		}
		s.printf("共 %d 项\n", len(tasks))
		conflicts, err := o.Store.Conflicts(s.ctx)
		if err != nil {
			return err
		}
		if len(conflicts) > 0 {
			s.printf("冲突 %d 处，用 anxinctl sync conflicts 查看\n", len(conflicts))
		}
		return nil
	})
}

type evidenceCmd struct {
	Case     string   `required:"" help:"案件编号"`
	Category string   `help:"证据种类：书证、物证、视听资料、电子数据、证人证言、当事人的陈述、鉴定意见、勘验笔录、现场笔录" default:"视听资料"`
	SM3      bool     `name:"sm3" help:"除 SHA-256 外再计算 SM3"`
	Files    []string `arg:"" help:"文件"`
}

// evidenceCategories are the kinds of evidence (行政处罚法 46).
var evidenceCategories = []string{"书证", "物证", "视听资料", "电子数据", "证人证言", "当事人的陈述", "鉴定意见", "勘验笔录", "现场笔录"}

// Run implements the command.
func (c *evidenceCmd) Run(s *session) error {
	id, err := model.ParseID(c.Case)
	if err != nil {
		return err
	}
	if !slices.Contains(evidenceCategories, c.Category) {
		return fmt.Errorf("没有“%s”这种证据，可用：%s", c.Category, strings.Join(evidenceCategories, "、"))
	}
	for _, name := range c.Files {
		if err := openable(name); err != nil {
			return err // before any file is taken in
		}
	}
	return s.with(func(o *office.Office) error {
		for _, name := range c.Files {
			f, err := openFile(name)
			if err != nil {
				return err
			}
			k, err := o.Desk.AddEvidence(s.ctx, casework.EvidenceIn{Case: id, Name: filepath.Base(name), Category: c.Category, SM3: c.SM3}, f)
			_ = f.Close()
			if err != nil {
				return err
			}
			s.printf("%s  %s  %d 字节  %s\n", k.ID, k.Value.Name, k.Value.Size, k.Value.SHA256)
			if k.Value.SM3 != "" {
				s.printf("SM3 %s\n", k.Value.SM3)
			}
			if k.Rev != "" {
				s.printf("提示 “%s”与已经收进本案的“%s”内容相同，没有再存一份\n", filepath.Base(name), k.Value.Name)
			}
			for _, w := range casework.EvidenceWarnings(k.Value) {
				s.printf("提示 %s\n", w)
			}
		}
		return nil
	})
}
