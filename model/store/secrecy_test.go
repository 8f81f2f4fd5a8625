package store_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"anxin/model"
	"anxin/model/modeltest"
)

// Nothing on disk names a person: not the database, its log, the index, the
// evidence, the key file nor the mark.
func TestNothingOnDiskNamesAPerson(t *testing.T) {
	l := issuedLaptop(t)
	speaker := modeltest.PersonOf(50)
	interview := &model.Interview{State: model.InterviewDone, Person: speaker.Name, IDNo: speaker.IDNo, Phone: speaker.Phone, Unit: "钢筋班",
		QAs: []model.QA{{Question: "欠了多少？", Answer: "老板" + modeltest.PersonOf(51).Name + "欠我们 13000 元"}}}
	lead := &model.Lead{State: model.LeadRegistered, Complainant: speaker.Name, Phone: speaker.Phone, Claim: "拖欠工资", ReceivedAt: modeltest.Day}
	l.Save(t, model.Change{Record: modeltest.WageRoll(0, 28, "")}, model.Change{Record: interview}, model.Change{Record: lead},
		model.Change{Record: modeltest.Employer(1)}, model.Change{Record: modeltest.Officer(1)})
	if err := l.SetSetting(ctx, "last.person", speaker.Name+speaker.IDNo); err != nil {
		t.Fatal(err)
	}
	roll := "姓名,身份证\n" + speaker.Name + "," + speaker.IDNo
	if _, err := l.Blobs.Put(ctx, strings.NewReader(roll)); err != nil {
		t.Fatal(err)
	}
	disk := everything(t, l.Dir)
	for _, want := range []string{"桃人社监令/2026第1号", model.LeadRegistered} { // clear on purpose: the search below does see
		if !bytes.Contains(disk, []byte(want)) {
			t.Errorf("%q should stand on disk in the clear", want)
		}
	}
	people := []modeltest.Person{speaker, modeltest.PersonOf(51), modeltest.PersonOf(9001), modeltest.PersonOf(8001)}
	for n := range 28 {
		people = append(people, modeltest.PersonOf(n))
	}
	for _, p := range people {
		for _, secret := range []string{p.Name, string([]rune(p.Name)[1:]), p.IDNo, p.IDNo[6:14], p.Phone, p.Card} {
			if bytes.Contains(disk, []byte(secret)) {
				t.Errorf("%q stands on disk", secret)
			}
		}
	}
	if bytes.Contains(disk, []byte(modeltest.Passphrase)) || bytes.Contains(disk, []byte("13000 元")) {
		t.Error("the passphrase or a statement stands on disk")
	}
}

// everything is all bytes under a folder, the WAL included.
func everything(t *testing.T, dir string) []byte {
	t.Helper()
	var out []byte
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		out = append(out, b...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
