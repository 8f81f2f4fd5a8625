package hub

import (
	"slices"
	"strings"
	"time"

	"anxin/sync/wire"
)

// certificateLife is how long a laptop may stay out of touch; every hello
// begins it anew.
const certificateLife = 90 * 24 * time.Hour

// under: scope lies in above or is it. "甲县" stands above "甲县/东街道".
func under(scope, above string) bool {
	return scope == above || strings.HasPrefix(scope, above+"/")
}

// may reports whether the device reaches a scope in a role. Who may write may
// read; its home scope and what lies below it a device may always write.
func (d Device) may(scope, role string) bool {
	if scope == "" {
		return false
	}
	return under(scope, d.Scope) || slices.ContainsFunc(d.Grants, func(g Grant) bool {
		return under(scope, g.Scope) && (g.Role == RoleWrite || g.Role == role)
	})
}

// scopesOf are the feeds a device may read, its home scope first.
func scopesOf(tx Tx, d Device) ([]wire.Scope, error) {
	all, err := tx.Scopes()
	if err != nil {
		return nil, err
	}
	out := []wire.Scope{{Name: d.Scope, Write: true}}
	for _, s := range all {
		switch {
		case s.Name == d.Scope:
			out[0].Head = s.Head
		case d.may(s.Name, RoleRead):
			out = append(out, wire.Scope{Name: s.Name, Head: s.Head, Write: d.may(s.Name, RoleWrite)})
		}
	}
	return out, nil
}
