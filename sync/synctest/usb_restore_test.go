package synctest

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/sync/hub"
	"anxin/sync/wire"
)

// walled are laptops no line reaches, and a hub put back to before the bureau gave
// the first a grant and let the second join.
type walled struct {
	*World
	first, second, online *Laptop
	done                  []Done
	stick                 stick
}

func newWalled(t *testing.T, said bool) *walled {
	ctx := context.Background()
	u := &walled{World: NewWorld(t, 2), stick: newStick(t)}
	u.first, u.online = u.Laptops[0], u.Laptops[1]
	u.Rest()
	back := u.SaveHub()
	u.second = u.NewLaptop(3)
	u.second.Enrol()
	u.first.Line.Connect()
	u.second.Line.Connect()
	u.Check(u.Hub.Grant(ctx, u.first.ID(), "乙县", hub.RoleRead))
	info, err := u.first.Blobs.Put(ctx, bytes.NewReader([]byte("photo")))
	u.Check(err)
	for _, r := range []model.Revision{u.first.Put("", "", modeltest.Employer(1)), u.first.Issue("某公司"),
		u.first.Put("", "", &model.Evidence{Name: "现场.jpg", SHA256: info.SHA256, Size: info.Size})} {
		u.done = append(u.done, Done{r, 0})
	}
	u.done = append(u.done, Done{u.second.Put("", "", modeltest.Employer(3)), 2})
	u.stick.carry(u.World, u.first)
	u.stick.carry(u.World, u.second)
	if p := u.first.passOf(); !slices.Equal(p.Grants, []wire.PassGrant{{Scope: "乙县", Role: hub.RoleRead}}) {
		t.Errorf("the pass that came by the stick: %+v", p)
	}
	back()
	u.first.Line.Connect()
	u.second.Line.Connect()
	if said {
		_, err := u.Hub.AfterRestore(ctx)
		u.Check(err)
	}
	return u
}

// TestUsbHubPutBack: laptops that only ever carry sticks remind a hub that was put
// back of its own words, and bring back what it lost. Numbers are leased only when
// they have said what they hold, and knew to whom.
func TestUsbHubPutBack(t *testing.T) {
	for _, said := range []bool{true, false} {
		t.Run(map[bool]string{true: "said", false: "in silence"}[said], func(t *testing.T) {
			u := newWalled(t, said)
			u.comesBack(t)
			u.stranger(t)
			for _, l := range u.Laptops {
				l.Line.Connect(u.handlers()...)
			}
			u.Rest()
			u.Invariants(u.done)
		})
	}
}

// comesBack is what the first laptop's sticks do.
func (u *walled) comesBack(t *testing.T) {
	ctx := context.Background()
	_, sum := u.stick.carry(u.World, u.first)
	if text := strings.Join(sum.Notes, "\n"); !strings.Contains(text, "再导出一次") {
		t.Errorf("the officer is told %q", text)
	}
	if is, _, _ := waits(u.World); u.device(u.first).Heard >= is.Life {
		t.Error("what was said to the life that is lost counts for this one")
	}
	again := u.stick.back
	report, _ := u.stick.carry(u.World, u.first)
	if report.Fresh != 4 || report.Files != 1 {
		t.Errorf("brought back: %+v", report)
	}
	_, claims, _ := waits(u.World)
	if c := claims["officer 1"]; !slices.Equal(c.Added, []hub.Grant{{Scope: "乙县", Role: hub.RoleRead}}) {
		t.Errorf("claims %+v", claims)
	}
	u.online.Sync()
	if s, err := u.Hub.State(ctx); err != nil || !s.Held {
		t.Errorf("numbers are leased, and laptop 3 may hold some: %v", err)
	}
	u.Check(u.Hub.Confirm(ctx, u.first.ID()))
	if _, err := u.first.Client.UsbIn(ctx, again); err != nil {
		t.Error(err)
	}
	if report, sum := u.stick.carry(u.World, u.first); report.Ops != 0 || len(sum.Notes) > 0 {
		t.Errorf("a walk with nothing to say: %+v, %v", report, sum.Notes)
	}
}

// stranger is the laptop that the hub has forgotten.
func (u *walled) stranger(t *testing.T) {
	ctx := context.Background()
	s := newStick(t)
	_, err := u.second.Client.UsbOut(ctx, s.out)
	u.Check(err)
	if _, err := u.Hub.Usb(ctx, s.out, s.back); !errors.Is(err, hub.ErrUsb) || !strings.Contains(err.Error(), "确认") {
		t.Fatalf("a laptop that was forgotten: %v", err)
	}
	if _, claims, _ := waits(u.World); claims["officer 3"].Device.ID != "" || len(claims) != 1 {
		t.Errorf("claims %+v", claims)
	}
	u.Check(u.Hub.Confirm(ctx, u.second.ID()))
	s.carry(u.World, u.second)
	if report, _ := s.carry(u.World, u.second); report.Fresh != 1 {
		t.Errorf("brought back: %+v", report)
	}
	if s, err := u.Hub.State(ctx); err != nil || s.Held {
		t.Errorf("numbers are held although all have spoken: %v", err)
	}
}
