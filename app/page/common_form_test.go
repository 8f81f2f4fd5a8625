package page

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"anxin/app/casework"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/uitest"
	"anxin/assets"
	"anxin/forms"
	"anxin/model"
	"anxin/model/modeltest"
	"anxin/model/statute"
)

// TestRecordSurvivesItsForm: what is opened and written back without an answer
// is the same record, whatever stands in it.
func TestRecordSurvivesItsForm(t *testing.T) {
	w := newWorld(t)
	zone := w.clock.Now().Location()
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.StringMatching(`[一-龥a-z]([一-龥a-z ]{0,6}[一-龥a-z])?`)
		v := model.Lead{State: model.LeadRegistered, Source: rapid.SampledFrom([]string{"", "信访", "电话"}).Draw(r, "source"), SourceNo: text.Draw(r, "no"),
			Claim: text.Draw(r, "claim"), AmountFen: rapid.Int64Range(0, 1e12).Draw(r, "fen"), Workers: rapid.IntRange(0, 9999).Draw(r, "workers"),
			Employer: w.employer, DecideBy: "2026-09-24"}
		if rapid.Bool().Draw(r, "received") {
			v.ReceivedAt = time.Unix(rapid.Int64Range(1e9, 2e9).Draw(r, "at")/60*60, 0).In(zone)
		}
		f, err := newRecordForm(w.env, "lead", &v, nil)
		if err != nil {
			r.Fatal(err)
		}
		out := v
		if err := f.Write(&out); err != nil {
			r.Fatal(err)
		}
		if !out.ReceivedAt.Equal(v.ReceivedAt) {
			r.Fatalf("received %v, was %v", out.ReceivedAt, v.ReceivedAt)
		}
		out.ReceivedAt = v.ReceivedAt
		if !reflect.DeepEqual(out, v) {
			r.Fatalf("came back as %+v, was %+v", out, v)
		}
	})
}

func TestMoneyIsTypedInItsUnit(t *testing.T) {
	uitest.New(t)
	in := func(unit string) *forms.Question { return &forms.Question{Law: map[string]string{moneyUnit: unit}} }
	for _, c := range []struct {
		unit, text string
		want       any
	}{{"yuan", "693,936.76", int64(69393676)}, {"wan", "1200.5", int64(1200500000)}, {"", "1,2", "1,2"}} {
		got, err := fromAnswer(in(c.unit), c.text)
		if err != nil || got != c.want {
			t.Errorf("%s %q is %v, %v; want %v", c.unit, c.text, got, err, c.want)
		}
	}
	if _, err := fromAnswer(in("yuan"), "多少"); err == nil {
		t.Error("a word passed as an amount")
	}
}

// TestFormsOfferTheDictionaries: what a form lets choose is what the law's
// dictionary holds.
func TestFormsOfferTheDictionaries(t *testing.T) {
	law, err := statute.Load(assets.Statute)
	sure(t, err)
	for _, c := range []struct{ form, question, dictionary string }{
		{"lead", "source", "source"}, {"visit", "type", "inspection"}, {"visit", "source", "task"}, {"interview", "id_type", "paper"},
	} {
		form, err := compiled(c.form)
		sure(t, err)
		var offered, known []string
		form.Each(func(q *forms.Question) {
			if q.Name == c.question {
				for _, choice := range q.Choices {
					offered = append(offered, choice.Name)
				}
			}
		})
		for _, term := range law.Dictionary(c.dictionary) {
			known = append(known, term.Text)
		}
		if !reflect.DeepEqual(offered, known) {
			t.Errorf("%s/%s offers %v, the dictionary %q has %v", c.form, c.question, offered, c.dictionary, known)
		}
	}
}

