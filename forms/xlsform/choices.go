package xlsform

import (
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
