package forms

import (
	"fmt"
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

// check is the sentence about what is wrong with the answer of n, "" if
// nothing is. Only the relevant is checked, an empty answer only for being
// required.
func (in *Instance) check(n *node) string {
	q := n.question
	if !n.relevant || q.IsContainer() || !q.shown() {
		return ""
	}
	if n.value == "" {
		if n.required && q.Type != TypeNote {
			return in.message(n, q.RequiredMessage, q.exprs.requiredText, "必填，请填写")
		}
		return ""
	}
	if s := q.mistyped(n.value); s != "" {
		return s
	}
	if s := in.checkChoices(n); s != "" {
		return s
	}
	if !in.truth(q.exprs.constraint, n, true) {
		return in.message(n, q.ConstraintMessage, q.exprs.constraintText, "填写的内容不符合要求，请核对")
	}
	return ""
}

func (in *Instance) message(n *node, text Text, ts templates, otherwise string) string {
	if s := in.fill(n, text, ts); s != "" {
		return s
	}
	return otherwise
}

// mistyped is the sentence about a value that is not of the question's type.
func (q *Question) mistyped(value string) string {
	switch q.Type {
	case TypeInteger:
		if _, ok := new(big.Int).SetString(strings.TrimPrefix(value, "+"), 10); !ok || len(value) > 18 {
			return "应填整数，如 12"
		}
	case TypeDecimal, TypeRange:
		f, ok := xpath.ParseNumber(value)
		if !ok {
			return "应填数字，如 12.5"
		}
		return q.outOfRange(f)
	case TypeDate, TypeTime, TypeDateTime:
		return q.mistypedTime(value)
	case TypeGeopoint:
		return mistypedPoint(value)
	case TypeAcknowledge:
		if value != "OK" && value != "true" {
			return "只能勾选或不勾选"
		}
	}
	return ""
}

func (q *Question) mistypedTime(value string) string {
	switch q.Type {
	case TypeDate:
		if _, err := time.Parse(dateLayout, value); err != nil {
			return "应填日期，如 2026-03-01"
		}
	case TypeTime:
		if xpath.ParseDate("2000-01-01T"+value, time.UTC).Invalid {
			return "应填时刻，如 09:30"
		}
	case TypeDateTime:
		if xpath.ParseDate(value, time.UTC).Invalid {
			return "应填日期和时刻，如 2026-03-01T09:30"
		}
	}
	return ""
}

func (q *Question) outOfRange(f float64) string {
	if q.Type != TypeRange {
		return ""
	}
	low, okLow := xpath.ParseNumber(q.Parameters["start"])
	high, okHigh := xpath.ParseNumber(q.Parameters["end"])
	if okLow && okHigh && (f < min(low, high) || f > max(low, high)) {
		return fmt.Sprintf("应在 %s 到 %s 之间", q.Parameters["start"], q.Parameters["end"])
	}
	return ""
}

func mistypedPoint(value string) string {
	words := strings.Fields(value)
	if len(words) < 2 || len(words) > 4 {
		return "应填“纬度 经度”，如 39.9 116.4"
	}
	for i, w := range words {
		f, ok := xpath.ParseNumber(w)
		if !ok || i == 0 && (f < -90 || f > 90) || i == 1 && (f < -180 || f > 180) {
			return "应填“纬度 经度”，如 39.9 116.4"
		}
	}
	return ""
}

// checkChoices finds an answer that is none of the choices offered now.
func (in *Instance) checkChoices(n *node) string {
	q := n.question
	if !q.IsSelect() || q.File != "" && in.env.Lists == nil {
		return ""
	}
	words := []string{n.value}
	if q.Type != TypeSelectOne {
		words = strings.Fields(n.value)
	}
	for _, w := range words {
		ok, err := in.offers(n, w)
		if err != nil {
			return err.Error()
		}
		if !ok {
			return fmt.Sprintf("所选的“%s”不在可选范围内，请重新选择", in.choiceLabel(q, w))
		}
	}
	return ""
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
