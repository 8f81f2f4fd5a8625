package shell

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/widgets"
)

// Hit is a record that a search over everything found.
type Hit struct {
	Icon          fyne.Resource
	Title, Detail string
	To            Route
}

// Search finds records by what was typed, best first; it runs off the UI goroutine.
type Search func(ctx context.Context, text string, limit int) ([]Hit, error)

// searchDelay lets the next key come before a search is begun.
const searchDelay = 120 * time.Millisecond

// palette is the one input that finds everything: records, pages, commands.
type palette struct {
	shell  *Shell
	finder *widgets.Finder
	turn   int // of the newest search; older answers are dropped
	stop   func()
	close  func()
}

// OpenPalette shows the input that finds records, pages and commands.
func (s *Shell) OpenPalette() {
	p := &palette{shell: s, stop: func() {}}
	p.finder = widgets.NewFinder(lang.T("find.hint"), p.typed, func(widgets.Found) { p.close() })
	p.typed("")
	dialogs.Custom(s.win, lang.T("find.title"), p.finder.Root, p.finder.Focusable(), func(closeDialog func()) []widgets.Action {
		p.close = func() {
			p.turn++
			p.stop()
			closeDialog()
		}
		return []widgets.Action{{Label: lang.T("find.open"), Primary: true, Do: p.finder.Accept}}
	})
}

// typed shows the commands at once and begins to search for records.
func (p *palette) typed(text string) {
	p.turn++
	p.stop()
	p.stop = func() {}
	commands := p.shell.commands(text)
	if text == "" || p.shell.o.Search == nil {
		p.show(nil, commands)
		return
	}
	p.finder.Show(commands, lang.T("find.searching"))
	mine := p.turn
	p.shell.o.After(searchDelay, func() {
		if mine == p.turn {
			p.search(mine, text, commands)
		}
	})
}

func (p *palette) search(mine int, text string, commands []widgets.Found) {
	var hits []Hit
	s := p.shell
	p.stop = s.o.Runner.Start(
		func(ctx context.Context, _ func(float64, string)) (err error) {
			hits, err = s.o.Search(ctx, text, widgets.MostFound)
			return err
		},
		func(float64, string) {},
		func(err error) {
			switch {
			case mine != p.turn:
			case err != nil:
				p.finder.Show(commands, dialogs.Sentence(err))
			default:
				p.show(hits, commands)
			}
		})
}

// show puts records first: who types a name wants the record of that name.
func (p *palette) show(hits []Hit, commands []widgets.Found) {
	var found []widgets.Found
	for _, h := range hits {
		found = append(found, widgets.Found{Icon: h.Icon, Title: h.Title, Detail: h.Detail, Do: func() { p.shell.Go(h.To.Page, h.To.Arg) }})
	}
	found = append(found, commands...)
	note := lang.T("find.note")
	if len(found) == 0 {
		note = lang.T("find.none")
	}
	p.finder.Show(found, note)
}

// commands are what can be done here and now and has the text in its name or its
// pinyin initials: acts of the page, keys of the program, places.
func (s *Shell) commands(text string) []widgets.Found {
	type ranked struct {
		widgets.Found
		rank int
	}
	var all []ranked
	add := func(f widgets.Found) {
		if rank, ok := widgets.Match(f.Title, text); ok {
			all = append(all, ranked{f, rank})
		}
	}
	if a, ok := s.page.(Acter); ok {
		for _, act := range a.Actions() {
			if !act.Disabled && act.Do != nil {
				add(widgets.Found{Icon: act.Icon, Title: act.Label, Detail: s.page.Title(), Do: act.Do})
			}
		}
	}
	for i, p := range s.o.Places {
		f := widgets.Found{Icon: p.Icon, Title: lang.T("nav." + p.Key), Do: func() { s.Go(p.Key, "") }}
		if i < len(digits) {
			f.Detail = "Ctrl+" + string(digits[i])
		}
		add(f)
	}
	for _, b := range s.bindings() {
		if b.name != "find" && (b.able == nil || b.able(s.page)) {
			add(widgets.Found{Icon: fynetheme.ComputerIcon(), Title: lang.T("keys." + b.name), Detail: b.pressed(), Do: b.do})
		}
	}
	slices.SortStableFunc(all, func(a, b ranked) int { return a.rank - b.rank })
	var out []widgets.Found
	for _, f := range all {
		out = append(out, f.Found)
	}
	return out
}
