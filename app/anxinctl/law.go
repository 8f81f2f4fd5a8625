package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"anxin/app/casework"
	"anxin/app/office"
	"anxin/assets"
	"anxin/model"
	"anxin/model/statute"
)

// zone is where the law of these tables is in force: it has one time.
var zone = time.FixedZone("UTC+8", 8*60*60)

type clockCmd struct {
	Rule     string `required:"" help:"期限的名称，如 case.investigate"`
	From     string `required:"" help:"起算日，如 2026-09-18；按小时计的写到分，如 2026-09-18T09:30"`
	Region   string `help:"省份，如 湖南、广东/深圳"`
	Holidays string `help:"再读入一个年度的放假安排（CSV 或者 JSON 文件）" type:"path"`
	JSON     bool   `help:"以 JSON 输出"`
}

// deadline is the answer of the clock command.
type deadline struct {
	Rule      string     `json:"rule"`
	Title     string     `json:"title"`
	Period    string     `json:"period"`
	From      string     `json:"from"`
	Last      string     `json:"last"`
	Firm      bool       `json:"firm"`
	Alternate model.Date `json:"alternate,omitempty"`
	Article   string     `json:"article"`
	Mark      string     `json:"mark"`
	Version   string     `json:"version"`
}

// Run implements the command.
func (c *clockCmd) Run(s *session) error {
	law, err := c.law()
	if err != nil {
		return err
	}
	from, err := startOf(c.From)
	if err != nil {
		return err
	}
	d, err := law.Due(c.Rule, from, c.Region)
	if err != nil {
		return err
	}
	out := deadline{Rule: c.Rule, Title: d.Rule.Title, Period: d.Rule.LengthText(), From: c.From, Last: d.Last.Format(time.DateOnly),
		Firm: d.Firm, Article: d.Rule.Article, Mark: string(d.Rule.Mark), Version: d.Version}
	if d.Rule.Unit == statute.Hours {
		out.Last = d.Last.Format("2006-01-02T15:04")
	}
	if !d.Alternate.IsZero() {
		out.Alternate = model.DateOf(d.Alternate)
	}
	if c.JSON {
		return s.json(out)
	}
	s.printf("%s：%s起%s，至 %s", out.Title, d.Rule.Start, out.Period, out.Last)
	if !out.Firm {
		s.printf("（暂定，放假安排公布后需重新计算）")
	}
	if out.Alternate != "" {
		s.printf("，按另一种理解至 %s", out.Alternate)
	}
	s.printf("\n依据 %s，规则版本 %s\n", out.Article, out.Version)
	return nil
}

func (c *clockCmd) law() (*statute.Law, error) {
	law, err := statute.Load(assets.Statute)
	if err != nil || c.Holidays == "" {
		return law, err
	}
	f, err := openFile(c.Holidays)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, 1<<20))
	if err != nil {
		return nil, fmt.Errorf("读取“%s”: %w", c.Holidays, err)
	}
	return law.WithHolidays(c.Holidays, data)
}

// startOf reads a day, or an instant to the minute.
func startOf(text string) (time.Time, error) {
	for _, layout := range []string{time.DateOnly, "2006-01-02T15:04", "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(layout, text, zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("起算日“%s”应写成 2026-09-18 的样子，请更正", text)
}

type checkCmd struct {
	What  string `arg:"" placeholder:"种类" help:"uscc 统一社会信用代码，id 身份证号码，amount 金额，card 银行卡号"`
	Value string `arg:"" help:"要核对的内容" example:"amount 12345.60"`
}

// Run implements the command. What is not right is said on standard output and
// ends with a non-zero exit.
func (c *checkCmd) Run(s *session) error {
	var v statute.Verdict
	extra := ""
	switch c.What {
	default:
		return fmt.Errorf("不能核对“%s”，可用：uscc、id、amount、card", c.What)
	case "uscc":
		v = statute.CheckUSCC(c.Value)
	case "card":
		v = statute.CheckCard(c.Value)
	case "id":
		id := statute.CheckID(c.Value)
		v = id.Verdict
		if id.OK {
			extra = fmt.Sprintf("，%s，%s出生", id.Sex, model.DateOf(id.Birth).Chinese())
		}
	case "amount":
		amount, err := statute.ParseFen(c.Value)
		if err != nil {
			v.Reason = strings.TrimSuffix(err.Error(), "。")
			break
		}
		v = statute.Verdict{OK: true, Normal: amount.String()}
		extra = "，" + amount.Capital()
	}
	if !v.OK {
		s.printf("不符：%s\n", v.Reason)
		return errSaid
	}
	s.printf("正确：%s%s\n", v.Normal, extra)
	return nil
}

type caseCmd struct {
	Open      caseOpenCmd    `cmd:"" help:"登记线索并立案，或者受理已登记的线索"`
	Contact   caseContactCmd `cmd:"" help:"记一次联系：和谁、说了什么、下一步"`
	Pay       casePayCmd     `cmd:"" help:"登记支付给劳动者的工资"`
	Selfcheck selfcheckCmd   `cmd:"" help:"案卷自查"`
	Bundle    caseBundleCmd  `cmd:"" help:"导出为签名的案卷包"`
	Verify    caseVerifyCmd  `cmd:"" help:"核验案卷包，不需要数据"`
	Custody   custodyCmd     `cmd:"" help:"一件证据的保管记录"`
}

type selfcheckCmd struct {
	ID   string `arg:"" help:"案件编号"`
	JSON bool   `help:"以 JSON 输出"`
}

// Run implements the command.
func (c *selfcheckCmd) Run(s *session) error {
	id, err := model.ParseID(c.ID)
	if err != nil {
		return err
	}
	return s.with(func(o *office.Office) error {
		items, err := o.Desk.SelfCheck(s.ctx, id)
		if err != nil {
			return err
		}
		if c.JSON {
			return s.json(items)
		}
		s.checked(items)
		return nil
	})
}

// checked prints a self-check: what is wrong first.
func (s *session) checked(items []casework.CheckItem) {
	wrong, fatal := 0, 0
	for _, i := range items {
		if i.OK {
			continue
		}
		wrong++
		mark := ""
		if i.KnockOut != "" {
			fatal++
			mark = "【一票否决：" + i.KnockOut + "】"
		}
		s.printf("✗ %s%s  %s（%s）\n", i.Item, mark, strings.TrimSuffix(i.Reason, "。"), i.Article)
	}
	for _, i := range items {
		if i.OK {
			s.printf("✓ %s\n", i.Item)
		}
	}
	s.printf("共自查 %d 项，不符 %d 项，其中一票否决 %d 项\n", len(items), wrong, fatal)
}

type holidaysCmd struct {
	File string `arg:"" help:"放假安排，.csv 或者 .json"`
}

// Run implements the command.
func (c *holidaysCmd) Run(s *session) error {
	return s.with(func(o *office.Office) error {
		moved, err := o.AddHolidays(s.ctx, c.File)
		if err != nil {
			return err
		}
		s.printf("已导入；%d 个期限随之改变\n", moved)
		return nil
	})
}
