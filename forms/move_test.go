package forms

import (
	"errors"
	"fmt"
	"testing"
)

func TestMoveToANewerVersion(t *testing.T) {
	old := start(t,
		group("g", ask(TypeText, "site"), ask(TypeText, "heads"), ask(TypeText, "gone")),
		repeat("workers", ask(TypeText, "name")),
		ask(TypeCalculate, "sum", "calculation=1 + 1"))
	set(t, old, "/g/site", "东区")
	set(t, old, "/g/heads", "28")
	set(t, old, "/g/gone", "旧答案")
	set(t, old, addRow(t, old, "/workers")+"/name", "甲")
	newer := compileForm(t,
		ask(TypeText, "site"),
		group("h", ask(TypeInteger, "heads"), ask(TypeText, "fresh", "default=新")),
		repeat("workers", ask(TypeText, "name")),
		ask(TypeCalculate, "sum", "calculation=1 + 2"))
	moved, changes, err := old.MoveTo(newer)
	if err != nil {
		t.Fatal(err)
	}
	wantValue(t, moved, "/site", "东区")
	wantValue(t, moved, "/h/heads", "28")
	wantValue(t, moved, "/workers[1]/name", "甲")
	wantValue(t, old, "/g/gone", "旧答案")
	var got []string
	for _, c := range changes {
		got = append(got, fmt.Sprintf("%s %s %s>%s", c.Kind, c.Path, c.Before, c.After))
	}
	want := "[retyped /g/heads 28>28 removed /g/gone 旧答案> recomputed /sum 2>3 added /h/fresh >新]"
	if fmt.Sprint(got) != want {
		t.Errorf("changes %v\nwant %s", got, want)
	}
	flat, err := moved.Flat()
	if err != nil || flat["gone"] != "旧答案" {
		t.Errorf("the answer without a question must be kept: %v %v", flat, err)
	}
	old.Freeze()
	if _, _, err := old.MoveTo(newer); !errors.Is(err, ErrFrozen) {
		t.Errorf("frozen: %v", err)
	}
	other := compileForm(t, ask(TypeText, "site"))
	other.ID = "other"
	if _, _, err := moved.MoveTo(other); err == nil {
		t.Error("another form must be refused")
	}
}

func TestFlatTypes(t *testing.T) {
	in := start(t,
		ask(TypeInteger, "n"), ask(TypeDecimal, "d"), ask(TypeSelectMultiple, "m", "choices=a:甲 b:乙"), ask(TypeDate, "day"),
		ask(TypeDateTime, "at"), ask(TypeText, "s"), ask(TypeInteger, "empty"), ask(TypeInteger, "cleared", "default=1"))
	for path, v := range map[string]string{"/n": "28", "/d": "12345678901234.10", "/m": "b a", "/day": "2026-03-02", "/at": "2026-03-02T09:30", "/s": "字", "/cleared": ""} {
		set(t, in, path, v)
	}
	flat, err := in.Flat()
	if err != nil {
		t.Fatal(err)
	}
	want := "map[at:2026-03-02T09:30:00+08:00 cleared: d:12345678901234.10 day:2026-03-02 m:[b a] n:28 s:字]"
	if got := fmt.Sprint(flat); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if err := in.LoadFlat(map[string]any{"n": 3.0, "d": 0.1, "m": []any{"a"}, "s": nil}); err != nil {
		t.Fatal(err)
	}
	wantValue(t, in, "/n", "3")
	wantValue(t, in, "/d", "0.1")
	wantValue(t, in, "/m", "a")
	wantValue(t, in, "/s", "")
	wantValue(t, in, "/day", "2026-03-02")
	for _, bad := range []map[string]any{{"n": map[string]any{}}, {"m": []any{[]any{struct{}{}}}}} {
		if err := in.LoadFlat(bad); err == nil {
			t.Errorf("%v must be refused", bad)
		}
	}
}

func TestFlatNeedsUniqueNames(t *testing.T) {
	in := start(t, group("g", ask(TypeText, "x")), group("h", ask(TypeText, "x")))
	if _, err := in.Flat(); err == nil {
		t.Error("two questions called x")
	}
	rows := start(t, repeat("r", ask(TypeText, "x")), repeat("s", ask(TypeText, "x")), ask(TypeText, "x"))
	if _, err := rows.Flat(); err != nil {
		t.Errorf("rows of their own may use a name again: %v", err)
	}
}

func TestLoadJSONRefusesAnotherForm(t *testing.T) {
	in := start(t, ask(TypeText, "x"))
	for _, raw := range []string{"", "{", `{"form":"other"}`, `{"form":"test","answers":{"x":{"y":1}}}`} {
		if err := in.LoadJSON([]byte(raw)); err == nil {
			t.Errorf("%q must be refused", raw)
		}
	}
}

func TestChoiceNameAndInstanceName(t *testing.T) {
	f := &Form{ID: "test", InstanceName: "concat('检查 ', ${label})", Root: group("",
		ask(TypeSelectOne, "verdict", "choices=ok:符合 bad:不符合"),
		ask(TypeCalculate, "label", "calculation=jr:choice-name(${verdict}, '${verdict}')"),
		ask(TypeSelectOne, "employer", "file=employers"),
		ask(TypeCalculate, "company", "calculation=jr:choice-name(${employer}, '${employer}')"))}
	if err := f.Compile(); err != nil {
		t.Fatal(err)
	}
	env := testEnv()
	env.Lists = &register{rows: []Item{{"name": "e1", "label": "一建公司"}}}
	in, err := New(f, env)
	if err != nil {
		t.Fatal(err)
	}
	set(t, in, "/verdict", "bad")
	set(t, in, "/employer", "e1")
	wantValue(t, in, "/label", "不符合")
	wantValue(t, in, "/company", "一建公司")
	if got := in.Name(); got != "检查 不符合" {
		t.Errorf("name %q", got)
	}
}
