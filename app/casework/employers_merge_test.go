package casework

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"anxin/model"
	"anxin/model/modeltest"
)

// keeper is a laptop with a desk, for tests of registers.
type keeper struct {
	*testing.T
	*modeltest.Laptop
	desk *Desk
}

func newKeeper(t *testing.T, n int) *keeper {
	t.Helper()
	l := modeltest.NewLaptop(t, n)
	return &keeper{t, l, NewDesk(Rooms{Journal: l, Law: law(t), Clock: l.Clock, IDs: l.IDs}, modeltest.ID(n, 900))}
}

func (k *keeper) put(r model.Record) model.ID {
	k.T.Helper()
	id, err := k.desk.commit(k.T.Context(), model.Change{ID: k.IDs.NewID(), Record: r})
	if err != nil {
		k.T.Fatal(err)
	}
	return id
}

func (k *keeper) sure(err error) {
	k.T.Helper()
	if err != nil {
		k.T.Fatal(err)
	}
}

// hears takes over what another laptop knows of records.
func (k *keeper) hears(from *keeper, ids ...model.ID) {
	k.T.Helper()
	for _, id := range ids {
		revs, err := from.Store.History(k.T.Context(), id)
		k.sure(err)
		_, err = k.Store.Pulled(k.T.Context(), "430725", 1, revs)
		k.sure(err)
	}
}

func (k *keeper) merge(a, b model.ID, later ...string) Merged {
	k.T.Helper()
	c, err := k.desk.Compare(k.T.Context(), a, b)
	k.sure(err)
	m, err := k.desk.MergeRegisters(k.T.Context(), c, later...)
	k.sure(err)
	return m
}

func (k *keeper) employer(id model.ID) *model.Employer {
	k.T.Helper()
	h, err := k.Store.Head(k.T.Context(), id)
	k.sure(err)
	e, err := model.As[model.Employer](h.Body)
	k.sure(err)
	return e
}

func TestAlikeFindsDoubles(t *testing.T) {
	unit := func(name, uscc, phone string) *model.Employer {
		return &model.Employer{Name: name, USCC: uscc, Phone: phone}
	}
	for _, c := range []struct {
		name string
		a, b *model.Employer
		want []string
	}{
		{"one code under two names", unit("武陵装饰有限公司", "91430725MA4KX0012X", ""), unit("武陵装修", "9143 0725 ma4kx0012x", ""), []string{SameCode}},
		{"one name but for the form", unit("武陵装饰（湖南）有限公司", "", ""), unit("武陵装饰(湖南) 有限责任公司", "", ""), []string{SameName}},
		{"one phone, sounds alike", unit("沅水劳务有限公司", "", "13907360001"), unit("远水劳务有限公司", "", "139 0736 0001"), []string{SamePhone}},
		{"one phone, one name holds the other", unit("沅水劳务", "", "0736-6620001"), unit("桃花源沅水劳务有限公司", "", "0736-6620001"), []string{SamePhone}},
		{"one phone, other names", unit("沅水劳务有限公司", "", "13907360001"), unit("桃源建材有限公司", "", "13907360001"), nil},
		{"all of it", unit("沅水劳务有限公司", "91430725MA4KX0012X", "13907360001"), unit("沅水劳务有限责任公司", "91430725MA4KX0012X", "13907360001"), []string{SameCode, SameName, SamePhone}},
		{"nothing known", unit("甲", "", ""), unit("乙", "", ""), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := newKeeper(t, 1)
			a, b := k.put(c.a), k.put(c.b)
			got, err := k.desk.Alike(t.Context(), model.KindEmployer)
			k.sure(err)
			if c.want == nil {
				if len(got) != 0 {
					t.Errorf("found %+v", got)
				}
				return
			}
			if len(got) != 1 || got[0].Earlier != a || got[0].Later != b || !slices.Equal(got[0].Why, c.want) {
				t.Fatalf("found %+v, want %v", got, c.want)
			}
			k.sure(k.desk.Distinguish(t.Context(), b, a))
			if got, err := k.desk.Alike(t.Context(), model.KindEmployer); err != nil || len(got) != 0 {
				t.Errorf("told apart and still found: %+v, %v", got, err)
			}
		})
	}
}

