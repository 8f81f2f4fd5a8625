package forms

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// draft is a form being drawn: each question looks only at what stands before
// it, so that there are no cycles.
type draft struct {
	t     *rapid.T
	names []string // of the questions so far
	homes []*Question
}

// other refers to one of the questions so far.
func (d *draft) other() string {
	return "${" + rapid.SampledFrom(d.names).Draw(d.t, "reference") + "}"
}

// drawForm makes a form at random: questions, calculations, conditions,
// filtered choices, some in a group, some in rows, in rows of rows, in rows
// that are counted.
func drawForm(t *rapid.T) *Form {
	root, in, rows, inner, counted := group(""), group("g"), repeat("rows"), repeat("inner"), repeat("counted")
	d := &draft{t: t, homes: []*Question{root, in, rows, rows, inner}}
	n := rapid.IntRange(2, 14).Draw(t, "questions")
	for i := range n {
		home := root
		if i > 0 { // the first stays outside, for the others to depend on
			home = d.homes[rapid.IntRange(0, len(d.homes)-1).Draw(t, "home")]
		}
		home.Children = append(home.Children, d.question(fmt.Sprintf("q%d", i)))
		d.names = append(d.names, fmt.Sprintf("q%d", i))
	}
	if len(inner.Children) > 0 {
		rows.Children = append(rows.Children, inner)
	}
	counted.RepeatCount = "${q0} mod 4"
	counted.Children = []*Question{
		ask(TypeCalculate, "place", "calculation=position(..) + coalesce("+d.other()+", 0)"),
		ask(TypeInteger, "left", "default=7", "required=${place} > 2"),
	}
	for _, h := range []*Question{in, rows} {
		if len(h.Children) > 0 {
			root.Children = append(root.Children, h)
		}
	}
	root.Children = append(root.Children, counted, ask(TypeCalculate, "sums", "calculation=sum(${place}) + count(${left})"))
	rows.Relevant = rapid.SampledFrom([]string{"", "${q0} != 2"}).Draw(t, "rows relevant")
	f := &Form{ID: "random", Root: root, InstanceName: "concat('n', ${q0})"}
	if err := f.Compile(); err != nil {
		t.Fatal(err)
	}
	return f
}

func (d *draft) question(name string) *Question {
	if len(d.names) == 0 {
		return ask(TypeInteger, name)
	}
	switch rapid.IntRange(0, 9).Draw(d.t, "kind") {
	case 0:
		return ask(TypeCalculate, name, fmt.Sprintf("calculation=coalesce(%s, 0) + sum(%s)", d.other(), d.other()))
	case 1:
		return ask(TypeInteger, name, "relevant="+d.other()+" > 2")
	case 2:
		return ask(TypeInteger, name, "required="+d.other()+" < 5", "constraint=. <= coalesce("+d.other()+", 3)")
	case 3:
		return ask(TypeInteger, name, "label=甲 "+d.other(), "readonly="+d.other()+" = 1")
	case 4:
		return ask(TypeSelectOne, name, "choices=0:零:1 1:一:3 3:三:3 7:七:0", "filter=district = "+d.other())
	case 5:
		return ask(TypeSelectMultiple, name, "choices=0:零 1:一 3:三 7:七", "filter=name != "+d.other(), "required=true()")
	case 6:
		return ask(TypeText, name, "relevant=count("+d.other()+") > 1", "default=1")
	case 7:
		return ask(TypeCalculate, name, fmt.Sprintf("calculation=concat(%s, count-selected(%s))", d.other(), d.other()))
	}
	return ask(TypeInteger, name)
}

// asked lists the paths of the questions that take answers, rows included but
// for those that are counted: their being there is not independent.
func asked(in *Instance) []string {
	var paths []string
	for _, n := range in.All() {
		if n.Question.answered() && !strings.HasPrefix(n.Path, "/counted") {
			paths = append(paths, n.Path)
		}
	}
	return paths
}

// drawAnswer is an answer to any of the questions, not always a fitting one.
func drawAnswer(t *rapid.T) string {
	return rapid.SampledFrom([]string{"", "0", "1", "3", "7", "1 3", "x"}).Draw(t, "answer")
}

