package store

import (
	"context"
	"encoding/json"
	"fmt"

	"anxin/model"
)

// Conflicts lists the heads that grew apart and wait for an officer, oldest
// first. A Change with Settles ends one.
func (s *Store) Conflicts(ctx context.Context) ([]model.Conflict, error) {
	return collect(ctx, s, func(scan func(...any) error) (c model.Conflict, err error) {
		var fields, at string
		if err = scan(&c.Record, &c.Kind, &c.Base, &c.Ours, &c.Theirs, &fields, &at); err != nil {
			return c, err
		}
		if err = json.Unmarshal([]byte(fields), &c.Fields); err != nil {
			return c, fmt.Errorf("读取记录 %s 的冲突: %w", c.Record, err)
		}
		c.At, err = timeOfText(at)
		return c, err
	}, `SELECT record, kind, base, ours, theirs, fields, at FROM conflict ORDER BY at, record, theirs`)
}