func TestMergeKeepsHistoryAndMovesLinks(t *testing.T) {
	k, ctx := newKeeper(t, 1), context.Background()
	k.put(modeltest.Office())
	a := k.put(&model.Employer{Name: "沅水劳务有限公司", Phone: "13907360001", Address: "旧街 1 号"})
	b := k.put(&model.Employer{Name: "沅水劳务有限责任公司", USCC: "91430725MA4KX0012X", Address: "新街 2 号", Headcount: 30})
	site := k.put(modeltest.Site(1, b))
	kase := k.put(modeltest.Case(1, b, site))
	before := k.employer(a)

	c, err := k.desk.Compare(ctx, b, a)
	k.sure(err)
	said := map[string]bool{}
	for _, f := range c.Fields {
		said[f.Name] = f.TakeLater
	}
	if want := map[string]bool{"name": false, "phone": false, "address": false, "uscc": true, "headcount": true}; !mapsEqual(said, want) {
		t.Fatalf("differ in %v, want %v", said, want)
	}
	m := k.merge(b, a, "uscc", "headcount", "address")
	if e := k.employer(a); e.Name != before.Name || e.USCC != "91430725MA4KX0012X" || e.Address != "新街 2 号" || e.Headcount != 30 || e.Phone != "13907360001" {
		t.Errorf("the surviving record says %+v", e)
	}
	if e := k.employer(b); e.MergedInto != a || e.Name != "沅水劳务有限责任公司" {
		t.Errorf("the merged record says %+v", e)
	}
	o, err := k.desk.Overview(ctx, a)
	k.sure(err)
	if len(o.Past) != 1 || o.Past[0].Record != kase || len(o.Sites) != 1 || o.Sites[0].ID != site || len(o.Merged) != 1 || o.Merged[0].ID != b {
		t.Errorf("under the surviving record: %+v", o)
	}
	if e, _, err := load[model.Employer](ctx, k.desk, b); err != nil || e.USCC == "" || e.Name != before.Name {
		t.Errorf("a paper of the case would name %+v, %v", e, err)
	}
	if _, err := k.desk.Compare(ctx, a, b); err == nil {
		t.Error("a record was laid beside itself")
	}

	k.sure(k.desk.Unmerge(ctx, m))
	if e := k.employer(a); e.USCC != "" || e.Address != "旧街 1 号" || k.employer(b).MergedInto != "" {
		t.Errorf("after taking it back: %+v", e)
	}
	m = k.merge(a, b, "uscc")
	e := k.employer(a)
	e.Note = "后来改过"
	h, err := k.Store.Head(ctx, a)
	k.sure(err)
	_, err = k.desk.Save(ctx, a, h.Rev, e)
	k.sure(err)
	k.sure(k.desk.Unmerge(ctx, m))
	if e := k.employer(a); e.Note != "后来改过" || e.USCC == "" || k.employer(b).MergedInto != "" {
		t.Errorf("what was written after the merge is gone: %+v", e)
	}
	if err := k.desk.Separate(ctx, b); err == nil || !strings.Contains(err.Error(), "没有合并") {
		t.Errorf("separated what was not merged: %v", err)
	}
}

func mapsEqual(a, b map[string]bool) bool {
	for k, v := range a {
		if w, ok := b[k]; !ok || v != w {
			return false
		}
	}
	return len(a) == len(b)
}

// A link a program of another make wrote to a later record is not followed, so
// that opposite links are no ring: the earlier record stands on every laptop.
func TestOppositeLinksLetTheEarlierStand(t *testing.T) {
	one, two := newKeeper(t, 1), newKeeper(t, 2)
	a, b := one.put(&model.Employer{Name: "甲"}), one.put(&model.Employer{Name: "乙"})
	two.hears(one, a, b)
	one.merge(a, b)
	h, err := two.Store.Head(t.Context(), a)
	two.sure(err)
	_, err = two.desk.commit(t.Context(), model.Change{ID: a, Base: h.Rev, Record: &model.Employer{Name: "甲", Twin: model.Twin{MergedInto: b}}})
	two.sure(err)
	one.hears(two, a, b)
	two.hears(one, a, b)
	for _, k := range []*keeper{one, two} {
		for _, id := range []model.ID{a, b} {
			if got, err := k.desk.Standing(t.Context(), id); err != nil || got != a {
				t.Errorf("%s stands for %s, %v; want %s", got, id, err, a)
			}
		}
		if same, err := k.desk.alike(t.Context(), b); err != nil || len(same) != 2 {
			t.Errorf("one employer is %v, %v", same, err)
		}
	}
}

// linked is a journal of employers with any links at all.
type linked struct {
	Journal
	into map[model.ID]model.ID
}

func (l linked) Head(_ context.Context, id model.ID) (model.Head, error) {
	into, ok := l.into[id]
	if !ok {
		return model.Head{}, model.ErrNotFound
	}
	e := &model.Employer{Name: string(id), Twin: model.Twin{MergedInto: into}}
	body, err := json.Marshal(e)
	return model.Head{ID: id, Kind: model.KindEmployer, Body: body, Summary: e.Summary()}, err
}

func (l linked) List(ctx context.Context, q model.Query) (out []model.Head, err error) {
	for id, into := range l.into {
		if into == q.Parent {
			h, err := l.Head(ctx, id)
			if err != nil {
				return nil, err
			}
			out = append(out, h)
		}
	}
	return out, nil
}

