package model

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"sort"
	"strings"
	"time"
)

// Record is the body of a revision as a Go value.
type Record interface {
	// Kind is the constant of the record's type.
	Kind() Kind
	// Summary is what the store keeps beside the sealed body.
	Summary() Summary
}

// Summary is the part of a record that lists sort and filter by and that a
// search finds. The columns are kept in the clear and so hold nothing about a
// person; Find and Exact are only ever stored as a keyed index.
type Summary struct {
	State     string // a state constant of the kind
	Date      time.Time
	Due       Date
	AmountFen int64
	Count     int
	Number    string   // 文号 or a code, never an identity number
	Case      ID       // the case it belongs to, if any
	Parent    ID       // the record it hangs on (document of a service, site of an inspection)
	Find      []string // what it is found by; its name is the first, "" where it has none
	Exact     []string // what it is picked by, of the members of its body: see Exactly
}

// Exactly is what a record is picked by that has this value in a member of its
// body, for Summary.Exact and Query.Exact.
func Exactly(member, value string) string { return member + "=" + value }

// exactly takes members and values in turn and leaves out what is empty.
func exactly(pairs ...string) (out []string) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			out = append(out, Exactly(pairs[i], pairs[i+1]))
		}
	}
	return out
}

// Head is the newest state of a record as a list shows it.
type Head struct {
	ID       ID
	Kind     Kind
	Rev      Rev
	Author   ID
	Updated  time.Time
	Summary  Summary // without Find and Exact
	Conflict bool
	Body     json.RawMessage
}

var makers = map[Kind]func() Record{
	KindOffice:      func() Record { return &Office{} },
	KindOfficer:     func() Record { return &Officer{} },
	KindGrid:        func() Record { return &Grid{} },
	KindEmployer:    func() Record { return &Employer{} },
	KindSite:        func() Record { return &Site{} },
	KindLead:        func() Record { return &Lead{} },
	KindCase:        func() Record { return &Case{} },
	KindInspection:  func() Record { return &Inspection{} },
	KindWageRoll:    func() Record { return &WageRoll{} },
	KindInterview:   func() Record { return &Interview{} },
	KindDocument:    func() Record { return &Document{} },
	KindService:     func() Record { return &Service{} },
	KindEvidence:    func() Record { return &Evidence{} },
	KindCustody:     func() Record { return &Custody{} },
	KindFormPackage: func() Record { return &FormPackage{} },
	KindIssuerKey:   func() Record { return &IssuerKey{} },
	KindContact:     func() Record { return &Contact{} },
	KindEntry:       func() Record { return &Entry{} },
	KindDraw:        func() Record { return &Draw{} },
	KindPayment:     func() Record { return &Payment{} },
}

// Kinds lists every kind, sorted.
func Kinds() []Kind {
	out := make([]Kind, 0, len(makers))
	for k := range makers {
		out = append(out, k)
	}
	sort.Slice(out, func(i, j int) bool { return out[i] < out[j] })
	return out
}

// Decode reads a body into the Go type of its kind.
func Decode(kind Kind, body []byte) (Record, error) {
	make, ok := makers[kind]
	if !ok {
		return nil, fmt.Errorf("记录种类“%s”由更新的程序写入，本程序不认识，请升级", kind)
	}
	r := make()
	if err := json.Unmarshal(body, r); err != nil {
		return nil, fmt.Errorf("读取%s记录: %w", kind, err)
	}
	return r, nil
}

// As decodes a body as the record type T, for callers that know the kind.
func As[T any, P interface {
	*T
	Record
}](body []byte) (*T, error) {
	var v T
	if err := json.Unmarshal(body, &v); err != nil {
		return nil, fmt.Errorf("读取%s记录: %w", P(&v).Kind(), err)
	}
	return &v, nil
}

// Encode writes a record as JSON. Members of the body it was read from that
// this program does not know, written by a newer one, are carried over byte
// for byte; previous may be nil. The result is not yet canonical.
func Encode(r Record, previous []byte) ([]byte, error) {
	mine, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("写出%s记录: %w", r.Kind(), err)
	}
	if len(previous) == 0 {
		return mine, nil
	}
	var old, now map[string]json.RawMessage
	if err := json.Unmarshal(previous, &old); err != nil {
		return nil, fmt.Errorf("读取%s记录的上一版本: %w", r.Kind(), err)
	}
	if err := json.Unmarshal(mine, &now); err != nil {
		return nil, fmt.Errorf("写出%s记录: %w", r.Kind(), err)
	}
	known := members(reflect.TypeOf(r).Elem())
	carried := false
	for name, raw := range old {
		if !known[name] {
			now[name] = raw
			carried = true
		}
	}
	if !carried {
		return mine, nil
	}
	return marshalRaw(now)
}

// marshalRaw keeps the bytes of each member as they are; json.Marshal would
// compact them.
func marshalRaw(m map[string]json.RawMessage) ([]byte, error) {
	names := make([]string, 0, len(m))
	for n := range m {
		names = append(names, n)
	}
	sort.Strings(names)
	var b bytes.Buffer
	b.WriteByte('{')
	for i, n := range names {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := json.Marshal(n)
		if err != nil {
			return nil, err
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(m[n])
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// members are the JSON names a struct type knows, embedded structs included.
func members(t reflect.Type) map[string]bool {
	out := map[string]bool{}
	for i := 0; i < t.NumField(); i++ {
		f := t.Field(i)
		if f.Anonymous && f.Type.Kind() == reflect.Struct {
			for n := range members(f.Type) {
				out[n] = true
			}
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" {
			name = f.Name
		}
		out[name] = true
	}
	return out
}
