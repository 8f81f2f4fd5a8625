package page

// The keys of a form where no input has the keyboard: the shell asks the page,
// the page its detail, the detail the form it shows.

// filling is a detail that may show a form; nil while it shows none.
type filling interface{ shownForm() *recordForm }

func (p *recordPage[T, P]) shownForm() *recordForm {
	if f, ok := p.shown.(filling); ok {
		return f.shownForm()
	}
	return nil
}

// Back goes from the record to the list where only one of them has room.
func (p *recordPage[T, P]) Back() bool {
	if !p.panes.OnePane() || !p.panes.InDetail() {
		return false
	}
	p.panes.ShowList()
	p.list.Focus()
	return true
}

// Undo takes back the last act on the form shown, false when there is none.
func (p *recordPage[T, P]) Undo() bool {
	f := p.shownForm()
	return f != nil && f.view.Undo()
}

// Redo does it again.
func (p *recordPage[T, P]) Redo() bool {
	f := p.shownForm()
	return f != nil && f.view.Redo()
}

// NextUnanswered goes to the next required question without an answer.
func (p *recordPage[T, P]) NextUnanswered() bool {
	f := p.shownForm()
	return f != nil && f.view.NextUnanswered()
}

// unanswerer is a part of a page that may show a form.
type unanswerer interface {
	Undo() bool
	Redo() bool
	NextUnanswered() bool
}

// Undo implements shell.Undoer.
func (e *Employers) Undo() bool { return e.list.Undo() }

// Redo implements shell.Redoer.
func (e *Employers) Redo() bool { return e.list.Redo() }

// NextUnanswered implements shell.Answerer.
func (e *Employers) NextUnanswered() bool { return e.list.NextUnanswered() }

// Back implements shell.Backer.
func (e *Employers) Back() bool { return e.list.Back() }

// keyed is the side's form or list, nil where the side has neither.
func (s *Settings) keyed() unanswerer {
	switch side := s.side.(type) {
	case unanswerer:
		return side
	case filling:
		if f := side.shownForm(); f != nil {
			return f.view
		}
	}
	return nil
}

// Undo implements shell.Undoer.
func (s *Settings) Undo() bool {
	k := s.keyed()
	return k != nil && k.Undo()
}

// Redo implements shell.Redoer.
func (s *Settings) Redo() bool {
	k := s.keyed()
	return k != nil && k.Redo()
}

// NextUnanswered implements shell.Answerer.
func (s *Settings) NextUnanswered() bool {
	k := s.keyed()
	return k != nil && k.NextUnanswered()
}

func (d *documentDetail) shownForm() *recordForm       { return d.form }
func (d *registerDetail[T, P]) shownForm() *recordForm { return d.form }
func (l *lead) shownForm() *recordForm                 { return l.form }

func (d *caseDetail) shownForm() *recordForm {
	if d.tabs.Key() == partStatement && d.statement != nil {
		return d.statement.form
	}
	return nil
}

func (v *visit) shownForm() *recordForm {
	switch p := v.made[v.shownPart()].(type) {
	case *visitPlan:
		return p.form
	case *formPart:
		return p.form
	}
	return nil
}

func (v *visit) shownPart() string {
	if v.tabs == nil {
		return partPlan
	}
	return v.tabs.Key()
}
