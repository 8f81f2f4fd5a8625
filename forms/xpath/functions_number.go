package xpath

import (
	"math"
	"strconv"
)

var numberFunctions = map[string]function{
	"number": {0, 1, evalNumber},
	"int":    mathFunction(math.Trunc), "floor": mathFunction(math.Floor), "ceiling": mathFunction(math.Ceil),
	"round": {1, 2, evalRound},
	"abs":   mathFunction(math.Abs), "sqrt": mathFunction(math.Sqrt), "exp": mathFunction(math.Exp),
	"exp10": mathFunction(func(x float64) float64 { return math.Pow(10, x) }),
	"log":   mathFunction(math.Log), "log10": mathFunction(math.Log10),
	"sin": mathFunction(math.Sin), "cos": mathFunction(math.Cos), "tan": mathFunction(math.Tan),
	"asin": mathFunction(math.Asin), "acos": mathFunction(math.Acos), "atan": mathFunction(math.Atan),
	"atan2": {2, 2, func(r *run, f focus, a []expr) Value { return Number(math.Atan2(r.num(f, a, 0), r.num(f, a, 1))) }},
	"pow":   {2, 2, func(r *run, f focus, a []expr) Value { return Number(math.Pow(r.num(f, a, 0), r.num(f, a, 1))) }},
	"pi":    {0, 0, func(*run, focus, []expr) Value { return Number(math.Pi) }},
	"sum": {1, 1, func(r *run, f focus, a []expr) Value {
		total := 0.0
		for _, s := range r.texts(f, a) {
			total += r.parseNumber(s)
		}
		return Number(total)
	}},
	"max": {0, -1, func(r *run, f focus, a []expr) Value { return r.extreme(f, a, math.Max) }},
	"min": {0, -1, func(r *run, f focus, a []expr) Value { return r.extreme(f, a, math.Min) }},
}

// evalNumber keeps a date's fraction but tells it as whole days.
func evalNumber(r *run, f focus, args []expr) Value {
	var v Value = String("")
	if len(args) == 0 {
		v = String(f.node.Value())
	} else {
		v = args[0].eval(r, f)
	}
	n := r.number(v)
	if _, plain := ParseNumber(v.String()); !plain && looksLikeDate(v.String()) {
		return dayNumber(n)
	}
	return Number(n)
}

func (r *run) extreme(f focus, args []expr, better func(a, b float64) float64) Value {
	values := r.texts(f, args)
	if len(values) == 0 {
		return Number(math.NaN())
	}
	best := r.parseNumber(values[0])
	for _, s := range values[1:] {
		best = better(best, r.parseNumber(s))
	}
	return Number(best)
}

// roundHalfUp is XPath's round: a half goes towards positive infinity.
func roundHalfUp(x float64) float64 {
	if math.Abs(x) >= 1<<52 || x != x {
		return x
	}
	return math.Floor(x + 0.5)
}

// evalRound rounds to the given number of digits, a half away from zero. It
// works on the decimal text, so 2.15 rounds to 2.2 although the binary number
// lies below it.
func evalRound(r *run, f focus, args []expr) Value {
	x, digits := r.num(f, args, 0), 0.0
	if len(args) == 2 {
		digits = r.num(f, args, 1)
	}
	const most = 100
	if digits != digits || math.Abs(digits) > most || math.IsInf(x, 0) || x != x {
		return Number(x)
	}
	shifted := shift(math.Abs(x), int(digits))
	if shifted >= 1<<52 {
		return Number(x)
	}
	return Number(math.Copysign(shift(math.Floor(shifted+0.5), -int(digits)), x))
}

// shift multiplies by a power of ten without the error of binary fractions.
func shift(x float64, digits int) float64 {
	text := strconv.FormatFloat(x, 'e', -1, 64)
	for i := len(text) - 1; i > 0; i-- {
		if text[i] == 'e' {
			exp, _ := strconv.Atoi(text[i+1:])
			y, _ := strconv.ParseFloat(text[:i]+"e"+strconv.Itoa(exp+digits), 64)
			return y
		}
	}
	return x
}
