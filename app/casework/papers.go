package casework

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"anxin/model"
	"anxin/model/statute"
)

// Fields of the papers about a visit, a statement and a service.

// visitFields are what the approval (D01) and the notice (D02) of a visit print.
func (d *Desk) visitFields(ctx context.Context, i *model.Inspection) (map[string]any, error) {
	f, err := d.officeFields(ctx)
	if err != nil {
		return nil, err
	}
	if i.Employer != "" {
		e, _, err := load[model.Employer](ctx, d, i.Employer)
		if err != nil {
			return nil, err
		}
		employerFields(f, e)
	}
	if i.Site != "" {
		s, _, err := load[model.Site](ctx, d, i.Site)
		if err != nil {
			return nil, err
		}
		f["project"], f["project_address"], f["permit"] = s.Name, s.Address, s.PermitNo
	}
	two, err := d.people(ctx, i.Officers)
	if err != nil {
		return nil, err
	}
	officerFields(f, two)
	var rows []map[string]any
	for _, o := range two {
		rows = append(rows, map[string]any{"name": o.Name, "post": unitAndDuty(o), "cert": o.CertNo})
	}
	f["officers"] = rows
	f["inspection_kind"], f["manner"] = i.Type+"检查", "现场检查"
	f["source"], f["matters"], f["basis"] = i.Source, i.Matter, visitBasis
	f["inspection_code"], f["inspection_picture"] = i.ExternalCode, i.ExternalPicture
	f["planned_at"], f["place"] = model.ChineseTime(i.Start), i.Place
	today := model.DateOf(d.Clock.Now()).Chinese()
	f["issued"], f["applied_on"] = today, today
	f["supervision"] = f["contact_phone"]
	if len(i.Helpers) > 0 {
		f["assistants"] = strconv.Itoa(len(i.Helpers))
	}
	n, err := d.visitsThisYear(ctx, i)
	if err != nil {
		return nil, err
	}
	f["inspected_before"], f["yearly_limit"] = strconv.Itoa(n), yearlyLimit(i)
	return f, nil
}

// visitBasis is what every visit rests on.
const visitBasis = "《劳动保障监察条例》第十四条、第十五条，《保障农民工工资支付条例》"

// yearlyLimit says how the visit counts against the published cap: visits
// after a lead or a task from above do not (国办发〔2024〕54号).
func yearlyLimit(i *model.Inspection) string {
	if i.Type == visitForCase {
		return "本次因投诉举报、转办交办开展，不计入"
	}
	return "按本机关公布的年度检查频次执行"
}

// visitForCase is the type of a visit that follows a lead.
const visitForCase = "个案"

// visitsThisYear counts the recorded visits to the employer in the year of
// this one (国办发〔2024〕54号: every visit counts against a published cap).
func (d *Desk) visitsThisYear(ctx context.Context, i *model.Inspection) (int, error) {
	same, err := d.partyAlike(ctx, i.Employer)
	if err != nil {
		return 0, err
	}
	list, err := naming(ctx, d, same, func(v *model.Inspection) bool {
		return same[v.Employer] && v.State == model.InspectionRecorded && v.Start.Year() == i.Start.Year()
	}, "employer")
	return len(list), err
}

// byHand is printed where only the officers on the spot know: they tick it.
const byHand = "□全程录音录像　□录音　□未录音录像（理由：＿＿＿＿＿＿）"

// recordFields are what the site record (D03) prints.
func (d *Desk) recordFields(ctx context.Context, i *model.Inspection) (map[string]any, error) {
	f, err := d.visitFields(ctx, i)
	if err != nil {
		return nil, err
	}
	f["case_number"] = d.caseNumber(ctx, i.Case)
	f["started"], f["ended"], f["place"] = model.ChineseTime(i.Start), model.ChineseTime(i.End), i.Place
	f["manager"], f["manager_post"], f["manager_phone"] = i.Contact, i.Duty, i.Phone
	f["recorder"], f["recorder_no"] = f["officer_b"], f["officer_b_no"]
	f["pictures"] = pictureRows(i.Pictures)
	f["subject"], f["opinion"], f["recording"] = i.Matter, i.Opinion, i.Recording
	f["shown"] = "已看清证件，听清告知，不申请回避。"
	if i.Recording == "" {
		f["recording"] = byHand
	}
	site, _ := f["project"].(string)
	var rows []map[string]any
	unchecked := 0
	for _, x := range Findings(d.Checklist, i.Checklist, site) {
		if answer(i.Checklist, x.Code) == "" {
			unchecked++
			continue
		}
		rows = append(rows, map[string]any{"item": x.Label, "result": VerdictNames[x.Verdict], "detail": recordNote(x)})
	}
	f["findings"] = rows
	if unchecked > 0 {
		f["summary"] = fmt.Sprintf("检查清单其余%d项本次未检查。", unchecked)
	}
	f["materials"], err = d.materials(ctx, i.Case)
	return f, err
}

func (d *Desk) caseNumber(ctx context.Context, id model.ID) string {
	if c, _, err := load[model.Case](ctx, d, id); err == nil {
		return c.Number
	}
	return ""
}

