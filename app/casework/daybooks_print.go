package casework

import (
	"context"
	"errors"
	"fmt"
	"time"

	"anxin/model"
	"anxin/model/statute"
)

// Papers of the office that are put up and not served: the notice of rights with
// its stickers, and the lists an office publishes before it enforces.
const (
	rightsPaper = "R02"
	listPaper   = "R03"
)

// Stickers on a print of the notice of rights: what is left of its sheet, and a
// second sheet.
const rightsStickers = 6

// PrintRights sets the notice of rights with the QR code of the address where
// people complain, and stickers of the same code to be cut out.
func (d *Desk) PrintRights(ctx context.Context) (pdf []byte, pages int, err error) {
	o, err := d.Office(ctx)
	if err != nil {
		return nil, 0, err
	}
	if o.Value.RightsURL == "" {
		return nil, 0, errors.New("还没有填写维权二维码的网址，请先在“设置”的“本单位”里填写“维权网址”")
	}
	sticker := map[string]any{"words": "工资被拖欠，扫码可投诉", "line": o.Value.Phone}
	var pieces []map[string]any
	for range rightsStickers {
		pieces = append(pieces, sticker)
	}
	return d.Press.Print(Paper{Type: rightsPaper, Issued: d.Clock.Now(), Fields: map[string]any{"agency": o.Value.Name,
		"address": o.Value.RightsURL, "phone": o.Value.Phone, "pieces": pieces}})
}

// The daybook of the lists that are published, and the list the register of
// officers gives.
const (
	listBook     = "daybook-list"
	officersList = "行政执法人员清单"
)

// PublishedLists are the lists an office publishes, as the daybook's form names
// them, and that of its officers.
func (d *Desk) PublishedLists() ([]string, error) {
	form, err := d.Form(model.EditionOf(listBook, d.newest(listBook)))
	if err != nil {
		return nil, fmt.Errorf("打开公示清单的表单: %w", err)
	}
	out := []string{}
	for _, q := range (Daybook{listBook, form}).Columns() {
		for _, c := range q.Choices {
			if q.Name == "list" {
				out = append(out, c.Name)
			}
		}
	}
	return append(out, officersList), nil
}

// PrintList sets a published list as it stands. Its version is the day it was
// last changed.
func (d *Desk) PrintList(ctx context.Context, list string) (pdf []byte, pages int, err error) {
	o, err := d.Office(ctx)
	if err != nil {
		return nil, 0, err
	}
	lines, changed, err := d.listed(ctx, list)
	if err != nil {
		return nil, 0, err
	}
	if len(lines) == 0 {
		return nil, 0, fmt.Errorf("“%s”还没有登记事项，请先登记再打印", list)
	}
	now := d.Clock.Now()
	return d.Press.Print(Paper{Type: listPaper, Issued: now, Fields: map[string]any{"agency": o.Value.Name, "list": list,
		"version": string(model.DateOf(changed)), "made_on": model.DateOf(now).Chinese(), "lines": lines}})
}

// listed are the lines of a list and when one of them was last changed. Officers
// are on it who may enforce today.
func (d *Desk) listed(ctx context.Context, list string) (lines []map[string]any, changed time.Time, err error) {
	q := model.Query{Kind: model.KindEntry, Exact: []string{model.Exactly("daybook", listBook)}, Limit: mostListed}
	if list == officersList {
		q = model.Query{Kind: model.KindOfficer, Limit: mostListed}
	}
	heads, err := d.Journal.List(ctx, q)
	if err != nil {
		return nil, changed, fmt.Errorf("读取“%s”: %w", list, err)
	}
	for i := len(heads) - 1; i >= 0; i-- { // a list begins with the newest
		rec, err := model.Decode(heads[i].Kind, heads[i].Body)
		if err != nil {
			return nil, changed, err
		}
		var line map[string]any
		switch v := rec.(type) {
		case *model.Entry:
			if v.Text("list") != list {
				continue
			}
			if v.Struck == "" {
				line = map[string]any{"code": v.Text("code"), "name": v.Text(model.EntryTitle), "kind": v.Text("kind"), "basis": v.Text("basis"), "detail": v.Text("detail")}
			}
		case *model.Officer:
			if ok, _ := statute.Certified(*v, d.Clock.Now()); ok {
				line = map[string]any{"code": v.CertNo, "name": v.Name, "kind": v.Role, "basis": v.CertType, "detail": joined(v.Unit, v.Duty)}
			}
		}
		if heads[i].Updated.After(changed) {
			changed = heads[i].Updated
		}
		if line != nil {
			lines = append(lines, line)
		}
	}
	return lines, changed, nil
}

// mostListed is how many lines a published list has at most.
const mostListed = 10000
