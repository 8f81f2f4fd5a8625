package main

import (
	"context"

	"fyne.io/fyne/v2"

	"anxin/app/casework"
	"anxin/app/lang"
	"anxin/app/shell"
	"anxin/model"
)

// search answers the shell's search over everything, as hits that open a page.
func (d *desktop) search(ctx context.Context, text string, limit int) ([]shell.Hit, error) {
	o, err := d.at()
	if err != nil {
		return nil, err
	}
	hits, err := o.Desk.Find(ctx, text, limit)
	if err != nil {
		return nil, err
	}
	out := make([]shell.Hit, len(hits))
	for i, h := range hits {
		to := routeTo(h)
		out[i] = shell.Hit{Icon: d.icon(to.Page), Title: h.Title, Detail: h.Detail, To: to}
	}
	return out, nil
}

// routeTo is the page a hit is looked at on.
func routeTo(h casework.Hit) shell.Route {
	switch h.Kind {
	case model.KindEmployer, model.KindSite, model.KindGrid:
		return shell.Route{Page: "employers", Arg: string(h.ID)}
	case model.KindDocument, model.KindEntry:
		return shell.Route{Page: "documents", Arg: string(h.ID)}
	case model.KindInspection, model.KindDraw:
		return shell.Route{Page: "inspections", Arg: string(h.ID)}
	case model.KindLead:
		return shell.Route{Page: "leads", Arg: string(h.ID)}
	case model.KindOfficer:
		return shell.Route{Page: "settings", Arg: string(h.ID)}
	}
	switch {
	case h.Case != "":
		return shell.Route{Page: "cases", Arg: string(h.Case)}
	case h.Kind == model.KindContact:
		return shell.Route{Page: "employers", Arg: string(h.Parent)}
	case h.Kind == model.KindEvidence && h.Parent != "":
		return shell.Route{Page: "inspections", Arg: string(h.Parent)}
	}
	return shell.Route{Page: "cases", Arg: string(h.ID)}
}

func (d *desktop) icon(place string) fyne.Resource {
	for _, p := range d.places() {
		if p.Key == place {
			return p.Icon
		}
	}
	return nil
}

// formKeys are the keys that forms and lists handle themselves.
func formKeys() []shell.KeyHelp {
	return []shell.KeyHelp{
		{Keys: "Tab / Enter", Text: lang.T("keys.field")},
		{Keys: "1–9", Text: lang.T("keys.verdict")},
		{Keys: "F3 / Shift+F3", Text: lang.T("keys.findnext")},
	}
}
