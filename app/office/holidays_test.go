package office

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/model/seal"
)

func TestAYearsHolidaysMoveWhatWasProvisional(t *testing.T) {
	ctx := context.Background()
	clock := modeltest.NewClock(0)
	opt := Options{Dir: filepath.Join(t.TempDir(), "data"), Clock: clock, Params: seal.Params{Passes: 1, MemoryKiB: 64, Threads: 1}}
	o, err := Create(ctx, opt, SetUp{Passphrase: "p p p p p", Office: model.Office{Name: "甲局", Word: "甲人社"},
		Officers: []model.Officer{{Name: "甲", CertNo: "430725001", Role: model.RoleInspector}}})
	if err != nil {
		t.Fatal(err)
	}
	received := time.Date(2026, 12, 30, 9, 0, 0, 0, time.FixedZone("", 8*3600))
	id, err := o.Desk.RegisterLead(ctx, model.Lead{Source: "现场", Employer: o.Desk.Officer(), ReceivedAt: received})
	if err != nil {
		t.Fatal(err)
	}
	due := func(o *Office) model.Date {
		h, err := o.Store.Head(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		return h.Summary.Due
	}
	before := due(o)
	file := filepath.Join(t.TempDir(), "2027.json")
	table := `{"year":2027,"days":[{"name":"元旦","date":"2027-01-01","isOffDay":true},{"name":"元旦","date":"2027-01-04","isOffDay":true}]}`
	if err := os.WriteFile(file, []byte(table), 0o600); err != nil {
		t.Fatal(err)
	}
	moved, err := o.AddHolidays(ctx, file)
	if err != nil || moved != 1 || due(o) <= before {
		t.Fatalf("%d due days moved, %s after %s, %v", moved, due(o), before, err)
	}
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	o, err = Open(ctx, opt, "p p p p p")
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	if !o.Law.Calendar.Known(2027) {
		t.Error("the year was forgotten by the next opening")
	}
	for name, content := range map[string]string{"bad.csv": "not a table", "bad.json": "{"} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := o.AddHolidays(ctx, path); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := o.AddHolidays(ctx, "nowhere.csv"); err == nil {
		t.Error("a file that is not there was taken in")
	}
}
