package model

import "time"

// KindCustody is one entry of the chain of custody of a piece of evidence.
const KindCustody Kind = "custody"

// What happens to a piece of evidence. Taking and importing stand in the
// evidence itself and are not kept twice; the others are entries.
const (
	CustodyTaken    = "拍摄"
	CustodyImported = "导入"
	CustodyViewed   = "查看"
	CustodyPrinted  = "打印"
	CustodyExported = "导出"
)

// Custody says that somebody had a piece of evidence in hand. An entry is
// written once and never changed; the device is the one that signed it.
type Custody struct {
	Evidence ID        `json:"evidence"`
	Case     ID        `json:"case,omitempty"`
	Event    string    `json:"event"`
	At       time.Time `json:"at"`
	By       ID        `json:"by"`
	Note     string    `json:"note,omitempty"` // where to, which printer
}

func (*Custody) Kind() Kind { return KindCustody }

// Summary implements Record.
func (c *Custody) Summary() Summary {
	return Summary{State: c.Event, Date: c.At, Case: c.Case, Parent: c.Evidence}
}
