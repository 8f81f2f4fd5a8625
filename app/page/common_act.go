package page

import (
	"context"
	"errors"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"anxin/app/casework"
	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/model"
)

// acts runs the use cases of one page, one at a time: a second tap while an
// act is on its way is not a second act.
type acts struct {
	env  *Env
	busy bool
}

// does runs an act the catalogue names, off the window: key is what it is called,
// did.key says that it was done. Reasons are what should be thought over though
// the act was done; then follows only when it was.
func (a *acts) does(key string, work func(ctx context.Context) ([]casework.Reason, error), then func()) {
	a.run(lang.T(key), lang.T("did."+key), work, then)
}

// do is the same for an act that is named by a text.
func (a *acts) do(title string, work func(ctx context.Context) ([]casework.Reason, error), then func()) {
	a.run(title, lang.T("act.done", "act", title), work, then)
}

func (a *acts) run(title, done string, work func(ctx context.Context) ([]casework.Reason, error), then func()) {
	if a.busy {
		return
	}
	a.busy = true
	var reasons []casework.Reason
	a.env.Host.Run(title, func(ctx context.Context, _ func(float64, string)) (err error) {
		reasons, err = work(ctx)
		return err
	}, func(err error) {
		a.busy = false
		if err != nil {
			showError(a.env, err)
			return
		}
		a.env.Host.Toast(done, theme.Good)
		then()
		if len(reasons) > 0 {
			dialogs.Inform(a.env.Host.Window(), lang.T("act.warnings", "act", title), reasonList(reasons))
		}
	})
}

// write saves what was typed, at once: whoever leaves a page with "save and
// leave" must not wait for it.
func write(env *Env, work func(ctx context.Context) (model.ID, error), saved func(model.ID)) {
	id, err := work(context.Background())
	if err != nil {
		showError(env, err)
		return
	}
	saved(id)
}

// showError shows an error; of a refused act every reason with its article.
func showError(env *Env, err error) {
	var refused *casework.Refused
	if errors.As(err, &refused) {
		dialogs.Inform(env.Host.Window(), lang.T("act.refused", "act", lang.Said(refused.Act)), reasonList(refused.Reasons))
		return
	}
	dialogs.Error(env.Host.Window(), err)
}

// reasonList writes reasons as a list, what blocks first, each with its article
// on a line of its own.
func reasonList(reasons []casework.Reason) string {
	var blocking, warning []string
	for _, r := range reasons {
		key, list := "act.reason.warn", &warning
		if r.Blocks {
			key, list = "act.reason.block", &blocking
		}
		line := lang.T(key, "text", strings.TrimRight(lang.Said(r.Text), "。."))
		if r.Article != "" {
			line += "\n　　" + lang.T("act.reason.article", "article", r.Article)
		}
		*list = append(*list, line)
	}
	return strings.Join(append(blocking, warning...), "\n")
}

// dialogForm holds fields in a dialog. It scrolls, and laying it again makes
// room for a hint or an error that came up.
func dialogForm(width, height float32, parts ...fyne.CanvasObject) (root fyne.CanvasObject, again func()) {
	body := container.NewVBox(parts...)
	frame, scroll := widgets.NewFormScroll(body)
	return widgets.AtLeast(width, height, frame), func() {
		for _, p := range parts {
			p.Refresh()
		}
		scroll.Refresh()
	}
}