func drawInstance(t *rapid.T, f *Form, rows int) *Instance {
	in, err := New(f, testEnv())
	if err != nil {
		t.Fatal(err)
	}
	for range rows {
		if f.Question("/rows") != nil {
			row, _, err := in.Add("/rows")
			if err != nil {
				t.Fatal(err)
			}
			if f.Question("/rows/inner") != nil {
				if _, _, err := in.Add(row + "/inner"); err != nil {
					t.Fatal(err)
				}
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
			values[p] = drawAnswer(t)
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
		raw, err := one.JSON()
		if err != nil {
			t.Fatal(err)
		}
		fresh := drawInstance(t, f, 0)
		if err := fresh.LoadJSON(raw); err != nil || state(fresh) != before {
			t.Fatalf("%v: the same answers, loaded at once, give something else:\n%s\n---\n%s", err, before, state(fresh))
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
		changed, err = in.Set(rapid.SampledFrom(paths).Draw(t, "path"), drawAnswer(t))
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
			if _, err := in.Set(p, drawAnswer(t)); err != nil {
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

// Taking back leads through the same states as doing, and doing again leads
// forward through them.
func TestUndoAndRedo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInstance(t, drawForm(t), 1)
		in.history = history{}
		states := []string{state(in)}
		for range rapid.IntRange(1, 8).Draw(t, "acts") {
			acts := len(in.history.past)
			if several := rapid.IntRange(1, 3).Draw(t, "together"); several == 1 {
				step(t, in)
			} else {
				in.Together(func() {
					for range several {
						step(t, in)
					}
				})
			}
			if len(in.history.past) == acts { // nothing changed, or the same question was typed in again
				states[len(states)-1] = state(in)
			} else {
				states = append(states, state(in))
			}
		}
		for i := len(states) - 2; i >= 0; i-- {
			if at, _ := in.Undo(); at == "" || state(in) != states[i] {
				t.Fatalf("taking back act %d about %q gives\n%s\nwant\n%s", i, at, state(in), states[i])
			}
			before := state(in)
			if in.Recalculate(); state(in) != before {
				t.Fatalf("stale after taking back:\n%s\n---\n%s", before, state(in))
			}
		}
		if in.CanUndo() {
			t.Fatal("more to take back than was done")
		}
		for i := range states[1:] {
			if at, _ := in.Redo(); at == "" || state(in) != states[i+1] {
				t.Fatalf("doing act %d again gives\n%s\nwant\n%s", i, state(in), states[i+1])
			}
		}
		if at, changed := in.Redo(); at != "" || changed != nil || in.CanRedo() {
			t.Fatalf("nothing was left to do again, got %q %v", at, changed)
		}
	})
}

// What is exported for ODK comes back as the same relevant answers.
func TestInstanceXMLRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawForm(t)
		in := drawInstance(t, f, rapid.IntRange(0, 3).Draw(t, "rows"))
		for _, p := range asked(in) {
			if _, err := in.Set(p, drawAnswer(t)); err != nil {
				t.Fatal(err)
			}
		}
		raw, err := in.XML("0192-1")
		if err != nil {
			t.Fatal(err)
		}
		again := drawInstance(t, f, 1)
		if err := again.LoadXML(raw); err != nil {
			t.Fatalf("%v\n%s", err, raw)
		}
		back, err := again.XML("0192-1")
		if err != nil || string(back) != string(raw) {
			t.Fatalf("%v\n%s\n---\n%s", err, raw, back)
		}
		if got, want := fmt.Sprint(again.Printable()), fmt.Sprint(in.Printable()); got != want {
			t.Fatalf("relevant answers\n%s\nwant\n%s", got, want)
		}
	})
}

func FuzzLoadXML(f *testing.F) {
	f.Add(`<data id="test"><workers><name>甲</name><wage>1.5</wage></workers><total>x</total></data>`)
	f.Add(`<data id="test" xmlns:jr="j"><workers jr:template=""/><other><a>1</a></other><meta/></data>`)
	f.Add("<data id='test'>\x00</data>")
	f.Fuzz(func(t *testing.T, raw string) {
		if len(raw) > 1<<16 {
			return
		}
		in := start(t, workersForm()...)
		if err := in.LoadXML([]byte(raw)); err != nil {
			return
		}
		out, err := in.XML("")
		if err != nil {
			t.Fatal(err)
		}
		again := start(t, workersForm()...)
		if err := again.LoadXML(out); err != nil {
			t.Fatalf("%v: what XML wrote cannot be read: %s", err, out)
		}
		if second, err := again.XML(""); err != nil || string(second) != string(out) {
			t.Fatalf("%v\n%s\n%s", err, out, second)
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
