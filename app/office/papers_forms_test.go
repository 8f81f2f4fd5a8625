package office_test

import (
	"slices"
	"strings"
	"testing"

	"anxin/app/office"
	"anxin/assets"
	"anxin/forms"
	"anxin/forms/paper"
	"anxin/model/modeltest"
	"anxin/model/statute"
)

// catalogue is every type of document of the law's table.
func catalogue(t *testing.T) []statute.Document {
	t.Helper()
	law, err := statute.Load(assets.Statute)
	if err != nil {
		t.Fatal(err)
	}
	return law.Catalogue(modeltest.Day, "湖南").All()
}

// derived are fields no officer fills in: sums in words follow the figures,
// and how a party is addressed follows its record.
func derived(f paper.Field) bool {
	return strings.HasSuffix(f.Name, "_words") || f.Name == "party_kind" || f.Name == "you"
}

func TestEveryTypeHasFormAndTemplate(t *testing.T) {
	press, err := office.NewPress()
	if err != nil {
		t.Fatal(err)
	}
	rows := catalogue(t)
	if len(rows) < 47 {
		t.Errorf("the catalogue has %d types", len(rows))
	}
	var ids []string
	for _, row := range rows {
		ids = append(ids, row.ID)
		t.Run(row.ID, func(t *testing.T) {
			fields := press.Fields(row.ID)
			if fields == nil {
				t.Fatal("no template")
			}
			form, err := office.Form(row.ID)
			if err != nil {
				t.Fatal(err)
			}
			sameQuestions(t, form, fields)
		})
	}
	for _, id := range press.Types() {
		if strings.HasPrefix(id, "D") && !slices.Contains(ids, id) {
			t.Errorf("template %s stands in no row of the catalogue", id)
		}
	}
}

// sameQuestions: a form asks exactly what its template prints.
func sameQuestions(t *testing.T, form *forms.Form, fields []paper.Field) {
	t.Helper()
	asked := map[string]*forms.Question{}
	form.Each(func(q *forms.Question) {
		if q.Type != forms.TypeGroup && q.Type != forms.TypeHidden {
			asked[nameIn(q)] = q
		}
	})
	want := func(name string, f paper.Field) {
		q := asked[name]
		delete(asked, name)
		switch {
		case derived(f) && q == nil:
		case q == nil:
			t.Errorf("field %s has no question", name)
		case f.Required && q.Type != forms.TypeCalculate && q.Required == "" && !q.IsRepeat():
			t.Errorf("question %s may stay empty, the paper needs it", name)
		default:
			sameOptions(t, q, f)
		}
	}
	for _, f := range fields {
		want(f.Name, f)
		for _, c := range f.Columns {
			want(f.Name+"/"+c.Name, c)
		}
	}
	for name := range asked {
		t.Errorf("question %s is printed nowhere", name)
	}
}

func nameIn(q *forms.Question) string {
	for p := q.Parent; p != nil; p = p.Parent {
		if p.IsRepeat() {
			return p.Name + "/" + q.Name
		}
	}
	return q.Name
}

func sameOptions(t *testing.T, q *forms.Question, f paper.Field) {
	t.Helper()
	if len(f.Options) == 0 {
		return
	}
	var names []string
	for _, c := range q.Choices {
		names = append(names, c.Name)
	}
	if !slices.Equal(names, f.Options) {
		t.Errorf("%s offers %v, the paper %v", q.Name, names, f.Options)
	}
}
