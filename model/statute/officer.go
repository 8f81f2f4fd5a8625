package statute

import (
	"fmt"
	"time"

	"anxin/model"
)

const articleCertified = "《中华人民共和国行政处罚法》第四十二条、《劳动保障监察条例》第十六条"

// Certified tells whether an officer may take part in an act on a day as one of its two
// officers: an inspector whose certificate is in force and not suspended. A false answer
// gives the reason. A certificate without a first or last day is not held against it.
func Certified(o model.Officer, on time.Time) (bool, Reason) {
	refuse := func(code, format string, args ...any) (bool, Reason) {
		return false, Reason{Code: code, Text: o.Name + fmt.Sprintf(format, args...), Article: articleCertified}
	}
	day := civil(on)
	switch {
	case o.Role != model.RoleInspector:
		return refuse("role", "是%s，不是劳动保障监察员，不能作为两名承办人员之一，请更换。", roleName(o.Role))
	case o.CertNo == "":
		return refuse("no_certificate", "没有登记执法证号，请补录执法证件或者更换人员。")
	case o.Suspended:
		return refuse("suspended", "的执法证件已被暂扣或者停用，请更换人员。")
	case o.ValidFrom != "" && day.Before(o.ValidFrom.Time(time.UTC)):
		return refuse("early", "的执法证件自%s起有效，当日尚未生效，请更换人员。", o.ValidFrom)
	case o.ValidTo != "" && day.After(o.ValidTo.Time(time.UTC)):
		return refuse("expired", "的执法证件已于%s到期，请更换人员或者更新证件有效期。", o.ValidTo)
	}
	return true, Reason{}
}

func roleName(role string) string {
	if role == "" {
		return "未注明身份的人员"
	}
	return role
}

// TwoOfficers returns what stands against an act by these officers on a day: fewer than two
// who are certified, one not certified among them, or the same person named twice. No
// reasons means the act may go on. Source: 《劳动保障监察条例》第十六条.
func TwoOfficers(officers []model.Officer, on time.Time) []Reason {
	var reasons []Reason
	certified := map[string]bool{}
	for _, o := range officers {
		ok, reason := Certified(o, on)
		no := CheckCertNo(o.CertNo).Normal
		switch {
		case !ok:
			reasons = append(reasons, reason)
		case certified[no]:
			reasons = append(reasons, Reason{"same", fmt.Sprintf("%s重复列为承办人员，两名承办人员应当是不同的人，请更换。", o.Name), articleCertified})
		}
		if ok {
			certified[no] = true
		}
	}
	if len(certified) < 2 {
		reasons = append(reasons, Reason{"two_officers",
			fmt.Sprintf("持有效执法证件的承办人员只有%d名，应当不少于两名，请补足。", len(certified)), articleCertified})
	}
	return reasons
}
