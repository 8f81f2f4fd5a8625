package forms

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// noon is the moment at which the tests take place, in China.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.FixedZone("CST", 8*3600))

func testEnv() Env {
	return Env{Now: func() time.Time { return noon }, Language: "zh", DeviceID: "laptop-1", Username: "officer"}
}

func group(name string, children ...*Question) *Question {
	return &Question{Name: name, Type: TypeGroup, Children: children}
}

func repeat(name string, children ...*Question) *Question {
	return &Question{Name: name, Type: TypeRepeat, Children: children}
}

// ask builds a question; each setting is "column=value".
func ask(kind Type, name string, settings ...string) *Question {
	q := &Question{Name: name, Type: kind, Label: Text{"": name}, Parameters: map[string]string{}}
	for _, s := range settings {
		column, value, _ := strings.Cut(s, "=")
		switch column {
		case "relevant":
			q.Relevant = value
		case "required":
			q.Required = value
		case "readonly":
			q.Readonly = value
		case "constraint":
			q.Constraint = value
		case "message":
			q.ConstraintMessage = Text{"zh": value}
		case "calculation":
			q.Calculation = value
		case "default":
			q.Default = value
		case "filter":
			q.ChoiceFilter = value
		case "label":
			q.Label = Text{"zh": value}
		case "file":
			q.File = value
		case "trigger":
			q.Trigger = strings.Fields(value)
		case "choices":
			q.ListName, q.Choices = name, choices(value)
		default:
			panic("unknown setting " + s)
		}
	}
	return q
}

// choices are written "name:label:district ...".
func choices(s string) []Choice {
	var out []Choice
	for _, word := range strings.Fields(s) {
		parts := strings.Split(word+"::", ":")
		out = append(out, Choice{Name: parts[0], Label: Text{"zh": parts[1]}, Extra: map[string]string{"district": parts[2]}})
	}
	return out
}

func compileForm(t testing.TB, children ...*Question) *Form {
	t.Helper()
	f := &Form{ID: "test", Version: "1", Root: group("", children...)}
	if err := f.Compile(); err != nil {
		t.Fatal(err)
	}
	return f
}

func start(t testing.TB, children ...*Question) *Instance {
	t.Helper()
	in, err := New(compileForm(t, children...), testEnv())
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func set(t testing.TB, in *Instance, path, value string) []string {
	t.Helper()
	changed, err := in.Set(path, value)
	if err != nil {
		t.Fatalf("Set(%s, %q): %v", path, value, err)
	}
	return changed
}

func wantValue(t testing.TB, in *Instance, path, want string) {
	t.Helper()
	if got := in.Value(path); got != want {
		t.Errorf("%s = %q, want %q", path, got, want)
	}
}

func addRow(t testing.TB, in *Instance, path string) string {
	t.Helper()
	row, _, err := in.Add(path)
	if err != nil {
		t.Fatal(err)
	}
	return row
}

// errorsOf renders the problems as "path message".
func errorsOf(in *Instance) string {
	var lines []string
	for _, p := range in.Errors() {
		lines = append(lines, p.Path+" "+p.Message)
	}
	return strings.Join(lines, "; ")
}

// state renders everything a person could see, for comparing two instances.
func state(in *Instance) string {
	var b strings.Builder
	for _, n := range in.All() {
		fmt.Fprintf(&b, "%s|%s|%v|%v|%v|%s|%s|%d\n", n.Path, n.Value, n.Relevant, n.Required, n.Readonly, n.Error, n.Label, n.Rows)
		if n.Question.IsSelect() {
			offered, err := in.Choices(n.Path)
			fmt.Fprintln(&b, offered, err)
		}
	}
	b.WriteString(in.Name())
	return b.String()
}
