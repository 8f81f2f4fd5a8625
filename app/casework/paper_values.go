package casework

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"anxin/model"
	"anxin/model/statute"
)

// A document keeps its fields as its form gives them: days as 2026-01-31,
// instants as RFC 3339, money as plain figures. What is issued carries them as
// they are printed. Values that an act wrote in printed form stay as they are.

// Kinds of the fields of a template that change their form in print.
const (
	kindDate    = "date"
	kindTime    = "time"
	kindMoney   = "money"
	kindFlag    = "flag"
	kindChoices = "choices"
	kindRows    = "rows"
)

// printedValue is a field as the template of its kind takes it.
func printedValue(kind string, v any) any {
	switch kind {
	case kindFlag:
		return isTrue(v)
	case kindChoices:
		if s, ok := v.(string); ok {
			return strings.Fields(s)
		}
		return v
	}
	s, ok := plainText(v)
	if !ok {
		return v
	}
	switch kind {
	case kindDate:
		if d, ok := readDate(s); ok {
			return d.Chinese()
		}
	case kindTime:
		if t, ok := instant(s); ok {
			return model.ChineseTime(t)
		}
	case kindMoney:
		if n, err := statute.ParseFen(s); err == nil {
			return n.String()
		}
	}
	return s
}

// keptValue is a field as a draft keeps it: money never as a number that JSON
// may round.
func keptValue(kind string, v any) any {
	if _, isText := v.(string); isText || kind != kindMoney {
		return v
	}
	if s, ok := plainText(v); ok {
		if n, err := statute.ParseFen(s); err == nil {
			return n.Plain()
		}
	}
	return v
}

// formValue is a field as the question of its kind takes it.
func formValue(kind string, v any) any {
	s, ok := v.(string)
	if !ok {
		return v
	}
	switch kind {
	case kindDate:
		if d, ok := readDate(s); ok {
			return string(d)
		}
	case kindTime:
		if t, err := time.ParseInLocation("2006年1月2日15时4分", s, time.Local); err == nil {
			return t.Format(time.RFC3339)
		}
	case kindMoney:
		if n, err := statute.ParseFen(s); err == nil {
			return n.Plain()
		}
	}
	return v
}

// instant reads the time of a form.
func instant(s string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02T15:04"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

func isTrue(v any) bool {
	switch v := v.(type) {
	case bool:
		return v
	case string:
		return containsText([]string{"true", "yes", "OK", "1", "是"}, v)
	}
	return false
}

// plainText is a single value as text.
func plainText(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case int, int64:
		return fmt.Sprint(v), true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	case json.Number:
		return v.String(), true
	}
	return "", false
}

// eachValue rewrites the values of a field, in its rows too.
func (f PaperField) eachValue(v any, rewrite func(kind string, v any) any) any {
	if f.Kind != kindRows && len(f.Columns) == 0 {
		return rewrite(f.Kind, v)
	}
	rows := rowList(v)
	if rows == nil {
		return v
	}
	out := make([]map[string]any, len(rows))
	for i, r := range rows {
		out[i] = map[string]any{}
		for n, c := range f.Columns {
			kind := ""
			if n < len(f.ColumnKinds) {
				kind = f.ColumnKinds[n]
			}
			if x, ok := r[c]; ok {
				out[i][c] = rewrite(kind, x)
			}
		}
	}
	return out
}

// rowList reads rows in both forms they come in: as a builder makes them and
// as JSON gives them back; nil when v is no rows.
func rowList(v any) []map[string]any {
	switch list := v.(type) {
	case []map[string]any:
		return list
	case []any:
		out := make([]map[string]any, 0, len(list))
		for _, x := range list {
			r, ok := x.(map[string]any)
			if !ok {
				return nil
			}
			out = append(out, r)
		}
		return out
	}
	return nil
}

// wordsOf marks the field that says a sum of money in words: amount_words is
// amount, so that figure and words cannot differ.
const wordsOf = "_words"

// settle derives what a document says twice from what is entered once: sums in
// words, the day it sets, the amount its code carries.
func (d *Desk) settle(doc *model.Document) {
	money := map[string]statute.Fen{}
	for _, f := range d.Press.Fields(doc.Edition()) {
		if s, ok := plainText(doc.Fields[f.Name]); ok && f.Kind == kindMoney {
			if n, err := statute.ParseFen(s); err == nil {
				money[f.Name] = n
			}
		}
		if s, ok := plainText(doc.Fields[f.Name]); ok && f.Kind == kindDate && f.Name == "due" {
			if day, ok := readDate(s); ok {
				doc.DueBy = day
			}
		}
	}
	for _, f := range d.Press.Fields(doc.Edition()) {
		if n, ok := money[strings.TrimSuffix(f.Name, wordsOf)]; ok && strings.HasSuffix(f.Name, wordsOf) {
			doc.Fields[f.Name] = n.Capital()
		}
	}
	if n, ok := money["amount"]; ok {
		doc.Fields["amount_fen"] = int64(n)
	}
}
