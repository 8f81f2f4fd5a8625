package page

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/casework"
	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/model"
)

// drawn is a draw as it fell: what it was drawn from, the pairs with their
// visits, and what was made public.
type drawn struct {
	reading
	page   *Draws
	env    *Env
	k      kept[model.Draw]
	visits []casework.DrawnVisit
	by     model.Date // results are to be made public until then, "" while none wait
	body   *fyne.Container
	rows   *fyne.Container // of the pairs
	reader reader
}

func (p *Draws) drawn(env *Env, k kept[model.Draw]) *drawn {
	d := &drawn{page: p, env: env, k: k, body: container.NewVBox()}
	d.content, _ = widgets.NewFormScroll(d.body)
	d.reader.read(env, "", func(ctx context.Context) (err error) {
		if d.visits, err = env.Desk.DrawnVisits(ctx, k.Value); err != nil {
			return err
		}
		d.by, _, err = env.Desk.PublishBy(ctx, k.Value)
		return err
	}, func(err error) {
		if err != nil {
			showError(env, err)
			return
		}
		d.show()
		if p.recordPage != nil && p.built { // else the page is being made
			env.Host.ShowActions()
		}
	})
	return d
}

func (d *drawn) show() {
	v := d.k.Value
	head := line{Tag: stateLabel(v.State), Tone: stateTone(v.State), Title: v.Name, Text: joined(minuteText(v.DrawnAt), d.page.names.name(v.DrawnBy), v.Partners), Note: d.from(), Wrap: true}
	facts := rowsOf([]line{head})
	if d.by != "" {
		facts.Add(newLinkRow(line{Tag: dueLeft(d.by, d.env.Now()), Tone: dueTone(d.by, d.env.Now()), Title: lang.T("draws.due"), Text: string(d.by)}))
	}
	d.rows = folded(d.lines())
	d.body.Objects = []fyne.CanvasObject{widgets.NewCard(facts),
		widgets.NewSectionCard(lang.T("draws.pairs", "n", len(d.visits)), d.rows),
		widgets.NewSectionCard(lang.T("draws.proof"), container.NewVBox(widgets.NewCaption(lang.T("draws.proof.text")),
			widgets.NewFieldGrid(widgets.NewField(lang.T("draws.seed"), widgets.NewCopyable(v.Seed)).Span(), widgets.NewField(lang.T("draws.hash"), widgets.NewCopyable(v.Hash)).Span())))}
	if more := d.more(); len(more) > 0 {
		d.body.Add(widgets.NewSectionCard(lang.T("draws.more"), folded(more)))
	}
	d.body.Refresh()
}

// from says what was drawn from.
func (d *drawn) from() string {
	v := d.k.Value
	text := lang.T("draws.from", "of", lang.Said(v.Of), "pool", len(v.Units), "officers", len(v.Officers), "pick", len(v.Pairs))
	for _, condition := range []struct {
		on   bool
		text string
	}{{v.Grid != "", lang.T("draws.from.grid", "grid", v.Grid)}, {v.Industry != "", lang.T("draws.from.industry", "industry", v.Industry)},
		{v.SkipSeen, lang.T("draws.from.skip")}, {v.Weighted, lang.T("draws.from.weighted")}} {
		if condition.on {
			text = joined(text, condition.text)
		}
	}
	return text
}

// lines are the pairs; one opens its visit.
func (d *drawn) lines() []line {
	out := make([]line, len(d.visits))
	for i, x := range d.visits {
		if !x.Here() {
			out[i] = line{Tag: lang.T("draws.away.tag"), Tone: theme.Warning, Title: x.Name, Text: joined(d.page.names.name(x.Officers[0]), d.page.names.name(x.Officers[1])), Note: lang.T("draws.away")}
			continue
		}
		state := x.Inspection.Value.State
		out[i] = line{Tag: stateLabel(state), Tone: stateTone(state), Title: x.Name, Text: joined(d.page.names.name(x.Officers[0]), d.page.names.name(x.Officers[1])),
			Note: minuteText(x.Inspection.Value.Start), Open: func() { d.env.Host.Go(placeInspections, string(x.Visit)) }}
		if x.Shown {
			out[i].Note = joined(out[i].Note, lang.T("draws.shown"))
		}
	}
	return out
}

