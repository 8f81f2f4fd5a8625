package synctest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"

	"anxin/model"
	"anxin/sync/hub"
	"anxin/sync/wire"
)

// The grid of a story: the bureau stands above the streets.
const bureau = "县"

var streets = []string{bureau + "/东街", bureau + "/西街", bureau + "/北乡"}

// homesOf draws where the laptops of a story live: half of the stories are told
// in one scope, where every laptop must have everything. In the others only
// sometimes a laptop of the bureau sees all.
func homesOf(laptops, draw int) []string {
	homes := make([]string, laptops)
	if draw%2 == 0 {
		return homes
	}
	for i := range homes {
		homes[i] = streets[(i+draw)%2]
	}
	if draw%4 == 1 {
		homes[0] = bureau
	}
	return homes
}

// books are what a story itself knows of who may see what, apart from what the
// hub believes.
type books struct {
	grants map[model.ID]map[string]string // of devices: role by scope
	place  map[model.ID]string            // of records
}

func newBooks() books {
	return books{grants: map[model.ID]map[string]string{}, place: map[model.ID]string{}}
}

func (b books) clone() books {
	c := books{grants: map[model.ID]map[string]string{}, place: maps.Clone(b.place)}
	for id, list := range b.grants {
		c.grants[id] = maps.Clone(list)
	}
	return c
}

// may reports whether a laptop reaches a scope in a role.
func (s *Simulation) may(l *Laptop, scope, role string) bool {
	within := func(above string) bool { return scope == above || strings.HasPrefix(scope, above+"/") }
	if within(l.Home) {
		return true
	}
	for granted, as := range s.books.grants[l.device.ID] {
		if within(granted) && (as == role || as == hub.RoleWrite) {
			return true
		}
	}
	return false
}

// placeOf is the scope a record lives in: as the story has it, or, after the
// hub was put back, where those who brought the record back say it lived.
func (s *Simulation) placeOf(record model.ID) string {
	if scope, known := s.books.place[record]; known {
		return scope
	}
	s.Inspect(func(tx hub.Tx) error {
		h, err := tx.Head(record)
		if err == nil {
			s.books.place[record] = h.Scope
		}
		return nil
	})
	return s.books.place[record]
}

// reads reports whether a laptop may see a record.
func (s *Simulation) reads(l *Laptop, record model.ID) bool {
	return s.may(l, s.placeOf(record), hub.RoleRead)
}

// writes reports whether a laptop may change a record.
func (s *Simulation) writes(l *Laptop, record model.ID) bool {
	return s.may(l, s.placeOf(record), hub.RoleWrite)
}

// grid are the actions of the bureau; a story in one scope has none.
func (s *Simulation) grid() []action {
	if !s.gridded {
		return nil
	}
	return []action{{"grant", 3, s.grant}, {"withdraw", 3, s.withdraw}, {"move", 3, s.move}, {"keeper", 2, s.keeper}}
}

func (s *Simulation) grant(_ int, l *Laptop) {
	scope, role := streets[s.rng.IntN(len(streets))], hub.RoleRead
	if s.rng.IntN(3) > 0 {
		role = hub.RoleWrite
	}
	s.calm(func() { s.Check(s.replica().Grant(context.Background(), l.device.ID, scope, role)) })
	if s.books.grants[l.device.ID] == nil {
		s.books.grants[l.device.ID] = map[string]string{}
	}
	s.books.grants[l.device.ID][scope] = role
}

func (s *Simulation) withdraw(_ int, l *Laptop) {
	granted := slices.Sorted(maps.Keys(s.books.grants[l.device.ID]))
	if len(granted) == 0 {
		return
	}
	scope := granted[s.rng.IntN(len(granted))]
	s.calm(func() { s.Check(s.replica().Grant(context.Background(), l.device.ID, scope, "")) })
	delete(s.books.grants[l.device.ID], scope)
}

// replica is one of the hub's processes.
func (s *Simulation) replica() *hub.Hub { return s.Hubs[s.rng.IntN(len(s.Hubs))] }

