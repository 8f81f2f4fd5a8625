package casework

import (
	"slices"
	"testing"
	"time"

	"anxin/assets"
	"anxin/model"
	"anxin/model/modeltest"
	"anxin/model/statute"
)

func TestPapersSayWhatTheyWaitFor(t *testing.T) {
	law, err := statute.Load(assets.Statute)
	if err != nil {
		t.Fatal(err)
	}
	clock := modeltest.NewClock(0)
	d := NewDesk(Rooms{Law: law, Clock: clock}, "me")
	at := clock.Now().Add(-24 * time.Hour)
	paper := func(docType, state string, pages int, events ...model.Event) *model.Document {
		doc := &model.Document{Type: docType, Title: "文书", State: state, DueBy: "2026-09-28", Events: events}
		if state != model.DocumentDraft {
			doc.Issued = &model.Issue{At: at, Number: "第1号", Pages: pages}
		}
		return doc
	}
	served := model.Event{Kind: model.EventServed, At: at}
	scanned := model.Event{Kind: model.EventScanned, Note: "第1页"}
	for _, c := range []struct {
		name string
		doc  *model.Document
		want []string
	}{
		{"a draft", paper("D06", model.DocumentDraft, 0), []string{"paper.issue"}},
		{"an order that was issued", paper("D06", model.DocumentIssued, 1), []string{"paper.print", "paper.serve"}},
		{"a record of no service", paper("D03", model.DocumentIssued, 1), []string{"paper.print"}},
		{"a record that was scanned back", paper("D03", model.DocumentIssued, 1, scanned), nil},
		{"an order that was served", paper("D06", model.DocumentServed, 1, served, scanned), []string{"order.recheck", "clock.order.statement"}},
		{"an order without its scan", paper("D06", model.DocumentServed, 2, served, scanned), []string{"order.recheck", "clock.order.statement", "paper.scan"}},
		{"a notice before penalty", paper("D09", model.DocumentServed, 1, served, scanned), []string{"clock.notice.statement"}},
		{"a notice whose days are over", paper("D09", model.DocumentServed, 1, model.Event{Kind: model.EventServed, At: at.AddDate(0, -2, 0)}, scanned), nil},
		{"evidence held too long", paper("D08", model.DocumentServed, 1, model.Event{Kind: model.EventServed, At: at.AddDate(0, -2, 0)}, scanned), []string{"clock.evidence.hold"}},
	} {
		row, err := law.Catalogue(clock.Now(), "").Get(c.doc.Type)
		if err != nil {
			t.Fatal(err)
		}
		tasks, err := paperTask{d: d, row: row, doc: c.doc}.tasks()
		if err != nil {
			t.Fatal(err)
		}
		var acts []string
		for _, task := range tasks {
			acts = append(acts, task.Act)
			if task.Due != "" && task.Article == "" {
				t.Errorf("%s: %s is due %s and names no article", c.name, task.Title, task.Due)
			}
		}
		if !slices.Equal(acts, c.want) {
			t.Errorf("%s waits for %v, want %v", c.name, acts, c.want)
		}
	}
}
