package forms

import (
	"math/big"
	"strings"
	"time"

	"anxin/forms/xpath"
)

const dateLayout = "2006-01-02"

// clean brings an answer into the form in which it is kept: without space
// around it, several choices separated by one blank.
func (q *Question) clean(value string) string {
	switch q.Type {
	case TypeText, TypeCalculate, TypeHidden, TypeNote:
		return value
	case TypeSelectMultiple, TypeRank:
		return strings.Join(strings.Fields(value), " ")
	case TypeDate:
		value = strings.TrimSpace(value)
		if d, _, found := strings.Cut(value, "T"); found && len(d) == len(dateLayout) {
			return d
		}
	}
	return strings.TrimSpace(value)
}

// check is what is wrong with the answer of n. Only the relevant is checked, an
// empty answer only for being required.
func (in *Instance) check(n *node) Fault {
	q := n.question
	if !n.relevant || q.IsContainer() || !q.shown() {
		return Fault{}
	}
	if n.value == "" {
		if n.required && q.Type != TypeNote {
			return in.worded(n, q.RequiredMessage, q.exprs.requiredText, FaultRequired)
		}
		return Fault{}
	}
	if f := q.mistyped(n.value); f.Code != FaultNone {
		return f
	}
	if f := in.checkChoices(n); f.Code != FaultNone {
		return f
	}
	if !in.truth(q.exprs.constraint, n, true) {
		return in.worded(n, q.ConstraintMessage, q.exprs.constraintText, FaultConstraint)
	}
	return Fault{}
}

// worded is a fault in the form's own words, where it has some.
func (in *Instance) worded(n *node, text Text, ts templates, otherwise FaultCode) Fault {
	if s := in.fill(n, text, ts); s != "" {
		return Fault{Code: FaultOther, Said: s}
	}
	return Fault{Code: otherwise}
}

// mistyped is the fault of a value that is not of the question's type.
func (q *Question) mistyped(value string) Fault {
	switch q.Type {
	case TypeInteger:
		if _, ok := new(big.Int).SetString(strings.TrimPrefix(value, "+"), 10); !ok || len(value) > 18 {
			return Fault{Code: FaultInteger}
		}
	case TypeDecimal, TypeRange:
		f, ok := xpath.ParseNumber(value)
		if !ok {
			return Fault{Code: FaultDecimal}
		}
		return q.outOfRange(f)
	case TypeDate, TypeTime, TypeDateTime:
		return q.mistypedTime(value)
	case TypeGeopoint:
		return mistypedPoint(value)
	case TypeAcknowledge:
		if value != "OK" && value != "true" {
			return Fault{Code: FaultAcknowledge}
		}
	}
	return Fault{}
}

func (q *Question) mistypedTime(value string) Fault {
	switch q.Type {
	case TypeDate:
		if _, err := time.Parse(dateLayout, value); err != nil {
			return Fault{Code: FaultDate}
		}
	case TypeTime:
		if xpath.ParseDate("2000-01-01T"+value, time.UTC).Invalid {
			return Fault{Code: FaultTime}
		}
	case TypeDateTime:
		if xpath.ParseDate(value, time.UTC).Invalid {
			return Fault{Code: FaultDateTime}
		}
	}
	return Fault{}
}

func (q *Question) outOfRange(f float64) Fault {
	if q.Type != TypeRange {
		return Fault{}
	}
	low, okLow := xpath.ParseNumber(q.Parameters["start"])
	high, okHigh := xpath.ParseNumber(q.Parameters["end"])
	if okLow && okHigh && (f < min(low, high) || f > max(low, high)) {
		return Fault{Code: FaultRange, Args: [2]string{q.Parameters["start"], q.Parameters["end"]}}
	}
	return Fault{}
}

func mistypedPoint(value string) Fault {
	words := strings.Fields(value)
	if len(words) < 2 || len(words) > 4 {
		return Fault{Code: FaultPoint}
	}
	for i, w := range words {
		f, ok := xpath.ParseNumber(w)
		if !ok || i == 0 && (f < -90 || f > 90) || i == 1 && (f < -180 || f > 180) {
			return Fault{Code: FaultPoint}
		}
	}
	return Fault{}
}

// checkChoices finds an answer that is none of the choices offered now.
func (in *Instance) checkChoices(n *node) Fault {
	q := n.question
	if !q.IsSelect() || q.File != "" && in.env.Lists == nil {
		return Fault{}
	}
	words := []string{n.value}
	if q.Type != TypeSelectOne {
		words = strings.Fields(n.value)
	}
	for _, w := range words {
		ok, err := in.offers(n, w)
		if err != nil {
			return Fault{Code: FaultOther, Said: err.Error()}
		}
		if !ok {
			return Fault{Code: FaultChoice, Args: [2]string{in.choiceLabel(q, w)}}
		}
	}
	return Fault{}
}

func (in *Instance) choiceLabel(q *Question, name string) string {
	if c := q.choice(name); c != nil {
		if s := c.Label.In(in.env.Language); s != "" {
			return s
		}
	}
	if c, ok := in.registered(q, name); ok && c.Label.In("") != "" {
		return c.Label.In("")
	}
	return name
}
