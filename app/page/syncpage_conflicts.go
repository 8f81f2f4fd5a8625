package page

import (
	"bytes"
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"anxin/app/casework"
	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/model"
)

// Which side of a conflict is taken for a field.
const (
	takeOurs   = "ours"
	takeTheirs = "theirs"
)

// compare lays a conflict open field by field and lets one choose for each.
func (s *Sync) compare(c model.Conflict) {
	var sides []casework.Side
	s.env.Host.Run(lang.T("sync.compare"), func(ctx context.Context, _ func(float64, string)) (err error) {
		sides, err = s.env.Desk.Sides(ctx, c)
		return err
	}, func(err error) {
		if err != nil {
			showError(s.env, err)
			return
		}
		s.choose(c, sides)
	})
}

// compareHeight shows some two fields at a time.
const compareHeight = 300

func (s *Sync) choose(c model.Conflict, sides []casework.Side) {
	labels := s.labelsOf(c.Kind)
	box := container.NewVBox(widgets.NewCaption(lang.T("sync.compare.text")))
	picks := make([]*widgets.Segments, len(sides))
	for i, side := range sides {
		picks[i] = widgets.NewSegments([]widgets.Option{{Key: takeOurs, Label: lang.T("sync.take.ours")}, {Key: takeTheirs, Label: lang.T("sync.take.theirs")}}, nil)
		picks[i].SetKey(takeOurs)
		box.Add(s.sideCard(labels(side.Field), side, picks[i]))
	}
	scroll, _ := widgets.NewFormScroll(box)
	var first fyne.Focusable
	if len(picks) > 0 {
		first = picks[0]
	}
	dialogs.Custom(s.env.Host.Window(), lang.T("sync.settle.title", "name", s.regs.name(c.Record)), widgets.AtLeast(compareWidth, compareHeight, scroll), first,
		func(shut func()) []widgets.Action {
			return []widgets.Action{{Label: lang.T("sync.settle"), Primary: true, Do: func() {
				shut()
				s.settle(c, theirsOf(sides, picks))
			}}}
		})
}

// compareWidth keeps the three versions readable.
const compareWidth = 560

// theirsOf are the fields for which the other side was chosen.
func theirsOf(sides []casework.Side, picks []*widgets.Segments) (out []string) {
	for i, p := range picks {
		if p.Key() == takeTheirs {
			out = append(out, sides[i].Field)
		}
	}
	return out
}

func (s *Sync) sideCard(label string, side casework.Side, pick *widgets.Segments) fyne.CanvasObject {
	version := func(key string, raw json.RawMessage) *widgets.Field {
		return shownField(lang.T(key), memberText(s.regs, side.Field, raw)).Span()
	}
	return widgets.NewSectionCard(label, widgets.NewFieldGrid(version("sync.side.base", side.Base), version("sync.side.ours", side.Ours),
		version("sync.side.theirs", side.Theirs), widgets.NewField(lang.T("sync.take"), pick).Span()))
}

// memberText writes a member of a record for a person: names for ids, yuan for
// fen, the text itself for a text.
func memberText(names *registers, field string, raw json.RawMessage) string {
	var v any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if len(raw) == 0 || d.Decode(&v) != nil || v == nil || v == "" {
		return lang.T("sync.side.none")
	}
	return plainMember(names, field, v)
}

func plainMember(names *registers, field string, v any) string {
	switch v := v.(type) {
	case string:
		if id, err := model.ParseID(v); err == nil {
			return names.name(id)
		}
		return v
	case bool:
		return lang.T("sync.bool." + strconv.FormatBool(v))
	case json.Number:
		if n, err := v.Int64(); err == nil && strings.HasSuffix(field, "_fen") {
			return yuan(n)
		}
		return v.String()
	case []any:
		words := make([]string, len(v))
		for i, one := range v {
			words[i] = plainMember(names, field, one)
		}
		return strings.Join(words, lang.T("sync.comma"))
	case map[string]any:
		raw, err := json.Marshal(v)
		if err != nil {
			return lang.T("sync.side.none")
		}
		return string(raw)
	}
	return lang.T("sync.side.none")
}

// settle ends a conflict with what was chosen; the fields in theirs are taken
// over from the other laptop.
func (s *Sync) settle(c model.Conflict, theirs []string) {
	s.env.Host.Run(lang.T("sync.settle"), func(ctx context.Context, _ func(float64, string)) error { return s.env.Desk.Settle(ctx, c, theirs...) },
		func(err error) {
			if err != nil {
				showError(s.env, err)
				return
			}
			s.env.Host.Toast(lang.T("sync.settled", "name", s.regs.name(c.Record)), theme.Good)
			s.regs.forget()
			s.Refresh()
		})
}
