package page

import (
	"context"
	"strconv"

	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/lang"
	"anxin/app/widgets"
	"anxin/model"
)

// DrawsArg as the argument of the visits' page opens the random draws.
const DrawsArg = "draws"

// IsDraw tells whether the argument of the visits' page is for the draws: the
// page of them, or one of them.
func IsDraw(env *Env, arg string) bool {
	if arg == DrawsArg {
		return true
	}
	h, err := env.Desk.Journal.Head(context.Background(), model.ID(arg))
	return err == nil && h.Kind == model.KindDraw
}

// Draws lists the random draws, draws, and shows what became of each.
type Draws struct {
	*recordPage[model.Draw, *model.Draw]
	names *registers
	acts  *acts
}

// NewDraws opens the page; arg names a draw to open.
func NewDraws(env *Env, arg string) *Draws {
	p := &Draws{names: newRegisters(env), acts: &acts{env: env}}
	if arg == DrawsArg {
		arg = ""
	}
	p.recordPage = newRecordPage(env, recordSpec[model.Draw]{
		Place: "draws", Columns: []widgets.Column[kept[model.Draw]]{
			{Title: lang.T("draws.date"), Width: 92, Cell: func(k kept[model.Draw]) string { return dayText(k.Value.DrawnAt) },
				Compare: func(a, b kept[model.Draw]) int { return a.Value.DrawnAt.Compare(b.Value.DrawnAt) }},
			textColumn(lang.T("draws.name"), 0, 0, func(v *model.Draw) string { return v.Name }),
			{Title: lang.T("draws.units"), Width: 78, DropBelow: 380, Cell: func(k kept[model.Draw]) string { return strconv.Itoa(len(k.Value.Pairs)) },
				Compare: func(a, b kept[model.Draw]) int { return len(a.Value.Pairs) - len(b.Value.Pairs) }},
			stateColumn(func(v *model.Draw) string { return v.State }),
		},
		States: []string{model.DrawOpen, model.DrawPublished},
		Empty:  lang.T("draws.empty"), Icon: fynetheme.MediaReplayIcon(), New: lang.T("draws.new"),
		Open: func(k kept[model.Draw]) (detail, error) {
			if k.ID == "" {
				return p.ask(env, k)
			}
			return p.drawn(env, k), nil
		},
	}, arg)
	return p
}
