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
	officer := put(modeltest.Officer(1))
	paper := laptop.IDs.NewID()
	device := modeltest.Device(1)
	if err := laptop.AddBlock(ctx, model.Block{Series: "令/2026", From: 17, To: 17, Next: 17, Device: device.ID, Epoch: device.Epoch, Source: "test"}); err != nil {
		t.Fatal(err)
	}
	if _, err := laptop.Commit(ctx, model.Batch{Author: d.me, Use: &model.NumberUse{Series: "令/2026", Serial: 17, Document: paper},
		Changes: []model.Change{{ID: paper, Record: modeltest.Issued(modeltest.Draft(kase, modeltest.Employer(1).Name), "令/2026", 17, modeltest.Day)}}}); err != nil {
		t.Fatal(err)
	}
	talk := put(&model.Contact{Case: kase, Employer: employer, At: modeltest.Day, Way: model.ContactCall, Person: "欧阳会计", Said: "周五打款到专户"})
	handed := put(&model.Service{Case: kase, Document: paper, Mode: model.ServeDirect, At: modeltest.Day, Receiver: "司马门卫", Place: "项目部"})
	photo := put(&model.Evidence{Case: kase, Name: "宿舍欠条.jpg"})

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
		{"an employer by the initials of its name", "thyd1jz", model.KindEmployer, employer, "", modeltest.Employer(1).Name},
		{"a site by its permit", modeltest.Site(1, employer).PermitNo, model.KindSite, site, "", modeltest.Site(1, employer).Name},
		{"a paper by its number", "令/2026第17号", model.KindDocument, paper, kase, "限期改正指令书"},
		{"an officer by the certificate", modeltest.Officer(1).CertNo, model.KindOfficer, officer, "", modeltest.Officer(1).Name},
		{"a contact by who was spoken to", "欧阳会计", model.KindContact, talk, kase, "欧阳会计"},
		{"a contact by what was said", "打款到专户", model.KindContact, talk, kase, "欧阳会计"},
		{"who took a paper", "司马门卫", model.KindService, handed, kase, "司马门卫"},
		{"a photo by its name", "宿舍欠条", model.KindEvidence, photo, kase, "宿舍欠条.jpg"},
		{"a worker by name", worker.Name, model.KindWageRoll, roll, kase, worker.Name},
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
