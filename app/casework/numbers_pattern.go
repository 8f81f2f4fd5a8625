package casework

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"anxin/model"
	"anxin/model/statute"
)

// pattern is how an office writes the numbers of a type: its own pattern or
// the catalogue's, with the office's brackets around the year. The series the
// numbers are taken from stays that of the type.
func pattern(o *model.Office, row statute.Document) (statute.Pattern, error) {
	p := row.Number
	if own := o.Patterns[row.ID]; own != "" && p.Template != "" {
		var err error
		if p, err = statute.NewPattern(own, p.Type, p.Pad); err != nil {
			return p, fmt.Errorf("“设置”中%s的文号格式有误：%w", row.Title, err)
		}
	}
	return p.WithBrackets(o.Brackets), nil
}

// SetNumbering changes how the office writes its numbers from now on: the
// pattern of a type in the notation of the catalogue, "" for the catalogue's
// own, and the pair around the year, "" for 〔〕. A pattern that would give two
// papers the same number, or that has unknown slots, is refused.
func (d *Desk) SetNumbering(ctx context.Context, patterns map[string]string, brackets string) error {
	k, err := d.Office(ctx)
	if err != nil {
		return err
	}
	v := *k.Value
	v.Patterns, v.Brackets = nil, brackets
	for docType, template := range patterns {
		row, err := d.Law.Catalogue(d.Clock.Now(), v.Region).Get(docType)
		if err != nil {
			return err
		}
		if template == "" || template == row.Number.Template {
			continue
		}
		if v.Patterns == nil {
			v.Patterns = map[string]string{}
		}
		v.Patterns[docType] = template
	}
	_, err = d.Save(ctx, k.ID, k.Rev, &v)
	return err
}

// NumberExample is the first number of this year a type would get with a
// pattern, "" for the catalogue's own, and brackets; "" when it has none.
func (d *Desk) NumberExample(o *model.Office, docType, template, brackets string) (string, error) {
	row, err := d.Law.Catalogue(d.Clock.Now(), o.Region).Get(docType)
	if err != nil || row.Number.Template == "" {
		return "", err
	}
	p, err := pattern(&model.Office{Patterns: map[string]string{docType: template}, Brackets: brackets}, row)
	if err != nil {
		return "", err
	}
	return p.Format(o.Word, d.Clock.Now().Year(), 1), nil
}

// checkNumbering refuses settings by which a number could not be written, or
// by which papers of two series could carry the same: each series counts from
// one on many laptops at once, so what is printed around the count must tell
// them apart. The catalogue's own patterns count too, papers of the year may
// carry them already.
func (d *Desk) checkNumbering(o *model.Office) error {
	year := statute.Pattern{Template: "〔{year}〕"}.WithBrackets(o.Brackets).Template
	if o.Brackets != "" && strings.Replace(year, "{year}", "", 1) != o.Brackets {
		return fmt.Errorf("“设置”中文号的年份括号“%s”不能用，请用〔〕、【】、[]或者()", o.Brackets)
	}
	rows := d.Law.Catalogue(d.Clock.Now(), o.Region).All()
	taken := map[string]statute.Document{}
	for _, row := range rows {
		if row.Number.Template != "" {
			taken[printedAround(row.Number, o.Word)] = row
		}
	}
	for _, row := range rows {
		if o.Patterns[row.ID] == "" || row.Number.Template == "" {
			continue
		}
		p, err := pattern(o, row)
		if err != nil {
			return err
		}
		around := printedAround(p, o.Word)
		if digitBesideCount.MatchString(around) {
			return fmt.Errorf("“设置”中%s的文号格式“%s”在{n}旁边写有数字，会与别的文号相混，请去掉", row.Title, o.Patterns[row.ID])
		}
		if other, used := taken[around]; used && other.Number.Type != row.Number.Type {
			return fmt.Errorf("“设置”中%s的文号格式“%s”与%s的相同，两份文书会得到同一文号，请保留{type}或者换用别的字", row.Title, o.Patterns[row.ID], other.Title)
		}
		taken[around] = row
	}
	return nil
}

var digitBesideCount = regexp.MustCompile(`[0-9]\{n\}|\{n\}[0-9]`)

// printedAround is what a pattern prints around year and count.
func printedAround(p statute.Pattern, word string) string {
	return strings.NewReplacer("{word}", word, "{type}", p.Type).Replace(p.WithBrackets("〔〕").Template)
}
