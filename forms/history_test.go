package forms

import (
	"reflect"
	"testing"
)

func TestUndoTakesBackWhatFollowed(t *testing.T) {
	rows := repeat("visits", ask(TypeText, "place"))
	rows.RepeatCount = "${n}"
	in := start(t, ask(TypeInteger, "n"), rows, ask(TypeText, "log", "calculation=concat(${n}, ' times')", "trigger=n"))
	set(t, in, "/n", "2")
	set(t, in, "/visits[2]/place", "工地")
	set(t, in, "/n", "1")
	wantValue(t, in, "/log", "1 times")
	at, changed := in.Undo()
	if want := []string{"/log", "/n", "/visits", "/visits[2]", "/visits[2]/place"}; at != "/n" || !reflect.DeepEqual(changed, want) {
		t.Errorf("at %s changed %v, want %v", at, changed, want)
	}
	wantValue(t, in, "/visits[2]/place", "工地")
	wantValue(t, in, "/log", "2 times")
	if at, _ := in.Redo(); at != "/n" || in.Count("/visits") != 1 {
		t.Errorf("again at %s: %d visits", at, in.Count("/visits"))
	}
	set(t, in, "/n", "3")
	if in.CanRedo() {
		t.Error("a new act ends what can be done again")
	}
}

func TestTypingIsOneAct(t *testing.T) {
	in := start(t, ask(TypeText, "name"), ask(TypeSelectOne, "verdict", "choices=a:甲 b:乙"))
	for _, v := range []string{"张", "张三", "张三丰"} {
		set(t, in, "/name", v)
	}
	set(t, in, "/verdict", "a")
	set(t, in, "/verdict", "b")
	for _, want := range []string{"张三丰 a", "张三丰 ", " "} {
		at, _ := in.Undo()
		if got := in.Value("/name") + " " + in.Value("/verdict"); got != want || at == "" {
			t.Errorf("after taking back at %s: %q, want %q", at, got, want)
		}
	}
	if at, changed := in.Undo(); at != "" || changed != nil {
		t.Errorf("nothing is left: %s %v", at, changed)
	}
}

func TestUndoOfRows(t *testing.T) {
	in := start(t, workersForm()...)
	for _, name := range []string{"甲", "乙", "丙"} {
		set(t, in, addRow(t, in, "/workers")+"/name", name)
	}
	if _, err := in.Remove("/workers[2]"); err != nil {
		t.Fatal(err)
	}
	if _, err := in.Move("/workers[2]", 1); err != nil {
		t.Fatal(err)
	}
	if at, _ := in.Undo(); at != "/workers[2]" || in.Value("/workers[1]/name") != "甲" {
		t.Errorf("the move was at %s, first is %s", at, in.Value("/workers[1]/name"))
	}
	if at, _ := in.Undo(); at != "/workers[2]" || in.Value("/workers[2]/name") != "乙" || in.Value("/second") != "乙" {
		t.Errorf("the row came back at %s: %s", at, in.Value("/workers[2]/name"))
	}
	for range 2 {
		in.Undo()
	}
	if at, _ := in.Undo(); at != "/workers[2]/name" || in.Count("/workers") != 2 {
		t.Errorf("at %s, %d rows", at, in.Count("/workers"))
	}
	if at, _ := in.Undo(); at != "/workers" || in.Count("/workers") != 1 {
		t.Errorf("the row that was added last is gone, at %s, %d rows", at, in.Count("/workers"))
	}
}

// A block of cells pasted over a row and two new ones is one act.
func TestTogetherIsOneAct(t *testing.T) {
	in := start(t, workersForm()...)
	first := addRow(t, in, "/workers")
	set(t, in, first+"/name", "甲")
	in.Together(func() {
		set(t, in, first+"/name", "子")
		in.Together(func() { set(t, in, addRow(t, in, "/workers")+"/name", "丑") })
		set(t, in, addRow(t, in, "/workers")+"/name", "寅")
	})
	set(t, in, first+"/name", "卯")
	set(t, in, first+"/name", "辰")
	for _, want := range []struct {
		at, name string
		rows     int
	}{{first + "/name", "子", 3}, {first + "/name", "甲", 1}, {first + "/name", "", 1}} {
		if at, _ := in.Undo(); at != want.at || in.Value(first+"/name") != want.name || in.Count("/workers") != want.rows {
			t.Errorf("at %s: %q, %d rows, want %+v", at, in.Value(first+"/name"), in.Count("/workers"), want)
		}
	}
	in.Redo()
	if in.Redo(); in.Value("/workers[3]/name") != "寅" || in.Value(first+"/name") != "子" {
		t.Errorf("again: %q, %q", in.Value("/workers[3]/name"), in.Value(first+"/name"))
	}
	in.Together(func() {})
	if !in.CanRedo() {
		t.Error("nothing done together took away what could be done again")
	}
}

func TestHistoryEndsWhereAnswersAreReplaced(t *testing.T) {
	in := start(t, ask(TypeText, "a"))
	set(t, in, "/a", "1")
	if err := in.LoadFlat(map[string]any{"a": "2"}); err != nil {
		t.Fatal(err)
	}
	if in.CanUndo() {
		t.Error("loaded answers cannot be taken back")
	}
	for range maxActs + 5 {
		set(t, in, "/a", in.Value("/a")+"x")
		set(t, in, "/a", "")
		in.history.past[len(in.history.past)-1].typing = false
	}
	if n := len(in.history.past); n > maxActs {
		t.Errorf("%d acts are kept", n)
	}
	in.Freeze()
	if at, _ := in.Undo(); at != "" || in.CanUndo() || in.CanRedo() {
		t.Error("what is issued cannot be taken back")
	}
}
