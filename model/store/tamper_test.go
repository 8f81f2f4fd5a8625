package store_test

import (
	"strings"
	"testing"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/model/store"
)

// Whatever is changed behind the program's back, Verify finds it and names the
// record.
func TestVerifyFindsTampering(t *testing.T) {
	for _, c := range []struct {
		name    string
		tamper  []string
		finding string // part of a fault; %R is the record, %1 and %2 its first two revs
	}{
		{"body", []string{`UPDATE journal SET body = CAST(substr(body, 1, 20) || x'00' || substr(body, 22) AS BLOB) WHERE rev = '%2'`}, "%2: 密封的数据打不开"},
		{"body of another revision", []string{`UPDATE journal SET body = (SELECT body FROM journal WHERE rev = '%1') WHERE rev = '%2'`}, "%2: 密封的数据打不开"},
		{"signature", []string{`UPDATE journal SET sig = zeroblob(64) WHERE rev = '%2'`}, "%R: 版本 %2: 签名与内容不符"},
		{"parent", []string{`UPDATE journal SET parents = '[]' WHERE rev = '%2'`}, "版本 %2 的内容与编号不符"},
		{"parents unreadable", []string{`UPDATE journal SET parents = '[' WHERE rev = '%2'`}, "版本 %2 的上一版本读不出来"},
		{"author", []string{`UPDATE journal SET author = 'x' WHERE rev = '%2'`}, "版本 %2 的内容与编号不符"},
		{"time", []string{`UPDATE journal SET time = '2020-01-01T00:00:00Z' WHERE rev = '%2'`}, "版本 %2 的内容与编号不符"},
		{"time unreadable", []string{`UPDATE journal SET time = 'gestern' WHERE rev = '%2'`}, "版本 %2 的时间读不出来"},
		{"device", []string{`UPDATE journal SET device = 'x' WHERE rev = '%2'`}, "版本 %2 由不认识的设备 x 签名"},
		{"missing middle revision", []string{`DELETE FROM journal WHERE rev = '%2'`}, "缺少上一版本 %2"},
		{"missing revision in the log", []string{`DELETE FROM journal WHERE rev = '%2'`}, "的版本 %2 不见了"},
		{"revision slipped in", []string{`INSERT INTO journal (rev, record, kind, parents, schema, author, device, epoch, time, body, sig, scope, pulled)
			SELECT '9-x', record, kind, parents, schema, author, device, epoch, time, body, sig, scope, 0 FROM journal WHERE rev = '%2'`}, "版本 9-x 不在设备日志里"},
		{"log entry gone", []string{`DELETE FROM op WHERE rev = '%2'`}, "接不上前一条（第 1 条）"},
		{"log entry changed", []string{`UPDATE op SET scope = 'x' WHERE rev = '%2'`}, "设备日志第 1 期第 2 条: 签名与内容不符"},
		{"log entry without a number it took", []string{`UPDATE op SET series = NULL, serial = NULL, document = NULL WHERE series IS NOT NULL`}, "设备日志第 1 期第 5 条: 签名与内容不符"},
		{"head turned back", []string{`UPDATE head SET n = (SELECT n FROM journal WHERE rev = '%2') WHERE id = '%R'`}, "记录 %R 的最新状态不是最后一个版本"},
		{"head gone", []string{`DELETE FROM head WHERE id = '%R'`}, "记录 %R 没有最新状态"},
		{"column", []string{`UPDATE head SET count = 1 WHERE id = '%R'`}, "employer记录 %R 的列表项与内容不符"},
		{"number gone", []string{`DELETE FROM number`}, "1 至 1 之间有号没有登记去向"},
		{"number changed", []string{`UPDATE number SET serial = 2`}, "第 2 号登记为已用"},
		{"issue gone", []string{`DELETE FROM issued`}, "第 1 号登记为已用，但文书"},
		{"issue of another document", []string{`UPDATE issued SET document = '%R'`}, "文书 %R 的签发登记所指的版本 2-"},
		{"issue changed", []string{`UPDATE issued SET number = 'x'`}, "的签发登记（文号“x”）与签发的版本"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := modeltest.NewLaptop(t, 1)
			fill := history(t, l)
			db := raw(t, l.Dir)
			db.SetMaxOpenConns(1)
			do(t, db, `PRAGMA foreign_keys = off`)
			dropTriggers(t, l)
			for _, q := range c.tamper {
				do(t, db, fill.Replace(q))
			}
			report, err := l.Verify(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if all := strings.Join(report.Faults, "\n"); !strings.Contains(all, fill.Replace(c.finding)) {
				t.Errorf("not found %q in\n%s", fill.Replace(c.finding), all)
			}
		})
	}
}

// A store whose only revision was tampered with is still this laptop's store.
func TestTheOnlyRevisionIsTamperedWith(t *testing.T) {
	l := modeltest.NewLaptop(t, 1)
	r := l.Save(t, model.Change{Record: modeltest.Employer(1)})[0]
	dropTriggers(t, l)
	do(t, raw(t, l.Dir), `UPDATE journal SET body = zeroblob(99)`)
	l.Reopen(t, nil)
	report, err := l.Verify(ctx)
	if all := strings.Join(report.Faults, "\n"); err != nil || !strings.Contains(all, string(r.Record)+" 的版本 "+string(r.Rev)+": 密封的数据打不开") {
		t.Errorf("%v, %v", all, err)
	}
}

