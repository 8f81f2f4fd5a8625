package forms

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// drawForm makes a form of integers and calculations at random, each looking
// only at what stands before it, some in a group, some in rows.
func drawForm(t *rapid.T) *Form {
	n := rapid.IntRange(2, 12).Draw(t, "questions")
	root, in, rows := group(""), group("g"), repeat("rows")
	homes := []*Question{root, in, rows}
	var names []string
	for i := range n {
		name := fmt.Sprintf("q%d", i)
		q := ask(TypeInteger, name)
		if len(names) > 0 {
			other := func() string { return "${" + rapid.SampledFrom(names).Draw(t, "reference") + "}" }
			switch rapid.IntRange(0, 5).Draw(t, "kind") {
			case 0:
				q = ask(TypeCalculate, name, fmt.Sprintf("calculation=coalesce(%s, 0) + sum(%s)", other(), other()))
			case 1:
				q.Relevant = other() + " > 2"
			case 2:
				q.Required, q.Constraint = other()+" < 5", ". <= coalesce("+other()+", 3)"
			case 3:
				q.Label = Text{"": "甲 " + other()}
			}
		}
		home := root
		if i > 0 { // the first stays outside, for the rows to depend on
			home = rapid.SampledFrom(homes).Draw(t, "home")
		}
		home.Children = append(home.Children, q)
		names = append(names, name)
	}
	for _, h := range homes[1:] {
		if len(h.Children) > 0 {
			root.Children = append(root.Children, h)
		}
	}
	rows.Relevant = rapid.SampledFrom([]string{"", "${q0} != 2"}).Draw(t, "rows relevant")
	f := &Form{ID: "random", Root: root}
	if err := f.Compile(); err != nil {
		t.Fatal(err)
	}
	return f
}

// asked lists the paths of the questions that take answers, rows included.
func asked(in *Instance) []string {
	var paths []string
	for _, n := range in.All() {
		if n.Question.Type == TypeInteger {
			paths = append(paths, n.Path)
		}
	}
	return paths
}

func drawInstance(t *rapid.T, f *Form, rows int) *Instance {
	in, err := New(f, testEnv())
	if err != nil {
		t.Fatal(err)
	}
	for range rows {
		if f.Question("/rows") != nil {
			if _, _, err := in.Add("/rows"); err != nil {
				t.Fatal(err)
			}
		}
	}
	return in
}

// Whatever the order in which answers come, the state is the same, and it is
// that of computing everything at once.
func TestOrderOfAnswersDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawForm(t)
		rows := rapid.IntRange(0, 3).Draw(t, "rows")
		one, other := drawInstance(t, f, rows), drawInstance(t, f, rows)
		paths := asked(one)
		values := make(map[string]string, len(paths))
		for _, p := range paths {
			values[p] = rapid.SampledFrom([]string{"", "0", "1", "3", "7", "x"}).Draw(t, "value")
		}
		for _, p := range paths {
			if _, err := one.Set(p, values[p]); err != nil {
				t.Fatal(err)
			}
		}
		for _, p := range rapid.Permutation(paths).Draw(t, "order") {
			if _, err := other.Set(p, values[p]); err != nil {
				t.Fatal(err)
			}
		}
		if a, b := state(one), state(other); a != b {
			t.Fatalf("two orders differ:\n%s\n---\n%s", a, b)
		}
		before := state(one)
		if changed := one.Recalculate(); len(changed) > 0 || state(one) != before {
			t.Fatalf("computing everything changes %v:\n%s\n---\n%s", changed, before, state(one))
		}
	})
}

// Set, Add, Remove and Move report every path that looks different afterwards.
func TestChangedPathsAreComplete(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawForm(t)
		in := drawInstance(t, f, 2)
		for range rapid.IntRange(1, 6).Draw(t, "steps") {
			before := map[string]string{}
			for _, n := range in.All() {
				before[n.Path] = fmt.Sprint(n)
			}
			changed := step(t, in)
			reported := map[string]bool{}
			for _, p := range changed {
				reported[p] = true
			}
			for _, n := range in.All() {
				if was, ok := before[n.Path]; (!ok || was != fmt.Sprint(n)) && !reported[n.Path] {
					t.Fatalf("%s changed in silence\n%s\n%s\nreported %v", n.Path, was, fmt.Sprint(n), changed)
				}
			}
			full := state(in)
			if in.Recalculate(); state(in) != full {
				t.Fatalf("stale state:\n%s\n---\n%s", full, state(in))
			}
		}
	})
}

