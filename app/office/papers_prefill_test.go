package office_test

import (
	"slices"
	"strings"
	"testing"

	"anxin/app/casework"
)

// leftOpen are the fields of every type that stay empty although the case is
// full: what an officer finds, decides or proposes in this very paper, what the
// party says or signs, and variants that do not apply. All else the case knows,
// and nobody types it twice.
var leftOpen = map[string]string{
	"D01":  "approval assistants opinion review urgent",
	"D02":  "inspection_code inspection_picture materials received_at",
	"D03":  "corrections manager_id refusal summary witness",
	"D04":  "attend_at attend_person materials more_materials",
	"D05":  "approval id_number note review",
	"D05a": "missing other_way receiver supplement_by",
	"D06":  "checked_by due general_contractor refusal served_at served_place service_method",
	"D07":  "amount_paid conclusion ended evidence next_step opinion pictures recording refusal started witness",
	"D08":  "keeper refusal witness",
	"D08a": "reason",
	"D08b": "digest pictures provider_id",
	"D08c": "approval items manner place reason reason_note review urgent",
	"D09":  "",
	"D10":  "",
	"D10a": "closed_reason held_at host host_post members place recorder",
	"D10b": "agents defence ended host_post last_words members others questions refusal started",
	"D11":  "attendees conclusion decision ended host observers opinions place recorder started",
	"D12":  "approval conclusion grounds opinion qualified reviewer",
	"D13":  "",
	"D13a": "amount amount_words basis kinds payment",
	"D14":  "due extra extra_words",
	"D15":  "education ground reason",
	"D16":  "absconder left_at note photos pictures posted posted_at posted_place proxy_reason refused refused_at refused_by refused_reason service_method signed_at signer signer_role witness",
	"D16a": "agent agent_phone confirmed_on electronic email fax other postcode",
	"D17":  "police",
	"D17a": "approval attachments opinion_assist opinion_lead review",
	"D18":  "review",
	"D19":  "approval note opinion_assist opinion_lead review",
	"D19a": "approval ground opinion_assist opinion_lead reason review",
	"D20":  "due items kind matters receiver",
	"D20a": "approval bodies city_approval opinion period persons review targets",
	"D21":  "approval channels kind opinion publish_on review",
	"D22":  "approval awards grade handled items note opinion previous reason review sources",
	"D23":  "breach instalments others payee_id signed_on signed_place witness",
	"D23a": "instalments signed_on source",
	"D24":  "late_fine",
	"D24a": "",
	"D25":  "persons",
	"D25a": "persons",
	"D25b": "ground persons reason",
	"D26":  "approval opinion reason review",
	"D26a": "approval opinion reason review tell_days",
	"D26b": "approval basis opinion pause_number reason review suspended_on",
	"D27":  "due",
	"D27a": "amount amount_words due items",
	"D27b": "ended person_id questions recording refusal response started witness",
	"D28":  "address born companion corrections ended id_kind id_number mandate read_aloud refusal sex statement witness",
}

// prefilled drafts every type from a case that has been led to its end: all
// fields are filled but those nobody can know.
func (c *chambers) prefilled(t *testing.T) {
	for _, row := range catalogue(t) {
		id, err := c.Desk.DraftPaper(c.ctx, casework.PaperIn{Type: row.ID, Case: c.kase})
		c.ok(err)
		doc := c.read(id)
		var open []string
		for _, f := range c.Press.Fields(row.ID) {
			v := doc.Fields[f.Name]
			if list, ok := v.([]any); v == nil || v == "" || ok && len(list) == 0 {
				open = append(open, f.Name)
			}
		}
		slices.Sort(open)
		if got := strings.Join(open, " "); got != leftOpen[row.ID] {
			t.Errorf("%s leaves open\n%s, want\n%s", row.ID, got, leftOpen[row.ID])
		}
	}
}