// more are the recusals, and the times results were made public.
func (d *drawn) more() (out []line) {
	for _, r := range d.k.Value.Recusals {
		out = append(out, line{Tag: lang.T("draws.recusal"), Tone: theme.Warning, Title: d.page.names.name(r.Officer), Text: d.page.names.name(r.Unit), Note: r.Reason})
	}
	for _, p := range d.k.Value.Published {
		out = append(out, line{Tag: lang.T("draws.published"), Tone: theme.Good, Title: p.Where, Text: joined(minuteText(p.At), d.page.names.name(p.By)),
			Note: lang.T("draws.published.n", "n", len(p.Visits))})
	}
	return out
}

// FocusFirst implements detail: the keyboard goes to the first pair.
func (d *drawn) FocusFirst() {
	if d.rows != nil && len(d.rows.Objects) > 0 {
		widgets.Focus(d.rows.Objects[0].(fyne.Focusable))
	}
}

// Actions implements detail.
func (d *drawn) Actions() []widgets.Action {
	made := false
	for _, x := range d.visits {
		made = made || x.Inspection.Value.State == model.InspectionRecorded
	}
	return []widgets.Action{
		{Label: lang.T("draws.publish"), Icon: fynetheme.ConfirmIcon(), Primary: true, Disabled: d.by == "", Do: d.publish},
		{Label: lang.T("draws.sheet"), Icon: fynetheme.DownloadIcon(), Disabled: !made, Do: d.sheet},
		{Label: lang.T("draws.prove"), Icon: fynetheme.SearchIcon(), Do: d.prove},
		{Label: lang.T("draws.list"), Icon: fynetheme.DownloadIcon(), Do: d.list},
	}
}

// publish notes where results are public now; for a while the note can be taken
// back.
func (d *drawn) publish() {
	dialogs.Ask(d.env.Host.Window(), dialogs.Prompt{Title: lang.T("draws.publish"), Label: lang.T("draws.publish.where"), Hint: lang.T("draws.publish.hint"), Verb: lang.T("draws.publish"),
		Check: func(text string) error {
			if strings.TrimSpace(text) == "" {
				return errors.New(lang.T("draws.publish.missing"))
			}
			return nil
		},
		OK: func(where string) {
			d.page.acts.does("draws.publish", func(ctx context.Context) ([]casework.Reason, error) {
				return nil, d.env.Desk.PublishDraw(ctx, d.k.ID, where)
			}, func() {
				d.page.Show(d.k.ID)
				d.env.Host.ToastUndo(lang.T("did.draws.publish"), d.takeBack)
			})
		}})
}

func (d *drawn) takeBack() {
	d.page.acts.does("draws.takeback", func(ctx context.Context) ([]casework.Reason, error) {
		return nil, d.env.Desk.TakeBackPublication(ctx, d.k.ID)
	}, func() { d.page.Show(d.k.ID) })
}

// sheet keeps what is made public as a workbook.
func (d *drawn) sheet() {
	var t casework.Table
	d.env.Host.Run(lang.T("draws.sheet"), func(ctx context.Context, _ func(float64, string)) (err error) {
		t, err = d.env.Desk.DrawSheet(ctx, d.k.ID)
		return err
	}, func(err error) {
		if err != nil {
			showError(d.env, err)
			return
		}
		saveTables(d.env, t.Name+" "+d.k.Value.Name+".xlsx", t)
	})
}

// prove draws again and says whether it comes out the same.
func (d *drawn) prove() {
	d.env.Host.Run(lang.T("draws.prove"), func(ctx context.Context, _ func(float64, string)) error { return d.env.Desk.ProveDraw(ctx, d.k.ID) }, func(err error) {
		if err != nil {
			showError(d.env, err)
			return
		}
		dialogs.Inform(d.env.Host.Window(), lang.T("draws.prove"), lang.T("draws.proved", "pool", len(d.k.Value.Units), "pick", len(d.k.Value.Pairs)))
	})
}

// list keeps the list that was drawn from, for others to draw again.
func (d *drawn) list() {
	dialogs.SaveFile(d.env.Host.Window(), d.k.Value.Name+".txt", func(path string) {
		d.env.Host.Run(lang.T("draws.list"), func(context.Context, func(float64, string)) error {
			return os.WriteFile(path, []byte(casework.DrawList(d.k.Value)), 0o600)
		}, func(err error) {
			if err != nil {
				showError(d.env, fmt.Errorf("保存“%s”: %w", filepath.Base(path), err))
				return
			}
			d.env.Host.Toast(lang.T("documents.copied", "path", path), theme.Good)
		})
	})
}
