package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"anxin/app/casework"
	"anxin/app/office"
	"anxin/model"
	"anxin/model/seal"
)

type issueCmd struct {
	ID string `arg:"" help:"文书编号"`
}

// Run implements the command.
func (c *issueCmd) Run(s *session) error {
	id, err := model.ParseID(c.ID)
	if err != nil {
		return err
	}
	return s.with(func(o *office.Office) error {
		k, err := o.Desk.Issue(s.ctx, id)
		if err != nil {
			return err
		}
		s.printf("%s %s，%d 页\n", k.Value.Title, k.Value.Issued.Printed(), k.Value.Issued.Pages)
		return nil
	})
}

type printCmd struct {
	IDs     []string `arg:"" name:"id" help:"文书编号，可以写多个"`
	Out     string   `help:"写到哪个 PDF 文件（只能写一个文书编号）" type:"path"`
	Printer string   `help:"打印机名称，写 default 用默认打印机；见 papers printers"`
	Copy    string   `help:"印哪一联：联的名称如 送达联，“各联”每联一份，“正本”不标联名；不写的，--printer 印各联，--out 写正本"`
	Copies  int      `help:"份数" default:"1"`
	Duplex  bool     `help:"双面打印"`
}

// Run implements the command.
func (c *printCmd) Run(s *session) error {
	var ids []model.ID
	for _, text := range c.IDs {
		id, err := model.ParseID(text)
		if err != nil {
			return err
		}
		ids = append(ids, id)
	}
	switch {
	case (c.Out == "") == (c.Printer == ""):
		return errors.New("请用 --out 写到文件，或者用 --printer 打印，二者选一")
	case c.Out != "" && len(ids) > 1:
		return errors.New("--out 只能写一份文书，请逐份导出，或者用 --printer 打印")
	}
	return s.with(func(o *office.Office) error {
		if c.Printer != "" {
			return c.print(s, o, ids)
		}
		return c.write(s, o, ids[0])
	})
}

func (c *printCmd) write(s *session, o *office.Office, id model.ID) error {
	if err := folderOf(c.Out); err != nil {
		return err
	}
	title, _, err := o.IssuedPDF(s.ctx, id)
	if err != nil {
		return err
	}
	names, err := c.copiesOf(s, o, id)
	if err != nil {
		return err
	}
	if len(names) != 1 {
		return errors.New("--out 一次只写一联，请用 --copy 写明联的名称")
	}
	raw, err := o.CopyPDF(s.ctx, id, names[0])
	if err != nil {
		return err
	}
	if err := seal.WriteFile(c.Out, raw); err != nil {
		return err
	}
	s.printf("%s%s → %s\n", title, names[0], c.Out)
	return o.Desk.NotePrinted(s.ctx, casework.Printing{Document: id, Copy: names[0], File: "PDF 文件"})
}

// Words for copies that are no names of them.
const (
	everyCopy = "各联"
	plainCopy = "正本"
)

// copiesOf are the copies to print of a document; "" is the paper as it was
// issued.
func (c *printCmd) copiesOf(s *session, o *office.Office, id model.ID) ([]string, error) {
	names, err := o.Copies(s.ctx, id)
	if err != nil {
		return nil, err
	}
	switch {
	case c.Copy == plainCopy || c.Copy == "" && c.Out != "" || len(names) == 0 && (c.Copy == "" || c.Copy == everyCopy):
		return []string{""}, nil
	case c.Copy == "" || c.Copy == everyCopy:
		return names, nil
	case !slices.Contains(names, c.Copy):
		return nil, fmt.Errorf("%s 没有“%s”，可以写：%s", id, c.Copy, strings.Join(append(names, everyCopy, plainCopy), "、"))
	}
	return []string{c.Copy}, nil
}

