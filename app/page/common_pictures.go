package page

import (
	"bytes"
	"context"
	"image"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"anxin/app/casework"
	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/forms"
	"anxin/model"
)

// pictureSource gives the photos that a form asks for: those among the
// evidence of a case or a visit. A form names them by their SHA-256.
type pictureSource struct {
	env       *Env
	of, visit model.ID
	known     map[string]*model.Evidence
	thumbs    map[string]image.Image
}

func newPictureSource(env *Env, of, visit model.ID) *pictureSource {
	return &pictureSource{env: env, of: of, visit: visit, thumbs: map[string]image.Image{}}
}

// take makes a form choose its photos here.
func (s *pictureSource) take(f *recordForm) {
	f.pictures = s
	f.attach = func(n forms.Node, then func(string)) {
		askPictures(s, func(list []*model.Evidence) { s.answer(f, n, list, then) })
	}
}

// answer gives the first photo to the question that asked. In a row of photos
// the others get rows of their own, and each its caption where none stands.
func (s *pictureSource) answer(f *recordForm, n forms.Node, list []*model.Evidence, then func(string)) {
	at := strings.LastIndexByte(n.Path, '/')
	row := n.Path[:at]
	repeat := insideRepeat(n.Question)
	for i, e := range list {
		if i > 0 {
			if !repeat {
				break
			}
			var err error
			if row, _, err = f.in.Add(row[:strings.LastIndexByte(row, '[')]); err != nil {
				showError(s.env, err)
				return
			}
		}
		if repeat {
			s.caption(f, row, e)
		}
		if i > 0 {
			s.set(f, row+n.Path[at:], e.SHA256)
		}
	}
	then(list[0].SHA256)
	f.view.Rebuild()
}

// caption writes what is known of a photo beside it.
func (s *pictureSource) caption(f *recordForm, row string, e *model.Evidence) {
	p := casework.PictureOf(e)
	for name, text := range map[string]string{"caption": p.Caption, "taken": p.Taken} {
		if _, asked := f.in.Node(row + "/" + name); asked && f.in.Value(row+"/"+name) == "" {
			s.set(f, row+"/"+name, text)
		}
	}
}

func (s *pictureSource) set(f *recordForm, path, value string) {
	if _, err := f.in.Set(path, value); err != nil {
		showError(s.env, err)
	}
}

// Called is the file name of a photo.
func (s *pictureSource) Called(sha256 string) string {
	if e := s.evidence(sha256); e != nil {
		return e.Name
	}
	return lang.T("pictures.unknown", "hash", sha256[:min(12, len(sha256))])
}

// evidence is the record of a photo, nil where there is none. That evidence
// cannot be read is said where one chooses; a form that only shows names goes
// on without them.
func (s *pictureSource) evidence(sha256 string) *model.Evidence {
	if s.known == nil {
		list, err := s.env.Desk.Pictures(context.Background(), s.of, s.visit)
		if err != nil {
			return nil
		}
		s.remember(list)
	}
	return s.known[sha256]
}

func (s *pictureSource) remember(list []kept[model.Evidence]) {
	s.known = map[string]*model.Evidence{}
	for _, k := range list {
		s.known[k.Value.SHA256] = k.Value
	}
}

// Thumbnail is a small picture of a photo, nil where it is not here.
func (s *pictureSource) Thumbnail(sha256 string) image.Image {
	if img, ok := s.thumbs[sha256]; ok {
		return img
	}
	turned := 0
	if e := s.evidence(sha256); e != nil {
		turned = e.Orient
	}
	s.thumbs[sha256] = s.draw(context.Background(), sha256, turned)
	return s.thumbs[sha256]
}

func (s *pictureSource) draw(ctx context.Context, sha256 string, turned int) image.Image {
	if s.env.Files == nil {
		return nil
	}
	small, err := s.env.Files.Thumbnail(ctx, sha256, thumbEdge, turned)
	if err != nil {
		return nil // it is chosen by its name then
	}
	img, _, err := image.Decode(bytes.NewReader(small))
	if err != nil {
		return nil
	}
	return img
}

// The room of the list of photos and of one of them, at 100 %.
const (
	picturesWidth  = 520
	picturesHeight = 380
	pictureWidth   = 120
	pictureHeight  = 80
)

// askPictures shows the photos with boxes to tick, by mouse or keyboard, and
// hands over those that are ticked, in their order.
func askPictures(s *pictureSource, then func([]*model.Evidence)) {
	var list []kept[model.Evidence]
	s.env.Host.Run(lang.T("pictures.choose"), func(ctx context.Context, _ func(float64, string)) (err error) {
		list, err = s.env.Desk.Pictures(ctx, s.of, s.visit)
		return err
	}, func(err error) {
		switch {
		case err != nil:
			showError(s.env, err)
		case len(list) == 0:
			s.env.Host.Toast(lang.T("pictures.none"), theme.Warning)
		default:
			s.remember(list)
			s.ask(list, then)
		}
	})
}

func (s *pictureSource) ask(list []kept[model.Evidence], then func([]*model.Evidence)) {
	rows := container.NewVBox()
	boxes := make([]*widgets.Check, len(list))
	frames := make([]*canvas.Image, len(list))
	for i, k := range list {
		e := k.Value
		boxes[i] = widgets.NewCheck(e.Name, nil)
		frames[i] = &canvas.Image{FillMode: canvas.ImageFillContain, Image: s.thumbs[e.SHA256]}
		about := widgets.NewCaption(joined(takenText(e), sizeText(e.Size), strings.Join(e.Supports, " ")))
		rows.Add(widgets.NewBorder(nil, nil, widgets.AtLeast(pictureWidth, pictureHeight, frames[i]), nil, container.NewVBox(boxes[i], about)))
	}
	stop := s.drawAll(list, frames)
	scroll, _ := widgets.NewFormScroll(rows)
	dialogs.Custom(s.env.Host.Window(), lang.T("pictures.choose"), widgets.AtLeast(picturesWidth, picturesHeight, scroll), boxes[0], func(shut func()) []widgets.Action {
		return []widgets.Action{{Label: lang.T("pictures.take"), Primary: true, Do: func() {
			var ticked []*model.Evidence
			for i, b := range boxes {
				if b.Checked {
					ticked = append(ticked, list[i].Value)
				}
			}
			if len(ticked) == 0 {
				s.env.Host.Toast(lang.T("pictures.tick"), theme.Warning)
				return
			}
			stop()
			shut()
			then(ticked)
		}}}
	})
}

// drawAll draws the thumbnails off the window, one after another.
func (s *pictureSource) drawAll(list []kept[model.Evidence], frames []*canvas.Image) (stop func()) {
	return s.env.Host.Run(lang.T("pictures.choose"), func(ctx context.Context, _ func(float64, string)) error {
		for i, k := range list {
			e := k.Value
			if ctx.Err() != nil {
				return nil
			}
			if frames[i].Image != nil {
				continue
			}
			img := s.draw(ctx, e.SHA256, e.Orient)
			fyne.Do(func() {
				s.thumbs[e.SHA256], frames[i].Image = img, img
				frames[i].Refresh()
			})
		}
		return nil
	}, func(err error) {
		if err != nil {
			showError(s.env, err)
		}
	})
}
