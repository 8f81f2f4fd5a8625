package page

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
)

// Settings of this laptop that remember the last printing.
const (
	prefPrinter = "print.printer"
	prefDuplex  = "print.duplex"
)

// mostCopies bounds a slip of the keyboard.
const mostCopies = 99

// printing asks where and how papers are printed, prints them with progress,
// and lists those that were not.
type printing struct {
	env   *Env
	items []PrintItem
	done  func(s PrintSettings, printed []PrintItem) // may be nil

	which   *widgets.Checks // nil for one paper
	printer *widgets.Select
	copy    *widgets.Select // nil where no paper has copies by name
	copies  *widgets.Entry
	duplex  *widgets.Check
	field   *widgets.Field // of the copies
	both    bool
	again   func() // lays the dialog again
}

// askPrint looks up the printers and asks; every paper is ticked at first.
func askPrint(env *Env, items []PrintItem, done func(s PrintSettings, printed []PrintItem)) {
	var printers []Printer
	env.Host.Run(lang.T("print.printers"), func(ctx context.Context, _ func(float64, string)) (err error) {
		printers, err = env.Papers.Printers(ctx)
		return err
	}, func(err error) {
		if err != nil {
			showError(env, err)
			return
		}
		p := &printing{env: env, items: items, done: done}
		p.ask(printers)
	})
}

func (p *printing) ask(printers []Printer) {
	p.printer = widgets.NewSelect(printerOptions(printers), nil)
	p.printer.SetKey(p.usual(printers))
	p.copies = widgets.NewEntry()
	p.copies.SetText("1")
	p.field = widgets.NewField(lang.T("print.copies"), p.copies)
	p.both = p.env.Prefs.Get(prefDuplex) != ""
	p.duplex = widgets.NewCheck(lang.T("print.duplex"), func(on bool) { p.both = on })
	p.duplex.Set(p.both)
	body := container.NewVBox()
	if len(p.items) > 1 {
		body.Add(p.list())
	}
	grid := []*widgets.Field{widgets.NewField(lang.T("print.printer"), p.printer).Span()}
	if names := copyNames(p.items); len(names) > 0 {
		p.copy = widgets.NewSelect(copyOptions(names), nil)
		p.copy.SetKey(everyCopy)
		grid = append(grid, widgets.NewField(lang.T("print.copy"), p.copy).Span())
	}
	fields, again := dialogForm(0, dialogHeight(p.copy != nil), widgets.NewFieldGrid(append(grid, p.field, widgets.NewField("", p.duplex))...))
	p.again = again
	body.Add(fields)
	if len(printers) == 0 {
		body.Add(widgets.NewCaption(lang.T("print.none")))
	}
	title := lang.T("print.many", "n", len(p.items))
	if len(p.items) == 1 {
		title = lang.T("print.one", "title", p.items[0].Title)
	}
	dialogs.Custom(p.env.Host.Window(), title, body, p.copies, func(shut func()) []widgets.Action {
		print := func() {
			if s, ok := p.settings(); ok {
				shut()
				p.run(s)
			}
		}
		p.copies.OnSubmitted = func(string) { print() }
		return []widgets.Action{{Label: lang.T("documents.print"), Primary: true, Do: print}}
	})
}

// dialogHeight is the room the fields take.
func dialogHeight(copies bool) float32 {
	if copies {
		return 160
	}
	return 120
}

// printerOptions are the printers by name; the machine's own choice comes first.
func printerOptions(printers []Printer) []widgets.Option {
	out := []widgets.Option{{Key: "", Label: lang.T("print.default")}}
	for _, x := range printers {
		label := x.Name
		if x.Default {
			label = lang.T("print.isdefault", "name", x.Name)
		}
		out = append(out, widgets.Option{Key: x.Name, Label: label})
	}
	return out
}

// Keys of the choice of copies, beside the names of the copies: each copy a
// paper has, and the paper without the name of a copy.
const (
	everyCopy = "*"
	plainCopy = ""
)

