package page

import (
	"encoding/json"
	"slices"
	"testing"

	"anxin/app/widgets"
	"anxin/model"
)

func TestDrawsAndPaymentsAreNamed(t *testing.T) {
	for want, rec := range map[string]model.Record{
		"十月抽查":                 &model.Draw{Name: "十月抽查"},
		"2026-09-18　40,000.00": &model.Payment{On: "2026-09-18", AmountFen: 4_000_000},
	} {
		body, err := json.Marshal(rec)
		if err != nil {
			t.Fatal(err)
		}
		if got := nameOf(model.Head{Kind: rec.Kind(), Body: body}); got != want {
			t.Errorf("%s is named %q, want %q", rec.Kind(), got, want)
		}
	}
}

func TestProposePair(t *testing.T) {
	a, b, c := widgets.Option{Key: "a"}, widgets.Option{Key: "b"}, widgets.Option{Key: "c"}
	for name, k := range map[string]struct {
		all  []widgets.Option
		want []model.ID
	}{
		"an office of two":          {[]widgets.Option{b, a}, []model.ID{"a", "b"}},
		"a third could come":        {[]widgets.Option{a, b, c}, []model.ID{"a"}},
		"alone":                     {[]widgets.Option{a}, []model.ID{"a"}},
		"who works here is not one": {[]widgets.Option{b, c}, nil},
	} {
		if got := proposePair(k.all, "a"); !slices.Equal(got, k.want) {
			t.Errorf("%s: %v, want %v", name, got, k.want)
		}
	}
}
