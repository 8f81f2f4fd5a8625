package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"anxin/app/lang"
	"anxin/app/office"
	"anxin/assets"
	"anxin/forms"
	"anxin/forms/xlsform"
	"anxin/model"
)

// words are what the desktop calls the kinds and fields of records.
func words() map[string]string {
	w, err := lang.Read(assets.Lang, "zh.json")
	if err != nil {
		return nil // the tests of the words read the same file
	}
	return w
}

// kindWord names a kind of record.
func kindWord(k model.Kind) string {
	if w := words()["kind."+string(k)]; w != "" {
		return w
	}
	return string(k)
}

// kindOf reads a kind by its name in the program or its word on screen.
func kindOf(text string) (model.Kind, error) {
	var all []string
	for _, k := range model.Kinds() {
		word := kindWord(k)
		if text == string(k) || text == word {
			return k, nil
		}
		if word == string(k) {
			continue // the program's own records, which have no word
		}
		all = append(all, word+" "+string(k))
	}
	return "", fmt.Errorf("没有名为“%s”的种类，可用：%s", text, strings.Join(all, "、"))
}

// fieldWords names the fields of a kind of record as its form does, or as
// papers do.
func fieldWords(kind model.Kind) func(path string) string {
	labels := map[string]string{}
	if src, err := fs.ReadFile(assets.Forms, string(kind)+".md"); err == nil {
		if form, err := xlsform.CompileMarkdown(string(src), string(kind)); err == nil {
			form.Each(func(q *forms.Question) { labels[q.Name] = q.Label.In("zh") })
		}
	}
	known := words()
	return func(path string) string {
		parts := strings.Split(path, ".")
		for i, p := range parts {
			name, rest, _ := strings.Cut(p, "[")
			word := labels[name]
			if word == "" {
				word = known["paper."+name]
			}
			if word == "" {
				continue
			}
			parts[i] = word
			if rest != "" {
				parts[i] += "[" + rest
			}
		}
		return strings.Join(parts, ".")
	}
}

// shown is a value of a record in one line, a record's number as its name.
func (s *session) shown(o *office.Office, v json.RawMessage) string {
	var text string
	switch {
	case v == nil:
		return "（无）"
	case string(v) == "true":
		return "是"
	case string(v) == "false":
		return "否"
	case json.Unmarshal(v, &text) != nil:
		return string(v)
	}
	if id, err := model.ParseID(text); err == nil {
		return "“" + s.nameOf(o, id) + "”"
	}
	return "“" + text + "”"
}

// nameOf is what a list calls a record that is known here, or its number.
func (s *session) nameOf(o *office.Office, id model.ID) string {
	h, err := o.Store.Head(s.ctx, id)
	if err != nil {
		return string(id)
	}
	r, err := model.Decode(h.Kind, h.Body)
	if err != nil || label(r) == "" {
		return string(id)
	}
	return label(r)
}

// folderOf refuses a file to be written in a folder that is not there, before
// the work is done.
func folderOf(path string) error {
	if info, err := os.Stat(filepath.Dir(path)); err != nil || !info.IsDir() {
		return fmt.Errorf("找不到文件夹“%s”，请先建立", filepath.Dir(path))
	}
	return nil
}
