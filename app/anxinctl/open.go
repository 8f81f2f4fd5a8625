package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"anxin/app/casework"
	"anxin/app/office"
	"anxin/model"
	"anxin/model/statute"
)

// caseOpenCmd takes a lead down and opens its case, or accepts a lead that is
// here.
type caseOpenCmd struct {
	Lead        string   `help:"已登记的线索编号；不写则用下面的内容登记一条"`
	Employer    string   `help:"用人单位：编号、名称或者统一社会信用代码"`
	Site        string   `help:"工程项目：编号或者名称"`
	Source      string   `help:"线索来源，如 现场投诉"`
	Claim       string   `help:"反映的情况"`
	Complainant string   `help:"投诉人（保密）"`
	Phone       string   `help:"投诉人电话（保密）"`
	Amount      string   `help:"涉及金额，元"`
	Workers     int      `help:"涉及人数"`
	Cause       string   `required:"" help:"案由"`
	Officer     []string `required:"" sep:"none" help:"承办的两名执法人员：姓名、证号或者编号；写两次，主办在前"`
	Reason      string   `help:"受理的理由"`
}

// Run implements the command.
func (c *caseOpenCmd) Run(s *session) error {
	return s.with(func(o *office.Office) error {
		officers, err := s.officers(o, c.Officer)
		if err != nil {
			return err
		}
		lead, err := c.lead(s, o)
		if err != nil {
			return err
		}
		id, err := o.Desk.AcceptLead(s.ctx, casework.Acceptance{Lead: lead, Cause: c.Cause, Officers: officers, Reason: c.Reason})
		if err != nil {
			return err
		}
		s.printf("%s  %s\n", id, s.nameOf(o, id))
		return nil
	})
}

// lead is the lead named, or a new one.
func (c *caseOpenCmd) lead(s *session, o *office.Office) (model.ID, error) {
	if c.Lead != "" {
		return model.ParseID(c.Lead)
	}
	if err := sourceKnown(o, c.Source); err != nil {
		return "", err
	}
	l := model.Lead{Source: c.Source, Claim: c.Claim, Complainant: c.Complainant, Phone: c.Phone, Workers: c.Workers}
	var err error
	if l.Employer, err = s.register(o, model.KindEmployer, c.Employer); err != nil {
		return "", err
	}
	if l.Site, err = s.register(o, model.KindSite, c.Site); err != nil {
		return "", err
	}
	if c.Amount != "" {
		fen, err := statute.ParseFen(c.Amount)
		if err != nil {
			return "", err
		}
		l.AmountFen = int64(fen)
	}
	s.doubtPhone(c.Phone)
	return o.Desk.RegisterLead(s.ctx, l)
}

// sourceKnown refuses a channel that the law's dictionary does not have: the
// counts by channel would not add up.
func sourceKnown(o *office.Office, source string) error {
	var words []string
	for _, w := range o.Desk.Law.Dictionary("source") {
		if w.Text == source {
			return nil
		}
		words = append(words, w.Text)
	}
	return fmt.Errorf("没有“%s”这种线索来源，请用 --source 写明：%s", source, strings.Join(words, "、"))
}

// doubtPhone says what is odd about a phone number; it never refuses it.
func (s *session) doubtPhone(text string) {
	if v := statute.CheckPhone(text); text != "" && !v.OK {
		s.printf("提示 %s\n", v.Reason)
	}
}

