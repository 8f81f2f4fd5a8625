package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"anxin/app/day"
	"anxin/app/office"
	"anxin/model"
	"anxin/model/statute"
	"anxin/sync/client"
)

// now is the machine's clock: the terminal is outside the domain.
func now() time.Time { return time.Now() }

type enrolCmd struct {
	Code    string `arg:"" help:"局里给的入网码"`
	Officer string `help:"由谁使用：姓名或者证号；空的数据文件夹必须写明"`
}

// Run implements the command. An empty data folder becomes a further laptop of
// the hub's office; an office that was set up by itself joins as it is.
func (c *enrolCmd) Run(s *session) error {
	if office.Exists(s.dir) {
		return s.with(func(o *office.Office) error {
			if err := o.Sync.Enrol(s.ctx, c.Code); err != nil {
				return err
			}
			return c.settle(s, o)
		})
	}
	if c.Officer == "" {
		return fmt.Errorf("“%s”里还没有数据：接入已有单位的新笔记本，请用 --officer 写明由谁使用；新建单位请先运行 anxinctl init", s.dir)
	}
	p, err := s.pass("设置口令：")
	if err != nil {
		return err
	}
	if err := s.hold(); err != nil {
		return err
	}
	o, err := office.Join(s.ctx, s.options(), p, c.Code)
	if err != nil {
		return err
	}
	return errors.Join(c.settle(s, o), o.Close())
}

// settle says that the laptop has joined, and who works on it.
func (c *enrolCmd) settle(s *session, o *office.Office) error {
	if c.Officer == "" {
		s.printf("已接入中心\n")
		return nil
	}
	if _, err := o.Exchange(s.ctx, nil); err != nil {
		return err
	}
	heads, err := o.Store.List(s.ctx, model.Query{Kind: model.KindOfficer, Limit: maxOfficers})
	if err != nil {
		return err
	}
	var fit []model.ID
	certificates := map[string]bool{}
	var names []string
	for _, h := range heads {
		who, err := model.As[model.Officer](h.Body)
		if err != nil {
			return err
		}
		names = append(names, who.Name+" "+who.CertNo)
		if c.Officer == who.Name || who.CertNo != "" && c.Officer == who.CertNo {
			fit = append(fit, h.ID)
			certificates[who.CertNo] = true
		}
	}
	if len(heads) == 0 { // the officers are in a scope this laptop may not read
		return errors.New("已接入中心，但这台笔记本能查阅的范围里还没有执法人员，请局里用 anxin-hub scope grant 准许它查阅本局，再用同一入网码运行一次")
	}
	if len(certificates) != 1 { // one person may have been entered on several laptops
		return fmt.Errorf("已接入中心，但局里有 %d 名执法人员是“%s”，请用同一入网码再运行一次，--officer 写证号；局里有：%s", len(certificates), c.Officer, strings.Join(names, "、"))
	}
	if err := o.Become(s.ctx, fit[0]); err != nil {
		return err
	}
	s.printf("已接入中心，由%s使用\n", c.Officer)
	return nil
}

// maxOfficers is more than a bureau has.
const maxOfficers = 10000

// joinFirst says on the terminal how a laptop without a hub joins one.
func joinFirst(err error) error {
	if errors.Is(err, client.ErrNotEnrolled) {
		return errors.New("本机还没有入网，请向局里领取入网码，运行 anxinctl enrol 入网码")
	}
	return err
}

type syncCmd struct{}

// Run implements the command.
func (c *syncCmd) Run(s *session) error {
	return s.with(func(o *office.Office) error {
		sum, err := o.Exchange(s.ctx, func(p client.Progress) {
			s.progress("\r%s %d/%d", p.Phase, p.Done, p.Total)
		})
		s.progress("\n")
		if err != nil {
			return joinFirst(err)
		}
		for _, n := range sum.Notes {
			s.printf("提示 %s\n", n)
		}
		s.printf("上传 %d，下载 %d，冲突 %d，文件 %d，%d 字节\n", sum.Pushed, sum.Pulled, sum.Conflicts, sum.Blobs, sum.Bytes)
		if sum.Conflicts > 0 {
			s.printf("提示 有冲突，用 anxinctl sync conflicts 查看\n")
		}
		return nil
	})
}

type dayCmd struct {
	In  string `required:"" help:"示例日的文件夹；sample 是程序自带的一天"`
	Out string `required:"" help:"输出文件夹" type:"path"`
}

// Run implements the command.
func (c *dayCmd) Run(s *session) error {
	in, err := day.Input(c.In)
	if err != nil {
		return err
	}
	sum, err := day.Run(s.ctx, day.Options{In: in, Out: c.Out, Before: func(step string) { s.progress("%s\n", step) }})
	if err != nil {
		return err
	}
	for _, w := range sum.Warnings {
		s.printf("提示 %s\n", w)
	}
	s.printf("%d 名劳动者，%s 元，%s\n", sum.WageRoll.Workers, statute.Fen(sum.WageRoll.Fen), sum.WageRoll.Words)
	s.printf("文书 %d 份，提示 %d 条，上传 %d，下载 %d，冲突 %d；见 %s\n", len(sum.Documents), len(sum.Warnings),
		sum.Sync.Pushed, sum.Sync.Pulled, sum.Sync.Conflicts, filepath.Join(c.Out, "summary.json"))
	s.printf("三份数据可以打开来看：%s、%s、%s，口令都是 %s\n", filepath.Join(c.Out, "office"), filepath.Join(c.Out, "second"), filepath.Join(c.Out, "hub"), day.Passphrase)
	s.printf("核验其中任何一份：anxinctl verify --keys %q 文件\n", filepath.Join(c.Out, "keys.json"))
	return nil
}
