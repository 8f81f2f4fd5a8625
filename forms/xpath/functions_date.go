package xpath

import "math"

var dateFunctions = map[string]function{
	"today": {0, 0, func(r *run, _ focus, _ []expr) Value {
		t := r.world.Now
		y, m, d := t.Date()
		return DateTime{Time: dateIn(y, m, d, t.Location()), DateOnly: true}
	}},
	"now":         {0, 0, func(r *run, _ focus, _ []expr) Value { return DateTime{Time: r.world.Now} }},
	"date":        {1, 1, evalDate},
	"date-time":   {1, 1, evalDate},
	"format-date": {2, 2, evalFormatDate}, "format-date-time": {2, 2, evalFormatDate},
	"decimal-date-time": {1, 1, func(r *run, f focus, a []expr) Value {
		d, ok := r.toDate(a[0].eval(r, f))
		if !ok {
			return Number(math.NaN())
		}
		return Number(d.days())
	}},
	"decimal-time": {1, 1, func(r *run, f focus, a []expr) Value { return Number(r.decimalTime(r.text(f, a, 0))) }},
}

func evalDate(r *run, f focus, args []expr) Value {
	d, ok := r.toDate(args[0].eval(r, f))
	if !ok {
		return String("")
	}
	return d
}

func evalFormatDate(r *run, f focus, args []expr) Value {
	d, ok := r.toDate(args[0].eval(r, f))
	if !ok || d.Invalid {
		return String("")
	}
	return String(formatDate(d.Time, r.text(f, args, 1), r.world.Language))
}
