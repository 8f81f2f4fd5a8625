package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"anxin/app/casework"
	"anxin/app/office"
	"anxin/model"
)

type papersDraftCmd struct {
	Type       string `arg:"" placeholder:"种类" help:"文书种类的编号或者名称，如 D09；见 papers list" example:"D09 --case 案件编号"`
	Case       string `help:"案件编号"`
	Inspection string `help:"检查编号（没有案件时）"`
	About      string `help:"所针对的记录：线索，或者另一份文书"`
	Answers    string `help:"预先填好的内容：JSON 文件，题名见 papers answers" type:"path"`
	JSON       bool   `help:"以 JSON 输出表单的各项和已带入的内容"`
}

// Run implements the command.
func (c *papersDraftCmd) Run(s *session) error {
	in := casework.PaperIn{Type: c.Type}
	for _, x := range []struct {
		text string
		to   *model.ID
	}{{c.Case, &in.Case}, {c.Inspection, &in.Inspection}, {c.About, &in.About}} {
		if x.text == "" {
			continue
		}
		id, err := model.ParseID(x.text)
		if err != nil {
			return err
		}
		*x.to = id
	}
	if in.Case == "" && in.Inspection == "" && in.About == "" {
		return errors.New("请用 --case 写明案件；没有案件的，用 --inspection 写明检查，或者用 --about 写明线索")
	}
	var err error
	if in.Type, err = paperType(c.Type); err != nil {
		return err
	}
	if in.Answers, err = readAnswers(c.Answers); err != nil {
		return err
	}
	return s.with(func(o *office.Office) error {
		id, err := o.Desk.DraftPaper(s.ctx, in)
		if err != nil {
			return err
		}
		return s.sheet(o, id, c.JSON)
	})
}

// paperType reads a type of paper by its number or its title.
func paperType(text string) (string, error) {
	p, err := office.NewPress()
	if err != nil {
		return "", err
	}
	for _, t := range p.Types() {
		if strings.EqualFold(t, text) || p.Title(t) == text {
			return t, nil
		}
	}
	return "", fmt.Errorf("没有“%s”这种文书，各种文书见 anxinctl papers list", text)
}

// readAnswers reads a file of answers; money stays as it is written. No path
// gives none.
func readAnswers(path string) (map[string]any, error) {
	if path == "" {
		return nil, nil
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("打不开“%s”，请核对路径", path)
	}
	var out map[string]any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&out); err != nil {
		return nil, fmt.Errorf("“%s”应是一个 JSON 对象，如 {\"subject\": \"用工情况\"}", path)
	}
	return out, nil
}

type papersAnswersCmd struct {
	ID   string `arg:"" help:"文书编号"`
	Set  string `help:"把这个 JSON 文件里的内容填进草稿" type:"path"`
	JSON bool   `help:"以 JSON 输出"`
}

// Run implements the command.
func (c *papersAnswersCmd) Run(s *session) error {
	id, err := model.ParseID(c.ID)
	if err != nil {
		return err
	}
	answers, err := readAnswers(c.Set)
	if err != nil {
		return err
	}
	return s.with(func(o *office.Office) error {
		if answers != nil {
			err := o.Desk.AnswerPaper(s.ctx, id, answers)
			if errors.Is(err, model.ErrFrozen) {
				return model.ErrFrozen // which member changed says nothing to an officer
			}
			if err != nil {
				return err
			}
		}
		return s.sheet(o, id, c.JSON)
	})
}

// sheet prints what the form of a document asks, what stands there, and what
// still keeps it from being issued.
func (s *session) sheet(o *office.Office, id model.ID, asJSON bool) error {
	sheet, err := o.Desk.PaperSheet(s.ctx, id)
	if err != nil {
		return err
	}
	if asJSON {
		reasons := []string{}
		for _, r := range sheet.Reasons {
			reasons = append(reasons, r.String())
		}
		return s.json(struct {
			*casework.PaperSheet
			Open    bool     `json:"open"`
			Reasons []string `json:"reasons"`
		}{sheet, !blocks(sheet.Reasons), reasons})
	}
	s.printf("%s %s（%s，%s）\n", sheet.ID, sheet.Title, sheet.Type, sheet.State)
	for _, q := range sheet.Questions {
		s.printf("  %s（%s）：%s\n", q.Label, q.Name, written(q.Value))
	}
	for _, r := range sheet.Reasons {
		s.printf("%s\n", r)
	}
	if sheet.State == model.DocumentDraft && !blocks(sheet.Reasons) {
		s.printf("可以签发\n")
	}
	return nil
}

func blocks(reasons []casework.Reason) bool {
	for _, r := range reasons {
		if r.Blocks {
			return true
		}
	}
	return false
}

// written is an answer in one line of a terminal.
func written(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case bool:
		if v {
			return "是"
		}
		return "否"
	case []any:
		return fmt.Sprintf("%d 行", len(v))
	case []map[string]any:
		return fmt.Sprintf("%d 行", len(v))
	}
	return fmt.Sprint(v)
}
