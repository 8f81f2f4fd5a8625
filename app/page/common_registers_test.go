package page

import (
	"slices"
	"testing"

	"anxin/app/widgets"
	"anxin/model"
)

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
