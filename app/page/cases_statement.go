package page

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"anxin/app/casework"
	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/theme"
	"anxin/app/widgets"
	"anxin/model"
)

// statement is a statement being taken. Until its record is made it is kept
// among the settings of this laptop, so that nothing typed is lost.
type statement struct {
	d       *caseDetail
	form    *recordForm
	two     *pair
	draft   *draft
	watch   *stopwatch
	notes   *widgets.Paragraph // what the law holds against the record as it stands
	judged  int                // how often that was asked: an answer that comes late is dropped
	told    *widgets.Tag       // whether rights and duties were confirmed
	toldAt  time.Time
	content fyne.CanvasObject
}

// statementDraft names the setting that keeps the statement of a case.
func statementDraft(of model.ID) string { return "draft.interview." + string(of) }

// mostStatement bounds the text file of a statement, in bytes.
const mostStatement = 1 << 20

func newStatement(d *caseDetail) (*statement, error) {
	s := &statement{d: d}
	s.draft = newDraft(d.env, s.save)
	v := &model.Interview{Case: d.k.ID, Site: d.k.Value.Site, Matter: d.k.Value.Cause, IDType: "身份证", Start: d.env.Now(),
		Officers: []model.ID{d.k.Value.LeadOfficer, d.k.Value.Assistant}}
	if kept := d.env.Prefs.Get(statementDraft(d.k.ID)); kept != "" {
		if err := json.Unmarshal([]byte(kept), v); err != nil {
			return nil, err
		}
	}
	var err error
	if s.two, err = d.page.names.newPair(v.Officers, s.draft.touch); err != nil {
		return nil, err
	}
	if s.form, err = newRecordForm(d.env, "interview", v, s.draft.touch); err != nil {
		return nil, err
	}
	s.notes = widgets.NewCaption("")
	s.notes.Hide()
	s.watch = newStopwatch(d.env, s.span)
	s.told, s.toldAt = widgets.NewTag("", theme.Neutral), v.Told
	s.showTold()
	head := widgets.NewSectionCard(lang.T("cases.statement.by"),
		container.NewVBox(widgets.NewFieldGrid(s.two.fields...), s.steps(), s.notes), s.buttons()...)
	s.content = widgets.NewBorder(head, nil, nil, nil, s.form.Root())
	s.judge(*v)
	return s, nil
}

// Content is the form.
func (s *statement) Content() fyne.CanvasObject { return s.content }

// value is the statement as it stands.
func (s *statement) value() (model.Interview, error) {
	v := model.Interview{Case: s.d.k.ID, Site: s.d.k.Value.Site}
	err := s.form.Write(&v)
	v.Officers, v.Told = s.two.IDs(), s.toldAt
	return v, err
}

// save keeps the draft.
func (s *statement) save() {
	v, err := s.value()
	var raw []byte
	if err == nil {
		raw, err = json.Marshal(v)
	}
	if err != nil {
		showError(s.d.env, err)
		return
	}
	s.d.env.Prefs.Set(statementDraft(s.d.k.ID), string(raw))
	s.judge(v)
	s.d.env.Host.Say(lang.T("page.drafted", "at", s.d.env.Now().Format("15:04")))
}

// finish makes the record and issues it.
func (s *statement) finish() {
	officers, form := s.two.Check(), s.form.OK()
	if !officers || !form || !s.mayFinish() {
		return
	}
	v, err := s.value()
	if err != nil {
		showError(s.d.env, err)
		return
	}
	s.draft.flush()
	var doc model.ID
	s.d.page.acts.does("cases.statement.finish", func(ctx context.Context) (reasons []casework.Reason, err error) {
		doc, reasons, err = s.d.env.Desk.TakeInterview(ctx, v)
		return reasons, err
	}, func() {
		s.d.env.Prefs.Set(statementDraft(s.d.k.ID), "")
		s.d.env.Host.Go(placeDocuments, signed(s.d.env, doc))
	})
}

// importText takes a statement typed elsewhere: person, place, questions and
// answers. What is here already is asked about before it is replaced.
func (s *statement) importText() {
	dialogs.PickFile(s.d.env.Host.Window(), []string{".txt"}, func(path string) {
		read, err := readStatement(path)
		if err != nil {
			showError(s.d.env, err)
			return
		}
		if s.form.in.Count("/qas") == 0 {
			s.take(read)
			return
		}
		dialogs.Confirm(s.d.env.Host.Window(), dialogs.Question{Title: lang.T("cases.statement.import"), Text: lang.T("cases.statement.replace"),
			Verb: lang.T("cases.statement.replace.verb"), Danger: true, Yes: func() { s.take(read) }})
	})
}

func readStatement(path string) (casework.Statement, error) {
	info, err := os.Stat(path)
	if err != nil {
		return casework.Statement{}, err
	}
	if info.Size() > mostStatement {
		return casework.Statement{}, errTooLong(filepath.Base(path))
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return casework.Statement{}, err
	}
	return casework.ReadStatement(filepath.Base(path), string(raw))
}

type errTooLong string

func (e errTooLong) Error() string { return lang.T("cases.statement.toolong", "file", string(e)) }

func (s *statement) take(read casework.Statement) {
	v, err := s.value()
	if err != nil {
		showError(s.d.env, err)
		return
	}
	v.Person, v.Sex, v.Unit, v.QAs = read.Person, read.Sex, read.Unit, read.QAs
	if read.Place != "" {
		v.Place = read.Place
	}
	if err := s.form.Fill(&v); err != nil {
		showError(s.d.env, err)
		return
	}
	s.draft.touch()
	s.d.env.Host.Toast(lang.T("cases.statement.read", "n", len(read.QAs)), theme.Good)
}
