package page

import (
	"context"
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
	which *widgets.Select // nil where the office has entered no recorder
	read  casework.CameraClock
	err   error
}

func (c *cardWatch) newClock() *cardClock {
	k := &cardClock{entry: widgets.NewEntry(), now: c.box.env.Now}
	k.field = widgets.NewField(lang.T("card.clock"), k.entry).Span()
	k.field.SetHint(lang.T("card.clock.hint"))
	k.entry.OnChanged = k.typed
	k.offer(c.box.env)
	return k
}

// offer asks which of the office's recorders it is.
func (k *cardClock) offer(env *Env) {
	names, err := env.Desk.Recorders(context.Background())
	if err != nil {
		showError(env, err)
	}
	if len(names) == 0 {
		return
	}
	options := []widgets.Option{{Key: "", Label: lang.T("card.recorder.unsaid")}}
	for _, name := range names {
		options = append(options, widgets.Option{Key: name, Label: name})
	}
	k.which = widgets.NewSelect(options, nil)
	k.which.SetKey("")
}

// fields are what is asked.
func (k *cardClock) fields() []*widgets.Field {
	if k.which == nil {
		return []*widgets.Field{k.field}
	}
	return []*widgets.Field{widgets.NewField(lang.T("card.recorder"), k.which).Span(), k.field}
}

// known is what was said of the recorder.
func (k *cardClock) known() casework.CameraClock {
	out := k.read
	if k.which != nil {
		out.Camera = k.which.Key()
	}
	return out
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
