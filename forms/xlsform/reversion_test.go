package xlsform_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"reflect"
	"strings"
	"testing"

	"anxin/assets"
	"anxin/forms"
	"anxin/forms/xlsform"
)

// told is all a form says, but for its version and where in the source it says it.
func told(f *forms.Form) string {
	var b strings.Builder
	fmt.Fprintln(&b, f.ID, f.Title, f.DefaultLanguage, f.Languages, f.InstanceName, f.Namespaces)
	f.Each(func(q *forms.Question) {
		v := reflect.ValueOf(*q)
		for i := range v.NumField() {
			switch name := v.Type().Field(i).Name; {
			case !v.Type().Field(i).IsExported(), name == "Parent", name == "Children", name == "Source":
			default:
				fmt.Fprintln(&b, name, v.Field(i))
			}
		}
	})
	return b.String()
}

// Each form of the house, as Markdown and as a workbook, is the same form under another version.
func TestReversion(t *testing.T) {
	names, err := fs.Glob(assets.Forms, "*.md")
	if err != nil || len(names) < 40 {
		t.Fatalf("%d forms, %v", len(names), err)
	}
	for _, name := range names {
		src, err := fs.ReadFile(assets.Forms, name)
		if err != nil {
			t.Fatal(err)
		}
		var book bytes.Buffer
		if err := xlsform.ExportWorkbook(&book, string(src)); err != nil {
			t.Fatal(err)
		}
		for file, raw := range map[string][]byte{"a.md": src, "a.xlsx": book.Bytes()} {
			fresh, err := xlsform.Reversion(file, raw, "2026-01-own.1")
			if err != nil {
				t.Fatalf("%s as %s: %v", name, file, err)
			}
			want, err := xlsform.CompileMarkdown(string(src), "form")
			if err != nil {
				t.Fatal(err)
			}
			got, err := xlsform.CompileMarkdown(string(fresh), "form")
			if err != nil {
				t.Fatalf("%s as %s: %v", name, file, err)
			}
			if got.Version != "2026-01-own.1" || told(got) != told(want) {
				t.Errorf("%s as %s is another form", name, file)
			}
		}
	}
}

func TestReversionOfOddSources(t *testing.T) {
	const noColumn = "| survey |\n| | type | name | label |\n| | text | a | 甲\\|乙 |\n\n| settings |\n| | form_id |\n| | X |\n"
	fresh, err := xlsform.Reversion("x.md", []byte(noColumn), "2")
	if err != nil {
		t.Fatal(err)
	}
	if f, err := xlsform.CompileMarkdown(string(fresh), "x"); err != nil || f.Version != "2" || f.Question("/a").Label.In("zh") != "甲|乙" {
		t.Errorf("%v %s", err, fresh)
	}
	for name, c := range map[string][2]string{
		"no settings":  {"x.md", "| survey |\n| | type | name | label |\n| | text | a | 甲 |\n"},
		"another kind": {"x.docx", noColumn},
		"no workbook":  {"x.xlsx", noColumn},
	} {
		if _, err := xlsform.Reversion(c[0], []byte(c[1]), "2"); err == nil || !strings.ContainsAny(err.Error(), "表文") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
