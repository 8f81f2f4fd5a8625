package office_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"anxin/app/casework"
	"anxin/app/office"
	"anxin/forms"
	"anxin/forms/paper"
	"anxin/model"
)

// TestDaybooksAreSound: whoever writes the next one, its lines have a name, how
// they stand is one of some words, and what is added up is a number.
func TestDaybooksAreSound(t *testing.T) {
	ids := office.DaybookForms()
	if len(ids) < 4 {
		t.Fatalf("daybooks %v", ids)
	}
	titles := map[string]string{}
	for _, id := range ids {
		form, err := office.Form(id)
		if err != nil {
			t.Fatal(err)
		}
		b := casework.Daybook{ID: id, Form: form}
		for _, title := range append([]string{b.Title("zh")}, repeatNames(b)...) {
			if other := titles[title]; other != "" || title == "" {
				t.Errorf("%s and %s are both called %q, as the sheets of one workbook", id, other, title)
			}
			titles[title] = id
		}
		named := false
		for _, q := range b.Columns() {
			named = named || q.Name == model.EntryTitle && q.Required != ""
			if q.Name == model.EntryState && !q.IsSelect() && q.Law["states"] == "" {
				t.Errorf("%s: the state is any text, and lists keep it in the clear", id)
			}
			if q.Law["sum"] != "" && !slices.Contains([]forms.Type{forms.TypeInteger, forms.TypeDecimal}, q.Type) {
				t.Errorf("%s: %s is added up and is no number", id, q.Name)
			}
			if q.Label.In("zh") == "" {
				t.Errorf("%s: the column %s has no title", id, q.Name)
			}
		}
		if !named {
			t.Errorf("%s: a line need not have a %s", id, model.EntryTitle)
		}
	}
}

func repeatNames(b casework.Daybook) (out []string) {
	for _, q := range b.Repeats() {
		out = append(out, q.Label.In("zh"))
	}
	return out
}

// TestPublishedListsArePrinted: each of the four lists stands on paper with the
// day it was last changed; an empty one is refused in words.
func TestPublishedListsArePrinted(t *testing.T) {
	b := newBureau(t)
	lists, err := b.Desk.PublishedLists()
	b.ok(err)
	if len(lists) != 4 {
		t.Fatalf("lists %q", lists)
	}
	if _, _, err := b.Desk.PrintList(b.ctx, "音像记录事项清单"); err == nil || !strings.Contains(err.Error(), "还没有登记") {
		t.Errorf("an empty list printed: %v", err)
	}
	item := map[string]any{"list": "音像记录事项清单", "title": "留置送达", "basis": "《民事诉讼法》第八十九条"}
	id := b.save(&model.Entry{Daybook: "daybook-list", Fields: item})
	for _, list := range []string{"音像记录事项清单", "行政执法人员清单"} {
		pdf, pages, err := b.Desk.PrintList(b.ctx, list)
		b.ok(err)
		if pages != 1 || len(pdf) < 1000 {
			t.Errorf("%s: %d pages, %d bytes", list, pages, len(pdf))
		}
	}
	b.ok(b.Desk.Strike(b.ctx, id, "重复"))
	if _, _, err := b.Desk.PrintList(b.ctx, "音像记录事项清单"); err == nil {
		t.Error("a struck item is published")
	}
}

// TestOnlyOfficersWhoMayEnforceArePublished: a helper and one whose certificate
// has run out are not on the list; once nobody is left it is refused.
func TestOnlyOfficersWhoMayEnforceArePublished(t *testing.T) {
	b := newBureau(t)
	const list = "行政执法人员清单"
	inForce := map[model.ID]bool{}
	for i, id := range b.people {
		inForce[id] = i != expired && i != assistant
	}
	for _, id := range b.people {
		if !inForce[id] {
			continue
		}
		if _, _, err := b.Desk.PrintList(b.ctx, list); err != nil {
			t.Fatalf("with officers in force: %v", err)
		}
		h, err := b.Store.Head(b.ctx, id)
		b.ok(err)
		o, err := model.As[model.Officer](h.Body)
		b.ok(err)
		o.Suspended = true
		_, err = b.Desk.Save(b.ctx, id, h.Rev, o)
		b.ok(err)
	}
	if _, _, err := b.Desk.PrintList(b.ctx, list); err == nil || !strings.Contains(err.Error(), "还没有登记") {
		t.Errorf("a list of nobody who may enforce is printed: %v", err)
	}
}

// TestRightsCodesLeadWhereTheOfficeSays: without an address nothing is printed;
// with one the codes of the sheet say it.
func TestRightsCodesLeadWhereTheOfficeSays(t *testing.T) {
	b := newBureau(t)
	if _, _, err := b.Desk.PrintRights(b.ctx); err == nil || !strings.Contains(err.Error(), "维权网址") {
		t.Errorf("printed without an address: %v", err)
	}
	k, err := b.Desk.Office(b.ctx)
	b.ok(err)
	const address = "https://rights.example.org/taohuayuan"
	k.Value.RightsURL = address
	_, err = b.Desk.Save(b.ctx, k.ID, k.Rev, k.Value)
	b.ok(err)
	pdf, pages, err := b.Desk.PrintRights(b.ctx)
	b.ok(err)
	if pages != 2 {
		t.Errorf("%d pages", pages)
	}
	again, _, err := b.Desk.PrintRights(b.ctx)
	b.ok(err)
	if !bytes.Equal(pdf, again) {
		t.Error("the same sheet has other bytes")
	}
	v := office.NewViewer()
	defer v.Close()
	d, err := v.Open(b.ctx, pdf)
	b.ok(err)
	defer d.Close()
	for i := range d.Pages() {
		img, err := d.Render(b.ctx, i, 150)
		b.ok(err)
		if got, err := paper.ReadQR(img); err != nil || got != address {
			t.Errorf("page %d leads to %q, %v", i+1, got, err)
		}
	}
}

// TestRecordersAreOfferedByTheirSerial: cameras in use, no other pieces.
func TestRecordersAreOfferedByTheirSerial(t *testing.T) {
	b := newBureau(t)
	for _, f := range []map[string]any{
		{"title": "DSJ-T9", "type": "执法记录仪", "serial": "0008", "condition": "在用"},
		{"title": "DSJ-T9", "type": "执法记录仪", "serial": "0007", "condition": "在用"},
		{"title": "DSJ-A7", "type": "执法记录仪", "serial": "0001", "condition": "报废"},
		{"title": "打印机", "type": "便携打印机", "serial": "P1", "condition": "在用"},
	} {
		b.save(&model.Entry{Daybook: "daybook-equipment", Fields: f})
	}
	got, err := b.Desk.Recorders(b.ctx)
	b.ok(err)
	if want := []string{"DSJ-T9 · 0007", "DSJ-T9 · 0008"}; !slices.Equal(got, want) {
		t.Errorf("recorders %q, want %q", got, want)
	}
}
