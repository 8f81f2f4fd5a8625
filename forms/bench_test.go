package forms

import (
	"fmt"
	"strings"
	"testing"
)

func BenchmarkAddRowAt1000(b *testing.B) {
	in := start(b, workersForm()...)
	for range 1000 {
		set(b, in, addRow(b, in, "/workers")+"/wage", "100")
	}
	for b.Loop() {
		addRow(b, in, "/workers")
		b.StopTimer()
		if _, err := in.Remove("/workers[1001]"); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

func BenchmarkRemoveFirstOf1000(b *testing.B) {
	in := start(b, workersForm()...)
	for range 1000 {
		set(b, in, addRow(b, in, "/workers")+"/wage", "100")
	}
	for b.Loop() {
		if _, err := in.Remove("/workers[1]"); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		in.Undo()
		b.StartTimer()
	}
}

func BenchmarkUndoOf551(b *testing.B) {
	in, err := New(bigForm(b, 551), testEnv())
	if err != nil {
		b.Fatal(err)
	}
	set(b, in, "/g0/q0", "7")
	for b.Loop() {
		in.Undo()
		in.Redo()
	}
}

// employers100k is a register in memory that looks through every row.
func employers100k() *register {
	reg := &register{}
	for i := range 100_000 {
		reg.rows = append(reg.rows, Item{"name": fmt.Sprint("e", i), "label": fmt.Sprintf("第%d建筑工程有限公司", i), "district": fmt.Sprint("d", i%50)})
	}
	return reg
}

func BenchmarkSearch100kEmployers(b *testing.B) {
	f := compileForm(b, ask(TypeText, "district"), ask(TypeSelectOne, "employer", "file=employers", "filter=district = ${district}"))
	env := testEnv()
	env.Lists = employers100k()
	in, err := New(f, env)
	if err != nil {
		b.Fatal(err)
	}
	set(b, in, "/district", "d7")
	for b.Loop() {
		found, _, err := in.Search("/employer", "77", 50)
		if err != nil || len(found) == 0 {
			b.Fatal(err, len(found))
		}
	}
}

// The same as a list of the form itself: every row is a choice of its own.
func BenchmarkFilter100kChoices(b *testing.B) {
	q := ask(TypeSelectOne, "employer", "filter=district = ${district}")
	q.ListName = "employers"
	for _, row := range employers100k().rows {
		q.Choices = append(q.Choices, Choice{Name: row["name"], Label: Text{"": row["label"]}, Extra: map[string]string{"district": row["district"]}})
	}
	in := start(b, ask(TypeText, "district"), q)
	set(b, in, "/district", "d7")
	for b.Loop() {
		choices, err := in.Choices("/employer")
		if err != nil || len(choices) != 2000 {
			b.Fatal(err, len(choices))
		}
	}
}

func BenchmarkXMLOf551(b *testing.B) {
	in, err := New(bigForm(b, 551), testEnv())
	if err != nil {
		b.Fatal(err)
	}
	for _, p := range asked(in) {
		set(b, in, p, "7")
	}
	for b.Loop() {
		raw, err := in.XML("0192")
		if err != nil || !strings.Contains(string(raw), "0192") {
			b.Fatal(err)
		}
	}
}
