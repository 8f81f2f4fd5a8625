package xpath

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Value is the result of an expression: Bool, Number, String, NodeSet or
// DateTime.
type Value interface {
	// String converts as XPath 1.0 section 4.2 says.
	String() string
	isValue()
}

// The types of values. NodeSet is in document order. DateTime is a moment
// with the zone it is told in; DateOnly if it is a calendar day.
type (
	Bool     bool
	Number   float64
	String   string
	NodeSet  []Node
	DateTime struct {
		Time     time.Time
		DateOnly bool
		Invalid  bool
	}
	// dayNumber is what number() makes of a date: days since 1970 with their
	// fraction, told as whole days.
	dayNumber float64
)

func (Bool) isValue()      {}
func (Number) isValue()    {}
func (String) isValue()    {}
func (NodeSet) isValue()   {}
func (DateTime) isValue()  {}
func (dayNumber) isValue() {}

func (b Bool) String() string {
	if b {
		return "true"
	}
	return "false"
}

func (n Number) String() string {
	f := float64(n)
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case f == 0:
		return "0"
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

func (s String) String() string { return string(s) }

func (s NodeSet) String() string {
	if len(s) == 0 {
		return ""
	}
	return s[0].Value()
}

func (d dayNumber) String() string { return Number(math.Floor(float64(d))).String() }

func (d DateTime) String() string {
	switch {
	case d.Invalid:
		return "Invalid Date"
	case d.DateOnly:
		return d.Time.Format("2006-01-02")
	}
	return d.Time.Format("2006-01-02T15:04:05.000-07:00")
}

// Truth converts a value to a boolean.
func Truth(v Value) bool {
	switch v := v.(type) {
	case Bool:
		return bool(v)
	case Number:
		return v != 0 && !math.IsNaN(float64(v))
	case dayNumber:
		return v != 0
	case NodeSet:
		return len(v) > 0
	case DateTime:
		return !v.Invalid
	case String:
		return v != ""
	}
	return false
}

// number converts a value; a string that is a date counts as days since
// 1970-01-01T00:00Z in the zone of the clock.
func (r *run) number(v Value) float64 {
	switch v := v.(type) {
	case Number:
		return float64(v)
	case dayNumber:
		return float64(v)
	case Bool:
		if v {
			return 1
		}
		return 0
	case DateTime:
		return v.days()
	}
	return r.parseNumber(v.String())
}

func (r *run) parseNumber(s string) float64 {
	s = strings.Trim(s, " \t\r\n")
	if f, ok := ParseNumber(s); ok {
		return f
	}
	if looksLikeDate(s) {
		return r.parseDate(s).days()
	}
	return math.NaN()
}

// ParseNumber reads a decimal number: digits with an optional sign, point and
// exponent. Words such as Inf and hexadecimal notation are refused.
func ParseNumber(s string) (float64, bool) {
	if s == "" || strings.Trim(s, "+-.0123456789eE") != "" {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil
}
