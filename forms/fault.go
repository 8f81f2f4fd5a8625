package forms

import "fmt"

// FaultCode is the kind of a Fault.
type FaultCode string

// The kinds of faults. FaultOther is one that the form or a list words itself.
const (
	FaultNone        FaultCode = ""
	FaultRequired    FaultCode = "required"
	FaultConstraint  FaultCode = "constraint"
	FaultInteger     FaultCode = "integer"
	FaultDecimal     FaultCode = "decimal"
	FaultRange       FaultCode = "range" // Args: the lowest and the highest
	FaultDate        FaultCode = "date"
	FaultTime        FaultCode = "time"
	FaultDateTime    FaultCode = "datetime"
	FaultPoint       FaultCode = "point"
	FaultAcknowledge FaultCode = "acknowledge"
	FaultChoice      FaultCode = "choice" // Args: the label of what was chosen
	FaultOther       FaultCode = "other"
)

// Fault is what is wrong with an answer, for a screen that words it in a
// language of its own; the zero value is nothing.
type Fault struct {
	Code FaultCode
	Args [2]string
	Said string // the sentence of FaultOther
}

// faultTexts are the sentences in the language of the papers.
var faultTexts = map[FaultCode]string{
	FaultRequired:    "必填，请填写",
	FaultConstraint:  "填写的内容不符合要求，请核对",
	FaultInteger:     "应填整数，如 12",
	FaultDecimal:     "应填数字，如 12.5",
	FaultDate:        "应填日期，如 2026-03-01",
	FaultTime:        "应填时刻，如 09:30",
	FaultDateTime:    "应填日期和时刻，如 2026-03-01T09:30",
	FaultPoint:       "应填“纬度 经度”，如 39.9 116.4",
	FaultAcknowledge: "只能勾选或不勾选",
}

// String is the sentence in Chinese, as Node.Error and Problem.Message give it.
func (f Fault) String() string {
	switch f.Code {
	case FaultOther:
		return f.Said
	case FaultRange:
		return fmt.Sprintf("应在 %s 到 %s 之间", f.Args[0], f.Args[1])
	case FaultChoice:
		return fmt.Sprintf("所选的“%s”不在可选范围内，请重新选择", f.Args[0])
	}
	return faultTexts[f.Code]
}
