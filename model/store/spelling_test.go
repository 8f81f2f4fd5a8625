package store_test

import (
	"database/sql"
	"path/filepath"
	"testing"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/model/store"
)

func TestFindByInitials(t *testing.T) {
	l := modeltest.NewLaptop(t, 1)
	l.Save(t,
		model.Change{ID: "e1", Record: &model.Employer{Name: "桃花源新城建筑有限公司", LegalRep: "单小兵"}},
		model.Change{ID: "e2", Record: &model.Employer{Name: "重庆路商贸行"}},
		model.Change{ID: "e3", Record: &model.Employer{Name: "THY Holdings"}},
	)
	cases := []struct {
		text string
		want []model.ID
	}{
		{"thy", []model.ID{"e3", "e1"}},
		{"THY", []model.ID{"e3", "e1"}},
		{"thyxc", []model.ID{"e1"}},
		{"xcjz", []model.ID{"e1"}},
		{"桃花 yxc", []model.ID{"e1"}},
		{"cql", []model.ID{"e2"}},
		{"zql", []model.ID{"e2"}},
		{"sxb", []model.ID{"e1"}},
		{"thyzz", nil},
		{"th", []model.ID{"e3", "e1"}},
		{"hhy", nil},
	}
	look := func(t *testing.T) {
		for _, c := range cases {
			heads, err := l.List(ctx, model.Query{Kind: model.KindEmployer, Text: c.text})
			if err != nil {
				t.Fatal(err)
			}
			var got []model.ID
			for _, h := range heads {
				got = append(got, h.ID)
			}
			if len(got) != len(c.want) || len(got) > 0 && got[0] != c.want[0] {
				t.Errorf("%q finds %v, want %v", c.text, got, c.want)
			}
		}
	}
	t.Run("as saved", look)
	older(t, l)
	if heads, err := l.List(ctx, model.Query{Text: "cql"}); err != nil || len(heads) != 1 {
		t.Errorf("a database of an older program finds %d by initials, %v", len(heads), err)
	}
	t.Run("after an older program", look)
}

// older opens a laptop's store again as if an older program had closed it.
func older(t *testing.T, l *modeltest.Laptop) {
	t.Helper()
	l.Reopen(t, func(*store.Options) {
		db, err := sql.Open("sqlite", filepath.Join(l.Dir, store.File))
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		for _, q := range []string{`PRAGMA user_version = 0`, `INSERT INTO search (search) VALUES ('delete-all')`} {
			if _, err := db.Exec(q); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// A search by letters cannot break out of the index's own language.
func TestOddSearches(t *testing.T) {
	l := modeltest.NewLaptop(t, 1)
	l.Save(t, model.Change{Record: &model.Employer{Name: "桃花源"}})
	for _, text := range []string{`"`, `a" OR "b`, "a b", "ab* NOT", "((", "x", "AND", "ＴＨＹ", "é", "12", "1a"} {
		if _, err := l.List(ctx, model.Query{Text: text}); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
	if heads, err := l.List(ctx, model.Query{Text: "ＴＨＹ"}); err != nil || len(heads) != 1 {
		t.Errorf("wide letters find %d, %v", len(heads), err)
	}
}
