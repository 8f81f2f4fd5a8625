package casework

import (
	"context"
	"strconv"
	"strings"

	"anxin/model"
	"anxin/model/statute"
)

// Builders of the fields that papers print. A name here is a field of a
// template; what a template does not declare is left out when it is set.

// officeFields are the office's own lines.
func (d *Desk) officeFields(ctx context.Context) (map[string]any, error) {
	o, err := d.Office(ctx)
	if err != nil {
		return nil, err
	}
	v := o.Value
	days := v.ReportDays
	if days == 0 {
		days = 3
	}
	return map[string]any{
		"agency": v.Name, "agency_address": v.Address, "postcode": v.Postcode, "contact": v.Contact, "contact_phone": v.Phone,
		"government": v.Government, "court": v.Court, "remedies": v.Remedies, "report_days": strconv.Itoa(days),
		"copies": "两", "recipients": "一份送达被指令单位，一份存卷",
	}, nil
}

// officerFields are the two officers of an act.
func officerFields(f map[string]any, two []*model.Officer) {
	for i, slot := range []string{"officer_a", "officer_b"} {
		if i < len(two) {
			f[slot], f[slot+"_no"], f[slot+"_post"] = two[i].Name, two[i].CertNo, unitAndDuty(two[i])
		}
	}
}

func unitAndDuty(o *model.Officer) string {
	duty := o.Duty
	if duty == "" {
		duty = o.Role
	}
	return o.Unit + duty
}

// PartyKind is what kind of party an employer is: as the register says, or
// else as its number shows. Codes of the unified system that begin with 92 are
// those of individual traders (GB 32100-2015); the number of an identity card
// is that of a person.
func PartyKind(e *model.Employer) string {
	switch {
	case e.Party != "":
		return e.Party
	case strings.HasPrefix(e.USCC, "92") && len(e.USCC) == 18:
		return model.PartyTrader
	case !strings.HasPrefix(e.USCC, "9") && statute.CheckID(e.USCC).OK:
		return model.PartyPerson
	}
	return model.PartyUnit
}

// addressed is how a paper speaks to a party. A trader employs as a unit does
// (劳动法 2).
func addressed(kind string) string {
	if kind == model.PartyPerson {
		return "你"
	}
	return "你单位"
}

// employerFields are the party's lines.
func employerFields(f map[string]any, e *model.Employer) {
	kind := PartyKind(e)
	f["party_kind"], f["you"] = kind, addressed(kind)
	f["employer"], f["uscc"], f["legal_rep"], f["legal_rep_post"] = e.Name, e.USCC, e.LegalRep, e.RepDuty
	f["phone"], f["address"] = e.Phone, e.Address
}

// OfficeGaps are the lines of the office's own that papers print as blanks
// because Settings leave them open.
func OfficeGaps(o *model.Office) []Reason {
	var names []string
	for _, x := range []struct{ name, value string }{{"地址", o.Address}, {"邮编", o.Postcode}, {"联系电话", o.Phone}, {"联系人", o.Contact},
		{"复议机关", o.Government}, {"管辖法院", o.Court}} {
		if x.value == "" {
			names = append(names, x.name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return []Reason{warn("本单位的"+chineseList(names)+"没有填写，文书上留空待填，请在“设置”中补齐", "")}
}