// register is an employer or a site by its id, name or code; "" for none.
func (s *session) register(o *office.Office, kind model.Kind, text string) (model.ID, error) {
	if text == "" {
		return "", nil
	}
	if id, err := model.ParseID(text); err == nil {
		return id, nil
	}
	heads, err := o.Store.List(s.ctx, model.Query{Kind: kind, Text: text, Limit: 50})
	if err != nil {
		return "", err
	}
	var found []model.ID
	for _, h := range heads {
		if !goesBy(h, text) {
			continue
		}
		id, err := o.Desk.Standing(s.ctx, h.ID)
		if err != nil {
			return "", err
		}
		if !slices.Contains(found, id) {
			found = append(found, id)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return "", fmt.Errorf("名册里没有名为“%s”的%s，请用 anxinctl list %s 查看，或者先导入名册", text, kindWord(kind), kindWord(kind))
	}
	return "", fmt.Errorf("名册里有 %d 个名为“%s”的%s，请写明编号", len(found), text, kindWord(kind))
}

// goesBy tells whether a record is called by a text.
func goesBy(h model.Head, text string) bool {
	r, err := model.Decode(h.Kind, h.Body)
	if err != nil {
		return false
	}
	switch v := r.(type) {
	case *model.Employer:
		return v.Name == text || v.USCC == text
	case *model.Site:
		return v.Name == text || v.PermitNo == text
	}
	return false
}

// officers are the two officers of an act, who handles it first.
func (s *session) officers(o *office.Office, names []string) ([]model.ID, error) {
	out, err := s.people(o, names)
	if err == nil && len(out) != 2 {
		return nil, errors.New("请用 --officer 写两名执法人员，主办在前")
	}
	return out, err
}

// people are officers by name, certificate or number, in their order.
func (s *session) people(o *office.Office, names []string) ([]model.ID, error) {
	heads, err := o.Store.List(s.ctx, model.Query{Kind: model.KindOfficer, Limit: 1000})
	if err != nil {
		return nil, err
	}
	var out []model.ID
	for _, name := range names {
		at := slices.IndexFunc(heads, func(h model.Head) bool {
			v, err := model.As[model.Officer](h.Body)
			return err == nil && (string(h.ID) == name || v.Name == name || v.CertNo == name)
		})
		if at < 0 {
			return nil, fmt.Errorf("没有名为“%s”的执法人员，请用 anxinctl list 执法人员 查看", name)
		}
		out = append(out, heads[at].ID)
	}
	return out, nil
}

// moment reads a time of day in the office's zone.
func moment(o *office.Office, name, text string) (time.Time, error) {
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02T15:04", "2006/1/2 15:04"} {
		if t, err := time.ParseInLocation(layout, strings.TrimSpace(text), o.Now().Location()); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%s“%s”不是时间，请写成 2026-09-18 15:00", name, text)
}

// caseContactCmd notes a talk in a case.
type caseContactCmd struct {
	ID     string `arg:"" help:"案件编号"`
	Person string `required:"" help:"联系了谁"`
	Said   string `required:"" help:"说了什么"`
	Role   string `help:"身份，如 劳资专管员"`
	Phone  string `help:"电话"`
	Way    string `help:"方式：电话、当面、短信微信、信函邮件" default:"电话"`
	At     string `help:"时间，如 2026-09-18 15:00；不写为现在"`
	Next   string `help:"下一步做什么"`
	By     string `help:"下一步的期限，如 2026-09-25"`
}

// Run implements the command.
func (c *caseContactCmd) Run(s *session) error {
	id, err := model.ParseID(c.ID)
	if err != nil {
		return err
	}
	if _, err := time.Parse(time.DateOnly, c.By); c.By != "" && err != nil {
		return fmt.Errorf("期限“%s”不是日期，请写成 2026-01-31", c.By)
	}
	return s.with(func(o *office.Office) error {
		in := model.Contact{Case: id, At: o.Now(), Way: c.Way, Person: c.Person, Role: c.Role, Phone: c.Phone, Said: c.Said, Next: c.Next, NextBy: model.Date(c.By)}
		if c.At != "" {
			if in.At, err = moment(o, "时间", c.At); err != nil {
				return err
			}
		}
		s.doubtPhone(c.Phone)
		kept, err := o.Desk.NoteContact(s.ctx, "", "", in)
		if err != nil {
			return err
		}
		s.printf("%s  已记下\n", kept)
		return nil
	})
}
