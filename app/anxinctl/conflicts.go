package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"anxin/app/office"
	"anxin/model"
)

type conflictsCmd struct{}

// Run implements the command: every conflict with both sides, field by field.
func (c *conflictsCmd) Run(s *session) error {
	return s.with(func(o *office.Office) error {
		list, err := o.Store.Conflicts(s.ctx)
		if err != nil {
			return err
		}
		for _, x := range list {
			sides, err := o.Desk.Sides(s.ctx, x)
			if err != nil {
				return err
			}
			word := fieldWords(x.Kind)
			s.printf("%s  %s  %s\n", x.Record, kindWord(x.Kind), s.nameOf(o, x.Record))
			for _, side := range sides {
				s.printf("  %s（%s）：原来 %s，本机 %s，对方 %s\n", word(side.Field), side.Field,
					s.side(o, side.Base), s.side(o, side.Ours), s.side(o, side.Theirs))
			}
		}
		s.printf("冲突 %d 处\n", len(list))
		if len(list) > 0 {
			s.printf("用 anxinctl sync settle 编号 了结，--theirs 写明取对方内容的项\n")
		}
		return nil
	})
}

// side is what one side of a conflict says; null is nothing said.
func (s *session) side(o *office.Office, v json.RawMessage) string {
	if string(v) == "null" {
		v = nil
	}
	return s.shown(o, v)
}

type settleCmd struct {
	ID     string   `arg:"" help:"记录编号，见 sync conflicts"`
	Theirs []string `help:"取对方内容的项，如 联系电话 或 phone；可写多次，不写则都用本机的" placeholder:"项"`
}

// Run implements the command.
func (c *settleCmd) Run(s *session) error {
	id, err := model.ParseID(c.ID)
	if err != nil {
		return err
	}
	return s.with(func(o *office.Office) error {
		list, err := o.Store.Conflicts(s.ctx)
		if err != nil {
			return err
		}
		done := 0
		for _, x := range list {
			if x.Record != id {
				continue
			}
			theirs, err := s.disputed(o, x, c.Theirs)
			if err != nil {
				return err
			}
			if err := o.Desk.Settle(s.ctx, x, theirs...); err != nil {
				return err
			}
			done++
		}
		if done == 0 {
			return fmt.Errorf("编号 %s 没有冲突，见 anxinctl sync conflicts", id)
		}
		s.printf("已了结 %s的冲突，两边的内容都留在修改历史里；请再同步一次\n", s.nameOf(o, id))
		return nil
	})
}

// disputed reads the fields of a conflict as it stands now: work done here since
// may have opened more.
func (s *session) disputed(o *office.Office, c model.Conflict, asked []string) ([]string, error) {
	sides, err := o.Desk.Sides(s.ctx, c)
	if err != nil {
		return nil, err
	}
	c.Fields = nil
	for _, side := range sides {
		c.Fields = append(c.Fields, side.Field)
	}
	return conflictFields(c, asked)
}

// conflictFields reads the fields of a conflict by their names or their words.
func conflictFields(c model.Conflict, asked []string) ([]string, error) {
	word := fieldWords(c.Kind)
	known := map[string]string{}
	var all []string
	for _, f := range c.Fields {
		known[f], known[word(f)] = f, f
		all = append(all, word(f))
	}
	var out []string
	for _, text := range asked {
		f, ok := known[text]
		if !ok {
			return nil, fmt.Errorf("“%s”不是这处冲突里的项，可用：%s", text, strings.Join(all, "、"))
		}
		out = append(out, f)
	}
	return out, nil
}
