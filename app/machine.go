package main

import (
	"context"
	"strings"

	"anxin/app/lang"
	"anxin/app/office"
)

// leastSpace is the free storage in bytes below which evidence may soon find no
// room.
const leastSpace = 2 << 30

// machineText says how clock and storage stand, and whether that is trouble.
func machineText(ctx context.Context, o *office.Office) (text string, trouble bool) {
	var words []string
	behind, err := o.Store.ClockBehind(ctx)
	switch {
	case err != nil:
	case behind > 0:
		words, trouble = append(words, lang.T("status.clock.behind")), true
	default:
		words = append(words, lang.T("status.clock"))
	}
	if free, err := freeSpace(o.Dir); err == nil {
		words = append(words, lang.T("status.storage", "n", free>>30))
		trouble = trouble || free < leastSpace
	}
	return strings.Join(words, " · "), trouble
}
