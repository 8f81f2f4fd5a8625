package xlsform

import (
	"path"
	"slices"
	"strings"

	"anxin/forms"
)

// choiceList is one list of the choices sheet.
type choiceList struct {
	choices []forms.Choice
	rows    []int          // of each choice
	seen    map[string]int // rows by name
}

var choiceColumns = columns{
	aliases: map[string]string{
		"list_name": "list_name", "list": "list_name", "name": "name", "value": "name", "label": "label", "caption": "label",
		"image": "image", "media::image": "image", "audio": "audio", "media::audio": "audio", "video": "video", "media::video": "video",
		"big-image": "big-image", "media::big-image": "big-image",
	},
	translated: map[string]bool{"label": true, "image": true, "audio": true, "video": true, "big-image": true},
	required:   []string{"list_name", "name"},
	free:       true,
}

func (c *compiler) readChoices(s sheet) {
	c.choiceRecords = c.read(s, choiceColumns)
	for _, r := range c.choiceRecords {
		name, value := r.get("list_name"), r.get("name")
		if name == "" {
			if value != "" || len(r.text("label")) > 0 {
				c.fault(s.name, r.number, "list_name", "缺少 list_name，请填写这个选项属于哪个选项表")
			}
			continue
		}
		list := c.lists[name]
		if list == nil {
			list = &choiceList{seen: map[string]int{}}
			c.lists[name] = list
		}
		if value == "" {
			c.fault(s.name, r.number, r.written("name"), "选项没有 name，请填写")
			continue
		}
		if row, twice := list.seen[value]; twice && !c.settings.duplicateChoices {
			c.fault(s.name, r.number, r.written("name"), "选项“%s”与第 %d 行重复，请改名或删去", value, row)
		}
		list.seen[value] = r.number
		list.choices = append(list.choices, choiceOf(r))
		list.rows = append(list.rows, r.number)
	}
}

func choiceOf(r record) forms.Choice {
	c := forms.Choice{Name: r.get("name"), Label: r.text("label"), Media: map[string]forms.Text{}, Extra: map[string]string{}}
	for _, kind := range mediaKinds {
		if t := r.text(kind); t != nil {
			c.Media[kind] = t
		}
	}
	for _, f := range r.fields {
		if f.column == "extra" {
			c.Extra[f.sub] = f.value
		}
	}
	return c
}

var mediaKinds = [...]string{"image", "audio", "video", "big-image"}

// checkChoiceReferences refuses ${name} in the texts of choices: it names an
// unknown question, or asks for what the profile does not have.
func (c *compiler) checkChoiceReferences() {
	for _, r := range c.choiceRecords {
		for _, f := range r.fields {
			if !strings.Contains(f.value, "${") || f.column == "extra" || f.column == "list_name" {
				continue
			}
			for _, name := range referencedNames(f.value) {
				if !c.names[name] {
					c.fault(r.sheet, r.number, f.written, "引用的 ${%s} 不存在，请更正", name)
				} else {
					c.outside(r.sheet, r.number, f.written, "${"+name+"}")
				}
			}
		}
	}
}

// referencedNames lists the names in ${name}.
func referencedNames(s string) []string {
	var out []string
	for {
		start := strings.Index(s, "${")
		if start < 0 {
			return out
		}
		end := strings.IndexByte(s[start:], '}')
		if end < 0 {
			return out
		}
		out = append(out, strings.TrimSpace(s[start+2:start+end]))
		s = s[start+end+1:]
	}
}

// useList connects a select with its choices.
func (c *compiler) useList(r record, t typed, q *forms.Question) {
	if t.file != "" {
		c.useFile(r, t)
		return
	}
	if strings.Contains(t.list, "${") {
		c.outside(r.sheet, r.number, r.written("type"), t.list)
		return
	}
	list, ok := c.lists[t.list]
	if !ok {
		c.unknownList(r, t.list)
		return
	}
	q.ListName, q.Choices = t.list, list.choices
	if q.Type != forms.TypeSelectOne {
		for i, choice := range list.choices {
			if strings.ContainsAny(choice.Name, " \t\n") {
				c.fault(sheetChoices, list.rows[i], "name", "选项“%s”的 name 里有空格，不能用于多选题，请改用 _", clip(choice.Name))
			}
		}
	}
	if t.orOther {
		if q.ChoiceFilter != "" {
			c.fault(r.sheet, r.number, r.written("choice_filter"), "or_other 不能与 choice_filter 同用，请在选项表里自行加上“其他”")
		}
		q.Choices = withOther(list.choices)
	}
}

// registers are the lists that the office keeps itself; a select from a file
// names one without an ending.
var registers = []string{"employers", "sites", "officers", "grids"}

// useFile connects a select with a register or a file.
func (c *compiler) useFile(r record, t typed) {
	column := r.written("type")
	if t.orOther {
		c.fault(r.sheet, r.number, column, "从文件或名册选择时不能用 or_other，请在选项表里自行加上“其他”")
	}
	switch strings.ToLower(path.Ext(t.file)) {
	case "":
		if !slices.Contains(registers, t.file) {
			hint := "可用的有：" + strings.Join(registers, "、")
			if near := forms.Nearest(t.file, slices.Clone(registers)); near != "" {
				hint = "是不是 " + near + "？"
			}
			c.fault(r.sheet, r.number, column, "没有名册“%s”，%s；文件要写明扩展名 .csv", clip(t.file), hint)
		}
	case ".csv":
		if strings.Contains(strings.TrimSuffix(path.Base(t.file), path.Ext(t.file)), ".") {
			c.fault(r.sheet, r.number, column, "文件名“%s”只能有一个扩展名，请改名", clip(t.file))
		}
		c.external(r, column, strings.TrimSuffix(path.Base(t.file), path.Ext(t.file)))
	case ".xml", ".geojson":
		c.outside(r.sheet, r.number, column, t.file)
	default:
		c.fault(r.sheet, r.number, column, "文件“%s”应是 .csv，或者不写扩展名表示名册", clip(t.file))
	}
}

func (c *compiler) unknownList(r record, name string) {
	names := make([]string, 0, len(c.lists))
	for n := range c.lists {
		names = append(names, n)
	}
	hint := "请在 choices 表里加上"
	if len(c.problems) > manyProblems {
		names = nil
	}
	if near := forms.Nearest(name, names); near != "" {
		hint = "是不是 " + near + "？"
	}
	c.fault(r.sheet, r.number, r.written("type"), "choices 表里没有选项表“%s”，%s", name, hint)
}

const otherName = "other"

func withOther(choices []forms.Choice) []forms.Choice {
	for _, ch := range choices {
		if ch.Name == otherName {
			return choices
		}
	}
	return append(append([]forms.Choice(nil), choices...), forms.Choice{Name: otherName, Label: forms.Text{"": "其他", "en": "Other"}})
}
