package page

import (
	"slices"

	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/model/statute"
)

// people are those who have a part in the case, each once: who handles it, who
// answers for the party, whose statement was taken, who took a paper. The
// complainant is left out: this screen is seen by the party too.
func (d *caseDetail) people(s *story) (out []line) {
	c := d.k.Value
	add := func(tag string, tone theme.Tone, name, text, note string) {
		same := func(l line) bool { return l.Title == name && l.Text == text }
		if name != "" && !slices.ContainsFunc(out, same) {
			out = append(out, line{Tag: lang.T(tag), Tone: tone, Title: name, Text: text, Note: note})
		}
	}
	names := d.page.names
	add("cases.people.officer", theme.Info, names.name(c.LeadOfficer), lang.T("cases.people.lead"), "")
	add("cases.people.officer", theme.Info, names.name(c.Assistant), lang.T("cases.people.assistant"), "")
	if e := s.employer; e != nil {
		add("cases.people.party", theme.Warning, e.LegalRep, joined(e.RepDuty, e.Name), statute.MaskPhone(e.Phone))
		add("cases.people.party", theme.Warning, e.Contact, joined(lang.T("employers.contact"), e.Name), statute.MaskPhone(e.ContactPhone))
	}
	if v := s.site; v != nil {
		add("cases.people.site", theme.Warning, v.Contact, v.Name, statute.MaskPhone(v.Phone))
		add("cases.people.site", theme.Warning, v.WageOfficer, joined(lang.T("sites.wageofficer"), v.Name), statute.MaskPhone(v.WageOfficerPhone))
	}
	for _, k := range s.visits {
		add("cases.people.site", theme.Warning, k.Value.Contact, k.Value.Duty, statute.MaskPhone(k.Value.Phone))
	}
	for _, k := range s.interviews {
		add("cases.kind.interview", theme.Neutral, k.Value.Person, joined(k.Value.Unit, roleName(k.Value.Relation)), statute.MaskPhone(k.Value.Phone))
	}
	for _, k := range s.services {
		add("cases.kind.service", theme.Good, k.Value.Receiver, roleName(k.Value.Relation), statute.MaskPhone(k.Value.Phone))
	}
	for _, k := range s.contacts {
		add("contacts.part", theme.Neutral, k.Value.Person, roleName(k.Value.Role), statute.MaskPhone(k.Value.Phone))
	}
	return out
}
