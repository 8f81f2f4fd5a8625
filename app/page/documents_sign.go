package page

import (
	"context"
	"encoding/base64"
	"time"

	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"anxin/app/casework"
	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/model"
)

// toSign before the id of a paper opens it and asks for a signature at once.
const toSign = "sign:"

// signers are the fields of a paper that say who signs it and as what, by its
// type; others are typed.
var signers = map[string][2]string{"D03": {"manager", "manager_post"}, "D07": {"manager", "manager_post"}, "D16": {"signer", "signer_role"},
	"D28": {"interviewee", "relation"}}

// signed is how a page asks for a paper that has just been made: with its
// signature, where people sign on the screen.
func signed(env *Env, id model.ID) string {
	if onScreen(env) {
		return toSign + string(id)
	}
	return string(id)
}

// onScreen tells whether this office lets people sign on the screen.
func onScreen(env *Env) bool {
	o, err := env.Desk.Office(context.Background())
	return err == nil && o.Value.ScreenSigning
}

// maySign tells whether people may sign a paper on the screen: the office has
// chosen so, and the paper stands as it was issued.
func (p *Documents) maySign(v *model.Document) bool {
	return v.Issued != nil && v.State != model.DocumentWithdrawn && onScreen(p.env)
}

// signAction is the button of a paper that may be signed on the screen.
func (p *Documents) signAction(k kept[model.Document]) widgets.Action {
	return widgets.Action{Label: lang.T("documents.sign"), Icon: fynetheme.DocumentCreateIcon(), Do: func() { p.askSigner(k) }}
}

// askSigner asks who signs, then for the signature.
func (p *Documents) askSigner(k kept[model.Document]) {
	name, role := widgets.NewEntry(), widgets.NewEntry()
	fields := signers[k.Value.Type]
	for i, e := range []*widgets.Entry{name, role} {
		text, _ := k.Value.Fields[fields[i]].(string)
		e.SetText(text)
	}
	who := widgets.NewField(lang.T("documents.sign.name"), name)
	form, again := dialogForm(0, 90, widgets.NewFieldGrid(who, widgets.NewField(lang.T("documents.sign.role"), role)))
	body := container.NewVBox(widgets.NewParagraph(lang.T("documents.sign.text")), form)
	dialogs.Custom(p.env.Host.Window(), lang.T("documents.sign"), body, name, func(shut func()) []widgets.Action {
		return []widgets.Action{{Label: lang.T("documents.sign.next"), Primary: true, Do: func() {
			if name.Text == "" {
				who.SetError(lang.T("documents.sign.needed"))
				again()
				return
			}
			shut()
			p.sign(k.ID, casework.Signature{Document: k.ID, Name: name.Text, Role: role.Text})
		}}}
	})
}

// sign takes the signature and keeps it as evidence.
func (p *Documents) sign(id model.ID, s casework.Signature) {
	title := s.Name
	if s.Role != "" {
		title = lang.T("documents.sign.as", "name", s.Name, "role", s.Role)
	}
	dialogs.Sign(p.env.Host.Window(), title, p.env.Now, func(picture []byte, strokes [][]widgets.Point) {
		s.Picture, s.Strokes = base64.StdEncoding.EncodeToString(picture), pointsOf(strokes)
		s.Began, s.Ended = strokes[0][0].At, lastMoment(strokes)
		p.acts.does("documents.sign", func(ctx context.Context) ([]casework.Reason, error) {
			_, err := p.env.Desk.KeepSignature(ctx, s)
			return nil, err
		}, func() {
			p.env.Host.Toast(lang.T("documents.sign.kept", "name", s.Name), theme.Good)
			p.Show(id)
		})
	})
}

func lastMoment(strokes [][]widgets.Point) time.Time {
	last := strokes[len(strokes)-1]
	return last[len(last)-1].At
}

// pointsOf are strokes with their times from the first touch.
func pointsOf(strokes [][]widgets.Point) [][]casework.SignaturePoint {
	began := strokes[0][0].At
	out := make([][]casework.SignaturePoint, len(strokes))
	for i, stroke := range strokes {
		for _, x := range stroke {
			out[i] = append(out[i], casework.SignaturePoint{X: x.X, Y: x.Y, MS: x.At.Sub(began).Milliseconds()})
		}
	}
	return out
}

// offerSigning asks for a signature right after the act that made a paper,
// where people may sign on the screen.
func (p *Documents) offerSigning() {
	if d, ok := p.shown.(*documentDetail); ok && p.maySign(d.k.Value) {
		p.askSigner(d.k)
	}
}
