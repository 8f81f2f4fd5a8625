package page

import (
	"time"

	"anxin/app/casework"
	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/widgets"
)

// cardClock asks what the recorder's clock shows now; the difference to the
// laptop's is kept with what is imported.
type cardClock struct {
	field *widgets.Field
	entry *widgets.Entry
	now   func() time.Time
	read  casework.CameraClock
	err   error
}

func (c *cardWatch) newClock() *cardClock {
	k := &cardClock{entry: widgets.NewEntry(), now: c.box.env.Now}
	k.field = widgets.NewField(lang.T("card.clock"), k.entry).Span()
	k.field.SetHint(lang.T("card.clock.hint"))
	k.entry.OnChanged = k.typed
	return k
}

// typed compares at once: the time that matters is the one at which it is read.
func (k *cardClock) typed(text string) {
	k.read, k.err = casework.CompareClock(text, k.now())
	k.field.SetError("")
	hint := lang.T("card.clock.hint")
	if k.err == nil && k.read.Source != "" {
		hint = aheadText(k.read.Ahead)
	}
	k.field.SetHint(hint)
}

// wrong shows that what was typed is no time.
func (k *cardClock) wrong() bool {
	if k.err != nil {
		k.field.SetError(dialogs.Sentence(k.err))
		widgets.Focus(k.entry)
	}
	return k.err != nil
}

// aheadText says how a camera's clock stands to the laptop's.
func aheadText(ahead time.Duration) string {
	switch {
	case ahead == 0:
		return lang.T("card.clock.right")
	case ahead < 0:
		return lang.T("card.clock.slow", "by", (-ahead).String())
	}
	return lang.T("card.clock.fast", "by", ahead.String())
}
