package synctest

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/sync/client"
	"anxin/sync/hub"
	"anxin/sync/wire"
)

// passOf is the pass a laptop keeps.
func (l *Laptop) passOf() (p wire.Pass) {
	l.w.T.Helper()
	text, err := l.Store.Setting(context.Background(), "sync.pass")
	l.w.Check(err)
	l.w.Check(json.Unmarshal([]byte(text), &p))
	return p
}

// waits are the laptops that wait for the bureau, and those it only heard of.
func waits(w *World) (r hub.Restored, claims map[string]hub.Waiting, unknown []string) {
	w.T.Helper()
	r, err := w.Hub.Restored(context.Background())
	w.Check(err)
	claims = map[string]hub.Waiting{}
	for _, c := range r.Claims {
		claims[officerOf(c.Pass.Name)] = c
	}
	for _, u := range r.Unknown {
		unknown = append(unknown, officerOf(u.Name))
	}
	return r, claims, unknown
}

// officerOf is whose laptop a name says it is.
func officerOf(name string) string {
	officer, _, _ := strings.Cut(name, "（")
	return officer
}

// device is how the hub knows a laptop.
func (w *World) device(l *Laptop) (d hub.Device) {
	w.T.Helper()
	w.Inspect(func(tx hub.Tx) (err error) {
		d, err = tx.Device(l.device.ID)
		return err
	})
	return d
}

// TestRecall: what the bureau did after the backup that is put back comes up
// again by what laptops hold of it. Who was shut out is shut out again at once,
// whoever brings the word; a grant given, a grant withdrawn and a laptop that
// joined wait for the bureau, and until then give nothing.
func TestRecall(t *testing.T) {
	for name, world := range map[string]func() *World{
		"memory": func() *World { return NewMemWorld(t, 4, 1, Bugs{}) },
		"disk":   func() *World { return NewWorld(t, 4) },
	} {
		for _, said := range []bool{true, false} {
			t.Run(name+map[bool]string{true: ", said", false: ", in silence"}[said], func(t *testing.T) {
				r := newRecall(world(), said)
				r.shows(t)
				r.confirms(t)
				r.oldPasses(t)
			})
		}
	}
}

// recall is a hub put back to before the bureau acted upon its laptops.
type recall struct {
	*World
	gets, loses, shut, quiet *Laptop // of before: a grant given, one withdrawn, shut out, nothing
	late, gone               *Laptop // joined since; the one was shut out again
	first                    model.ID
	old                      wire.Pass
}

func newRecall(w *World, said bool) *recall {
	ctx := context.Background()
	r := &recall{World: w, gets: w.Laptops[0], loses: w.Laptops[1], shut: w.Laptops[2], quiet: w.Laptops[3]}
	w.Check(w.Hub.Grant(ctx, r.loses.ID(), "丙县", hub.RoleWrite))
	w.Rest()
	r.old = r.gets.passOf()
	back := w.SaveHub()
	r.late, r.gone = w.NewLaptop(5), w.NewLaptop(6)
	r.late.Enrol()
	r.gone.Enrol()
	r.first = r.late.Put("", "", modeltest.Employer(1)).Record
	w.Check(w.Hub.Grant(ctx, r.gets.ID(), "乙县", hub.RoleRead))
	w.Check(w.Hub.Grant(ctx, r.loses.ID(), "丙县", ""))
	for _, l := range []*Laptop{r.gone, r.gets, r.loses, r.late} {
		l.Put("", "", modeltest.Employer(l.N))
		l.Sync()
	}
	w.Check(w.Hub.Revoke(ctx, r.shut.ID()))
	w.Check(w.Hub.Revoke(ctx, r.gone.ID()))
	r.gets.Sync()
	back()
	if said {
		_, err := w.Hub.AfterRestore(ctx)
		w.Check(err)
	}
	return r
}

