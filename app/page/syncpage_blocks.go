package page

import (
	"context"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/model"
)

// fewNumbers is how many numbers left are shown as a warning: a day's work.
const fewNumbers = 10

// blockCard lists the runs of numbers this laptop may give without a network.
func (s *Sync) blockCard() fyne.CanvasObject {
	add := widgets.NewQuietButton(lang.T("sync.block.add"), nil, s.askBlock)
	if len(s.blocks) == 0 {
		return widgets.NewSectionCard(lang.T("sync.blocks"), widgets.NewCaption(lang.T("sync.blocks.none")), add)
	}
	titles := s.seriesTitles()
	lines := make([]line, len(s.blocks))
	for i, b := range s.blocks {
		tone := theme.Good
		switch left := b.Left(); {
		case left == 0:
			tone = theme.Bad
		case left < fewNumbers:
			tone = theme.Warning
		}
		source := lang.Said(b.Source)
		if source == "hub" {
			source = lang.T("sync.block.hub")
		}
		lines[i] = line{Tag: lang.T("sync.block.left", "n", b.Left()), Tone: tone, Title: b.Series,
			Text: lang.T("sync.block.range", "from", b.From, "to", b.To) + "　" + titles[b.Series], Note: lang.T("sync.block.source", "source", source)}
	}
	return widgets.NewSectionCard(lang.T("sync.blocks"), rowsOf(lines), add)
}

// seriesTitles names the papers of each run of numbers of this year.
func (s *Sync) seriesTitles() map[string]string {
	out := map[string]string{}
	for _, o := range s.seriesOptions() {
		out[o.Key] = strings.TrimSuffix(o.Label, "（"+o.Key+"）")
	}
	return out
}

// seriesOptions are the runs of numbers of this year, one for each type of
// paper that carries a number.
func (s *Sync) seriesOptions() (out []widgets.Option) {
	seen := map[string]bool{}
	now := s.env.Now()
	for _, row := range s.env.Desk.Law.Catalogue(now, "").All() {
		series, err := s.env.Desk.Series(row.ID, now)
		if err != nil || series == "" || seen[series] {
			continue
		}
		seen[series] = true
		out = append(out, widgets.Option{Key: series, Label: row.Title + "（" + series + "）"})
	}
	return out
}

// errorRoom is the height of the dialog's fields when all are wrong.
const errorRoom = 230

// askBlock registers a run of numbers the bureau assigned on paper.
func (s *Sync) askBlock() {
	series := widgets.NewSelect(s.seriesOptions(), nil)
	from, to, source := widgets.NewEntry(), widgets.NewEntry(), widgets.NewEntry()
	fields := []*widgets.Field{widgets.NewField(lang.T("sync.block.series"), series).Star().Span(), widgets.NewField(lang.T("sync.block.from"), from).Star().Span(),
		widgets.NewField(lang.T("sync.block.to"), to).Star().Span(), widgets.NewField(lang.T("sync.block.by"), source).Star().Span()}
	fields[3].SetHint(lang.T("sync.block.by.hint"))
	// A dialog keeps its first height: leave room for an error under each field.
	body := widgets.AtLeast(0, errorRoom, container.NewVBox(widgets.NewFieldGrid(fields...)))
	dialogs.Custom(s.env.Host.Window(), lang.T("sync.block.add"), body, series, func(closeIt func()) []widgets.Action {
		return []widgets.Action{{Label: lang.T("sync.block.verb"), Primary: true, Do: func() {
			b := model.Block{Series: series.Key(), From: wholeNumber(from.Text), To: wholeNumber(to.Text), Source: strings.TrimSpace(source.Text)}
			b.Next = b.From
			if blockProblems(b, fields) {
				body.Refresh()
				return
			}
			closeIt()
			s.addBlock(b)
		}}}
	})
}

// wholeNumber is the number a text is, 0 for none.
func wholeNumber(text string) int {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		return 0
	}
	return n
}

// blockProblems shows what is wrong with a block and tells whether anything is.
func blockProblems(b model.Block, fields []*widgets.Field) (bad bool) {
	say := func(i int, wrong bool, text string) {
		fields[i].SetError("")
		if wrong {
			fields[i].SetError(text)
			bad = true
		}
	}
	say(0, b.Series == "", lang.T("sync.block.series.needed"))
	say(1, b.From < 1, lang.T("sync.block.number.needed"))
	say(2, b.To < b.From || b.To < 1, lang.T("sync.block.order"))
	say(3, b.Source == "", lang.T("sync.block.by.needed"))
	return bad
}

func (s *Sync) addBlock(b model.Block) {
	s.env.Host.Run(lang.T("sync.block.add"), func(ctx context.Context, _ func(float64, string)) error { return s.env.Numbers.AddBlock(ctx, b) },
		func(err error) {
			if err != nil {
				showError(s.env, err)
				return
			}
			s.env.Host.Say(lang.T("sync.block.added", "series", b.Series, "from", b.From, "to", b.To))
			s.Refresh()
		})
}