// history saves an employer three times, then issues a document.
func history(t *testing.T, l *modeltest.Laptop) *strings.Replacer {
	t.Helper()
	a := l.Save(t, model.Change{Record: modeltest.Employer(1)})[0]
	b := l.Save(t, model.Change{ID: a.Record, Base: a.Rev, Record: modeltest.Employer(2)})[0]
	l.Save(t, model.Change{ID: a.Record, Base: b.Rev, Record: modeltest.Employer(3)})
	if err := l.AddBlock(ctx, model.Block{Series: "令/2026", From: 1, To: 9}); err != nil {
		t.Fatal(err)
	}
	l.Issue(t, "令/2026")
	if report, err := l.Verify(ctx); err != nil || len(report.Faults) != 0 || report.Revisions != 5 || report.Ops != 5 || report.Records != 2 || report.Numbers != 1 {
		t.Fatalf("before: %+v, %v", report, err)
	}
	return strings.NewReplacer("%R", string(a.Record), "%1", string(a.Rev), "%2", string(b.Rev))
}

func dropTriggers(t *testing.T, l *modeltest.Laptop) {
	t.Helper()
	db := raw(t, l.Dir)
	rows, err := db.Query(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for rows.Next() {
		var n string
		if err := rows.Scan(&n); err != nil {
			t.Fatal(err)
		}
		names = append(names, n)
	}
	if err := rows.Close(); err != nil || len(names) < 10 {
		t.Fatalf("triggers %v, %v", names, err)
	}
	for _, n := range names {
		do(t, db, `DROP TRIGGER `+n)
	}
}

func TestRebuild(t *testing.T) {
	l := modeltest.NewLaptop(t, 1)
	history(t, l)
	l.Save(t, model.Change{Record: modeltest.WageRoll(1, 5, "")})
	queries := []model.Query{{}, {ByDue: true}, {Text: modeltest.PersonOf(3).Name}, {Text: modeltest.Employer(3).Name}, {Text: "2026", Kind: model.KindDocument}, {Text: modeltest.Employer(2).Phone}}
	before := answers(t, l, queries)
	db := raw(t, l.Dir)
	dropTriggers(t, l)
	do(t, db, `UPDATE head SET state = 'x', count = 99`, `DELETE FROM head WHERE kind = 'wageroll'`, `INSERT INTO search (search) VALUES ('delete-all')`)
	if broken := answers(t, l, queries); broken == before {
		t.Fatal("nothing was broken")
	}
	var last int
	did, err := l.Rebuild(ctx, func(done, total int) { last = done * 100 / total })
	if err != nil || did != (store.Rebuilt{Records: 3, Repaired: 3}) || last != 100 {
		t.Fatalf("%+v, %v, %d %%", did, err, last)
	}
	if after := answers(t, l, queries); after != before {
		t.Errorf("was\n%s\nis\n%s", before, after)
	}
	if did, err := l.Rebuild(ctx, nil); err != nil || did != (store.Rebuilt{Records: 3}) {
		t.Errorf("again: %+v, %v", did, err)
	}
	sound(t, l)
}

// A revision that does not open keeps nothing else from being rebuilt, nor the
// database of an older program from being opened.
func TestRebuildBesideADamagedRevision(t *testing.T) {
	l := modeltest.NewLaptop(t, 1)
	fill := history(t, l)
	kept := l.Save(t, model.Change{Record: modeltest.Employer(7)})[0]
	dropTriggers(t, l)
	do(t, raw(t, l.Dir), fill.Replace(`UPDATE journal SET body = zeroblob(99) WHERE record = '%R'`), `PRAGMA user_version = 0`)
	l.Reopen(t, nil)
	for range 2 {
		if heads, err := l.List(ctx, model.Query{Text: modeltest.Employer(7).USCC}); err != nil || len(heads) != 1 || heads[0].Rev != kept.Rev {
			t.Errorf("%v, %v", heads, err)
		}
		report, err := l.Verify(ctx)
		if err != nil || len(report.Faults) != 3 || !strings.Contains(report.Faults[1], fill.Replace("%2: 密封的数据打不开")) {
			t.Errorf("%q, %v", report.Faults, err)
		}
		if did, err := l.Rebuild(ctx, nil); err != nil || did != (store.Rebuilt{Records: 3}) {
			t.Errorf("%+v, %v", did, err)
		}
	}
}

// An issued document that was struck off the list of the issued is entered again
// by the revision that issued it.
func TestRebuildOfTheIssued(t *testing.T) {
	l := issuedLaptop(t)
	h, err := l.List(ctx, model.Query{Kind: model.KindDocument})
	if err != nil || len(h) != 1 {
		t.Fatalf("%v, %v", h, err)
	}
	d, err := model.As[model.Document](h[0].Body)
	if err != nil {
		t.Fatal(err)
	}
	served := *d
	served.State, served.Events = model.DocumentServed, []model.Event{{Kind: model.EventServed, At: modeltest.Day, By: h[0].Author}}
	l.Save(t, model.Change{ID: h[0].ID, Base: h[0].Rev, Record: &served})
	var before, after string
	const row = `SELECT document || rev || series || serial || number FROM issued`
	db := raw(t, l.Dir)
	if err := db.QueryRow(row).Scan(&before); err != nil {
		t.Fatal(err)
	}
	do(t, db, `DROP TRIGGER issued_no_delete`, `DELETE FROM issued`)
	did, err := l.Rebuild(ctx, nil)
	if err != nil || did != (store.Rebuilt{Records: 1, Issued: 1}) {
		t.Errorf("%+v, %v", did, err)
	}
	if err := db.QueryRow(row).Scan(&after); err != nil || after != before {
		t.Errorf("was %s, is %s, %v", before, after, err)
	}
	sound(t, l)
}
