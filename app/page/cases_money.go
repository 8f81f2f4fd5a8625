package page

import (
	"fmt"

	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/model"
	"anxin/model/statute"
)

// Types of paper that say what is to be paid, and what was found paid.
const (
	handlingType = "D14" // 行政处理决定书
	recheckType  = "D07" // 整改复查记录
	fineType     = "D13" // 行政处罚决定书
)

// money is what workers are owed, what was ordered to be paid and what was
// found paid, each with where it stands.
func (d *caseDetail) money(docs []kept[model.Document], rolls []kept[model.WageRoll]) []line {
	var out []line
	if len(rolls) > 0 {
		r := rolls[0].Value
		out = append(out, line{Tag: lang.T("cases.money.owed"), Tone: theme.Warning, Title: yuan(r.TotalFen()),
			Text: lang.T("cases.money.workers", "n", len(r.Workers)), Note: joined(r.File, r.Maker)})
	}
	for _, k := range docs {
		v := k.Value
		if v.Issued == nil || v.State == model.DocumentWithdrawn {
			continue
		}
		tag, fen := "", v.Issued.AmountFen
		switch v.Type {
		case orderType, handlingType:
			tag = lang.T("cases.money.ordered")
		case fineType:
			tag = lang.T("cases.money.fined")
		case recheckType:
			tag = lang.T("cases.money.paid")
			if paid, err := statute.ParseFen(fmt.Sprint(v.Fields["amount_paid"])); err == nil {
				fen = int64(paid)
			}
		}
		if tag != "" && fen > 0 {
			out = append(out, line{Tag: tag, Tone: stateTone(v.State), Title: yuan(fen), Text: joined(v.Title, shortNumber(v)),
				Note: dueText(v.DueBy, d.env.Now()), Open: d.to(placeDocuments, k.ID)})
		}
	}
	return out
}
