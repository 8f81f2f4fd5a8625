package office_test

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"anxin/app/casework"
	"anxin/model"
)

// TestASignatureOnTheScreenIsEvidence: only where the office wants it, tied to
// the paper it was put under, and bound behind that paper.
func TestASignatureOnTheScreenIsEvidence(t *testing.T) {
	b := newBureau(t).accepted()
	b.recorded()
	b.ok(b.interview("甲某", -2*time.Hour, -time.Hour-time.Minute, first, second))
	docs, err := b.Store.List(b.ctx, model.Query{Kind: model.KindDocument, Case: b.kase})
	b.ok(err)
	var record model.ID
	for _, h := range docs {
		if b.read(h.ID).Type == "D28" {
			record = h.ID
		}
	}
	s := casework.Signature{Document: record, Name: "甲某", Role: "被询问人", Began: b.Now(), Ended: b.Now().Add(3 * time.Second),
		Strokes: [][]casework.SignaturePoint{{{X: 1, Y: 2}, {X: 9, Y: 4, MS: 120}}}, Picture: base64.StdEncoding.EncodeToString(photo(t, 3))}
	_, err = b.Desk.KeepSignature(b.ctx, s)
	says(t, err, "没有开启屏上签名")
	o, err := b.Desk.Office(b.ctx)
	b.ok(err)
	o.Value.ScreenSigning = true
	_, err = b.Desk.Save(b.ctx, o.ID, o.Rev, o.Value)
	b.ok(err)
	empty := s
	empty.Strokes = nil
	_, err = b.Desk.KeepSignature(b.ctx, empty)
	says(t, err, "没有笔迹")
	id, err := b.Desk.KeepSignature(b.ctx, s)
	b.ok(err)
	h, err := b.Store.Head(b.ctx, id)
	b.ok(err)
	e, err := model.As[model.Evidence](h.Body)
	b.ok(err)
	raw, err := b.ReadBlob(b.ctx, e.SHA256)
	b.ok(err)
	kept, picture, err := casework.ReadSignature(raw)
	b.ok(err)
	doc := b.read(record)
	if kept.Digest != doc.Issued.Digest || kept.PDF != doc.Issued.PDF || kept.Device != string(b.Device().ID) || kept.Officer != b.people[first] ||
		len(kept.Strokes) != 1 || kept.Strokes[0][1].MS != 120 || !bytes.Equal(picture, photo(t, 3)) {
		t.Errorf("kept %+v", kept)
	}
	if n := len(doc.Events); n != 1 || doc.Events[0].Kind != model.EventSigned || doc.Events[0].Note != "甲某（被询问人）" {
		t.Errorf("events %+v", doc.Events)
	}
	file, err := b.BuildFile(b.ctx, b.kase, nil)
	b.ok(err)
	found := false
	for i, p := range file.Pieces {
		found = found || strings.Contains(p.Name, "屏上签名：甲某（被询问人）") && strings.Contains(file.Pieces[i-1].Name, "询问笔录")
	}
	if !found || len(file.Absent) > 0 {
		t.Errorf("bound %+v, absent %v", file.Pieces, file.Absent)
	}
}

// TestAPaperTakenBackNamesTheOneInItsPlace: what was wrong is withdrawn and
// issued anew; the register and the old paper say so.
func TestAPaperTakenBackNamesTheOneInItsPlace(t *testing.T) {
	b := newBureau(t).accepted()
	old := b.issue("D27")
	b.ok(b.Desk.Withdraw(b.ctx, old, "单位名称写错"))
	again := *b.read(old)
	again.Replaces = old
	id, err := b.Desk.Draft(b.ctx, again)
	b.ok(err)
	k, err := b.Desk.Issue(b.ctx, id)
	b.ok(err)
	events := b.read(old).Events
	if len(events) != 2 || events[1].Kind != model.EventCorrected || events[1].Record != id {
		t.Errorf("events %+v", events)
	}
	if note := b.numberLines("劳监建议/2026")[0].Note; note != "撤回：单位名称写错，改发"+k.Value.Issued.Number {
		t.Errorf("the register says %q", note)
	}
	if b.read(old).State != model.DocumentWithdrawn {
		t.Error("the old paper lives again")
	}
}
