package model

import (
	"encoding/json"
	"errors"
	"testing"
	"time"
)

func body(t *testing.T, change func(*Document)) []byte {
	t.Helper()
	d := &Document{State: DocumentIssued, Type: "D06", Title: "指令书", Case: "c", Fields: map[string]any{"employer": "甲"},
		DueBy: "2026-09-28", Issued: &Issue{Number: "桃人社劳监令字〔2026〕第1号", Serial: 1}}
	if change != nil {
		change(d)
	}
	b, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestIssuedIsFrozen(t *testing.T) {
	event := Event{Kind: EventServed, At: time.Unix(1, 0).UTC()}
	served := func(d *Document) { d.State, d.Events = DocumentServed, []Event{event} }
	cases := []struct {
		name       string
		from, next func(*Document)
		ok         bool
	}{
		{"draft may change", func(d *Document) { d.State, d.Issued = DocumentDraft, nil }, func(d *Document) { d.State, d.Issued = DocumentDraft, nil; d.DueBy = "2026-10-01" }, true},
		{"draft may be issued", func(d *Document) { d.State, d.Issued = DocumentDraft, nil }, nil, true},
		{"an event may be appended", nil, served, true},
		{"withdrawn after service", served, func(d *Document) {
			served(d)
			d.State = DocumentWithdrawn
			d.Events = append(d.Events, Event{Kind: EventWithdrawn})
		}, true},
		{"a field may not change", nil, func(d *Document) { d.Fields["employer"] = "乙" }, false},
		{"the due day may not change", nil, func(d *Document) { d.DueBy = "2026-10-01" }, false},
		{"the number may not change", nil, func(d *Document) { d.Issued.Number = "2号" }, false},
		{"an event may not vanish", served, nil, false},
		{"an event may not change", served, func(d *Document) { served(d); d.Events[0].Note = "改" }, false},
		{"not back to draft", nil, func(d *Document) { d.State = DocumentDraft }, false},
		{"withdrawn stays withdrawn", func(d *Document) { d.State = DocumentWithdrawn }, nil, false},
		{"no member may be added", nil, func(d *Document) { d.Inspection = "x" }, false},
	}
	for _, c := range cases {
		err := CheckSuccessor(KindDocument, body(t, c.from), body(t, c.next))
		if c.ok && err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if !c.ok && !errors.Is(err, ErrFrozen) {
			t.Errorf("%s: %v, want ErrFrozen", c.name, err)
		}
	}
}

func TestCustodyIsNeverFollowed(t *testing.T) {
	body := []byte(`{"evidence":"e","event":"查看"}`)
	if err := CheckSuccessor(KindCustody, nil, body); err != nil {
		t.Errorf("the first: %v", err)
	}
	if err := CheckSuccessor(KindCustody, body, body); !errors.Is(err, ErrFrozen) {
		t.Errorf("a second: %v", err)
	}
}

// TestADrawAndAPaymentStandAsTheyFell: one is only made public, the other only
// struck out.
func TestADrawAndAPaymentStandAsTheyFell(t *testing.T) {
	for _, c := range []struct {
		name       string
		kind       Kind
		from, next string
		ok         bool
	}{
		{"a draw is made public", KindDraw, `{"state":"待公示","seed":"1"}`, `{"state":"已公示","seed":"1","published":[{}]}`, true},
		{"not drawn otherwise", KindDraw, `{"state":"待公示","seed":"1"}`, `{"state":"待公示","seed":"2"}`, false},
		{"a payment is struck out", KindPayment, `{"state":"已支付","amount_fen":1}`, `{"state":"已作废","amount_fen":1,"struck":{}}`, true},
		{"not of another amount", KindPayment, `{"state":"已支付","amount_fen":1}`, `{"state":"已支付","amount_fen":2}`, false},
	} {
		if err := CheckSuccessor(c.kind, []byte(c.from), []byte(c.next)); (err == nil) != c.ok || err != nil && !errors.Is(err, ErrFrozen) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestPackageAndKeyEndOnce(t *testing.T) {
	at := time.Date(2026, 9, 3, 10, 0, 0, 0, time.UTC)
	pack := func(days int, reason string) Record {
		p := &FormPackage{State: FormPackageInstalled, Form: "D90", SHA256: "ab"}
		if reason != "" {
			p.State, p.Withdrawn = FormPackageWithdrawn, &Withdrawal{At: at.AddDate(0, 0, days), By: "o", Reason: reason}
		}
		return p
	}
	key := func(days int, device ID) Record {
		k := &IssuerKey{PublicKey{ID: "k", Device: device, From: at}}
		if days > 0 {
			k.Revoked = at.AddDate(0, 0, days)
		}
		return k
	}
	other := &FormPackage{State: FormPackageInstalled, Form: "D91", SHA256: "ab"}
	cases := []struct {
		name       string
		from, next Record
		ok         bool
	}{
		{"a package may be withdrawn", pack(0, ""), pack(1, "甲"), true},
		{"not become another form", pack(0, ""), other, false},
		{"not be installed again", pack(1, "甲"), pack(0, ""), false},
		{"the earlier withdrawal stands", pack(2, "甲"), pack(1, "乙"), true},
		{"not a later one", pack(1, "甲"), pack(2, "乙"), false},
		{"a key may be revoked", key(0, "d"), key(1, "d"), true},
		{"not be good again", key(1, "d"), key(0, "d"), false},
		{"the earlier end stands", key(2, "d"), key(1, "d"), true},
		{"not a later end", key(1, "d"), key(2, "d"), false},
		{"not be another device's", key(0, "d"), key(0, "e"), false},
	}
	for _, c := range cases {
		encode := func(r Record) []byte {
			out, err := Encode(r, nil)
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		if err := CheckSuccessor(c.from.Kind(), encode(c.from), encode(c.next)); (err == nil) != c.ok || err != nil && !errors.Is(err, ErrFrozen) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	text, err := Encode(key(0, "d"), nil)
	if err != nil {
		t.Fatal(err)
	}
	for device, ok := range map[ID]bool{"d": true, "e": false} {
		if err := CheckAuthor(KindIssuerKey, text, device); (err == nil) != ok {
			t.Errorf("revoked by %s: %v", device, err)
		}
	}
	if err := CheckAuthor(KindEmployer, []byte(`{}`), "e"); err != nil {
		t.Errorf("a record of the office: %v", err)
	}
}

func TestEncodeKeepsMembersOfANewerProgram(t *testing.T) {
	old := []byte(`{"name":"旧","level":3,"future":{"b": 1,"a":[1.0, 2]},"code":"1"}`)
	g := &Grid{Code: "1", Name: "新", Level: 2}
	out, err := Encode(g, old)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]json.RawMessage
	if err := json.Unmarshal(out, &m); err != nil {
		t.Fatal(err)
	}
	if string(m["future"]) != `{"b": 1,"a":[1.0, 2]}` || string(m["name"]) != `"新"` || string(m["level"]) != "2" {
		t.Errorf("%s", out)
	}
}

func TestEveryKindDecodesWhatItEncodes(t *testing.T) {
	for _, k := range Kinds() {
		r, err := Decode(k, []byte(`{}`))
		if err != nil || r.Kind() != k {
			t.Errorf("%s: %v %v", k, r, err)
		}
		_ = r.Summary() // an empty record has a summary too
	}
	if _, err := Decode("future", []byte(`{}`)); err == nil {
		t.Error("an unknown kind was decoded")
	}
}

func FuzzCheckSuccessor(f *testing.F) {
	f.Add([]byte(`{"state":"已签发","issued":{}}`), []byte(`{"state":"已送达"}`))
	f.Fuzz(func(t *testing.T, a, b []byte) {
		err := CheckSuccessor(KindDocument, a, b)
		if err == nil && len(a) > 0 {
			if _, bad := As[Document](b); bad != nil {
				t.Error("a body that is no document was let through")
			}
		}
	})
}

func TestChineseTimes(t *testing.T) {
	at := time.Date(2026, 9, 8, 9, 5, 0, 0, time.FixedZone("", 8*3600))
	if ChineseTime(at) != "2026年9月8日9时5分" || DateOf(at).Chinese() != "2026年9月8日" || Date("x").Chinese() != "" || ChineseTime(time.Time{}) != "" {
		t.Error(ChineseTime(at), DateOf(at).Chinese())
	}
}