// move gives a record the hub has another home.
func (s *Simulation) move(int, *Laptop) {
	var all []model.ID
	s.Inspect(func(tx hub.Tx) error {
		return tx.EachHead("", func(h hub.Head) error {
			all = append(all, h.Record)
			return nil
		})
	})
	if len(all) == 0 {
		return
	}
	slices.Sort(all)
	record, scope := all[s.rng.IntN(len(all))], streets[s.rng.IntN(len(streets))]
	s.calm(func() { s.Check(s.replica().Move(context.Background(), record, scope)) })
	s.books.place[record] = scope
}

// placed is the rest of I10: every record lives where the bureau put it.
func (s *Simulation) placed() {
	s.Inspect(func(tx hub.Tx) error {
		return tx.EachHead("", func(h hub.Head) error {
			if want := s.placeOf(h.Record); h.Scope != want {
				s.T.Errorf("I10: record %s lives in %s, the bureau put it in %s", h.Record, h.Scope, want)
			}
			return nil
		})
	})
}

// held is the rest of I10: what a laptop may no longer see it has put away, but
// for records it has worked on itself. Beside a hub that was put back laptops let
// go of nothing before they know that it has everything again.
func (s *Simulation) held() {
	if !s.gridded || s.Actions["hub put back"] > 0 {
		return
	}
	ctx := context.Background()
	var all []model.ID
	s.Inspect(func(tx hub.Tx) (err error) {
		all, err = records(tx)
		return err
	})
	for _, l := range s.Laptops {
		for _, id := range all {
			if s.reads(l, id) {
				continue
			}
			list, err := l.Store.History(ctx, id)
			own := func(r model.Revision) bool { return r.Device == l.device.ID }
			if err == nil && !slices.ContainsFunc(list, own) {
				s.T.Errorf("I10: laptop %d still has record %s of %s, which it may not see", l.N, id, s.placeOf(id))
			}
		}
		s.shed(l)
	}
}

// shed is the same of files: with a colleague's record its photo has gone. What
// the laptop signed for itself stays, come what may.
func (s *Simulation) shed(l *Laptop) {
	ctx := context.Background()
	for sha, record := range s.cites {
		own := slices.ContainsFunc(s.Done, func(d Done) bool { return d.Revision.Record == record && d.Revision.Device == l.device.ID })
		has, err := l.Blobs.Has(ctx, sha)
		s.Check(err)
		if own || !has || s.reads(l, record) {
			continue
		}
		if _, err := l.Store.History(ctx, record); errors.Is(err, model.ErrNotFound) {
			s.T.Errorf("I10: laptop %d still has the file %.8s of record %s of %s, which it may not see", l.N, sha, record, s.placeOf(record))
		}
	}
}

// keeper deals with one operation that was set aside.
func (s *Simulation) keeper(int, *Laptop) {
	ctx := context.Background()
	s.calm(func() {
		list, err := s.Hub.Quarantine(ctx)
		s.Check(err)
		if len(list) == 0 {
			return
		}
		e := list[s.rng.IntN(len(list))]
		if s.rng.IntN(4) == 0 {
			s.Check(s.replica().Reject(ctx, e.Ack.Position, "局长"))
			return
		}
		s.release(e)
	})
}

// release lets an operation in; one whose parent is not there must wait.
func (s *Simulation) release(e hub.Entry) bool {
	err := s.replica().Release(context.Background(), e.Ack.Position, "局长")
	if err != nil {
		s.secret("a refusal", err.Error())
	}
	return err == nil
}

// releaseAll lets in all that can be let in.
func (s *Simulation) releaseAll() {
	for moved := true; moved; {
		moved = false
		list, err := s.Hub.Quarantine(context.Background())
		s.Check(err)
		for _, e := range list {
			moved = s.release(e) || moved
		}
	}
}

// apart are the records a laptop has that the hub did not take from it: there
// it goes its own way until somebody has dealt with it. What laptops brought to
// a hub that was put back may be on any of them, see anybody.
func (s *Simulation) apart() map[model.ID]map[model.ID]bool {
	out := map[model.ID]map[model.ID]bool{}
	s.Inspect(func(tx hub.Tx) error {
		return tx.EachOp(func(e hub.Entry) error {
			if e.Ack.Outcome != model.OutcomeQuarantined {
				return nil
			}
			_, err := tx.Revision(e.Op.Revision.Rev)
			if !errors.Is(err, model.ErrNotFound) {
				return err
			}
			device := e.Op.Device
			if !slices.ContainsFunc(s.Laptops, func(l *Laptop) bool { return l.device.ID == device }) {
				device = anybody
			}
			if out[device] == nil {
				out[device] = map[model.ID]bool{}
			}
			out[device][e.Op.Revision.Record] = true
			return nil
		})
	})
	return out
}

