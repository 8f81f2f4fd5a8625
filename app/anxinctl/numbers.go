package main

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"anxin/app/casework"
	"anxin/app/office"
	"anxin/model"
	"anxin/model/seal"
)

// numbersGroup keeps the numbers of papers and their register.
type numbersGroup struct {
	List      numbersCmd          `cmd:"" default:"withargs" help:"列出号段，或者登记手工分配的号段（默认）"`
	Register  numbersRegisterCmd  `cmd:"" help:"文书领用与作废台账"`
	Void      numbersVoidCmd      `cmd:"" help:"作废下一个文号，写明理由"`
	Return    numbersReturnCmd    `cmd:"" help:"把一个号段没有用完的部分退回"`
	Formalise numbersFormaliseCmd `cmd:"" help:"给暂编号的文书改编正式文号"`
}

type numbersRegisterCmd struct {
	Year int    `help:"哪一年；不写则为今年"`
	Out  string `help:"写到 .xlsx 或者 .pdf 文件；不写则列在屏幕上" type:"path"`
}

// Run implements the command.
func (c *numbersRegisterCmd) Run(s *session) error {
	kind := strings.ToLower(filepath.Ext(c.Out))
	if c.Out != "" && kind != ".xlsx" && kind != ".pdf" {
		return fmt.Errorf("台账可以写成 .xlsx 或者 .pdf，不能写成“%s”", filepath.Base(c.Out))
	}
	if c.Out != "" {
		if err := folderOf(c.Out); err != nil {
			return err
		}
	}
	return s.with(func(o *office.Office) error {
		if c.Year == 0 {
			c.Year = o.Now().Year()
		}
		if c.Out == "" {
			lines, err := o.Desk.NumberRegister(s.ctx, c.Year)
			s.numberLines(lines)
			return err
		}
		var book bytes.Buffer
		if kind == ".pdf" {
			pdf, _, err := o.Desk.PrintNumberRegister(s.ctx, c.Year)
			if err != nil {
				return err
			}
			book.Write(pdf)
		} else if err := o.Desk.WriteNumberRegister(s.ctx, c.Year, &book); err != nil {
			return err
		}
		if err := seal.WriteFile(c.Out, book.Bytes()); err != nil {
			return err
		}
		s.printf("%d年的台账 → %s\n", c.Year, c.Out)
		return nil
	})
}

func (s *session) numberLines(lines []casework.NumberLine) {
	for _, l := range lines {
		s.printf("%s  %s  %s  %s  %s  %s\n", l.State, l.Number, l.Title, l.Party, l.Day, sourceWord(l.Note))
	}
	s.printf("共 %d 行\n", len(lines))
}

// sourceWord says who gave a block of numbers.
func sourceWord(source string) string {
	if source == "hub" {
		return "局里分配"
	}
	return source
}

type numbersVoidCmd struct {
	Series string `arg:"" help:"文种，如 劳监令/2026；见 numbers" example:"劳监令/2026 3"`
	Serial int    `arg:"" help:"要作废的号，必须是下一号"`
	Reason string `required:"" help:"作废的理由，留在台账里"`
}

// Run implements the command. The serial is asked for so that nobody gives up
// another number than the one on the spoilt sheet.
func (c *numbersVoidCmd) Run(s *session) error {
	return s.with(func(o *office.Office) error {
		next, err := o.Store.NextNumber(s.ctx, c.Series)
		if err != nil {
			return fmt.Errorf("作废“%s”的文号: %w", c.Series, err)
		}
		if next != c.Serial {
			return fmt.Errorf("“%s”的下一号是第%d号，不是第%d号；只能作废下一号", c.Series, next, c.Serial)
		}
		n, err := o.Desk.VoidNumber(s.ctx, c.Series, c.Reason)
		if err != nil {
			return err
		}
		s.printf("已作废 %s 第%d号：%s\n", c.Series, n, c.Reason)
		return nil
	})
}

type numbersReturnCmd struct {
	Series string `arg:"" help:"文种，如 劳监令/2026" example:"劳监令/2026"`
	From   int    `required:"" help:"号段的起号"`
}

// Run implements the command.
func (c *numbersReturnCmd) Run(s *session) error {
	return s.with(func(o *office.Office) error {
		b, err := o.Desk.ReturnNumbers(s.ctx, c.Series, c.From)
		if errors.Is(err, model.ErrNotFound) {
			return fmt.Errorf("“%s”没有从第%d号起的号段，各号段的起号见 anxinctl numbers list", c.Series, c.From)
		}
		if err != nil {
			return err
		}
		if b.Left() == 0 {
			s.printf("%s 第%d号起的号段没有未用的号，不用退回\n", b.Series, b.From)
			return nil
		}
		s.printf("已退回 %s 第%d号至第%d号\n", b.Series, b.Next, b.To)
		return nil
	})
}

type numbersFormaliseCmd struct{}

// Run implements the command.
func (c *numbersFormaliseCmd) Run(s *session) error {
	return s.with(func(o *office.Office) error {
		n, err := o.Desk.FormaliseAll(s.ctx)
		if err != nil {
			return err
		}
		waiting, err := o.Desk.Provisional(s.ctx)
		if err != nil {
			return err
		}
		s.printf("改编正式文号 %d 份，还有 %d 份等待号段\n", n, len(waiting))
		for _, k := range waiting {
			s.printf("%s %s %s\n", k.ID, k.Value.Title, casework.NumberOf(k.Value))
		}
		return nil
	})
}
