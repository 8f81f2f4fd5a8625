package casework

import (
	"testing"
	"time"

	"anxin/forms"
	"anxin/model"
)

// TestAPaperFollowsTheOneToTheSameParty: the orders of one case go to several
// parties, and a paper to one of them takes nothing from those to the others.
func TestAPaperFollowsTheOneToTheSameParty(t *testing.T) {
	at := time.Date(2026, 9, 18, 12, 0, 0, 0, time.UTC)
	order := func(id model.ID, party string, hour int) Kept[model.Document] {
		return Kept[model.Document]{ID: id, Value: &model.Document{Type: "D06", Title: string(id), State: model.DocumentIssued,
			Fields: map[string]any{"employer": party}, Issued: &model.Issue{At: at.Add(time.Duration(hour) * time.Hour)}}}
	}
	unnamed := order("unnamed", "", 0)
	delete(unnamed.Value.Fields, "employer")
	for _, c := range []struct {
		name  string
		docs  []Kept[model.Document]
		about model.ID
		want  any
	}{
		{"the newest to the party", []Kept[model.Document]{order("old", "甲", 1), order("new", "甲", 2), order("other", "乙", 3)}, "", "new"},
		{"the one it is about", []Kept[model.Document]{order("old", "甲", 1), order("new", "甲", 2)}, "old", "old"},
		{"none to the party", []Kept[model.Document]{order("other", "乙", 3)}, "", nil},
		{"one that names no party", []Kept[model.Document]{unnamed, order("other", "乙", 3)}, "", "unnamed"},
		{"none at all", nil, "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &sources{file: &File{Documents: c.docs}, facts: map[string]any{"employer": "甲"}, about: c.about}
			if got := s.look("D06.title"); got != c.want {
				t.Errorf("the order followed is %v, want %v", got, c.want)
			}
		})
	}
}

func TestWhatAFormStillAsksFor(t *testing.T) {
	for _, c := range []struct {
		name string
		in   forms.Problem
		want string
	}{
		{"a message of its own", forms.Problem{Path: "/place", Label: "地点", Message: "请填写地点"}, "请填写地点"},
		{"a message for any question", forms.Problem{Path: "/place", Label: "地点", Message: "必填，请填写"}, "“地点”必填，请填写"},
		{"a row", forms.Problem{Path: "/items[2]/state", Label: "改正情况", Message: "请选择改正情况"}, "第2行：请选择改正情况"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := askedFor(c.in); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
