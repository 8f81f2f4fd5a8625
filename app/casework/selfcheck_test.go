package casework

import (
	"strings"
	"testing"

	"anxin/model"
)

func TestSelfCheckAsksOnlyWhatWasDone(t *testing.T) {
	f := soundFile(t)
	f.Case.Log, f.Documents, f.Services, f.Case.Decisions = f.Case.Log[:1], nil, nil, nil
	seen := map[string]CheckItem{}
	for _, i := range SelfCheck(f) {
		seen[i.Key] = i
	}
	for _, key := range []string{"notice_served", "hearing_closed", "executed"} {
		if _, ok := seen[key]; ok {
			t.Errorf("%s was asked of a file without a decision", key)
		}
	}
	i := seen["case_opened"]
	if i.OK || i.KnockOut != "程序违法" || i.Article == "" || i.Item != "立案审批" || !strings.Contains(i.Reason, "立案审批") {
		t.Errorf("no approval of the opening: %+v", i)
	}
}

// What is asked before a paper is issued is the law's catalogue.
func TestDraftsAreHeldAgainstTheCatalogue(t *testing.T) {
	b := newBureau(t, "湖南")
	draft := func(docType string) []Reason {
		reasons, err := b.desks[lead].DocumentReasons(t.Context(), &model.Document{Type: docType, Title: docType, Case: b.kase})
		b.must(err)
		return reasons
	}
	codes := map[string]bool{}
	for _, r := range draft("D13") {
		codes[r.Code] = r.Blocks
	}
	for _, key := range []string{"notice_served", "statement_closed", "law_applied"} {
		if !codes[key] {
			t.Errorf("a decision is not held back by %s: %v", key, codes)
		}
	}
	if codes["two_officers"] || len(draft("D16")) > 0 || enforce("", draft("D18")) != nil {
		t.Error("a paper is held back without a ground")
	}
	if _, err := b.desks[lead].DocumentReasons(t.Context(), &model.Document{Type: "D99", Case: b.kase}); err == nil {
		t.Error("a type of no catalogue")
	}
}

func BenchmarkSelfCheck(b *testing.B) {
	f := soundFile(b)
	for range 30 {
		f.Evidence = append(f.Evidence, f.Evidence[0])
		f.Documents = append(f.Documents, f.Documents[2])
	}
	b.ReportAllocs()
	for b.Loop() {
		if len(SelfCheck(f)) == 0 {
			b.Fatal("nothing was checked")
		}
	}
}