func (c *printCmd) print(s *session, o *office.Office, ids []model.ID) error {
	settings := office.PrintSettings{Printer: c.Printer, Copies: c.Copies, Duplex: c.Duplex}
	if c.Printer == "default" {
		settings.Printer = ""
	}
	var items []office.PrintItem
	var notes []casework.Printing
	for _, id := range ids {
		names, err := c.copiesOf(s, o, id)
		if err != nil { // the others are printed
			items = append(items, office.PrintItem{Title: string(id), PDF: func(context.Context) ([]byte, error) { return nil, err }})
			continue
		}
		for _, name := range names {
			items = append(items, office.PrintItem{Title: strings.TrimSpace(string(id) + " " + name),
				PDF: func(ctx context.Context) ([]byte, error) { return o.CopyPDF(ctx, id, name) }})
			notes = append(notes, casework.Printing{Document: id, Copy: name, Copies: c.Copies, Printer: settings.Printer})
		}
	}
	faults := office.NewPrinter().PrintAll(s.ctx, items, settings, func(done, total int) {
		s.progress("\r打印 %d/%d", done, total)
	})
	s.progress("\n")
	s.printf("打印 %d 件文书共 %d 份，成功 %d 份\n", len(ids), len(items), len(items)-len(faults))
	notes = slices.DeleteFunc(notes, func(n casework.Printing) bool {
		title := strings.TrimSpace(string(n.Document) + " " + n.Copy)
		return slices.ContainsFunc(faults, func(f office.PrintFault) bool { return f.Title == title })
	})
	if err := o.Desk.NotePrinted(s.ctx, notes...); err != nil {
		return err
	}
	for _, f := range faults {
		s.printf("未打印 %s：%v\n", f.Title, f.Err)
	}
	if len(faults) > 0 {
		return errSaid
	}
	return nil
}

// numberSeries is the word of a type of paper and the year.
var numberSeries = regexp.MustCompile(`^[^\s/]+/\d{4}$`)

type numbersCmd struct {
	Add    string `help:"登记号段的文种，如 劳监令/2026"`
	From   int    `help:"起号"`
	To     int    `help:"止号"`
	Source string `help:"谁分配的"`
}

// Run implements the command.
func (c *numbersCmd) Run(s *session) error {
	if c.Add != "" && !numberSeries.MatchString(c.Add) {
		return fmt.Errorf("“%s”不是文种，请写成 劳监令/2026，各文种见 anxinctl numbers list", c.Add)
	}
	return s.with(func(o *office.Office) error {
		if c.Add != "" {
			if err := o.Desk.KnownSeries(c.Add); err != nil {
				return err
			}
			d := o.Device()
			if err := o.Store.AddBlock(s.ctx, model.Block{Series: c.Add, From: c.From, To: c.To, Next: c.From, Device: d.ID,
				Epoch: d.Epoch, Source: c.Source}); err != nil {
				return err
			}
		}
		blocks, err := o.Store.Blocks(s.ctx)
		if err != nil {
			return err
		}
		for _, b := range blocks {
			s.printf("%s  %d–%d  下一号 %d  剩 %d  %s\n", b.Series, b.From, b.To, b.Next, b.Left(), sourceWord(b.Source))
		}
		s.printf("共 %d 个号段\n", len(blocks))
		return nil
	})
}

type verifyCmd struct {
	Target string `arg:"" help:"令牌，或者图片、PDF 文件"`
	Keys   string `help:"密钥清单文件；不写则用数据文件夹里的" type:"path"`
	JSON   bool   `help:"以 JSON 输出"`
}

// Run implements the command. A document that is not valid is said on standard
// output and ends with a non-zero exit.
func (c *verifyCmd) Run(s *session) error {
	if c.Target == "" {
		return errors.New("请写明要核验的令牌，或者图片、PDF 文件")
	}
	path := c.Keys
	if path == "" {
		path = filepath.Join(s.dir, office.KeysFile)
	}
	keys, err := office.ReadKeys(path)
	if err != nil {
		return fmt.Errorf("没有可信的密钥清单，请用 --keys 指定签发单位或中心给的清单: %w", err)
	}
	press, err := office.NewPress()
	if err != nil {
		return err
	}
	v, err := office.Verify(press, c.Target, keys, now())
	if err != nil {
		return err
	}
	if c.JSON {
		if err := s.json(v); err != nil {
			return err
		}
	} else {
		s.verdict(v)
	}
	if !v.Valid {
		return errSaid
	}
	return nil
}

func (s *session) verdict(v office.Verified) {
	word := "有效 (valid)"
	if !v.Valid {
		word = "无效 (invalid)"
	}
	s.printf("%s：%s\n", word, v.Reason)
	if v.Claim.Document == "" {
		return
	}
	s.printf("文书 %s %s，%s签发", v.Claim.Type, v.Claim.Number, v.Claim.Issued.Chinese())
	if v.Claim.Due != "" {
		s.printf("，期限%s", v.Claim.Due.Chinese())
	}
	if v.Claim.AmountFen > 0 {
		s.printf("，金额 %d.%02d 元", v.Claim.AmountFen/100, v.Claim.AmountFen%100)
	}
	s.printf("，签发设备 %s\n", v.Claim.Issuer)
}