// copyNames are the copies that any of the papers has.
func copyNames(items []PrintItem) (out []string) {
	for _, item := range items {
		for _, name := range item.Copies {
			if !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}

func copyOptions(names []string) []widgets.Option {
	out := []widgets.Option{{Key: everyCopy, Label: lang.T("print.copy.every")}}
	for _, name := range names {
		out = append(out, widgets.Option{Key: name, Label: name})
	}
	return append(out, widgets.Option{Key: plainCopy, Label: lang.T("print.copy.plain")})
}

// inCopies are the papers that were chosen, each copy of one by itself: the
// copies wanted of those that have copies by name, else the paper as it is.
func (p *printing) inCopies() (out []PrintItem) {
	wanted := plainCopy
	if p.copy != nil {
		wanted = p.copy.Key()
	}
	for _, n := range p.chosen() {
		item := p.items[n]
		switch {
		case wanted == plainCopy || wanted == everyCopy && len(item.Copies) == 0:
			out = append(out, item)
		case wanted == everyCopy:
			for _, name := range item.Copies {
				out = append(out, item.inCopy(name))
			}
		case slices.Contains(item.Copies, wanted):
			out = append(out, item.inCopy(wanted))
		}
	}
	return out
}

// inCopy is one copy of a paper.
func (i PrintItem) inCopy(name string) PrintItem {
	i.Title, i.Copy, i.Copies = joined(i.Title, name), name, nil
	return i
}

// usual is the printer used last, while the machine still has it.
func (p *printing) usual(printers []Printer) string {
	last := p.env.Prefs.Get(prefPrinter)
	for _, x := range printers {
		if x.Name == last {
			return last
		}
	}
	return ""
}

// listHeight shows some eight papers of a batch at a time.
const listHeight = 220

func (p *printing) list() fyne.CanvasObject {
	options, all := make([]widgets.Option, len(p.items)), make([]string, len(p.items))
	for i, item := range p.items {
		all[i] = strconv.Itoa(i)
		options[i] = widgets.Option{Key: all[i], Label: item.Title}
	}
	p.which = widgets.NewChecks(options, nil)
	p.which.SetKeys(all)
	none := widgets.NewQuietButton(lang.T("print.tick.none"), nil, func() { p.which.SetKeys(nil) })
	every := widgets.NewQuietButton(lang.T("print.tick.all"), nil, func() { p.which.SetKeys(all) })
	scroll, _ := widgets.NewFormScroll(p.which.Root)
	return widgets.NewBorder(container.NewHBox(every, none), nil, nil, nil, widgets.AtLeast(480, listHeight, scroll))
}

// settings reads what was chosen and remembers it; false where it is wrong.
func (p *printing) settings() (PrintSettings, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(p.copies.Text))
	if err != nil || n < 1 || n > mostCopies {
		p.field.SetError(lang.T("print.copies.wrong", "most", mostCopies))
		p.again()
		return PrintSettings{}, false
	}
	if len(p.inCopies()) == 0 {
		p.env.Host.Toast(lang.T("print.nothing"), theme.Warning)
		return PrintSettings{}, false
	}
	p.env.Prefs.Set(prefPrinter, p.printer.Key())
	duplex := ""
	if p.both {
		duplex = "1"
	}
	p.env.Prefs.Set(prefDuplex, duplex)
	return PrintSettings{Printer: p.printer.Key(), Copies: n, Duplex: p.both}, true
}

// chosen are the places of the papers to print.
func (p *printing) chosen() (out []int) {
	if p.which == nil {
		return []int{0}
	}
	for _, key := range p.which.Keys() {
		if i, err := strconv.Atoi(key); err == nil {
			out = append(out, i)
		}
	}
	return out
}

// run prints under a dialog that shows how far it is and can stop it.
func (p *printing) run(s PrintSettings) {
	items := p.inCopies()
	title := lang.T("print.many", "n", len(items))
	var cancel func()
	working := dialogs.ShowWorking(p.env.Host.Window(), title, func() { cancel() })
	var faults []PrintFault
	cancel = p.env.Host.Run(title, func(ctx context.Context, tell func(float64, string)) error {
		faults = p.env.Papers.PrintAll(ctx, items, s, func(done, total int) {
			part, text := float64(done)/float64(total), lang.T("print.progress", "n", done, "all", total)
			tell(part, text)
			fyne.Do(func() { working.Set(part, text) })
		})
		return nil
	}, func(err error) {
		working.Done()
		if err != nil {
			showError(p.env, err)
			return
		}
		p.finish(s, items, faults)
	})
}

// finish says what was printed, and of the rest why not.
func (p *printing) finish(s PrintSettings, items []PrintItem, faults []PrintFault) {
	failed := map[int]error{}
	for _, f := range faults {
		failed[f.At] = f.Err
	}
	var printed, again []PrintItem
	var lines []line
	for i, item := range items {
		if err := failed[i]; err != nil {
			again = append(again, item)
			lines = append(lines, line{Tag: lang.T("print.fault"), Tone: theme.Bad, Title: item.Title, Note: dialogs.Sentence(err)})
			continue
		}
		printed = append(printed, item)
	}
	if p.done != nil && len(printed) > 0 {
		p.done(s, printed)
	}
	if len(lines) == 0 {
		p.env.Host.Toast(lang.T("print.done", "n", len(printed)), theme.Good)
		return
	}
	if len(items) == 1 {
		showError(p.env, failed[0])
		return
	}
	p.showFaults(len(printed), lines, again)
}

func (p *printing) showFaults(printed int, lines []line, again []PrintItem) {
	list, _ := widgets.NewFormScroll(rowsOf(lines))
	body := widgets.NewBorder(widgets.NewParagraph(lang.T("print.faults", "n", printed, "failed", len(lines))), nil, nil, nil,
		widgets.AtLeast(520, listHeight, list))
	dialogs.Custom(p.env.Host.Window(), lang.T("print.faults.title"), body, nil, func(shut func()) []widgets.Action {
		return []widgets.Action{{Label: lang.T("print.again"), Primary: true, Do: func() {
			shut()
			askPrint(p.env, again, p.done)
		}}}
	})
}
