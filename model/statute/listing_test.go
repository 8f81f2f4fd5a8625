package statute

import (
	"testing"

	"anxin/assets"
)

func TestRowsSayWhatTheTablesHold(t *testing.T) {
	law, err := Load(assets.Statute)
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	said := map[string]string{}
	for _, r := range law.Rows() {
		counts[r.Table]++
		said[r.Table+"/"+r.Key] = r.Says
		if r.Title == "" || r.Table != "documents" && r.Says == "" || r.Article == "" {
			t.Errorf("%s/%s is empty: %+v", r.Table, r.Key, r)
		}
	}
	for _, table := range []string{"clocks", "parameters", "documents", "fines"} {
		if counts[table] == 0 {
			t.Errorf("no rows of %s", table)
		}
	}
	for key, want := range map[string]string{"clocks/complaint.accept": "5个工作日", "parameters/order.presets": "3、5、7、10、15日",
		"documents/D06": "{word}劳监令字〔{year}〕第{n}号", "fines/wage.unit": "20000.00–50000.00元"} {
		if said[key] != want {
			t.Errorf("%s says %q, want %q", key, said[key], want)
		}
	}
}
