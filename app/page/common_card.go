package page

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/casework"
	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
)

// Settings of this laptop on the camera's card.
const (
	prefCard      = "card.folder" // "" while no card is watched
	prefCardTaken = "card.taken"  // marks of files imported or put aside, one a line
)

const (
	cardWait  = 3 * time.Second // from one look to the next
	mostTaken = 1000            // marks kept; the oldest are forgotten
)

// cardWatch looks every few seconds whether the card of a body camera has new
// files, and offers them to be taken as evidence in one act.
type cardWatch struct {
	box    *evidenceBox
	button *widgets.Button // begins to watch
	strip  *fyne.Container // what the card has; empty while none is watched
	card   *casework.Card
	taken  map[string]bool
	fresh  []casework.CardFile
	turn   int // of the watch; a later one ends an earlier
	shown  string
}

func newCardWatch(b *evidenceBox) *cardWatch {
	c := &cardWatch{box: b, strip: container.NewStack(), taken: map[string]bool{}}
	c.button = widgets.NewQuietButton(lang.T("card.watch"), fynetheme.StorageIcon(), c.choose)
	for _, mark := range strings.Split(b.env.Prefs.Get(prefCardTaken), "\n") {
		c.taken[mark] = true
	}
	c.begin()
	return c
}

// choose asks which folder the card is.
func (c *cardWatch) choose() {
	dialogs.PickFolder(c.box.env.Host.Window(), func(folder string) {
		c.box.env.Prefs.Set(prefCard, folder)
		c.begin()
	})
}

// begin watches the folder of the settings, if there is one.
func (c *cardWatch) begin() {
	c.turn++
	folder := c.box.env.Prefs.Get(prefCard)
	c.button.Hidden = folder != ""
	c.shown = ""
	if folder == "" {
		c.strip.RemoveAll()
		return
	}
	c.card = &casework.Card{Taken: func(mark string) bool { return c.taken[mark] }, Open: func() (fs.FS, error) {
		if _, err := os.Stat(folder); err != nil {
			return nil, err
		}
		return os.DirFS(folder), nil
	}}
	c.look(c.turn)
}

// stop ends the watch until the page is opened again.
func (c *cardWatch) stop() { c.turn++ }

// forget ends the watch for good.
func (c *cardWatch) forget() {
	c.box.env.Prefs.Set(prefCard, "")
	c.begin()
}

// look reads the card off the window, without a word in the status bar, and
// comes back a while later.
func (c *cardWatch) look(turn int) {
	if turn != c.turn {
		return
	}
	var fresh []casework.CardFile
	var there bool
	c.box.env.Host.Run("", func(ctx context.Context, _ func(float64, string)) (err error) {
		fresh, there, err = c.card.Look(ctx)
		return err
	}, func(err error) {
		if turn != c.turn {
			return
		}
		if err != nil {
			c.box.env.Host.Say(dialogs.Sentence(err))
		}
		c.show(fresh, there)
		c.box.env.waiter()(cardWait, func() { c.look(turn) })
	})
}

// show says what the card has; the strip is drawn again only when that changed.
func (c *cardWatch) show(fresh []casework.CardFile, there bool) {
	c.fresh = fresh
	folder := c.box.env.Prefs.Get(prefCard)
	text, tone := lang.T("card.none", "folder", folder), theme.Neutral
	switch {
	case !there:
		text = lang.T("card.away", "folder", folder)
	case len(fresh) > 0:
		zone := c.box.env.Now().Location()
		text = lang.T("card.fresh", "n", len(fresh), "from", minuteText(fresh[0].At.In(zone)), "to", minuteText(fresh[len(fresh)-1].At.In(zone)))
		tone = theme.Info
	}
	if text == c.shown {
		return
	}
	c.shown = text
	acts := container.NewHBox()
	if len(fresh) > 0 {
		acts.Add(widgets.NewActionButton(widgets.Action{Label: lang.T("card.import"), Icon: fynetheme.DownloadIcon(), Primary: true, Do: c.ask}))
	}
	acts.Add(widgets.NewQuietButton(lang.T("card.choose"), nil, c.choose))
	acts.Add(widgets.NewQuietButton(lang.T("card.stop"), nil, c.forget))
	words := widgets.NewBorder(nil, nil, container.NewCenter(widgets.NewTag(lang.T("card.tag"), tone)), nil, widgets.NewParagraph(text))
	c.strip.Objects = []fyne.CanvasObject{widgets.NewCard(container.NewVBox(words, acts))}
	c.strip.Refresh()
}

// ask shows the new files with their times, all ticked.
func (c *cardWatch) ask() {
	files := slices.Clone(c.fresh)
	options, all := make([]widgets.Option, len(files)), make([]string, len(files))
	for i, f := range files {
		all[i] = strconv.Itoa(i)
		options[i] = widgets.Option{Key: all[i], Label: joined(minuteText(f.At.In(c.box.env.Now().Location())), f.Path, sizeText(f.Size))}
	}
	checks := widgets.NewChecks(options, nil)
	checks.SetKeys(all)
	aside := widgets.NewCheck(lang.T("card.aside"), nil)
	scroll, _ := widgets.NewFormScroll(checks.Root)
	clock := c.newClock()
	body := widgets.NewBorder(nil, container.NewVBox(aside, widgets.NewFieldGrid(clock.fields()...)), nil, nil, widgets.AtLeast(520, listHeight, scroll))
	dialogs.Custom(c.box.env.Host.Window(), lang.T("card.import.n", "n", len(files)), body, nil, func(shut func()) []widgets.Action {
		return []widgets.Action{{Label: lang.T("card.take"), Primary: true, Do: func() {
			keys := checks.Keys()
			if len(keys) == 0 && !aside.Checked {
				c.box.env.Host.Toast(lang.T("card.nothing"), theme.Warning)
				return
			}
			if clock.wrong() {
				return
			}
			shut()
			c.take(files, keys, aside.Checked, clock.known())
		}}}
	})
}

// take imports the ticked files; the others are not offered again when they
// were put aside.
func (c *cardWatch) take(files []casework.CardFile, ticked []string, aside bool, clock casework.CameraClock) {
	folder := c.box.env.Prefs.Get(prefCard)
	var list []newFile
	var left []string
	marks := map[string]string{}
	for i, f := range files {
		if !slices.Contains(ticked, strconv.Itoa(i)) {
			left = append(left, f.Mark())
			continue
		}
		path := filepath.Join(folder, filepath.FromSlash(f.Path))
		marks[path] = f.Mark()
		list = append(list, newFile{path: path, taken: f.At.In(c.box.env.Now().Location()), clock: clock})
	}
	if aside {
		c.note(left)
	}
	if len(list) == 0 {
		c.begin()
		return
	}
	c.box.take(list, func(done []newFile) {
		var kept []string
		for _, f := range done {
			kept = append(kept, marks[f.path])
		}
		c.note(kept)
		c.begin()
	})
}

// note remembers files that are not to be offered again.
func (c *cardWatch) note(marks []string) {
	for _, m := range marks {
		c.taken[m] = true
	}
	all := append(strings.Fields(c.box.env.Prefs.Get(prefCardTaken)), marks...)
	c.box.env.Prefs.Set(prefCardTaken, strings.Join(all[max(0, len(all)-mostTaken):], "\n"))
}

// Leave stops watching the card.
func (b *evidenceBox) Leave() { b.card.stop() }
