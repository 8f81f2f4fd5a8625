package office_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"anxin/app/casework"
	"anxin/model"
)

// A routine visit belongs to no case, and its order is issued and served all the
// same; what others said in their own cases is no evidence of it.
func TestAnOrderOfARoutineVisitNeedsNoCase(t *testing.T) {
	b := newBureau(t).accepted()
	b.ok(b.interview("甲", 0, 30*time.Minute, first, second))
	b.kase = ""
	order := b.order(b.recorded(), "2026-09-28")
	k, err := b.Desk.Issue(b.ctx, order)
	b.ok(err)
	if k.Value.State != model.DocumentIssued || k.Value.Case != "" {
		t.Errorf("issued as %s of the case %q", k.Value.State, k.Value.Case)
	}
	if got := k.Value.Fields["evidence"]; got != "现场检查笔录" {
		t.Errorf("the order cites %v", got)
	}
	tasks, err := b.Desk.Today(b.ctx)
	b.ok(err)
	acts := map[string]bool{}
	for _, task := range tasks {
		if task.Record == order {
			acts[task.Act] = true
		}
	}
	if !acts["paper.print"] || !acts["paper.serve"] {
		t.Errorf("the order waits for %v", acts)
	}
	_, _, err = b.Desk.Serve(b.ctx, model.Service{Document: order, Mode: model.ServeDirect, At: b.Now(), Place: "工地",
		Receiver: "某人", Relation: "负责人", Officers: b.pick(first, second)})
	b.ok(err)
}

// A credit code that cannot be right is said before the order is issued, and does
// not stand in its way.
func TestAnOrderDoubtsACreditCode(t *testing.T) {
	b := newBureau(t).accepted()
	order := b.order(b.recorded(), "2026-09-28")
	h, err := b.Store.Head(b.ctx, order)
	b.ok(err)
	doc, err := model.As[model.Document](h.Body)
	b.ok(err)
	for code, want := range map[string]bool{"": false, "91350100M000100Y43": false, "91430725MA4L0XYZ1A": true} {
		doc.Fields["uscc"] = code
		reasons, err := b.Desk.IssueReasons(b.ctx, doc)
		b.ok(err)
		if got := doubted(reasons); got != want {
			t.Errorf("the code %q: doubted %v, want %v", code, got, want)
		}
	}
}

func doubted(reasons []casework.Reason) bool {
	return slices.ContainsFunc(reasons, func(r casework.Reason) bool { return !r.Blocks && strings.Contains(r.Text, "信用代码请核对") })
}

// What a paper lacks of the party or of the office says whose line it is and where
// it is filled in for every paper.
func TestAMissingLineSaysWhereItIsFilledIn(t *testing.T) {
	b := newBureau(t).accepted()
	id, err := b.Desk.DraftPaper(b.ctx, casework.PaperIn{Type: "D13", Case: b.kase})
	b.ok(err)
	doc := b.read(id)
	party := doc.Fields["employer"].(string)
	order := b.read(b.order(b.recorded(), "2026-09-28"))
	doc.Fields["address"], doc.Fields["agency"], order.Fields["address"] = "", "", ""
	noAddress := "“" + party + "”的住所（地址）没有填写，请在“单位与工地”的这个单位中补登"
	for _, c := range []struct {
		doc  *model.Document
		want string
	}{{doc, noAddress}, {doc, "本单位的机关全称没有填写，请在“设置”的本单位中补齐"}, {order, noAddress}} {
		reasons, err := b.Desk.IssueReasons(b.ctx, c.doc)
		b.ok(err)
		if !slices.ContainsFunc(reasons, func(r casework.Reason) bool { return r.Blocks && strings.Contains(r.Text, c.want) }) {
			t.Errorf("%s: no reason says %q: %+v", c.doc.Type, c.want, reasons)
		}
	}
}
