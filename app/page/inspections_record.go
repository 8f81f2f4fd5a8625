package page

import (
	"context"
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

// verdictTones tint the verdicts of the checklist.
var verdictTones = map[string]theme.Tone{casework.VerdictConform: theme.Good, casework.VerdictBreach: theme.Bad,
	casework.VerdictNA: theme.Neutral, casework.VerdictUnchecked: theme.Warning}

// siteRecord is what is written down on site: the checklist and the frame of
// the record. It saves itself as a draft of the visit.
type siteRecord struct {
	v     *visit
	draft *draft
	list  *recordForm // nil until it is opened
	frame *recordForm
	tally *fyne.Container
	done  int // items with a verdict, unchecked ones aside
	left  int // items without a verdict
}

func newSiteRecord(v *visit) *siteRecord {
	s := &siteRecord{v: v, tally: container.NewHBox()}
	s.draft = newDraft(v.env, s.save)
	return s
}

// formPart is a form as a part of the visit, with something above it.
type formPart struct {
	form *recordForm
	root fyne.CanvasObject
}

func (f *formPart) Content() fyne.CanvasObject { return f.root }
func (f *formPart) FocusFirst()                { f.form.FocusFirst() }

// checklist opens the checklist on the answers so far.
func (s *siteRecord) checklist() (part, error) {
	if err := s.openChecklist(); err != nil {
		return nil, err
	}
	return &formPart{s.list, widgets.NewBorder(s.tally, nil, nil, nil, s.list.Root())}, nil
}

func (s *siteRecord) openChecklist() error {
	if s.list != nil {
		return nil
	}
	f, err := newForm(s.v.env, s.v.env.Desk.Checklist)
	if err != nil {
		return err
	}
	if err := f.in.LoadFlat(s.v.k.Value.Checklist); err != nil {
		return err
	}
	if s.v.recorded() {
		f.in.Freeze()
	}
	f.draw(s.v.env, verdictTones, func() {
		s.count()
		s.draft.touch()
	})
	s.list = f
	s.count()
	return nil
}

// count shows how far the checklist is.
func (s *siteRecord) count() {
	n := map[string]int{}
	flat, err := s.list.in.Flat()
	if err != nil {
		showError(s.v.env, err)
		return
	}
	findings := casework.Findings(s.v.env.Desk.Checklist, flat, "")
	for _, f := range findings {
		if flat[f.Code] != nil {
			n[f.Verdict]++
		}
	}
	s.done = n[casework.VerdictConform] + n[casework.VerdictBreach] + n[casework.VerdictNA]
	s.left = len(findings) - s.done
	s.tally.Objects = []fyne.CanvasObject{
		widgets.NewTag(lang.T("inspections.tally.done", "n", s.done, "all", len(findings)), theme.Info),
		widgets.NewTag(lang.T("inspections.tally.breach", "n", n[casework.VerdictBreach]), toneIf(n[casework.VerdictBreach] > 0, theme.Bad)),
		widgets.NewTag(lang.T("inspections.tally.unchecked", "n", s.left), toneIf(s.left > 0, theme.Warning)),
	}
	s.tally.Refresh()
}

func toneIf(on bool, tone theme.Tone) theme.Tone {
	if on {
		return tone
	}
	return theme.Neutral
}

// record opens the frame of the record: when, where, who, what they say.
func (s *siteRecord) record() (part, error) {
	if err := s.openRecord(); err != nil {
		return nil, err
	}
	return &formPart{s.frame, s.frame.Root()}, nil
}

func (s *siteRecord) openRecord() (err error) {
	if s.frame != nil {
		return nil
	}
	photos := newPictureSource(s.v.env, s.v.k.Value.Case, s.v.k.ID)
	if s.frame, err = newPicturedForm(s.v.env, "record", s.v.k.Value, photos, s.draft.touch); err != nil {
		return err
	}
	if s.v.recorded() {
		s.frame.Freeze()
	}
	return nil
}

// filled is the visit with what was written down so far.
func (s *siteRecord) filled() (*model.Inspection, error) {
	i := *s.v.k.Value
	if s.frame != nil {
		if err := s.frame.Write(&i); err != nil {
			return nil, err
		}
	}
	if s.list != nil {
		flat, err := s.list.in.Flat()
		if err != nil {
			return nil, err
		}
		i.Checklist, i.ChecklistVersion = flat, s.v.env.Desk.Checklist.Version
	}
	return &i, nil
}

// save keeps the draft. The state stays as it is.
func (s *siteRecord) save() {
	i, err := s.filled()
	if err == nil {
		err = s.v.keep(i)
	}
	if err != nil {
		showError(s.v.env, err)
		return
	}
	s.v.env.Host.Say(lang.T("page.drafted", "at", s.v.env.Now().Format("15:04")))
}

// keep writes the visit and goes on from the revision that made.
func (v *visit) keep(i *model.Inspection) error {
	if _, err := v.env.Desk.Save(context.Background(), v.k.ID, v.k.Rev, i); err != nil {
		return err
	}
	k, err := readOne[model.Inspection](v.env, v.k.ID)
	if err != nil {
		return err
	}
	v.k = k
	return nil
}

// finish makes the site record and issues it, after everything was checked
// where it stands.
func (s *siteRecord) finish() {
	s.draft.flush()
	if err := s.open(); err != nil {
		showError(s.v.env, err)
		return
	}
	if !s.complete() {
		return
	}
	i, err := s.filled()
	if err != nil {
		showError(s.v.env, err)
		return
	}
	record := casework.SiteRecord{Inspection: s.v.k.ID, Start: i.Start, End: i.End, Place: i.Place, Contact: i.Contact, Duty: i.Duty, Phone: i.Phone,
		Opinion: i.Opinion, Recording: i.Recording, Answers: i.Checklist, WageRoll: i.WageRoll, Pictures: i.Pictures}
	dialogs.Confirm(s.v.env.Host.Window(), dialogs.Question{Title: lang.T("inspections.finish"), Verb: lang.T("inspections.finish.verb"),
		Text: lang.T("inspections.finish.sure", "left", s.left), Yes: func() { s.issue(record) }})
}

// issue makes the site record; from here on the answers stand.
func (s *siteRecord) issue(record casework.SiteRecord) {
	s.v.page.acts.does("inspections.finish", func(ctx context.Context) ([]casework.Reason, error) {
		_, reasons, err := s.v.env.Desk.RecordVisit(ctx, record)
		return reasons, err
	}, func() {
		s.draft.drop()
		s.v.again()
	})
}

func (s *siteRecord) open() error {
	if err := s.openChecklist(); err != nil {
		return err
	}
	return s.openRecord()
}

// complete shows what is missing, on the part where it is missing. A reason
// for an item that was not checked may still be written on the paper by hand.
func (s *siteRecord) complete() bool {
	if s.done == 0 {
		s.v.part(partChecklist)
		s.v.env.Host.Toast(lang.T("inspections.tally.none"), theme.Warning)
		return false
	}
	if len(s.frame.in.Errors()) > 0 {
		s.v.part(partRecord)
		return s.frame.OK()
	}
	for _, p := range s.list.in.Errors() {
		if !strings.HasSuffix(p.Path, "_reason") {
			s.v.part(partChecklist)
			s.list.OK()
			s.list.view.Jump(p.Path)
			return false
		}
	}
	return true
}
