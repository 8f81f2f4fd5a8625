package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"anxin/app/office"
	"anxin/assets"
	"anxin/forms"
	"anxin/forms/xlsform"
	"anxin/model"
)

// officeGroup shows and changes the office's own settings.
type officeGroup struct {
	Show officeShowCmd `cmd:"" help:"显示本单位的设置"`
	Set  officeSetCmd  `cmd:"" help:"修改本单位的设置，如 office set 机关地址=… 邮编=415700"`
}

type officeShowCmd struct {
	JSON bool `help:"以 JSON 输出"`
}

// Run implements the command.
func (c *officeShowCmd) Run(s *session) error {
	return s.with(func(o *office.Office) error {
		k, err := o.Desk.Office(s.ctx)
		if err != nil {
			return err
		}
		if c.JSON {
			return s.json(k.Value)
		}
		in, _, err := officeForm(o, k.Value)
		if err != nil {
			return err
		}
		in.Form().Each(func(q *forms.Question) {
			if !q.IsContainer() && q.Type != forms.TypeHidden && q.Name != orderTitle {
				s.printf("%s  %s  %s\n", q.Name, q.Label.In("zh"), in.Value(q.Path))
			}
		})
		return nil
	})
}

type officeSetCmd struct {
	Values []string `arg:"" help:"项目=内容，项目用名称或者英文名，见 office show" example:"机关地址=漳江街道1号 邮编=415700"`
}

// orderTitle is asked for in the form and kept elsewhere, see model.Office.
const orderTitle = "order_title"

// Run implements the command.
func (c *officeSetCmd) Run(s *session) error {
	return s.with(func(o *office.Office) error {
		k, err := o.Desk.Office(s.ctx)
		if err != nil {
			return err
		}
		in, paths, err := officeForm(o, k.Value)
		if err != nil {
			return err
		}
		var touched []string
		for _, v := range c.Values {
			path, err := setOffice(in, paths, v)
			if err != nil {
				return err
			}
			touched = append(touched, path)
		}
		for _, x := range in.Errors() { // what else is still missing can be set next
			if slices.Contains(touched, x.Path) {
				return fmt.Errorf("“%s”：%s", x.Label, x.Message)
			}
		}
		next, err := officeOf(in, k.Value)
		if err != nil {
			return err
		}
		if region := office.Region(next.Region); region.OK {
			next.Region = region.Normal
		} else if next.Region != k.Value.Region { // what an older version took may stand
			return fmt.Errorf("“适用地区”：%s", region.Reason)
		}
		s.doubtPhone(next.Phone)
		if _, err := o.Desk.Save(s.ctx, k.ID, k.Rev, next); err != nil {
			return err
		}
		s.printf("已保存，从下一份文书起使用\n")
		return nil
	})
}

// otherNames are what people call an item beside its own name and its label.
var otherNames = map[string]string{"名称": "name", "单位名称": "name", "代字": "number_word", "地域": "region", "地区": "region", "省份": "region", "省": "region", "所在地区": "region",
	"地址": "address", "邮政编码": "postcode", "电话": "phone", "负责人": "head", "法院": "court", "人民政府": "government", "银行": "bank", "账号": "account"}

// setOffice takes one “item=content” and tells where it went.
func setOffice(in *forms.Instance, paths map[string]string, text string) (path string, err error) {
	name, value, ok := strings.Cut(strings.Replace(text, "＝", "=", 1), "=")
	if !ok {
		return "", fmt.Errorf("“%s”应写成“项目=内容”，如 机关地址=漳江街道1号、适用地区=湖南", text)
	}
	name = strings.TrimSpace(name)
	if path = paths[name]; path == "" {
		path = paths[otherNames[name]]
	}
	if path == "" {
		return "", fmt.Errorf("没有名为“%s”的项目，可以改的有：%s", name, items(in.Form()))
	}
	if _, err := in.Set(path, strings.TrimSpace(value)); err != nil {
		return "", fmt.Errorf("“%s”：%w", name, err)
	}
	return path, nil
}

// items are the labels of what can be set.
func items(form *forms.Form) string {
	var all []string
	form.Each(func(q *forms.Question) {
		if !q.IsContainer() && q.Type != forms.TypeHidden && q.Name != orderTitle {
			all = append(all, q.Label.In("zh"))
		}
	})
	return strings.Join(all, "、")
}

// officeForm is the form of the office filled with its settings, and where its
// questions stand, by name and by label.
func officeForm(o *office.Office, v *model.Office) (*forms.Instance, map[string]string, error) {
	src, err := fs.ReadFile(assets.Forms, "office.md")
	if err != nil {
		return nil, nil, err
	}
	form, err := xlsform.CompileMarkdown(string(src), "office")
	if err != nil {
		return nil, nil, err
	}
	in, err := forms.New(form, forms.Env{Now: o.Now, Language: "zh"})
	if err != nil {
		return nil, nil, err
	}
	members, err := membersOf(v)
	if err != nil {
		return nil, nil, err
	}
	answers, paths := map[string]any{}, map[string]string{}
	form.Each(func(q *forms.Question) {
		if q.IsContainer() || q.Type == forms.TypeHidden || q.Name == orderTitle {
			return
		}
		paths[q.Name], paths[q.Label.In("zh")] = q.Path, q.Path
		if v, ok := members[q.Name]; ok {
			answers[q.Name] = v
		}
		if on, ok := members[q.Name].(bool); ok {
			answers[q.Name] = fmt.Sprint(on)
		}
	})
	return in, paths, in.LoadFlat(answers)
}

func membersOf(v *model.Office) (map[string]any, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	out := map[string]any{}
	return out, json.Unmarshal(raw, &out)
}

// officeOf is the office with the answers of its form.
func officeOf(in *forms.Instance, v *model.Office) (*model.Office, error) {
	members, err := membersOf(v)
	if err != nil {
		return nil, err
	}
	flat, err := in.Flat()
	if err != nil {
		return nil, err
	}
	in.Form().Each(func(q *forms.Question) { // what was emptied is no answer any more
		if !q.IsContainer() {
			delete(members, q.Name)
		}
	})
	for name, value := range flat {
		if name == "remedies" || name == "screen_signing" {
			value = value == "true"
		}
		members[name] = value
	}
	raw, err := json.Marshal(members)
	if err != nil {
		return nil, err
	}
	out := &model.Office{}
	return out, json.Unmarshal(raw, out)
}
