package model

import (
	"encoding/json"
	"fmt"
)

// An upcaster turns the members of a body of one schema into those of the next.
// Members it does not name stay as they are.
type upcaster func(body map[string]json.RawMessage) error

// upcasters are the steps of each kind, from schema 1 to 2, from 2 to 3 and so
// on. A member that is only added needs none: its absence is its zero value.
var upcasters = map[Kind][]upcaster{}

// Schema is the version of the shape in which this program writes the bodies
// of a kind.
func Schema(kind Kind) int { return 1 + len(upcasters[kind]) }

// Upcast is a revision as this program reads it: a body written in an older
// shape is brought to the present one step by step. Only the reading changes.
// The journal keeps, sends and verifies what was signed; the next act on the
// record writes the present shape. A newer shape is left as it is, for its
// members are carried over unread (see Encode).
func Upcast(r Revision) (Revision, error) {
	present := Schema(r.Kind)
	if r.Schema < 1 || r.Schema >= present {
		return r, nil
	}
	body := map[string]json.RawMessage{}
	if err := json.Unmarshal(r.Body, &body); err != nil {
		return r, fmt.Errorf("读取%s记录: %w", r.Kind, err)
	}
	for i, step := range upcasters[r.Kind][r.Schema-1:] {
		if err := step(body); err != nil {
			return r, fmt.Errorf("把%s记录从第 %d 版格式转为第 %d 版: %w", r.Kind, r.Schema+i, r.Schema+i+1, err)
		}
	}
	cast, err := json.Marshal(body)
	if err != nil {
		return r, fmt.Errorf("写出%s记录: %w", r.Kind, err)
	}
	r.Body, r.Schema = cast, present
	return r, nil
}