// view is what the invariants are checked by.
func (s *Simulation) view() view {
	apart := s.apart()
	return view{reads: s.reads, apart: func(l *Laptop, id model.ID) bool { return apart[l.device.ID][id] || apart[anybody][id] }, gone: s.gone}
}

// anybody is whoever holds what the hub itself set aside.
const anybody model.ID = ""

// canary stands in everything officers write: it may be seen in the records of
// those who may read them and nowhere else.
const canary = "金丝雀"

// secret is I14: a text that is not for the readers of a record has none of it.
func (s *Simulation) secret(what, text string) {
	if strings.Contains(text, canary) {
		s.T.Errorf("I14: %s quotes a record: %.200s", what, text)
	}
}

// overhear is I10 and I14 at the line: a laptop is sent records it may see at
// this moment, and what officers wrote only within them.
func (s *Simulation) overhear(l *Laptop, r *http.Request, status int, encoding string, reply []byte) {
	path := strings.TrimPrefix(r.URL.Path, wire.Root)
	if encoding == wire.Encoding {
		if path == "/pull" {
			s.overhearPage(l, reply)
			return
		}
		var text rawText
		s.Check(wire.Unpack(reply, &text, wire.MaxPage))
		reply = text
	}
	if sha, file := strings.CutPrefix(path, "/blobs/"); file && r.Method == http.MethodGet && status < http.StatusBadRequest && len(reply) > 0 {
		// A record that is nowhere at the hub yet lives nowhere either.
		if record, known := s.cites[sha]; known && s.placeOf(record) != "" && !s.reads(l, record) {
			s.T.Errorf("I10: laptop %d was sent the file of record %s of %s, which it may not see", l.N, record, s.placeOf(record))
		}
		return
	}
	s.secret("the answer to "+path, string(reply))
}

// rawText is a message as it stands.
type rawText []byte

// UnmarshalJSON implements json.Unmarshaler.
func (t *rawText) UnmarshalJSON(text []byte) error {
	*t = bytes.Clone(text)
	return nil
}

func (s *Simulation) overhearPage(l *Laptop, reply []byte) {
	var page wire.Page
	s.Check(wire.Unpack(reply, &page, wire.MaxPage))
	for _, r := range page.Revisions {
		if !s.reads(l, r.Record) {
			s.T.Errorf("I10: laptop %d was sent a revision of %s of %s, which it may not see", l.N, r.Record, s.placeOf(r.Record))
		}
	}
	for _, c := range page.Conflicts {
		if !s.reads(l, c.Record) {
			s.T.Errorf("I10: laptop %d was told of a conflict of %s of %s, which it may not see", l.N, c.Record, s.placeOf(c.Record))
		}
	}
	page.Revisions = nil
	s.secret("a page beside its records", fmt.Sprint(page))
}

// metrics is the rest of I14 that every story looks at.
func (s *Simulation) metrics() {
	rec := httptest.NewRecorder()
	s.Hub.Metrics().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	s.secret("the metrics", rec.Body.String())
}

// listener is the hub's log in a story: nothing is written, everything heard.
type listener struct {
	slog.Handler
	hear  func(what, text string)
	attrs []slog.Attr
}

func (l listener) Enabled(context.Context, slog.Level) bool { return true }

func (l listener) WithAttrs(attrs []slog.Attr) slog.Handler {
	l.attrs = append(slices.Clip(l.attrs), attrs...)
	return l
}

func (l listener) WithGroup(string) slog.Handler { return l }

func (l listener) Handle(_ context.Context, r slog.Record) error {
	l.hear("the hub's log", r.Message)
	hear := func(a slog.Attr) bool {
		l.hear("the hub's log", a.Value.String())
		return true
	}
	for _, a := range l.attrs {
		hear(a)
	}
	r.Attrs(hear)
	return nil
}
