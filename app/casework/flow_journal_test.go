package casework

import (
	"context"
	"encoding/json"
	"strconv"
	"testing"

	"anxin/forms"
	"anxin/model"
	"anxin/model/modeltest"
)

// memory is a journal that keeps the newest state of each record, and refuses
// what was read before somebody else changed it.
type memory struct {
	heads map[model.ID]model.Head
	order []model.ID
	at    model.Clock
}

func (m *memory) Commit(_ context.Context, b model.Batch) ([]model.Revision, error) {
	out := make([]model.Revision, len(b.Changes))
	for i, c := range b.Changes {
		was, there := m.heads[c.ID]
		if there != (c.Base != "") || c.Base != was.Rev {
			return nil, model.ErrStale
		}
		body, err := json.Marshal(c.Record)
		if err != nil {
			return nil, err
		}
		if !there {
			m.order = append(m.order, c.ID)
		}
		rev := model.Rev(strconv.Itoa(was.Rev.Generation()+1) + "-x")
		m.heads[c.ID] = model.Head{ID: c.ID, Kind: c.Record.Kind(), Rev: rev, Author: b.Author, Updated: m.at.Now(), Summary: c.Record.Summary(), Body: body}
		out[i] = model.Revision{Record: c.ID, Rev: rev}
	}
	return out, nil
}

func (m *memory) Head(_ context.Context, id model.ID) (model.Head, error) {
	h, ok := m.heads[id]
	if !ok {
		return model.Head{}, model.ErrNotFound
	}
	return h, nil
}

func (m *memory) List(_ context.Context, q model.Query) (out []model.Head, err error) {
	for i := len(m.order) - 1; i >= 0; i-- {
		h := m.heads[m.order[i]]
		if h.Kind == q.Kind && (q.Case == "" || h.Summary.Case == q.Case) && (len(q.States) == 0 || containsText(q.States, h.Summary.State)) {
			out = append(out, h)
		}
	}
	return out, nil
}

func (m *memory) Count(ctx context.Context, q model.Query) (int, error) {
	list, err := m.List(ctx, q)
	return len(list), err
}

func (m *memory) History(_ context.Context, id model.ID) ([]model.Revision, error) {
	h, ok := m.heads[id]
	if !ok {
		return nil, model.ErrNotFound
	}
	return []model.Revision{{Rev: h.Rev, Record: id, Kind: h.Kind, Author: h.Author, Time: h.Updated, Body: h.Body}}, nil
}

func (m *memory) NextNumber(context.Context, string) (int, error) { return 1, nil }

// bureau is an office with its people and one open case.
type bureau struct {
	t     failer
	clock *modeltest.Clock
	ids   *modeltest.IDs
	mem   *memory
	desks map[model.ID]*Desk
	kase  model.ID
	lead  model.ID
}

// failer is what tests and property tests share.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// newBureau opens a case from a lead on the day the clocks of tests start.
func newBureau(t testing.TB, region string) *bureau { return openBureau(t, t, region) }

func openBureau(t testing.TB, fail failer, region string) *bureau {
	clock := modeltest.NewClock(0)
	b := &bureau{t: fail, clock: clock, ids: &modeltest.IDs{Laptop: 2}, mem: &memory{heads: map[model.ID]model.Head{}, at: clock}, desks: map[model.ID]*Desk{}}
	rooms := Rooms{Journal: b.mem, Law: law(t), Clock: clock, IDs: b.ids, Checklist: &forms.Form{}}
	office := modeltest.Office()
	office.Region = region
	b.put(b.ids.NewID(), office)
	for id, o := range people() {
		b.put(id, o)
		b.desks[id] = NewDesk(rooms, id)
	}
	employer := b.ids.NewID()
	b.put(employer, modeltest.Employer(1))
	ctx := context.Background()
	l, err := b.desks[lead].RegisterLead(ctx, model.Lead{Source: "现场投诉", Employer: employer})
	b.must(err)
	b.lead = l
	b.kase, err = b.desks[lead].AcceptLead(ctx, Acceptance{Lead: l, Cause: "克扣或无故拖欠工资", Officers: []model.ID{lead, assist}})
	b.must(err)
	roll := modeltest.WageRoll(1, 28, b.kase)
	b.put(b.ids.NewID(), roll)
	return b
}

func (b *bureau) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatalf("%v", err)
	}
}

func (b *bureau) put(id model.ID, r model.Record) {
	b.t.Helper()
	_, err := b.mem.Commit(context.Background(), model.Batch{Author: lead, Changes: []model.Change{{ID: id, Base: b.mem.heads[id].Rev, Record: r}}})
	b.must(err)
}

func (b *bureau) read() *model.Case {
	b.t.Helper()
	c, _, err := load[model.Case](context.Background(), b.desks[lead], b.kase)
	b.must(err)
	return c
}

// issue puts an issued paper of a type into the case.
func (b *bureau) issue(docType string) model.ID {
	b.t.Helper()
	id := b.ids.NewID()
	doc := issuedPaper(docType, b.clock.Now(), map[string]any{"shown": "已看清证件"}).Value
	doc.Case = b.kase
	if docType == "D06" {
		doc.DueBy, doc.Issued.AmountFen = model.DateOf(b.clock.Now().AddDate(0, 0, 9)), 100_000
	}
	if docType == "D13" || docType == "D14" {
		doc.Events = []model.Event{{Kind: model.EventScanned, At: b.clock.Now(), By: lead}}
	}
	b.put(id, doc)
	return id
}

// serve serves a paper now.
func (b *bureau) serve(doc model.ID) {
	b.t.Helper()
	s := served("D00", b.clock.Now()).Value
	s.Case, s.Document = b.kase, doc
	b.put(b.ids.NewID(), s)
}

// wait lets days pass.
func (b *bureau) wait(days int) { b.clock.Move(timeDays(days)) }

func (b *bureau) decide(by model.ID, matter, outcome string, doc model.ID) error {
	return b.desks[by].Decide(context.Background(), b.kase,
		model.CaseDecision{Matter: matter, Decision: model.Decision{Outcome: outcome, Reason: "记录在案"}, Document: doc})
}

func (b *bureau) move(by model.ID, to string) error {
	_, err := b.desks[by].Move(context.Background(), b.kase, to, MoveIn{})
	return err
}