// recordNote is what the record says of an item: facts, no conclusion of law.
func recordNote(f Finding) string {
	var out []string
	if f.Note != "" {
		out = append(out, bare(f.Note))
	}
	if f.Workers > 0 {
		out = append(out, fmt.Sprintf("涉及%d人", f.Workers))
	}
	switch {
	case f.Reason != "":
		out = append(out, "未查原因："+bare(f.Reason))
	case f.Verdict == VerdictUnchecked:
		out = append(out, "未查原因：＿＿＿＿＿＿")
	case f.Verdict == VerdictConform && len(out) == 0:
		out = append(out, "经检查，未发现不符合情形")
	case len(out) == 0:
		out = append(out, VerdictNames[f.Verdict])
	}
	return strings.Join(out, "；")
}

// materials lists the evidence of a case so far.
func (d *Desk) materials(ctx context.Context, c model.ID) ([]map[string]any, error) {
	if c == "" {
		return nil, nil
	}
	list, err := all[model.Evidence](ctx, d, model.Query{Case: c})
	if err != nil {
		return nil, err
	}
	var rows []map[string]any
	for i := len(list) - 1; i >= 0; i-- {
		rows = append(rows, map[string]any{"name": list[i].Value.Name, "kind": list[i].Value.Category})
	}
	return rows, nil
}

// interviewFields are what the interview record (D28) prints.
func (d *Desk) interviewFields(ctx context.Context, v *model.Interview) (map[string]any, error) {
	f, err := d.officeFields(ctx)
	if err != nil {
		return nil, err
	}
	two, err := d.people(ctx, v.Officers)
	if err != nil {
		return nil, err
	}
	officerFields(f, two)
	recorder := two[1]
	if v.Recorder != "" {
		if recorder, _, err = load[model.Officer](ctx, d, v.Recorder); err != nil {
			return nil, err
		}
	}
	f["recorder"], f["recorder_post"] = recorder.Name, unitAndDuty(recorder)
	f["times"], f["case_number"] = strconv.Itoa(v.Times), d.caseNumber(ctx, v.Case)
	f["started"], f["ended"], f["place"] = model.ChineseTime(v.Start), model.ChineseTime(v.End), v.Place
	f["interviewee"], f["sex"], f["id_kind"], f["id_number"] = v.Person, v.Sex, v.IDType, v.IDNo
	if birth := statute.CheckID(v.IDNo).Birth; !birth.IsZero() {
		f["born"] = fmt.Sprintf("%d年%d月", birth.Year(), int(birth.Month()))
	}
	f["employer"], f["relation"], f["address"], f["phone"] = v.Unit, v.Relation, v.Address, v.Phone
	var rows []map[string]any
	for _, q := range v.QAs {
		rows = append(rows, map[string]any{"q": q.Question, "a": q.Answer})
	}
	f["questions"] = rows
	return f, nil
}

// serviceFields are what the receipt of service (D16) prints.
func (d *Desk) serviceFields(ctx context.Context, doc *model.Document, s *model.Service) (map[string]any, error) {
	f, err := d.officeFields(ctx)
	if err != nil {
		return nil, err
	}
	two, err := d.people(ctx, s.Officers)
	if err != nil {
		return nil, err
	}
	for i, slot := range []string{"server_a", "server_b"} {
		f[slot], f[slot+"_no"] = two[i].Name, two[i].CertNo
	}
	if c, _, err := load[model.Case](ctx, d, doc.Case); err == nil {
		f["cause"] = c.Cause
	}
	names, err := d.evidenceNames(ctx, s.Evidence)
	if err != nil {
		return nil, err
	}
	f["photos"] = chineseList(names)
	if f["pictures"], err = d.shownEvidence(ctx, s.Evidence); err != nil {
		return nil, err
	}
	receiptFields(f, doc, s)
	return f, nil
}

// receiptFields are what a receipt says of the service of a document.
func receiptFields(f map[string]any, doc *model.Document, s *model.Service) {
	f["recipient"], f["service_method"], f["place"] = recipientOf(doc), s.Mode+"送达", s.Place
	f["documents"] = []map[string]any{{"name": copyTitle(doc.Title, s.Copy), "doc_number": NumberOf(doc), "copies": "1"}}
	f["witness"] = s.Witness
	who := s.Receiver
	if s.Relation != "" {
		who += "（" + s.Relation + "）"
	}
	switch s.Mode {
	case model.ServeLeave:
		f["refused"], f["refused_at"], f["refused_by"] = true, model.ChineseTime(s.At), who
		f["refused_reason"], f["left_at"] = bare(s.Refusal), s.Place
	case model.ServePost:
		f["posted"], f["absconder"], f["posted_at"], f["posted_place"] = true, s.Receiver, model.ChineseTime(s.At), s.Place
		delete(f, "service_method")
	default:
		f["signer"], f["signer_role"] = s.Receiver, s.Relation
	}
}

// recipientOf is whom a document is served on.
func recipientOf(doc *model.Document) string {
	if name := partyOf(doc); name != "" {
		return name
	}
	name, _ := doc.Fields["complainant"].(string)
	return name
}

// copyTitle is a document by its title and the copy of it.
func copyTitle(title, name string) string {
	if name == "" {
		return title
	}
	return title + "（" + name + "）"
}

func (d *Desk) evidenceNames(ctx context.Context, ids []model.ID) (out []string, err error) {
	for _, id := range ids {
		e, _, err := load[model.Evidence](ctx, d, id)
		if err != nil {
			return nil, err
		}
		out = append(out, e.Name)
	}
	return out, nil
}
