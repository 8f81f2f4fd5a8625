package xlsform

import (
	"regexp"
	"strings"

	"anxin/forms"
)

// settings are what the settings sheet says beyond the form's own fields.
type settings struct {
	duplicateChoices bool
	keepBlanks       bool
}

var settingsColumns = columns{
	aliases: map[string]string{
		"form_id": "form_id", "id_string": "id_string", "form_title": "form_title", "title": "form_title", "set_form_title": "form_title", "set_form_id": "id_string",
		"version": "version", "default_language": "default_language", "instance_name": "instance_name", "namespaces": "namespaces",
		"allow_choice_duplicates": "allow_choice_duplicates", "clean_text_values": "clean_text_values", "name": "name",
	},
	translated: map[string]bool{"form_title": true},
	outside: map[string]bool{
		"submission_url": true, "public_key": true, "auto_send": true, "auto_delete": true, "auto_submit": true, "style": true, "instance_xmlns": true, "instance_id": true,
		"omit_instanceid": true, "attribute": true, "sms_keyword": true, "prefix": true, "delimiter": true, "client_editable": true,
	},
}

func (c *compiler) readSettings(s sheet) {
	f := c.form
	f.ID, f.Title = c.name, forms.Text{"": c.name}
	f.Namespaces = map[string]string{}
	root := "data"
	for i, r := range c.read(s, settingsColumns) {
		if i > 0 {
			c.fault(s.name, r.number, "", "settings 表只能有一行内容，请删去这一行")
			break
		}
		for _, column := range [...]string{"id_string", "form_id"} {
			if v := r.get(column); v != "" {
				f.ID = v
			}
		}
		if t := r.text("form_title"); len(t) > 0 {
			f.Title = t
		}
		if v := r.get("name"); v != "" {
			root = v
			c.checkName(r, "name", v)
		}
		f.Version, f.InstanceName = r.get("version"), r.get("instance_name")
		f.DefaultLanguage = languageCode(r.get("default_language"))
		c.settings.duplicateChoices = isYes(r.get("allow_choice_duplicates"))
		c.settings.keepBlanks = isNo(r.get("clean_text_values"))
		c.namespaces(r)
	}
	if f.ID == c.name && !validName.MatchString(f.ID) {
		c.fault(sheetSettings, 0, "form_id", "文件名“%s”不能用作表单编号，请在 settings 表里写上 form_id", clip(f.ID))
	}
	f.Root = &forms.Question{Name: root, Type: forms.TypeGroup}
}

var namespaceDeclaration = regexp.MustCompile(`([\pL_][\pL\pN_.-]*)\s*=\s*(?:"([^"]*)"|“([^”]*)”|'([^']*)'|(\S+))`)

func (c *compiler) namespaces(r record) {
	v := r.get("namespaces")
	if v == "" {
		return
	}
	found := namespaceDeclaration.FindAllStringSubmatch(v, -1)
	if len(found) == 0 {
		c.fault(r.sheet, r.number, r.written("namespaces"), `应写成 law="http://…"`)
	}
	for _, m := range found {
		c.form.Namespaces[m[1]] = m[2] + m[3] + m[4] + m[5]
	}
}

// isYes and isNo know the spellings of a truth in a cell.
func isYes(s string) bool {
	switch strings.ToLower(s) {
	case "yes", "y", "true", "true()", "1", "是":
		return true
	}
	return false
}

func isNo(s string) bool {
	switch strings.ToLower(s) {
	case "no", "n", "false", "false()", "0", "否":
		return true
	}
	return false
}

// condition turns a cell that may be a plain yes or no into an expression.
func condition(s string) string {
	switch {
	case isYes(s):
		return "true()"
	case isNo(s):
		return ""
	}
	return s
}
