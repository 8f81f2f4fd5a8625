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

// ledgersCmd writes the ledgers and figures of a span of days.
type ledgersCmd struct {
	From string `required:"" help:"从哪一天，如 2026-01-01"`
	To   string `required:"" help:"到哪一天，如 2026-12-31"`
	Out  string `help:"写到 .xlsx 工作簿；不写则只显示年度数据" type:"path"`
}

// Run implements the command.
func (c *ledgersCmd) Run(s *session) error {
	if c.Out != "" {
		if ext := filepath.Ext(c.Out); !strings.EqualFold(ext, ".xlsx") {
			return fmt.Errorf("台账写成 .xlsx 工作簿，“%s”不是", filepath.Base(c.Out))
		}
		if err := folderOf(c.Out); err != nil {
			return err
		}
	}
	return s.with(func(o *office.Office) error {
		tables, err := o.Desk.Ledgers(s.ctx, casework.Span{From: model.Date(c.From), To: model.Date(c.To)})
		if err != nil {
			return err
		}
		for _, row := range tables[0].Rows {
			s.printf("%v\t%v\n", row[0], row[1])
		}
		if c.Out == "" {
			return nil
		}
		var out bytes.Buffer
		if err := casework.WriteWorkbook(&out, tables...); err != nil {
			return err
		}
		if err := os.WriteFile(c.Out, out.Bytes(), 0o600); err != nil {
			return fmt.Errorf("写出“%s”: %w", c.Out, err)
		}
		s.printf("%s：%d 张台账\n", c.Out, len(tables))
		return nil
	})
}
