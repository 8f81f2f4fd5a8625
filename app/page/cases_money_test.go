package page

import (
	"testing"

	"anxin/app/lang"
	"anxin/model"
)

func TestMoneyTellsWhatIsLeft(t *testing.T) {
	w := newWorld(t)
	d := &caseDetail{env: w.env}
	rolls := []kept[model.WageRoll]{{Value: &model.WageRoll{Workers: []model.Worker{{OwedFen: 1_000_000}, {OwedFen: 500_000}}}}}
	paper := func(docType string, fields map[string]any, fen int64) kept[model.Document] {
		return kept[model.Document]{Value: &model.Document{State: model.DocumentServed, Type: docType, Fields: fields, Issued: &model.Issue{AmountFen: fen}}}
	}
	order := paper(orderType, nil, 1_500_000)
	for _, c := range []struct {
		name string
		docs []kept[model.Document]
		want string // what is left, "" when it is not known yet
	}{
		{"not seen again", []kept[model.Document]{order}, ""},
		{"half of it", []kept[model.Document]{paper(recheckType, map[string]any{"amount_paid": "9000.00"}, 0), order}, "6,000.00"},
		{"the newest counts", []kept[model.Document]{paper(recheckType, map[string]any{"amount_paid": "15000.00"}, 0), paper(recheckType, map[string]any{"amount_paid": "9000.00"}, 0), order}, "0.00"},
	} {
		got := ""
		for _, l := range d.money(c.docs, rolls) {
			if l.Tag == lang.T("cases.money.left") {
				got = l.Title
			}
		}
		if got != c.want {
			t.Errorf("%s: %q is left, want %q", c.name, got, c.want)
		}
	}
}