// step does one random thing and returns the paths reported.
func step(t *rapid.T, in *Instance) []string {
	rows := in.Count("/rows")
	var changed []string
	var err error
	switch what := rapid.IntRange(0, 5).Draw(t, "what"); {
	case what == 0 && in.form.Question("/rows") != nil:
		_, changed, err = in.Add("/rows")
	case what == 1 && rows > 0:
		changed, err = in.Remove(fmt.Sprintf("/rows[%d]", rapid.IntRange(1, rows).Draw(t, "row")))
	case what == 2 && rows > 0:
		changed, err = in.Move(fmt.Sprintf("/rows[%d]", rapid.IntRange(1, rows).Draw(t, "row")), rapid.IntRange(1, rows).Draw(t, "to"))
	default:
		paths := asked(in)
		if len(paths) == 0 {
			return nil
		}
		changed, err = in.Set(rapid.SampledFrom(paths).Draw(t, "path"), rapid.SampledFrom([]string{"", "0", "2", "4", "9"}).Draw(t, "value"))
	}
	if err != nil {
		t.Fatal(err)
	}
	return changed
}

// What Flat and JSON give comes back the same when it is loaded.
func TestAnswersRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawForm(t)
		in := drawInstance(t, f, rapid.IntRange(0, 3).Draw(t, "rows"))
		for _, p := range asked(in) {
			if _, err := in.Set(p, rapid.SampledFrom([]string{"", "0", "12", "x"}).Draw(t, "value")); err != nil {
				t.Fatal(err)
			}
		}
		flat, err := in.Flat()
		if err != nil {
			t.Fatal(err)
		}
		flat["unknown"] = []any{"kept"}
		again := drawInstance(t, f, 0)
		if err := again.LoadFlat(flat); err != nil {
			t.Fatal(err)
		}
		if a, b := state(in), state(again); a != b {
			t.Fatalf("through Flat:\n%s\n---\n%s", a, b)
		}
		back, err := again.Flat()
		if err != nil || fmt.Sprint(back) != fmt.Sprint(flat) {
			t.Fatalf("%v, %v\n%v", err, back, flat)
		}
		raw, err := again.JSON()
		if err != nil {
			t.Fatal(err)
		}
		third := drawInstance(t, f, 1)
		if err := third.LoadJSON(raw); err != nil {
			t.Fatal(err)
		}
		rawAgain, err := third.JSON()
		if err != nil || string(raw) != string(rawAgain) {
			t.Fatalf("%v\n%s\n%s", err, raw, rawAgain)
		}
	})
}

func FuzzLoadJSON(f *testing.F) {
	f.Add(`{"form":"test","answers":{"workers":[{"name":"甲","wage":1.5}],"total":"x"}}`)
	f.Add(`{"form":"test","answers":{"workers":{"name":1}}}`)
	f.Add(`{"form":"test","frozen":true,"answers":{"workers":[[]],"extra":null}}`)
	f.Fuzz(func(t *testing.T, raw string) {
		if len(raw) > 1<<16 {
			return
		}
		in := start(t, workersForm()...)
		if err := in.LoadJSON([]byte(raw)); err != nil {
			return
		}
		out, err := in.JSON()
		if err != nil {
			t.Fatal(err)
		}
		again := start(t, workersForm()...)
		if err := again.LoadJSON(out); err != nil {
			t.Fatalf("%v: what JSON wrote cannot be read: %s", err, out)
		}
		if second, err := again.JSON(); err != nil || string(second) != string(out) {
			t.Fatalf("%v\n%s\n%s", err, out, second)
		}
	})
}

// bigForm has n questions in groups of ten, with a condition, a duty, a
// constraint and a calculation in each, as the longest inspection form has.
func bigForm(b testing.TB, n int) *Form {
	var groups []*Question
	for i := 0; i < n; i += 10 {
		g := group(fmt.Sprintf("g%d", i))
		for j := i; j < min(i+10, n); j++ {
			q := ask(TypeInteger, fmt.Sprintf("q%d", j), "constraint=. >= 0 and . < 1000")
			switch {
			case j%10 == 9:
				q = ask(TypeCalculate, q.Name, fmt.Sprintf("calculation=coalesce(${q%d}, 0) + coalesce(${q%d}, 0)", j-1, j-9))
			case j%10 > 0:
				q.Relevant = fmt.Sprintf("${q%d} > 0 or ${q%d} = ''", j-1, j-1)
				q.Required = fmt.Sprintf("${q%d} > 5", i)
			}
			g.Children = append(g.Children, q)
		}
		groups = append(groups, g)
	}
	return compileForm(b, groups...)
}

func BenchmarkOpen551(b *testing.B) {
	f := bigForm(b, 551)
	for b.Loop() {
		if _, err := New(f, testEnv()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOneAnswerOf551(b *testing.B) {
	in, err := New(bigForm(b, 551), testEnv())
	if err != nil {
		b.Fatal(err)
	}
	values := [...]string{"3", "7"}
	for i := 0; b.Loop(); i++ {
		if _, err := in.Set("/g0/q0", values[i%2]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAnswerAmong100Rows(b *testing.B) {
	in := start(b, workersForm()...)
	for range 100 {
		set(b, in, addRow(b, in, "/workers")+"/wage", "100")
	}
	for i := 0; b.Loop(); i++ {
		if _, err := in.Set("/workers[50]/paid", strings.Repeat("1", i%3)); err != nil {
			b.Fatal(err)
		}
	}
}
