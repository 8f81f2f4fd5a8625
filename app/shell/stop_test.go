package shell_test

import (
	"context"
	"errors"
	"testing"

	"fyne.io/fyne/v2"

	"anxin/app/shell"
	"anxin/app/uitest"
)

// held is work that goes on until it is stopped or let go.
type held struct {
	ctx  context.Context
	then func(error)
}

func (h *held) Start(work shell.Work, tell func(float64, string), then func(error)) func() {
	ctx, cancel := context.WithCancel(context.Background())
	h.ctx, h.then = ctx, then
	return cancel
}

func TestLongWorkCanBeStopped(t *testing.T) {
	for _, way := range []string{"by its button", "by its key"} {
		h := &held{}
		r := newRigWith(t, uitest.Settings{}, func(o *shell.Options) { o.Runner = h })
		var got error
		r.shell.Run("导入名册", func(context.Context, func(float64, string)) error { return nil }, func(err error) { got = err })
		r.MustSee("导入名册")
		r.MustNotSee("停止") // it may be done in a moment
		r.pass(0)
		r.MustSee("停止")
		if way == "by its key" {
			r.Press(fyne.KeyF9)
		} else {
			r.Tap("停止")
		}
		if h.ctx.Err() == nil {
			t.Fatalf("%s: the work was not told to stop", way)
		}
		h.then(h.ctx.Err())
		if !errors.Is(got, context.Canceled) {
			t.Errorf("%s: the page was told %v", way, got)
		}
		r.MustSee("导入名册：已取消")
		r.MustNotSee("停止")
	}
}

func TestUnseenWorkLeavesTheStatusBarAlone(t *testing.T) {
	h := &held{}
	r := newRigWith(t, uitest.Settings{}, func(o *shell.Options) { o.Runner = h })
	r.shell.Run("", func(context.Context, func(float64, string)) error { return nil }, func(error) {})
	r.pass(0)
	r.MustNotSee("停止")
	r.Press(fyne.KeyF9)
	if h.ctx.Err() != nil {
		t.Error("the key stopped work that nobody sees")
	}
}

func TestEscapeGoesBackStepByStep(t *testing.T) {
	r := newRig(t, uitest.Settings{})
	r.shell.Go("cases", "7")
	r.Focus(r.page.text)
	r.page.inside = true
	r.Press(fyne.KeyEscape)
	if r.Focused() != nil || len(r.log) > 1 {
		t.Fatalf("the first Escape: %v has the keyboard, %s", r.Focused(), r.logged())
	}
	r.Press(fyne.KeyEscape)
	if got := r.shell.Route(); got != (shell.Route{Page: "cases", Arg: "7"}) {
		t.Fatalf("the second left the page for %v", got)
	}
	r.Press(fyne.KeyEscape)
	if got := r.shell.Route(); got.Page != "today" {
		t.Errorf("the third went to %v", got)
	}
}

func TestPasteReachesThePageWhereNothingIsTyped(t *testing.T) {
	r := newRig(t, uitest.Settings{})
	r.Shortcut(fyne.KeyV, fyne.KeyModifierControl)
	if got := r.logged(); got != "today paste" {
		t.Errorf("the page was told %q", got)
	}
}
