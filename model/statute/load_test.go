package statute_test

import (
	"os"
	"testing"

	"anxin/model/statute"
)

// load reads the tables the program ships.
func load(t testing.TB) *statute.Law {
	t.Helper()
	law, err := statute.Load(os.DirFS("../../assets/statute"))
	if err != nil {
		t.Fatal(err)
	}
	return law
}

func TestShippedTablesLoad(t *testing.T) {
	law := load(t)
	if !law.Calendar.Known(2026) || law.Calendar.Known(2027) {
		t.Errorf("want the arrangement of 2026 and none of 2027")
	}
}
