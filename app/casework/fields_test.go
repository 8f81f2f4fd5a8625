package casework

import (
	"testing"

	"anxin/model"
)

// A party is addressed as what it is: as the register says, or as its number
// shows.
func TestPartyKind(t *testing.T) {
	for _, c := range []struct {
		name      string
		e         model.Employer
		kind, you string
	}{
		{"company", model.Employer{USCC: "91430725MA4L000017"}, model.PartyUnit, "你单位"},
		{"trader", model.Employer{USCC: "92430725D1TJ3Y7L4A"}, model.PartyTrader, "你单位"},
		{"person", model.Employer{USCC: "11010519491231002X"}, model.PartyPerson, "你"},
		{"no number", model.Employer{}, model.PartyUnit, "你单位"},
		{"a person's number with a slip", model.Employer{USCC: "110105194912310021"}, model.PartyUnit, "你单位"},
		{"said by the register", model.Employer{USCC: "91430725MA4L000017", Party: model.PartyPerson}, model.PartyPerson, "你"},
	} {
		f := map[string]any{}
		employerFields(f, &c.e)
		if PartyKind(&c.e) != c.kind || f["party_kind"] != c.kind || f["you"] != c.you {
			t.Errorf("%s: %s, fields %v", c.name, PartyKind(&c.e), f)
		}
	}
}
