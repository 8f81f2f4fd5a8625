package store_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/model/store"
)

const people = 1000

// Nothing on disk names a person: not the database, its log, the index, the
// evidence, the key file, the marks nor a backup; neither does what the program
// logs and says when it refuses.
func TestNothingOnDiskNamesAPerson(t *testing.T) {
	var said bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&said, &slog.HandlerOptions{Level: slog.LevelDebug})))
	defer slog.SetDefault(before)

	l := issuedLaptop(t)
	l.Reopen(t, func(o *store.Options) { o.Marks = filepath.Join(l.Dir, "marks") })
	saveThousand(t, l)
	speaker := modeltest.PersonOf(50)
	if err := l.SetSetting(ctx, "last.person", speaker.Name+speaker.IDNo); err != nil {
		t.Fatal(err)
	}
	refusals(t, l, &said)
	if err := l.Store.Backup(ctx, filepath.Join(l.Dir, "backup.db"), nil); err != nil {
		t.Fatal(err)
	}
	disk := everything(t, l.Dir)
	for _, want := range []string{"桃人社监令/2026第1号", model.LeadRegistered} { // clear on purpose: the search below does see
		if !bytes.Contains(disk, []byte(want)) {
			t.Errorf("%q should stand on disk in the clear", want)
		}
	}
	for n := range people {
		p := modeltest.PersonOf(n)
		for _, secret := range []string{p.Name, p.IDNo, p.IDNo[6:14] + p.IDNo[14:17], p.Phone, p.Card} {
			if bytes.Contains(disk, []byte(secret)) {
				t.Errorf("%q stands on disk", secret)
			}
			if bytes.Contains(said.Bytes(), []byte(secret)) {
				t.Errorf("%q was said: %s", secret, said.String())
			}
		}
	}
	for _, secret := range []string{modeltest.Passphrase, "13000 元", speaker.Name[3:], modeltest.PersonOf(9001).Name, modeltest.PersonOf(8001).Name} {
		if bytes.Contains(disk, []byte(secret)) {
			t.Errorf("%q stands on disk", secret)
		}
	}
}

// saveThousand puts the people into wage rolls, interviews, leads and evidence,
// and finds one of them.
func saveThousand(t *testing.T, l *modeltest.Laptop) {
	t.Helper()
	const each = 40
	changes := []model.Change{{Record: modeltest.Employer(1)}, {Record: modeltest.Officer(1)}}
	var roll strings.Builder
	for n := 0; n < people; n += each {
		p := modeltest.PersonOf(n)
		changes = append(changes, model.Change{Record: modeltest.WageRoll(n, each, "")},
			model.Change{Record: &model.Interview{State: model.InterviewDone, Person: p.Name, IDNo: p.IDNo, Phone: p.Phone, Unit: "钢筋班",
				QAs: []model.QA{{Question: "欠了多少？", Answer: "老板" + modeltest.PersonOf(n+1).Name + "欠我们 13000 元，打到 " + p.Card}}}},
			model.Change{Record: &model.Lead{State: model.LeadRegistered, Complainant: p.Name, Phone: p.Phone, Claim: "拖欠工资", ReceivedAt: modeltest.Day}})
		for i := range each {
			p := modeltest.PersonOf(n + i)
			fmt.Fprintf(&roll, "%s,%s,%s,%s\n", p.Name, p.IDNo, p.Phone, p.Card)
		}
	}
	l.Save(t, changes...)
	if _, err := l.Blobs.Put(ctx, strings.NewReader(roll.String())); err != nil {
		t.Fatal(err)
	}
	if heads, err := l.List(ctx, model.Query{Text: modeltest.PersonOf(999).Name}); err != nil || len(heads) == 0 {
		t.Fatalf("the index finds %d, %v", len(heads), err)
	}
}

// refusals logs the errors a person's data might slip into.
func refusals(t *testing.T, l *modeltest.Laptop, said *bytes.Buffer) {
	t.Helper()
	heads, err := l.List(ctx, model.Query{Kind: model.KindInterview, Limit: 1})
	if err != nil || len(heads) != 1 {
		t.Fatal(len(heads), err)
	}
	h := heads[0]
	record, err := model.Decode(h.Kind, h.Body)
	if err != nil {
		t.Fatal(err)
	}
	foreign := model.Revision{Record: h.ID, Kind: h.Kind, Parents: []model.Rev{h.Rev}, Time: modeltest.Day, Body: h.Body, Device: modeltest.Device(2).ID, Rev: h.Rev, Sig: []byte("x")}
	_, forged := l.Pulled(ctx, "s", 1, []model.Revision{foreign})
	for _, c := range []model.Change{
		{ID: h.ID, Base: "1-x", Record: record}, {ID: h.ID, Base: h.Rev, Record: modeltest.Employer(1)}, {ID: modeltest.ID(7, 7), Base: h.Rev, Record: record}, {Base: h.Rev, Record: record},
	} {
		_, err := l.Commit(ctx, model.Batch{Author: "o", Changes: []model.Change{c}})
		for _, err := range []error{err, forged} {
			if err == nil {
				t.Fatal("not refused")
			}
			slog.Error("refused", "err", err)
		}
	}
	if said.Len() == 0 {
		t.Error("nothing was said")
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
