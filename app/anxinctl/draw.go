package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"anxin/app/casework"
	"anxin/app/office"
	"anxin/model"
)

// drawGroup is random inspection: drawn, proved, made public.
type drawGroup struct {
	Run     drawRunCmd     `cmd:"" help:"抽取检查对象和执法人员，并安排检查"`
	Verify  drawVerifyCmd  `cmd:"" help:"核验：用记录的名单和种子重新抽取"`
	Publish drawPublishCmd `cmd:"" help:"登记检查结果在哪里公示"`
	Sheet   drawSheetCmd   `cmd:"" help:"把检查结果写成公示表"`
}

type drawRunCmd struct {
	Name     string   `required:"" help:"任务名称"`
	Matter   string   `required:"" help:"检查事项"`
	Of       string   `help:"抽查对象：用人单位或者在建项目" default:"用人单位"`
	Pick     int      `required:"" help:"抽取户数"`
	At       string   `required:"" help:"检查开始时间，如 2026-09-21 09:00"`
	Grid     string   `help:"只抽这个网格和下级网格的，写网格编码"`
	Industry string   `help:"只抽行业名称里含有这些字的"`
	Plain    bool     `help:"不按诚信等级加权"`
	SkipSeen bool     `help:"不抽本年度已检查的"`
	Partners string   `help:"联合部门"`
	Officer  []string `sep:"none" help:"只从这些执法人员里抽：姓名、证号或者编号；可写多次"`
	Recuse   []string `sep:"none" help:"回避，写成 人员=单位=理由；可写多次" placeholder:"人员=单位=理由"`
	Seed     string   `help:"种子，如现场报出的一串数字；不写则由本机随机产生"`
}

// Run implements the command.
func (c *drawRunCmd) Run(s *session) error {
	return s.with(func(o *office.Office) error {
		v := model.Draw{Name: c.Name, Matter: c.Matter, Of: c.Of, Pick: c.Pick, Grid: c.Grid, Industry: c.Industry, Weighted: !c.Plain, SkipSeen: c.SkipSeen,
			Partners: c.Partners, Seed: c.Seed}
		var err error
		if v.Begin, err = moment(o, "检查开始时间", c.At); err != nil {
			return err
		}
		if v.Officers, err = s.people(o, c.Officer); err != nil {
			return err
		}
		if v.Recusals, err = c.recusals(s, o); err != nil {
			return err
		}
		id, err := o.Desk.Draw(s.ctx, v)
		if err != nil {
			return err
		}
		s.printf("%s  %s\n", id, c.Name)
		return s.pairs(o, id)
	})
}

// recusals reads who keeps away from whom.
func (c *drawRunCmd) recusals(s *session, o *office.Office) (out []model.Recusal, err error) {
	kind := model.KindEmployer
	if c.Of == model.DrawSites {
		kind = model.KindSite
	}
	for _, text := range c.Recuse {
		parts := strings.SplitN(text, "=", 3)
		if len(parts) != 3 || strings.TrimSpace(parts[2]) == "" {
			return nil, fmt.Errorf("回避“%s”应写成 人员=单位=理由", text)
		}
		who, err := s.people(o, parts[:1])
		if err != nil {
			return nil, err
		}
		unit, err := s.register(o, kind, parts[1])
		if err != nil {
			return nil, err
		}
		out = append(out, model.Recusal{Officer: who[0], Unit: unit, Reason: parts[2]})
	}
	return out, nil
}

// pairs prints what was drawn, and what proves it.
func (s *session) pairs(o *office.Office, id model.ID) error {
	h, err := o.Store.Head(s.ctx, id)
	if err != nil {
		return err
	}
	v, err := model.As[model.Draw](h.Body)
	if err != nil {
		return err
	}
	visits, err := o.Desk.DrawnVisits(s.ctx, v)
	if err != nil {
		return err
	}
	for _, x := range visits {
		when, state := "还没有传到本机", ""
		if x.Here() {
			when, state = x.Inspection.Value.Start.Format("2006-01-02 15:04"), x.Inspection.Value.State
		}
		s.printf("%s  %s  %s、%s  %s  %s\n", x.Visit, x.Name, s.nameOf(o, x.Officers[0]), s.nameOf(o, x.Officers[1]), when, state)
	}
	s.printf("从 %d 户中抽取 %d 户\n种子 %s\n摘要 %s\n", len(v.Units), len(v.Pairs), v.Seed, v.Hash)
	return nil
}

type drawVerifyCmd struct {
	ID  string `arg:"" help:"抽查编号"`
	Out string `help:"把抽取名单写成文本文件" type:"path"`
}

// Run implements the command.
func (c *drawVerifyCmd) Run(s *session) error {
	return s.draw(c.ID, func(o *office.Office, id model.ID) error {
		if err := o.Desk.ProveDraw(s.ctx, id); err != nil {
			return err
		}
		if err := s.pairs(o, id); err != nil {
			return err
		}
		s.printf("核验通过，重新抽取的结果与记录一致\n")
		if c.Out == "" {
			return nil
		}
		h, err := o.Store.Head(s.ctx, id)
		if err != nil {
			return err
		}
		v, err := model.As[model.Draw](h.Body)
		if err != nil {
			return err
		}
		if err := os.WriteFile(c.Out, []byte(casework.DrawList(v)), 0o600); err != nil {
			return fmt.Errorf("写出“%s”: %w", c.Out, err)
		}
		return nil
	})
}

type drawPublishCmd struct {
	ID    string `arg:"" help:"抽查编号"`
	Where string `required:"" help:"公示的地方，如网址或者公示栏"`
}

// Run implements the command.
func (c *drawPublishCmd) Run(s *session) error {
	return s.draw(c.ID, func(o *office.Office, id model.ID) error {
		if err := o.Desk.PublishDraw(s.ctx, id, c.Where); err != nil {
			return err
		}
		s.printf("已登记公示\n")
		return nil
	})
}

type drawSheetCmd struct {
	ID  string `arg:"" help:"抽查编号"`
	Out string `required:"" help:"写到 .xlsx 工作簿或者 .csv 文件" type:"path"`
}

// Run implements the command.
func (c *drawSheetCmd) Run(s *session) error {
	return s.draw(c.ID, func(o *office.Office, id model.ID) error {
		t, err := o.Desk.DrawSheet(s.ctx, id)
		if err != nil {
			return err
		}
		var out bytes.Buffer
		if strings.EqualFold(filepath.Ext(c.Out), ".csv") {
			err = t.WriteCSV(&out)
		} else {
			err = casework.WriteWorkbook(&out, t)
		}
		if err != nil {
			return err
		}
		if err := os.WriteFile(c.Out, out.Bytes(), 0o600); err != nil {
			return fmt.Errorf("写出“%s”: %w", c.Out, err)
		}
		s.printf("%s：%d 户\n", c.Out, len(t.Rows))
		return nil
	})
}

// draw runs something on a draw by its id.
func (s *session) draw(text string, do func(*office.Office, model.ID) error) error {
	id, err := model.ParseID(text)
	if err != nil {
		return err
	}
	return s.with(func(o *office.Office) error { return do(o, id) })
}
