package office

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"anxin/forms"
	"anxin/model"
)

// register is a list of records that forms choose from. Indexed are the
// columns whose text the store's search knows, exact those it picks records by.
type register struct {
	kind    model.Kind
	indexed []string
	exact   []string
}

var registers = map[string]register{
	"employers": {model.KindEmployer, []string{"label", "uscc", "legal_rep", "phone", "address", "contact", "contact_phone"}, []string{"grid", "industry"}},
	"sites":     {model.KindSite, []string{"label", "permit_no", "address", "contact", "phone", "wage_officer", "project_code"}, []string{"grid", "owner", "general", "stage"}},
	"officers":  {model.KindOfficer, []string{"label", "cert_no", "unit"}, []string{"role", "unit"}},
	"grids":     {model.KindGrid, []string{"label", "code", "keeper"}, []string{"parent", "level"}},
}

// lists shows the registers to forms: name is the record's id, label its name,
// and every other member of the record a column.
type lists struct{ o *Office }

// Lists are the registers of the office as forms ask for them.
func (o *Office) Lists() forms.Lists { return lists{o} }

// listPage is how many records are read at a time.
const listPage = 500

// Search implements forms.Lists. The store looks text up, and the conditions on
// columns it knows; the rest is held against the rows that come.
func (l lists) Search(list string, where forms.Filter, text string, limit int) ([]forms.Item, error) {
	r, ok := registers[list]
	if !ok {
		return nil, fmt.Errorf("没有名册“%s”", list)
	}
	if id := equalTo(where, "name"); id != "" {
		return l.one(r, where, id)
	}
	q := model.Query{Kind: r.kind, Text: text, Exact: r.picked(where), Limit: listPage}
	if text == "" {
		q.Text = r.lookup(where)
	}
	var out []forms.Item
	for {
		heads, err := l.o.Store.List(context.Background(), q)
		if err != nil {
			return nil, fmt.Errorf("读取名册: %w", err)
		}
		for _, h := range heads {
			if h.Summary.State == model.RegisterMerged {
				continue // what stands for it is in the list
			}
			item, err := itemOf(h)
			if err != nil {
				return nil, err
			}
			if !item.matches(where, text) {
				continue
			}
			if out = append(out, forms.Item(item)); len(out) == limit {
				return out, nil
			}
		}
		if len(heads) < listPage {
			return out, nil
		}
		q.Offset += listPage
	}
}

// one is the record of an id, if the rest of the condition holds for it.
func (l lists) one(r register, where forms.Filter, id string) ([]forms.Item, error) {
	h, err := l.o.Store.Head(context.Background(), model.ID(id))
	if err != nil || h.Kind != r.kind {
		return nil, nil // an answer that names no record of this register
	}
	item, err := itemOf(h)
	if err != nil || !item.matches(where, "") {
		return nil, err
	}
	return []forms.Item{forms.Item(item)}, nil
}

// lookup is a text that every row for which where holds has in a column the
// search knows, "" if none is certain. One letter is too short for the index.
func (r register) lookup(where forms.Filter) string {
	switch where.Op {
	case "and":
		for _, a := range where.Args {
			if text := r.lookup(a); text != "" {
				return text
			}
		}
	case "=", "starts-with", "contains":
		if slices.Contains(r.indexed, where.Field) && len([]rune(where.Value)) > 1 {
			return where.Value
		}
	}
	return ""
}

// picked are the conditions of where on the columns that the store picks records
// by.
func (r register) picked(where forms.Filter) (out []string) {
	for _, column := range r.exact {
		if v := equalTo(where, column); v != "" {
			out = append(out, model.Exactly(column, v))
		}
	}
	return out
}

// equalTo is the value a column must have for where to hold, "" if none is
// certain.
func equalTo(where forms.Filter, field string) string {
	if where.Op == "=" && where.Field == field {
		return where.Value
	}
	if where.Op == "and" {
		for _, a := range where.Args {
			if v := equalTo(a, field); v != "" {
				return v
			}
		}
	}
	return ""
}

// row is a record as a row of its register.
type row forms.Item

func itemOf(h model.Head) (row, error) {
	var members map[string]any
	if err := json.Unmarshal(h.Body, &members); err != nil {
		return nil, fmt.Errorf("读取名册: %w", err)
	}
	item := row{}
	for name, v := range members {
		switch v := v.(type) {
		case string:
			item[name] = v
		case float64, bool:
			item[name] = fmt.Sprint(v)
		}
	}
	item["label"], item["name"] = item["name"], string(h.ID)
	return item, nil
}

func (r row) matches(where forms.Filter, text string) bool {
	if !where.Holds(func(field string) string { return r[field] }) {
		return false
	}
	for field, v := range r {
		if field != "name" && strings.Contains(strings.ToLower(v), strings.ToLower(text)) {
			return true
		}
	}
	return false
}
