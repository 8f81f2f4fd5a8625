package main

import (
	"anxin/app/casework"
	"anxin/app/office"
	"anxin/model"
)

// visitGroup is a visit from its plan to its record.
type visitGroup struct {
	Plan     visitPlanCmd     `cmd:"" help:"安排检查"`
	Approve  visitApproveCmd  `cmd:"" help:"审批，签发行政检查审批表"`
	Announce visitAnnounceCmd `cmd:"" help:"通知，签发行政检查通知书"`
	Record   visitRecordCmd   `cmd:"" help:"制作现场检查笔录"`
}

type visitPlanCmd struct {
	Case     string   `help:"案件编号；日常、专项检查不写"`
	Employer string   `help:"被检查单位：编号、名称或者统一社会信用代码；不写则用案件的"`
	Site     string   `help:"工程项目：编号或者名称；不写则用案件的"`
	Type     string   `help:"检查类型：日常、专项、个案；不写时有案件为个案，没有为日常"`
	Source   string   `help:"任务来源" default:"投诉举报"`
	Matter   string   `required:"" help:"检查事项"`
	Place    string   `help:"检查地点；不写则用工程项目的地址"`
	At       string   `required:"" help:"计划检查时间，如 2026-09-18 15:00"`
	Officer  []string `required:"" sep:"none" help:"两名执法人员：姓名、证号或者编号；写两次"`
}

// Run implements the command.
func (c *visitPlanCmd) Run(s *session) error {
	return s.with(func(o *office.Office) error {
		i, err := c.plan(s, o)
		if err != nil {
			return err
		}
		id, err := o.Desk.PlanVisit(s.ctx, i)
		if err != nil {
			return err
		}
		s.printf("%s  %s\n", id, s.nameOf(o, id))
		return nil
	})
}

func (c *visitPlanCmd) plan(s *session, o *office.Office) (i model.Inspection, err error) {
	i = model.Inspection{Type: c.Type, Source: c.Source, Matter: c.Matter, Place: c.Place}
	if i.Type == "" {
		i.Type = "日常"
	}
	if c.Case != "" {
		if i.Case, err = model.ParseID(c.Case); err != nil {
			return i, err
		}
		h, err := o.Store.Head(s.ctx, i.Case)
		if err != nil {
			return i, err
		}
		k, err := model.As[model.Case](h.Body)
		if err != nil {
			return i, err
		}
		i.Employer, i.Site = k.Employer, k.Site
		if c.Type == "" {
			i.Type = "个案"
		}
	}
	for _, x := range []struct {
		kind model.Kind
		text string
		to   *model.ID
	}{{model.KindEmployer, c.Employer, &i.Employer}, {model.KindSite, c.Site, &i.Site}} {
		id, err := s.register(o, x.kind, x.text)
		if err != nil {
			return i, err
		}
		if id != "" {
			*x.to = id
		}
	}
	if i.Start, err = moment(o, "计划检查时间", c.At); err != nil {
		return i, err
	}
	i.Officers, err = s.officers(o, c.Officer)
	return i, err
}

type visitApproveCmd struct {
	ID      string `arg:"" help:"检查编号"`
	Opinion string `help:"审批意见" default:"同意"`
}

// Run implements the command.
func (c *visitApproveCmd) Run(s *session) error {
	return s.visitPaper(c.ID, func(o *office.Office, id model.ID) (model.ID, error) {
		return o.Desk.ApproveVisit(s.ctx, id, c.Opinion)
	})
}

type visitAnnounceCmd struct {
	ID string `arg:"" help:"检查编号"`
}

// Run implements the command.
func (c *visitAnnounceCmd) Run(s *session) error {
	return s.visitPaper(c.ID, func(o *office.Office, id model.ID) (model.ID, error) { return o.Desk.AnnounceVisit(s.ctx, id) })
}

// visitPaper does a step of a visit and prints the paper it made.
func (s *session) visitPaper(text string, step func(*office.Office, model.ID) (model.ID, error)) error {
	id, err := model.ParseID(text)
	if err != nil {
		return err
	}
	return s.with(func(o *office.Office) error {
		doc, err := step(o, id)
		if err != nil {
			return err
		}
		s.printf("%s  %s\n", doc, s.nameOf(o, doc))
		return nil
	})
}

type visitRecordCmd struct {
	ID        string `arg:"" help:"检查编号"`
	Start     string `required:"" help:"开始时间，如 2026-09-18 15:00"`
	End       string `required:"" help:"结束时间"`
	Place     string `required:"" help:"检查地点"`
	Contact   string `help:"现场负责人"`
	Duty      string `help:"现场负责人职务"`
	Phone     string `help:"现场负责人电话"`
	Opinion   string `help:"被检查人对笔录的意见"`
	Recording string `help:"录音录像情况；不写则在纸上勾选"`
	Roll      string `help:"工资表编号，见 import roster"`
	Answers   string `help:"检查表的答案：JSON 文件，题名见 forms export checklist" type:"path"`
}

// Run implements the command.
func (c *visitRecordCmd) Run(s *session) error {
	answers, err := readAnswers(c.Answers)
	if err != nil {
		return err
	}
	return s.visitPaper(c.ID, func(o *office.Office, id model.ID) (model.ID, error) {
		r := casework.SiteRecord{Inspection: id, Place: c.Place, Contact: c.Contact, Duty: c.Duty, Phone: c.Phone, Opinion: c.Opinion,
			Recording: c.Recording, Answers: answers}
		var err error
		if r.Start, err = moment(o, "开始时间", c.Start); err != nil {
			return "", err
		}
		if r.End, err = moment(o, "结束时间", c.End); err != nil {
			return "", err
		}
		if c.Roll != "" {
			if r.WageRoll, err = model.ParseID(c.Roll); err != nil {
				return "", err
			}
		}
		s.doubtPhone(c.Phone)
		doc, reasons, err := o.Desk.RecordVisit(s.ctx, r)
		for _, x := range reasons {
			s.printf("提示 %s\n", x)
		}
		return doc, err
	})
}
