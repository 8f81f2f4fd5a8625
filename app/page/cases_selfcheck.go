package page

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"anxin/app/casework"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
)

// verdict is how an item of the self-check came out, the worst first.
type verdict int

const (
	verdictKnockOut verdict = iota // a review gives no points for the file
	verdictFailed
	verdictWarn
	verdictOK
)

// verdictWords are the key of a verdict's word and its colour, by verdict.
var verdictWords = [...]struct {
	key  string
	tone theme.Tone
}{{"knockout", theme.Bad}, {"failed", theme.Bad}, {"warn", theme.Warning}, {"ok", theme.Good}}

func (v verdict) label() string    { return lang.T("cases.check." + verdictWords[v].key) }
func (v verdict) tone() theme.Tone { return verdictWords[v].tone }

// tally says how often a verdict was reached.
func tally(v verdict, n int) string { return fmt.Sprintf("%s %d", v.label(), n) }

func verdictOf(i casework.CheckItem) verdict {
	switch {
	case i.OK:
		return verdictOK
	case i.KnockOut != "":
		return verdictKnockOut
	case i.Warn:
		return verdictWarn
	}
	return verdictFailed
}

// selfCheck goes through the file as a reviewer would.
func (d *caseDetail) selfCheck() fyne.CanvasObject {
	var items []casework.CheckItem
	return d.readFile(lang.T("cases.check"), func(ctx context.Context) (err error) {
		items, err = d.env.Desk.SelfCheck(ctx, d.k.ID)
		return err
	}, func() fyne.CanvasObject { return checkList(items) })
}

// checkList shows the counts and the items, the worst first and otherwise in
// the order of the law's table.
func checkList(items []casework.CheckItem) fyne.CanvasObject {
	items = slices.Clone(items)
	slices.SortStableFunc(items, func(a, b casework.CheckItem) int { return cmp.Compare(verdictOf(a), verdictOf(b)) })
	var count [len(verdictWords)]int
	list := container.NewVBox()
	for _, i := range items {
		count[verdictOf(i)]++
		list.Add(checkRow(i))
	}
	sum := container.NewHBox(widget.NewLabel(lang.T("cases.check.sum", "n", len(items))))
	for v, n := range count {
		tone := verdict(v).tone()
		if n == 0 {
			tone = theme.Neutral
		}
		sum.Add(container.NewCenter(widgets.NewTag(tally(verdict(v), n), tone)))
	}
	return container.NewVBox(widgets.NewCard(sum), widgets.NewSectionCard(lang.T("cases.check.items"), list))
}

// checkRow is one item: what is wrong is read as text, the article below it.
func checkRow(i casework.CheckItem) fyne.CanvasObject {
	v, ground := verdictOf(i), ""
	if v == verdictKnockOut {
		ground = lang.T("cases.check.ground", "ground", lang.Said(i.KnockOut))
	}
	title := fyne.CanvasObject(widgets.NewHeading(lang.Said(i.Item)))
	if i.Reason != "" {
		title = container.New(layout.NewCustomPaddedVBoxLayout(-noteLift), title, widgets.NewParagraph(lang.Said(i.Reason)))
	}
	return entry(tagWidth, container.NewPadded(container.NewCenter(widgets.NewTag(v.label(), v.tone()))), title, i.Article, ground)
}
