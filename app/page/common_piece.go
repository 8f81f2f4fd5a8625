package page

import (
	"bytes"
	"context"
	"fmt"
	"image"
	_ "image/jpeg" // thumbnails
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/casework"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/model"
)

// evidencePiece shows one piece of evidence: a small picture, what it supports
// and its chain of custody.
type evidencePiece struct {
	box  *evidenceBox
	id   model.ID
	head *fyne.Container // picture and facts
	body *fyne.Container
	root *fyne.Container
}

const (
	thumbEdge   = 320 // pixels of the longer side
	thumbWidth  = 160
	pieceHeight = 190
)

func newEvidencePiece(b *evidenceBox) *evidencePiece {
	p := &evidencePiece{box: b, head: container.NewStack(), body: container.NewVBox()}
	scroll, _ := widgets.NewFormScroll(p.body)
	p.root = container.NewPadded(widgets.NewCard(widgets.NewBorder(nil, nil, p.head, nil, widgets.AtLeast(0, pieceHeight, scroll))))
	p.root.Hide()
	return p
}

// show reads what is known of a piece off the window.
func (p *evidencePiece) show(k kept[model.Evidence]) {
	env := p.box.env
	p.id = k.ID
	var steps []casework.CustodyStep
	var small []byte
	here := true
	env.Host.Run(lang.T("evidence.reading"), func(ctx context.Context, _ func(float64, string)) (err error) {
		if here, err = env.Files.Has(ctx, k.Value.SHA256); err != nil {
			return err
		}
		if here && strings.HasPrefix(k.Value.Type, "image/") {
			// What has no picture shows its facts alone.
			small, _ = env.Files.Thumbnail(ctx, k.Value.SHA256, thumbEdge, k.Value.Orient)
		}
		steps, err = env.Desk.Custody(ctx, k.ID)
		return err
	}, func(err error) {
		switch {
		case err != nil:
			showError(env, err)
		case p.id == k.ID: // another was not selected meanwhile
			p.fill(k, small, steps, here)
		}
	})
}

// absent says that the file itself is still at the bureau, with a way to get it.
func (p *evidencePiece) absent(k kept[model.Evidence]) fyne.CanvasObject {
	bring := widgets.NewActionButton(widgets.Action{Label: lang.T("evidence.bring"), Icon: fynetheme.DownloadIcon(), Do: func() { p.bring(k) }})
	return widgets.NewBorder(nil, nil, widgets.NewTag(lang.T("evidence.absent"), theme.Warning), bring, widgets.NewParagraph(lang.T("evidence.absent.text")))
}

func (p *evidencePiece) bring(k kept[model.Evidence]) {
	env := p.box.env
	env.Host.Run(lang.T("evidence.bring"), func(ctx context.Context, _ func(float64, string)) error {
		return env.Files.Bring(ctx, k.Value.SHA256)
	}, func(err error) {
		if err != nil {
			showError(env, err)
			return
		}
		p.again(k.ID)
	})
}

// again reads a piece again after something was done with it.
func (p *evidencePiece) again(id model.ID) {
	k, err := readOne[model.Evidence](p.box.env, id)
	if err != nil {
		showError(p.box.env, err)
		return
	}
	p.show(k)
}

func (p *evidencePiece) fill(k kept[model.Evidence], small []byte, steps []casework.CustodyStep, here bool) {
	p.head.RemoveAll()
	if img, _, err := image.Decode(bytes.NewReader(small)); err == nil {
		picture := canvas.NewImageFromImage(img)
		picture.FillMode = canvas.ImageFillContain
		p.head.Add(widgets.AtLeast(thumbWidth, pieceHeight, picture))
	}
	v := k.Value
	p.body.Objects = []fyne.CanvasObject{
		widgets.NewHeading(v.Name),
		widgets.NewCaption(joined(lang.Said(v.Category), v.Type, sizeText(v.Size), pixelsText(v), placeText(v.Place), lang.Said(v.Damaged))),
		p.supports(k),
		widgets.NewSectionHead(lang.T("evidence.custody")),
		rowsOf(p.chain(steps)),
	}
	if !here {
		p.body.Objects = slices.Insert(p.body.Objects, 1, p.absent(k))
	}
	p.root.Show()
	p.root.Refresh()
}

func pixelsText(v *model.Evidence) string {
	if v.Width == 0 {
		return ""
	}
	return fmt.Sprintf("%d×%d", v.Width, v.Height)
}

func placeText(at *model.GeoPoint) string {
	if at == nil {
		return ""
	}
	return fmt.Sprintf("%.5f, %.5f", at.Lat, at.Lon)
}

// custodyWords are the events of the chain of custody on screen.
var custodyWords = map[string]string{model.CustodyTaken: "evidence.custody.taken", model.CustodyImported: "evidence.custody.imported",
	model.CustodyViewed: "evidence.custody.viewed", model.CustodyPrinted: "evidence.custody.printed", model.CustodyExported: "evidence.custody.exported"}

// chain is the chain of custody, earliest first.
func (p *evidencePiece) chain(steps []casework.CustodyStep) (out []line) {
	names := newRegisters(p.box.env)
	for _, s := range steps {
		word := s.Event
		if key := custodyWords[s.Event]; key != "" {
			word = lang.T(key)
		}
		out = append(out, line{Tag: word, Tone: theme.Info, Title: minuteText(s.At), Text: names.name(s.By), Note: lang.Said(s.Note)})
	}
	return out
}

// supports are the findings of the visits that the piece can show, to be
// ticked; what is ticked is kept at once.
func (p *evidencePiece) supports(k kept[model.Evidence]) fyne.CanvasObject {
	options := p.findings(k.Value)
	if len(options) == 0 {
		return widgets.NewCaption(lang.T("evidence.supports.none"))
	}
	checks := widgets.NewChecks(options, nil)
	checks.SetKeys(k.Value.Supports)
	checks.OnPicked = func(codes []string) { p.link(k.ID, codes) }
	return container.NewVBox(widgets.NewSectionHead(lang.T("evidence.supports")), checks.Root)
}

// findings are the breaches of the visit, or of every visit of the case, by
// the code of their item.
func (p *evidencePiece) findings(v *model.Evidence) (out []widgets.Option) {
	env := p.box.env
	var visits []kept[model.Inspection]
	if v.Inspection != "" {
		if i, err := readOne[model.Inspection](env, v.Inspection); err == nil {
			visits = append(visits, i)
		}
	} else if v.Case != "" {
		visits, _ = readAll[model.Inspection](env, model.Query{Case: v.Case, Limit: mostRows})
	}
	for _, i := range visits {
		for _, f := range casework.Breaches(casework.Findings(env.Desk.Checklist, i.Value.Checklist, "")) {
			if !slices.ContainsFunc(out, func(o widgets.Option) bool { return o.Key == f.Code }) {
				out = append(out, widgets.Option{Key: f.Code, Label: joined(f.Code, shorten(f.Label))})
			}
		}
	}
	return out
}

// mostLabel is how much of a finding's words a check box shows.
const mostLabel = 24

func shorten(text string) string {
	if r := []rune(text); len(r) > mostLabel {
		return string(r[:mostLabel]) + "…"
	}
	return text
}

// link keeps which findings a piece supports.
func (p *evidencePiece) link(id model.ID, codes []string) {
	env := p.box.env
	k, err := readOne[model.Evidence](env, id)
	if err == nil {
		k.Value.Supports = codes
		_, err = env.Desk.Save(context.Background(), id, k.Rev, k.Value)
	}
	if err != nil {
		showError(env, err)
		return
	}
	env.Host.Say(lang.T("page.saved"))
}
