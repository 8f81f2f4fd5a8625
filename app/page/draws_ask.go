package page

import (
	"context"
	"encoding/json"
	"slices"
	"time"

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

// prefDrawDraft is where a draw that was asked for and not drawn yet is kept,
// sealed as all settings of a laptop.
const prefDrawDraft = "draft.draw"

// firstVisit is the hour at which the first visits are proposed.
const firstVisit = 9

// drawAsk is a draw before it is drawn: what is asked for, who may be drawn to
// inspect, and who must keep away from whom.
type drawAsk struct {
	reading
	page     *Draws
	env      *Env
	form     *recordForm
	v        *model.Draw
	officers *widgets.Paragraph
	recusals *fyne.Container
	draft    *draft
}

// ask lays open what was asked for before and not drawn, or a new draw.
func (p *Draws) ask(env *Env, k kept[model.Draw]) (*drawAsk, error) {
	d := &drawAsk{page: p, env: env, v: k.Value, officers: widgets.NewParagraph(""), recusals: container.NewVBox()}
	now := env.Now()
	next, _ := env.Desk.Law.Calendar.AddWorking(now, 1)
	*d.v = model.Draw{Of: model.DrawEmployers, Weighted: true, Begin: next.Add(firstVisit * time.Hour)}
	if kept := env.Prefs.Get(prefDrawDraft); kept != "" {
		var before model.Draw
		if err := json.Unmarshal([]byte(kept), &before); err == nil { // else an older program wrote it
			*d.v = before
		}
	}
	d.draft = newDraft(env, d.keep)
	var err error
	if d.form, err = newRecordForm(env, "draw", d.v, d.draft.touch); err != nil {
		return nil, err
	}
	d.show()
	choose := widgets.NewQuietButton(lang.T("draws.officers.choose"), fynetheme.AccountIcon(), d.chooseOfficers)
	add := widgets.NewQuietButton(lang.T("draws.recusal.add"), fynetheme.ContentAddIcon(), d.addRecusal)
	who := widgets.NewSectionCard(lang.T("draws.officers"), container.NewVBox(widgets.NewBorder(nil, nil, nil, choose, d.officers), d.recusals), add)
	d.content = widgets.NewBorder(container.NewVBox(widgets.NewCard(widgets.NewCaption(lang.T("draws.ask"))), who), nil, nil, nil, d.form.Root())
	return d, nil
}

// show names officers and recusals.
func (d *drawAsk) show() {
	d.officers.SetText(lang.T("draws.officers.all"))
	if len(d.v.Officers) > 0 {
		names := make([]string, len(d.v.Officers))
		for i, id := range d.v.Officers {
			names[i] = d.page.names.name(id)
		}
		d.officers.SetText(joined(names...))
	}
	var lines []line
	for i, r := range d.v.Recusals {
		lines = append(lines, line{Tag: lang.T("draws.recusal"), Tone: theme.Warning, Title: d.page.names.name(r.Officer), Text: d.page.names.name(r.Unit), Note: r.Reason,
			Open: func() { d.dropRecusal(i) }})
	}
	d.recusals.Objects = rowsOf(lines).Objects
	d.recusals.Refresh()
}

// chooseOfficers names who can be drawn; with nobody named everybody who is
// certified can.
func (d *drawAsk) chooseOfficers() {
	people, err := d.page.names.officers()
	if err != nil {
		showError(d.env, err)
		return
	}
	checks := widgets.NewChecks(people, nil)
	keys := make([]string, len(d.v.Officers))
	for i, id := range d.v.Officers {
		keys[i] = string(id)
	}
	checks.SetKeys(keys)
	scroll, _ := widgets.NewFormScroll(checks.Root)
	dialogs.Custom(d.env.Host.Window(), lang.T("draws.officers"), widgets.AtLeast(420, helperHeight, scroll), nil, func(shut func()) []widgets.Action {
		return []widgets.Action{{Label: lang.T("draws.officers.take"), Primary: true, Do: func() {
			shut()
			d.v.Officers = nil
			for _, key := range checks.Keys() {
				d.v.Officers = append(d.v.Officers, model.ID(key))
			}
			d.changed()
		}}}
	})
}

// addRecusal asks who must keep away from whom, and why.
func (d *drawAsk) addRecusal() {
	people, err := d.page.names.officers()
	if err != nil {
		showError(d.env, err)
		return
	}
	officer := widgets.NewSelect(people, nil)
	who := widgets.NewField(lang.T("draws.recusal.officer"), officer).Star()
	kind := model.KindEmployer
	if d.read().Of == model.DrawSites {
		kind = model.KindSite
	}
	unit := d.page.names.newPick(lang.T("draws.recusal.unit"), kind, "", nil)
	unit.Star()
	reason := widgets.NewEntry()
	why := widgets.NewField(lang.T("draws.recusal.reason"), reason).Star().Span()
	body, again := dialogForm(560, 220, widgets.NewFieldGrid(who, unit.Field, why))
	dialogs.Custom(d.env.Host.Window(), lang.T("draws.recusal.add"), body, officer, func(shut func()) []widgets.Action {
		return []widgets.Action{{Label: lang.T("draws.recusal.take"), Primary: true, Do: func() {
			who.SetError(missing(officer.Key() == "", "officers.missing"))
			why.SetError(missing(reason.Text == "", "draws.recusal.why"))
			unitOK := unit.Check()
			again()
			if !unitOK || who.Error() != "" || why.Error() != "" {
				return
			}
			shut()
			d.v.Recusals = append(d.v.Recusals, model.Recusal{Officer: model.ID(officer.Key()), Unit: unit.ID(), Reason: reason.Text})
			d.changed()
		}}}
	})
}

// missing is what is said of an input that must be filled in, "" when it is.
func missing(is bool, key string) string {
	if !is {
		return ""
	}
	return lang.T(key)
}

// dropRecusal takes one out, for a while to be put back.
func (d *drawAsk) dropRecusal(at int) {
	before := slices.Clone(d.v.Recusals)
	d.v.Recusals = slices.Delete(d.v.Recusals, at, at+1)
	d.changed()
	d.env.Host.ToastUndo(lang.T("draws.recusal.dropped"), func() {
		d.v.Recusals = before
		d.changed()
	})
}

func (d *drawAsk) changed() {
	d.show()
	d.draft.touch()
}

// read is what is asked for, as it is filled in now.
func (d *drawAsk) read() *model.Draw {
	v := *d.v
	if err := writeFlags(d.form, &v, "weighted", "skip_seen"); err != nil {
		return d.v // an amount that is half typed
	}
	return &v
}

// keep saves what was filled in: a draw is kept only when it is drawn.
func (d *drawAsk) keep() {
	raw, err := json.Marshal(d.read())
	if err == nil { // texts and numbers
		d.env.Prefs.Set(prefDrawDraft, string(raw))
	}
}

// Leave implements detail.
func (d *drawAsk) Leave() { d.draft.flush() }

// FocusFirst implements detail.
func (d *drawAsk) FocusFirst() { d.form.FocusFirst() }

// Actions implements detail.
func (d *drawAsk) Actions() []widgets.Action {
	return []widgets.Action{{Label: lang.T("draws.draw"), Icon: fynetheme.MediaReplayIcon(), Primary: true, Do: d.draw}}
}

// draw counts who can be drawn, asks, and draws: there is no way back from it.
func (d *drawAsk) draw() {
	if !d.form.OK() {
		return
	}
	v := *d.read()
	var pool casework.DrawPool
	d.env.Host.Run(lang.T("draws.pool"), func(ctx context.Context, _ func(float64, string)) (err error) {
		pool, err = d.env.Desk.Pool(ctx, v)
		return err
	}, func(err error) {
		if err != nil {
			showError(d.env, err)
			return
		}
		text := lang.T("draws.confirm", "pool", len(pool.Units), "pick", v.Pick, "officers", len(pool.Officers))
		if pool.Unbuilt > 0 {
			text += "\n" + lang.T("draws.unbuilt", "n", pool.Unbuilt)
		}
		dialogs.Confirm(d.env.Host.Window(), dialogs.Question{Title: lang.T("draws.confirm.title"), Text: text, Verb: lang.T("draws.draw"), Yes: func() { d.cast(v) }})
	})
}

func (d *drawAsk) cast(v model.Draw) {
	var id model.ID
	d.page.acts.does("draws.draw", func(ctx context.Context) (_ []casework.Reason, err error) {
		id, err = d.env.Desk.Draw(ctx, v)
		return nil, err
	}, func() {
		d.draft.drop()
		d.env.Prefs.Set(prefDrawDraft, "")
		d.page.Show(id)
	})
}
