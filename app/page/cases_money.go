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

// money is what workers are owed, what was ordered to be paid, what was found
// paid, each with where it stands, and what is left.
func (d *caseDetail) money(docs []kept[model.Document], rolls []kept[model.WageRoll]) (out []line) {
	owed, paid := int64(0), int64(-1) // by the newest roll and the newest recheck
	if len(rolls) > 0 {
		r := rolls[0].Value
		owed = r.TotalFen()
		out = append(out, line{Tag: lang.T("cases.money.owed"), Tone: theme.Warning, Title: yuan(owed),
			Text: lang.T("cases.money.workers", "n", len(r.Workers)), Note: joined(r.File, r.Maker)})
	}
	for _, k := range docs {
		v := k.Value
		if v.Issued == nil || v.State == model.DocumentWithdrawn {
			continue
		}
		tag, fen := paperMoney(v)
		if v.Type == recheckType && paid < 0 {
			paid = fen
		}
		if tag != "" && fen > 0 {
			out = append(out, line{Tag: lang.T(tag), Tone: stateTone(v.State), Title: yuan(fen), Text: joined(v.Title, shortNumber(v)),
				Note: dueText(v.DueBy, d.env.Now()), Open: d.to(placeDocuments, k.ID)})
		}
	}
	if owed > 0 && paid >= 0 {
		out = append(out, d.leftLine(owed-paid))
	}
	return out
}

// paperMoney is what a paper says of money: its word and the amount in fen, ""
// when it says nothing.
func paperMoney(v *model.Document) (tag string, fen int64) {
	switch v.Type {
	case orderType, handlingType:
		return "cases.money.ordered", v.Issued.AmountFen
	case fineType:
		return "cases.money.fined", v.Issued.AmountFen
	case recheckType:
		if paid, err := statute.ParseFen(fmt.Sprint(v.Fields["amount_paid"])); err == nil {
			return "cases.money.paid", int64(paid)
		}
		return "cases.money.paid", v.Issued.AmountFen
	}
	return "", 0
}

func (d *caseDetail) leftLine(left int64) line {
	l := line{Tag: lang.T("cases.money.left"), Tone: theme.Good, Title: statute.Fen(max(left, 0)).String(), Text: lang.T("cases.money.left.text")}
	if left > 0 {
		l.Tone = theme.Bad
	}
	return l
}
