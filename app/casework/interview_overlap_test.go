package casework

import (
	"testing"
	"time"

	"anxin/model"
)

func TestSpansMeetOnlyWhereTheyShareTime(t *testing.T) {
	at := func(h int) time.Time { return time.Date(2026, 9, 18, h, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		name string
		a, b span
		want bool
	}{
		{"one inside the other", span{at(9), at(12)}, span{at(10), at(11)}, true},
		{"one after the other", span{at(9), at(10)}, span{at(10), at(11)}, false},
		{"overlapping", span{at(9), at(11)}, span{at(10), at(12)}, true},
		{"apart", span{at(9), at(10)}, span{at(14), at(15)}, false},
	} {
		if got := c.a.meets(c.b); got != c.want || c.b.meets(c.a) != c.want {
			t.Errorf("%s: %v, want %v both ways", c.name, got, c.want)
		}
	}
}

func TestThePersonIsKnownByTheirNumber(t *testing.T) {
	zhang := &model.Interview{Case: "a", Person: "张三", IDNo: "430725198001010019"}
	for _, c := range []struct {
		name  string
		other model.Interview
		want  bool
	}{
		{"the same number elsewhere", model.Interview{Case: "b", Person: "张叁", IDNo: "430725198001010019"}, true},
		{"a namesake", model.Interview{Case: "a", Person: "张三", IDNo: "430725199001010018"}, false},
		{"the same name in the case, no number", model.Interview{Case: "a", Person: "张三"}, true},
		{"the same name in another case, no number", model.Interview{Case: "b", Person: "张三"}, false},
	} {
		if got := samePerson(zhang, &c.other); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
