package page

import (
	"context"

	"anxin/app/casework"
	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/widgets"
	"anxin/model"
)

// orders asks by when to correct and drafts the rectification orders that
// follow from the record.
func (v *visit) orders() {
	n, err := v.ordersSoFar()
	if err != nil {
		showError(v.env, err)
		return
	}
	if n == 0 {
		v.askDue()
		return
	}
	dialogs.Confirm(v.env.Host.Window(), dialogs.Question{Title: lang.T("inspections.orders"), Text: lang.T("inspections.orders.again", "n", n),
		Verb: lang.T("inspections.orders"), Yes: v.askDue})
}

// ordersSoFar counts the orders of the visit that stand.
func (v *visit) ordersSoFar() (n int, err error) {
	docs, err := readAll[model.Document](v.env, model.Query{Parent: v.k.ID})
	for _, d := range docs {
		if d.Value.Type == "D06" && d.Value.State != model.DocumentWithdrawn {
			n++
		}
	}
	return n, err
}

func (v *visit) askDue() {
	due := widgets.NewDateField(v.env.Now)
	field := widgets.NewField(lang.T("inspections.orders.due"), due).Star().Span()
	var options []widgets.Option
	for _, d := range v.env.Desk.DuePresets() {
		options = append(options, widgets.Option{Key: string(d), Label: lang.T("inspections.orders.days", "n", daysTo(d, v.env.Now()))})
	}
	presets := widgets.NewSegments(options, func(key string) { due.SetText(key) })
	body := widgets.NewFieldGrid(widgets.NewField(lang.T("inspections.orders.preset"), presets).Span(), field)
	title := lang.T("inspections.orders")
	dialogs.Custom(v.env.Host.Window(), title, body, presets, func(closeIt func()) []widgets.Action {
		return []widgets.Action{{Label: lang.T("inspections.orders.verb"), Primary: true, Do: func() {
			day, err := due.Value()
			if err != nil || day.IsZero() {
				field.SetError(lang.T("inspections.orders.missing"))
				return
			}
			closeIt()
			v.draftOrders(model.DateOf(day))
		}}}
	})
}

func (v *visit) draftOrders(due model.Date) {
	var ids []model.ID
	v.page.acts.does("inspections.orders", func(ctx context.Context) (reasons []casework.Reason, err error) {
		ids, reasons, err = v.env.Desk.DraftOrders(ctx, casework.OrderIn{Inspection: v.k.ID, Due: due})
		return reasons, err
	}, func() { v.env.Host.Go(placeDocuments, string(ids[0])) })
}
