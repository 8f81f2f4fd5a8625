package xpath

import (
	"fmt"
	"strings"
)

// function is one entry of the library; max < 0 means any number.
type function struct {
	min, max int
	eval     func(r *run, f focus, args []expr) Value
}

func (f function) arity() string {
	switch {
	case f.max < 0:
		return fmt.Sprintf("至少 %d 个", f.min)
	case f.min == f.max:
		return fmt.Sprintf("%d 个", f.min)
	}
	return fmt.Sprintf("%d 到 %d 个", f.min, f.max)
}

// functions is the whole library by name. It is filled before anything is
// compiled and read-only from then on.
var functions = map[string]function{}

func init() {
	for _, library := range []map[string]function{nodeFunctions, stringFunctions, numberFunctions, logicFunctions, dateFunctions, formFunctions, geoFunctions} {
		for name, f := range library {
			functions[name] = f
		}
	}
}

// FunctionNames lists the library, unsorted.
func FunctionNames() []string {
	names := make([]string, 0, len(functions))
	for n := range functions {
		names = append(names, n)
	}
	return names
}

// text evaluates argument i to a string; the context node if it is absent.
func (r *run) text(f focus, args []expr, i int) string {
	if i >= len(args) {
		return f.node.Value()
	}
	s := args[i].eval(r, f).String()
	r.step(len(s) / 64)
	return s
}

// num evaluates argument i to a number; the context node if it is absent.
func (r *run) num(f focus, args []expr, i int) float64 {
	if i >= len(args) {
		return r.parseNumber(f.node.Value())
	}
	return r.number(args[i].eval(r, f))
}

// texts evaluates args to strings, one for each node of a node-set.
func (r *run) texts(f focus, args []expr) []string {
	var out []string
	for _, a := range args {
		v := a.eval(r, f)
		set, ok := v.(NodeSet)
		if !ok {
			out = append(out, v.String())
			continue
		}
		for _, n := range set {
			if !r.step(1) {
				return nil
			}
			out = append(out, n.Value())
		}
	}
	return out
}

// maxText bounds the strings functions may build.
const maxText = 4 << 20

func (r *run) joined(parts []string, sep string) Value {
	n := 0
	for _, p := range parts {
		n += len(p) + len(sep)
	}
	if n > maxText {
		return r.fail(fmt.Errorf("文字超过 %d 字节：%w", maxText, ErrLimit))
	}
	r.step(n / 64)
	return String(strings.Join(parts, sep))
}

// textFunction wraps a Go function of n texts, mathFunction one of a number.
func textFunction(n int, fn func([]string) Value) function {
	return function{n, n, func(r *run, f focus, args []expr) Value {
		in := make([]string, len(args))
		for i := range args {
			in[i] = r.text(f, args, i)
		}
		return fn(in)
	}}
}

func mathFunction(fn func(float64) float64) function {
	return function{1, 1, func(r *run, f focus, args []expr) Value { return Number(fn(r.num(f, args, 0))) }}
}
