package main

import (
	"path/filepath"
	"time"

	"anxin/app/day"
	"anxin/app/office"
	"anxin/model/statute"
	"anxin/sync/client"
)

// now is the machine's clock: the terminal is outside the domain.
func now() time.Time { return time.Now() }

type enrolCmd struct {
	Code string `arg:"" help:"中心给的入网码"`
}

// Run implements the command.
func (c *enrolCmd) Run(s *session) error {
	return s.with(func(o *office.Office) error {
		if err := o.Sync.Enrol(s.ctx, c.Code); err != nil {
			return err
		}
		s.printf("已接入中心\n")
		return nil
	})
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
			return err
		}
		for _, n := range sum.Notes {
			s.printf("提示 %s\n", n)
		}
		s.printf("上传 %d，下载 %d，冲突 %d，文件 %d，%d 字节\n", sum.Pushed, sum.Pulled, sum.Conflicts, sum.Blobs, sum.Bytes)
		return nil
	})
}

type storeCmd struct {
	Verify  storeVerifyCmd  `cmd:"" help:"检查日志链、签名、记录和文号"`
	Rebuild storeRebuildCmd `cmd:"" help:"由日志重建列表和索引"`
	Stats   storeStatsCmd   `cmd:"" help:"统计"`
}

type storeVerifyCmd struct{}

// Run implements the command.
func (c *storeVerifyCmd) Run(s *session) error {
	return s.with(func(o *office.Office) error {
		rep, err := o.Store.Verify(s.ctx)
		if err != nil {
			return err
		}
		for _, f := range rep.Faults {
			s.printf("问题 %s\n", f)
		}
		s.printf("%d 条修改，%d 条日志，%d 条记录，%d 个文号，问题 %d\n", rep.Revisions, rep.Ops, rep.Records, rep.Numbers, len(rep.Faults))
		if len(rep.Faults) > 0 {
			return errSaid
		}
		return nil
	})
}

type storeRebuildCmd struct{}

// Run implements the command.
func (c *storeRebuildCmd) Run(s *session) error {
	return s.with(func(o *office.Office) error { return o.Store.Rebuild(s.ctx) })
}

type storeStatsCmd struct{}

// Run implements the command.
func (c *storeStatsCmd) Run(s *session) error {
	return s.with(func(o *office.Office) error {
		st, err := o.Store.Stats(s.ctx)
		if err != nil {
			return err
		}
		return s.json(st)
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
	s.printf("核验其中任何一份：anxinctl verify --keys %q 文件\n", filepath.Join(c.Out, "keys.json"))
	return nil
}