// TestFormsAskWhatTheRecordHolds: every question is a member of its record.
func TestFormsAskWhatTheRecordHolds(t *testing.T) {
	for id, record := range map[string]any{"lead": &model.Lead{}, "visit": &model.Inspection{}, "record": &model.Inspection{}, "interview": &model.Interview{}} {
		form, err := compiled(id)
		sure(t, err)
		members := map[string]bool{}
		of := reflect.TypeOf(record).Elem()
		for i := range of.NumField() {
			name, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ",")
			members[name] = true
		}
		form.Each(func(q *forms.Question) {
			if q.Parent != nil && !insideRepeat(q) && (!q.IsContainer() || q.IsRepeat()) && !members[q.Name] && q.Name != bankQuestion && !strings.HasPrefix(q.Name, doubtPrefix) {
				t.Errorf("form %s asks %q, which the record does not hold", id, q.Name)
			}
			for _, text := range []forms.Text{q.Label, q.Hint, q.RequiredMessage, q.ConstraintMessage} {
				if q.Parent != nil && (text["zh"] == "") != (text["en"] == "") {
					t.Errorf("form %s: %q is not worded in both languages: %v", id, q.Name, text)
				}
			}
		})
	}
}

func TestDueDays(t *testing.T) {
	uitest.New(t)
	now := modeltest.Day // 18 September 2026, 09:10
	for _, c := range []struct {
		due  model.Date
		left string
		tone theme.Tone
	}{
		{"", "", theme.Neutral},
		{"2026-09-17", lang.T("due.passed", "n", 1), theme.Bad},
		{"2026-09-18", lang.T("due.today"), theme.Warning},
		{"2026-09-21", lang.T("due.left", "n", 3), theme.Warning},
		{"2026-09-22", lang.T("due.left", "n", 4), theme.Info},
	} {
		if got := dueLeft(c.due, now); got != c.left {
			t.Errorf("%q: %q, want %q", c.due, got, c.left)
		}
		if got := dueTone(c.due, now); got != c.tone {
			t.Errorf("%q has tone %d, want %d", c.due, got, c.tone)
		}
	}
}

func TestDraftSavesOnceTypingStops(t *testing.T) {
	saved := 0
	var waiting []func()
	d := newDraft(&Env{}, func() { saved++ })
	d.after = func(_ time.Duration, f func()) { waiting = append(waiting, f) }
	for range 3 {
		d.touch()
	}
	for _, f := range waiting {
		f()
	}
	d.flush()
	if saved != 1 {
		t.Errorf("three changes in a row were saved %d times, want once", saved)
	}
	d.touch()
	d.flush()
	if saved != 2 {
		t.Error("flush did not save what waited")
	}
	d.touch()
	d.drop()
	d.flush()
	if saved != 2 {
		t.Error("what was dropped was saved")
	}
}

func TestReasonsAreListedWithTheirArticles(t *testing.T) {
	uitest.New(t)
	reasons := []casework.Reason{{Reason: statute.Reason{Text: "请核对。", Article: "第一条"}}, {Reason: statute.Reason{Text: "缺少两名人员"}, Blocks: true}}
	want := "【不可办理】缺少两名人员\n【提醒】请核对\n　　依据：第一条"
	if got := reasonList(reasons); got != want {
		t.Errorf("the list reads %q, want %q", got, want)
	}
	refused := fmt.Errorf("办理: %w", &casework.Refused{Act: "受理立案", Reasons: reasons})
	var r *casework.Refused
	if !errors.As(refused, &r) {
		t.Fatal("a wrapped refusal is not recognised")
	}
}

func TestStaleSaveIsTold(t *testing.T) {
	w := newWorld(t)
	l := w.register()
	k := only[model.Lead](w)
	other := *k.Value
	other.Claim = "另一台电脑改过"
	_, err := w.env.Desk.Save(t.Context(), k.ID, k.Rev, &other)
	sure(t, err)
	w.screen.Fill("涉及人数", "31")
	l.Save()
	w.screen.MustSee("记录已被修改")
	if got := only[model.Lead](w).Value; got.Claim != other.Claim || got.Workers != 28 {
		t.Errorf("the other edit was overwritten: %+v", got)
	}
}

// BenchmarkReload reads and shows a full list of leads again, as a typed letter
// of a search does.
func BenchmarkReload(b *testing.B) {
	w := newWorld(b)
	for i := range mostRows {
		_, err := w.env.Desk.RegisterLead(b.Context(), model.Lead{Source: "信访", SourceNo: fmt.Sprint(i), Employer: w.employer, Claim: "拖欠工资"})
		sure(b, err)
	}
	l := NewLeads(w.env, "")
	w.show(l)
	for b.Loop() {
		l.reload()
	}
}
