package wire

import (
	"fmt"
	"time"
)

// Codes of refusals, for programs; people read Message.
const (
	CodeBad        = "bad_request"
	CodeUnsigned   = "unsigned"      // no or wrong signature, unknown device
	CodeReplayed   = "replayed"      // Need is the newest counter the hub has seen
	CodeRevoked    = "revoked"       // the device may no longer take part
	CodeOldEpoch   = "old_epoch"     // a newer life of the device is known
	CodeForked     = "forked"        // two logs under one name: a cloned laptop
	CodeNeed       = "need"          // a gap in the log; Need is the next number wanted
	CodeTooLarge   = "too_large"     // beyond a limit of this package
	CodeProtocol   = "protocol"      // no common version
	CodeCode       = "enrol_code"    // the enrolment code is wrong, used or expired
	CodeNotFound   = "not_found"     // no such evidence or page
	CodeIncomplete = "incomplete"    // leaves are missing
	CodeDamaged    = "damaged"       // bytes do not fit their hash
	CodeRate       = "rate_limited"  // too many requests
	CodeScope      = "scope_revoked" // the scope is no longer granted
	CodeInternal   = "internal"
)

// Error is a refusal by the hub.
type Error struct {
	Status  int    `json:"-"` // HTTP status
	Code    string `json:"code"`
	Message string `json:"message"` // one sentence for a person
	Need    int64  `json:"need,omitempty"`
	// After is how long a busy hub asks to be left alone; it travels as the
	// header Retry-After, in seconds.
	After time.Duration `json:"-"`
}

func (e *Error) Error() string { return e.Message }

// Is makes errors.Is compare by code.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// Refuse makes an Error.
func Refuse(status int, code, format string, args ...any) *Error {
	return &Error{Status: status, Code: code, Message: fmt.Sprintf(format, args...)}
}
