package main

import (
	"fmt"

	"anxin/app/office"
	"anxin/model"
	"anxin/model/statute"
)

// casePayCmd notes wages that were paid in a case.
type casePayCmd struct {
	ID       string `arg:"" help:"案件编号"`
	Amount   string `required:"" help:"支付金额（元）"`
	On       string `required:"" help:"支付日期，如 2026-09-18"`
	Workers  int    `help:"领到工资的人数"`
	Way      string `help:"支付方式：专户代发、银行转账、现金、工资保证金、应急周转金、总包垫付" default:"专户代发"`
	Document string `help:"依据的文书编号：调解协议书、工资支付承诺书或者指令书"`
	Note     string `help:"凭证，如银行回单号"`
}

// Run implements the command.
func (c *casePayCmd) Run(s *session) error {
	p := model.Payment{On: model.Date(c.On), Workers: c.Workers, Way: c.Way, Note: c.Note}
	fen, err := statute.ParseFen(c.Amount)
	if err != nil {
		return fmt.Errorf("支付金额：%w", err)
	}
	p.AmountFen = int64(fen)
	if p.Case, err = model.ParseID(c.ID); err != nil {
		return err
	}
	if c.Document != "" {
		if p.Document, err = model.ParseID(c.Document); err != nil {
			return err
		}
	}
	return s.with(func(o *office.Office) error {
		id, err := o.Desk.NotePayment(s.ctx, p)
		if err != nil {
			return err
		}
		s.printf("%s  %s 元  %s\n", id, fen, c.On)
		return nil
	})
}
