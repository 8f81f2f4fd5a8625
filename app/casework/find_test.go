package casework

import (
	"context"
	"strings"
	"testing"

	"anxin/model"
	"anxin/model/modeltest"
)

func TestFindLooksEverywhere(t *testing.T) {
	laptop := modeltest.NewLaptop(t, 1)
	ctx := context.Background()
	d := NewDesk(Rooms{Journal: laptop, Law: law(t), Clock: laptop.Clock, IDs: laptop.IDs}, modeltest.ID(1, 900))
	put := func(r model.Record) model.ID {
		t.Helper()
		id, err := d.commit(ctx, model.Change{Record: r})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	employer := put(modeltest.Employer(1))
	site := put(modeltest.Site(1, employer))
	kase := put(modeltest.Case(1, employer, site))
	roll := put(modeltest.WageRoll(1, 28, kase))
	put(modeltest.Officer(1))

	worker := modeltest.PersonOf(7)
	for _, c := range []struct {
		name, text string
		kind       model.Kind
		id, kase   model.ID
		title      string
	}{
		{"an employer by two characters", modeltest.Employer(1).Name[:6], model.KindEmployer, employer, "", modeltest.Employer(1).Name},
		{"a site", modeltest.Site(1, employer).Name, model.KindSite, site, "", modeltest.Site(1, employer).Name},
		{"a case by its number", modeltest.Case(1, employer, site).Number, model.KindCase, kase, "", modeltest.Case(1, employer, site).Number},
		{"a worker by the tail of the identity number", worker.IDNo[12:], model.KindWageRoll, roll, kase, worker.Name},
	} {
		t.Run(c.name, func(t *testing.T) {
			hits, err := d.Find(ctx, " "+c.text+" ", 10)
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range hits {
				if strings.Contains(h.Title+h.Detail, worker.IDNo) {
					t.Errorf("an identity number stands in clear: %+v", h)
				}
				if h.Kind == c.kind && h.ID == c.id && h.Case == c.kase && strings.Contains(h.Title, c.title) {
					return
				}
			}
			t.Errorf("%q found %+v", c.text, hits)
		})
	}
	for _, text := range []string{"", "  ", "查无此项"} {
		if hits, err := d.Find(ctx, text, 10); err != nil || len(hits) > 0 {
			t.Errorf("%q found %v, %v", text, hits, err)
		}
	}
	if hits, err := d.Find(ctx, "桃源", 1); err != nil || len(hits) > 1 {
		t.Errorf("a limit of one gave %d, %v", len(hits), err)
	}
}