// Whatever links were written, by whomever: every record has one that stands
// for it, which stands for itself, and records are alike for all or for none.
func TestAnyLinksHaveOneStanding(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ids := []model.ID{"a", "b", "c", "d", "e", "f"}
		l := linked{into: map[model.ID]model.ID{}}
		for _, id := range ids {
			l.into[id] = rapid.SampledFrom(append([]model.ID{"", "gone"}, ids...)).Draw(t, "link")
		}
		d, ctx := NewDesk(Rooms{Journal: l}, "me"), context.Background()
		for _, id := range ids {
			stands, err := d.Standing(ctx, id)
			if err != nil || stands > id {
				t.Fatalf("%s: %s, %v in %v", id, stands, err, l.into)
			}
			if again, err := d.Standing(ctx, stands); err != nil || again != stands {
				t.Fatalf("%s does not stand for itself but %s in %v", stands, again, l.into)
			}
			same, err := d.alike(ctx, id)
			if err != nil || !same[id] || !same[stands] {
				t.Fatalf("%s is alike to %v, %v in %v", id, same, err, l.into)
			}
			for other := range same {
				if s, err := d.Standing(ctx, other); err != nil || s != stands {
					t.Fatalf("%s is alike to %s but stands by %s, %v in %v", id, other, s, err, l.into)
				}
			}
		}
		if _, err := d.Standing(ctx, "gone"); !errors.Is(err, model.ErrNotFound) {
			t.Fatalf("a record that is not here: %v", err)
		}
	})
}

// A row of a workbook under the name of a merged record goes to the record that
// stands for it.
func TestImportFollowsAMerge(t *testing.T) {
	k := newKeeper(t, 1)
	a := k.put(&model.Employer{Name: "沅水劳务有限公司", Phone: "13907360001"})
	b := k.put(&model.Employer{Name: "沅水劳务有限责任公司", Phone: "13907360001"})
	k.merge(a, b)
	rep, err := k.desk.ImportRegisters(t.Context(), "名册.xlsx", registersOf(t, []any{"单位名称", "联系电话", "地址", "行政区划代码", "诚信等级"},
		[]any{"沅水劳务有限责任公司", "13907360001", "新街 2 号", "4307", "A级"}, []any{"", "1", "", "", ""}), nil)
	k.sure(err)
	if rep.Added != 0 || rep.Merged != 1 || len(rep.Refused) != 1 || !strings.Contains(rep.Refused[0].String(), "A3") {
		t.Errorf("report %+v", rep)
	}
	if e := k.employer(a); e.Address != "新街 2 号" || e.Grade != "A" || e.Division != "4307" {
		t.Errorf("the record that stands says %+v", e)
	}
	if !slices.ContainsFunc(rep.Warnings, func(w Warning) bool {
		return strings.Contains(w.String(), "行政区划代码应为6位") && strings.Contains(w.Where, "D2")
	}) {
		t.Errorf("the region code is not warned of: %v", rep.Warnings)
	}
	if k.employer(b).Address != "" {
		t.Error("the merged record was written to")
	}
}

// registersOf is a workbook of employers.
func registersOf(t *testing.T, rows ...[]any) *bytes.Reader {
	t.Helper()
	f := excelize.NewFile()
	err := f.SetSheetName("Sheet1", "用人单位")
	for i, row := range rows {
		err = errors.Join(err, f.SetSheetRow("用人单位", fmt.Sprintf("A%d", i+1), &row))
	}
	var b bytes.Buffer
	if err := errors.Join(err, f.Write(&b)); err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(b.Bytes())
}

func TestContactsAreCheckedAndListed(t *testing.T) {
	k := newKeeper(t, 1)
	k.put(modeltest.Office())
	a, b := k.put(&model.Employer{Name: "甲"}), k.put(&model.Employer{Name: "乙"})
	kase := k.put(modeltest.Case(1, b, ""))
	now := k.Clock.Now()
	note := func(c model.Contact) error {
		_, err := k.desk.NoteContact(t.Context(), "", "", c)
		return err
	}
	good := model.Contact{Case: kase, At: now, Way: model.ContactCall, Person: "赵会计", Said: "周五打款"}
	for want, change := range map[string]func(*model.Contact){
		"联系了谁": func(c *model.Contact) { c.Person = " " },
		"内容":   func(c *model.Contact) { c.Said = "" },
		"联系方式": func(c *model.Contact) { c.Way = "" },
		"已经过去": func(c *model.Contact) { c.At = now.AddDate(0, 0, 2) },
		"下一步":  func(c *model.Contact) { c.NextBy = "2026-09-30" },
		"归在":   func(c *model.Contact) { c.Case = "" },
	} {
		c := good
		change(&c)
		if err := note(c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want a refusal for %q, got %v", want, err)
		}
	}
	k.sure(note(good))
	k.merge(a, b)
	list, err := k.desk.Contacts(t.Context(), a)
	k.sure(err)
	if len(list) != 1 || list[0].Value.Employer != b || list[0].Value.By != k.desk.Officer() {
		t.Errorf("under the record that stands: %+v", list)
	}
	if err := k.desk.FollowUp(t.Context(), list[0].ID); err == nil {
		t.Error("followed up a talk that led to nothing")
	}
}
