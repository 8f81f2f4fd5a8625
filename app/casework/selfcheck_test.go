package casework

import (
	"strings"
	"testing"
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
