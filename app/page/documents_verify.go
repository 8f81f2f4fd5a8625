package page

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/model/statute"
)

// verifyAsk is the question for a QR while it stands open: a picture dropped on
// the window then is what is asked about, not a scan that came back.
type verifyAsk struct {
	layer fyne.CanvasObject
	take  func(path string)
}

// askVerify asks for the text of a QR, or a picture or PDF of a paper: from a file,
// dropped on the window, or copied. A scanner types the text and ends it with Enter,
// which is answer enough.
func (p *Documents) askVerify() {
	win := p.env.Host.Window()
	token := widgets.NewMultiLine(3)
	token.SetPlaceHolder(lang.T("documents.verify.token"))
	var check func()
	token.OnChanged = func(text string) {
		if strings.HasSuffix(text, "\n") {
			check()
		}
	}
	dialogs.Custom(win, lang.T("documents.verify"), container.NewVBox(widgets.NewParagraph(lang.T("documents.verify.text")), token), token,
		func(closeIt func()) []widgets.Action {
			p.asking.take = func(path string) {
				closeIt()
				p.verify(path)
			}
			file := widgets.Action{Label: lang.T("documents.verify.file"), Icon: fynetheme.FolderOpenIcon(), Do: func() {
				closeIt()
				dialogs.PickFile(win, []string{".pdf", ".png", ".jpg", ".jpeg"}, p.verify)
			}}
			paste := widgets.Action{Label: lang.T("documents.verify.paste"), Icon: fynetheme.ContentPasteIcon(), Disabled: p.env.Copied == nil, Do: func() { p.verifyCopied(closeIt) }}
			check = func() {
				if text := strings.TrimSpace(token.Text); text != "" {
					closeIt()
					p.verify(text)
				}
			}
			return []widgets.Action{file, paste, {Label: lang.T("documents.verify.verb"), Primary: true, Do: check}}
		})
	p.asking.layer = win.Canvas().Overlays().Top()
}

// droppedOnAsk hands dropped files to the question for a QR where that stands open.
func (p *Documents) droppedOnAsk(paths []string) bool {
	if p.asking.layer == nil || len(paths) == 0 || p.env.Host.Window().Canvas().Overlays().Top() != p.asking.layer {
		return false
	}
	p.asking.take(paths[0])
	return true
}

// verifyCopied checks the picture or file that was copied.
func (p *Documents) verifyCopied(closeIt func()) {
	text := fyne.CurrentApp().Clipboard().Content()
	var v Verified
	found := false
	p.env.Host.Run(lang.T("documents.verify"), func(ctx context.Context, _ func(float64, string)) error {
		files, drop, err := p.env.Copied(ctx, text)
		if err != nil || len(files) == 0 {
			return err
		}
		defer drop()
		found = true
		v, err = p.env.Files.Verify(ctx, files[0])
		return err
	}, func(err error) {
		switch {
		case err != nil:
			showError(p.env, err)
		case !found:
			p.env.Host.Toast(lang.T("documents.verify.nothing"), theme.Warning)
		default:
			closeIt()
			p.showVerified(v)
		}
	})
}

func (p *Documents) verify(target string) {
	var v Verified
	p.env.Host.Run(lang.T("documents.verify"), func(ctx context.Context, _ func(float64, string)) (err error) {
		v, err = p.env.Files.Verify(ctx, target)
		return err
	}, func(err error) {
		if err != nil {
			showError(p.env, err)
			return
		}
		p.showVerified(v)
	})
}

// showVerified says whether a paper is genuine, why, and what its QR claims.
func (p *Documents) showVerified(v Verified) {
	tag := widgets.NewTag(lang.T("documents.verify.invalid"), theme.Bad)
	if v.Valid {
		tag = widgets.NewTag(lang.T("documents.verify.valid"), theme.Good)
	}
	body := container.NewVBox(container.NewHBox(tag), widgets.NewParagraph(v.Reason))
	if c := v.Claim; c.Type != "" {
		fields := []*widgets.Field{shownField(lang.T("documents.col.title"), p.env.Desk.Press.Title(c.Type)).Span()}
		for _, pair := range [][2]string{{lang.T("documents.col.number"), c.Number}, {lang.T("documents.issued.at"), c.Issued.Chinese()},
			{lang.T("documents.col.due"), c.Due.Chinese()}, {lang.T("documents.amount"), yuan(c.AmountFen)}} {
			if pair[1] != "" {
				fields = append(fields, shownField(pair[0], pair[1]).Span())
			}
		}
		body.Add(widgets.NewFieldGrid(fields...))
	}
	if v.Claim.AmountFen > 0 {
		body.Add(widgets.NewCaption(statute.Fen(v.Claim.AmountFen).Capital()))
	}
	dialogs.Custom(p.env.Host.Window(), lang.T("documents.verify.result"), body, nil, func(closeIt func()) []widgets.Action {
		return []widgets.Action{{Label: lang.T("documents.verify.again"), Primary: true, Do: func() { closeIt(); p.askVerify() }}}
	})
}