// shows is what comes up when the laptops come.
func (r *recall) shows(t *testing.T) {
	if d := r.device(r.shut); !d.Revoked.IsZero() {
		t.Fatal("the backup knows of what came after it")
	}
	r.gets.Sync()
	is, claims, unknown := waits(r.World)
	if c := claims["officer 1"]; len(claims) != 1 || !slices.Equal(c.Added, []hub.Grant{{Scope: "乙县", Role: hub.RoleRead}}) || len(c.Lost) > 0 {
		t.Errorf("claims %+v", claims)
	}
	if len(is.Revoked) != 2 || r.device(r.gone).Revoked.IsZero() || r.device(r.shut).Revoked.IsZero() || !slices.Equal(unknown, []string{"officer 5"}) {
		t.Errorf("revoked %+v, unknown %v", is.Revoked, unknown)
	}
	if len(r.device(r.gets).Grants) > 0 {
		t.Errorf("nobody confirmed, and it has %v", r.device(r.gets).Grants)
	}
	for l, want := range map[*Laptop]error{r.shut: &wire.Error{Code: wire.CodeRevoked}, r.gone: &wire.Error{Code: wire.CodeRevoked}, r.late: client.ErrUnconfirmed} {
		if _, err := l.Client.Sync(context.Background(), nil); !errors.Is(err, want) {
			t.Errorf("laptop %d: %v", l.N, err)
		}
	}
	r.loses.Sync()
	r.quiet.Sync()
	_, claims, unknown = waits(r.World)
	if c := claims["officer 2"]; len(claims) != 3 || len(unknown) > 0 || !slices.Equal(c.Lost, []hub.Grant{{Scope: "丙县", Role: hub.RoleWrite}}) {
		t.Errorf("claims %+v, unknown %v", claims, unknown)
	}
	if s, err := r.Hub.State(context.Background()); err != nil || !s.Held {
		t.Errorf("numbers are leased although laptop 5 may hold some, %v", err)
	}
}

// confirms is what the bureau's word gives.
func (r *recall) confirms(t *testing.T) {
	for _, l := range []*Laptop{r.gets, r.loses, r.late} {
		r.Check(r.Hub.Confirm(context.Background(), l.ID()))
	}
	if g := r.device(r.gets).Grants; !slices.Equal(g, []hub.Grant{{Scope: "乙县", Role: hub.RoleRead}}) || len(r.device(r.loses).Grants) > 0 {
		t.Errorf("confirmed: %v, %v", g, r.device(r.loses).Grants)
	}
	r.Laptops = slices.DeleteFunc(r.Laptops, func(l *Laptop) bool { return l == r.shut || l == r.gone })
	r.Rest()
	if !r.quiet.holds(r.first) {
		t.Error("what the late laptop did has not come to its colleagues")
	}
	r.Invariants(nil)
	if is, _, _ := waits(r.World); is.Open() || is.Heard < 4 || len(is.Silent) > 0 {
		t.Errorf("in the end: %+v", is)
	}
}

// oldPasses: a pass from before the backup takes nothing back, and none gives
// anything that was withdrawn in this life.
func (r *recall) oldPasses(t *testing.T) {
	r.Check(r.Hub.Grant(context.Background(), r.gets.ID(), "乙县", ""))
	in := insider(r.World, r.gets.N)
	for _, p := range []wire.Pass{r.old, r.gets.passOf(), forged(r.gets.passOf())} {
		if code := in.call("/recall", wire.Recall{Pass: &p}); code != "" {
			t.Errorf("recall: %s", code)
		}
	}
	if is, _, _ := waits(r.World); is.Open() || len(r.device(r.gets).Grants) > 0 {
		t.Errorf("after old passes: %+v, %v", is.Claims, r.device(r.gets).Grants)
	}
}

// forged is a pass with a grant written into it.
func forged(p wire.Pass) wire.Pass {
	p.Grants = append(p.Grants, wire.PassGrant{Scope: "丁县", Role: hub.RoleWrite})
	p.Life = 1
	p.Acts = 1 << 40
	return p
}
