package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// ID names a record for ever: a UUIDv7 in its canonical text form.
type ID string

// ParseID checks that text is a UUID and returns it in canonical form.
func ParseID(text string) (ID, error) {
	u, err := uuid.Parse(text)
	if err != nil {
		return "", fmt.Errorf("编号“%s”不是有效的记录编号，请从列表中复制完整的编号", text)
	}
	return ID(u.String()), nil
}

// Rev names one revision: "<generation>-<base32 of a hash over its canonical
// encoding>". The same act done twice has the same Rev.
type Rev string

// Kind says what a record is; it selects the Go type of the body.
type Kind string

// The kinds of records. A kind is never renamed: journals keep it for ever.
const (
	KindOffice     Kind = "office"
	KindOfficer    Kind = "officer"
	KindGrid       Kind = "grid"
	KindEmployer   Kind = "employer"
	KindSite       Kind = "site"
	KindLead       Kind = "lead"
	KindCase       Kind = "case"
	KindInspection Kind = "inspection"
	KindWageRoll   Kind = "wageroll"
	KindInterview  Kind = "interview"
	KindDocument   Kind = "document"
	KindService    Kind = "service"
	KindEvidence   Kind = "evidence"
)

// Revision is one immutable act on one record. The journal of a record's
// revisions is the record; everything else is a projection of it.
type Revision struct {
	Rev     Rev       `json:"rev"`
	Record  ID        `json:"record"`
	Kind    Kind      `json:"kind"`
	Parents []Rev     `json:"parents,omitempty"` // none for the first, two for a merge
	Schema  int       `json:"schema"`            // version of the body's shape
	Author  ID        `json:"author"`            // the officer who acted
	Device  ID        `json:"device"`            // the laptop it was done on
	Epoch   int       `json:"epoch"`             // the laptop's life: a restore starts a new one
	Time    time.Time `json:"time"`              // wall clock of the act, zone kept
	// Body is the record after the act, canonical JSON (RFC 8785). In the
	// journal it is sealed; here it is clear.
	Body json.RawMessage `json:"body"`
	// Sig is the device's Ed25519 signature over Rev.
	Sig []byte `json:"sig"`
}

// Generation is the number of revisions on the longest way from the record's
// first revision to this one, counted from 1; 0 for a malformed Rev.
func (r Rev) Generation() int {
	n := 0
	for i := 0; i < len(r); i++ {
		c := r[i]
		if c == '-' {
			return n
		}
		if c < '0' || c > '9' {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	return 0
}

// Errors that every room below casework returns wrapped, for errors.Is.
var (
	// ErrNotFound: no record, blob or number of that name is here.
	ErrNotFound = errors.New("没有找到")
	// ErrStale: the record was changed since it was read; read it again.
	ErrStale = errors.New("记录已被修改，请重新打开后再保存")
	// ErrFrozen: an issued document may only receive events.
	ErrFrozen = errors.New("文书已经签发，内容不能再修改；如有错误，请撤回后另行制作")
	// ErrNoNumber: no number of the series is left on this laptop.
	ErrNoNumber = errors.New("本机没有可用的文号，请联网同步领取号段，或者在“同步”页登记局里分配的号段")
	// ErrLocked: the store is locked; a passphrase is needed.
	ErrLocked = errors.New("数据已锁定，请输入口令")
	// ErrPassphrase: the passphrase opens no key.
	ErrPassphrase = errors.New("口令不正确，请重新输入")
)

// IDs makes record ids; tests and the sample day give a counted one.
type IDs interface{ NewID() ID }

// Clock tells the time; nothing in the domain asks the machine itself.
type Clock interface{ Now() time.Time }

// Date is a day without a clock time, "2006-01-02"; "" is unknown.
type Date string

// DateOf returns the day of an instant in the instant's own zone.
func DateOf(t time.Time) Date {
	if t.IsZero() {
		return ""
	}
	return Date(t.Format(time.DateOnly))
}

// Time is midnight of the day in loc; the zero time when the date is empty or
// no date.
func (d Date) Time(loc *time.Location) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, string(d), loc)
	if err != nil {
		return time.Time{}
	}
	return t
}

// Chinese writes the day as papers do: 2026年9月18日, without leading zeros.
func (d Date) Chinese() string {
	t := d.Time(time.UTC)
	if t.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d年%d月%d日", t.Year(), int(t.Month()), t.Day())
}

// ChineseTime writes an instant to the minute in its own zone:
// 2026年9月18日9时10分.
func ChineseTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return fmt.Sprintf("%s%d时%d分", DateOf(t).Chinese(), t.Hour(), t.Minute())
}
