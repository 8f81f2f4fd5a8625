package synctest

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"unicode"

	"anxin/model"
	"anxin/model/bundle"
	"anxin/model/modeltest"
	"anxin/sync/client"
	"anxin/sync/hub"
)

// stick is a USB stick between a laptop and the hub.
type stick struct{ out, back string }

func newStick(t *testing.T) stick {
	dir := t.TempDir()
	return stick{filepath.Join(dir, "带给局里.anxin"), filepath.Join(dir, "带回本机.anxin")}
}

// carry walks once to the hub and back.
func (s stick) carry(w *World, l *Laptop) (hub.UsbReport, client.Summary) {
	w.T.Helper()
	ctx := context.Background()
	_, err := l.Client.UsbOut(ctx, s.out)
	w.Check(err)
	report, err := w.Hub.Usb(ctx, s.out, s.back)
	w.Check(err)
	sum, err := l.Client.UsbIn(ctx, s.back)
	w.Check(err)
	return report, sum
}

// airGapped is a world in which laptop 1 has joined and then lost its line
// for ever, with a day's work on it; laptop 2 is on the line.
func airGapped(t *testing.T) (w *World, done []Done) {
	w = NewWorld(t, 2)
	a, b := w.Laptops[0], w.Laptops[1]
	a.Sync()
	a.Line.Connect()
	info, err := a.Blobs.Put(context.Background(), bytes.NewReader(bytes.Repeat([]byte("photo"), 500_000)))
	w.Check(err)
	for _, r := range []model.Revision{a.Put("", "", modeltest.Employer(1)), a.Issue("某公司"),
		a.Put("", "", &model.Evidence{Name: "现场.jpg", SHA256: info.SHA256, Size: info.Size})} {
		done = append(done, Done{r, 0})
	}
	done = append(done, Done{b.Put("", "", modeltest.Employer(2)), 1})
	b.Sync()
	return w, done
}

// TestUsb: what goes by the stick is as good as what goes by the line, and
// taking any file again changes nothing.
func TestUsb(t *testing.T) {
	ctx := context.Background()
	w, done := airGapped(t)
	a, b := w.Laptops[0], w.Laptops[1]
	s := newStick(t)
	report, sum := s.carry(w, a)
	if report.Ops != 4 || report.Fresh != 4 || report.Files != 1 || sum.Pushed != 4 || sum.Pulled != 1 {
		t.Errorf("hub %+v, laptop %+v", report, sum)
	}
	state, err := a.Client.Status(ctx)
	w.Check(err)
	if state.Pending != 0 || state.Logged != 4 || state.Files != 0 {
		t.Errorf("status %+v", state)
	}
	b.Sync()
	want := picture(w)
	for range 2 { // the files again, and a walk with nothing to say
		report, err := w.Hub.Usb(ctx, s.out, s.back)
		w.Check(err)
		sum, err := a.Client.UsbIn(ctx, s.back)
		w.Check(err)
		if report.Fresh != 0 || sum.Pushed != 0 || sum.Pulled != 0 || sum.Blobs != 0 {
			t.Errorf("again: hub %+v, laptop %+v", report, sum)
		}
	}
	s.carry(w, a)
	if got := picture(w); got != want {
		t.Errorf("taking the files again changed\n%s\nto\n%s", want, got)
	}
	a.Line.Connect(w.handlers()...) // at last a line: nothing is left to say
	if sum := a.Sync(); sum.Pushed+sum.Pulled+sum.Blobs != 0 {
		t.Errorf("on the line: %+v", sum)
	}
	w.Rest()
	w.Invariants(done)
}

// TestUsbFetchesFiles: a colleague's evidence comes with the walk after the
// one that told of it.
func TestUsbFetchesFiles(t *testing.T) {
	w, _ := airGapped(t)
	a, b := w.Laptops[0], w.Laptops[1]
	info, err := b.Blobs.Put(context.Background(), bytes.NewReader([]byte("colleague's photo")))
	w.Check(err)
	b.Put("", "", &model.Evidence{SHA256: info.SHA256, Size: info.Size})
	b.Sync()
	s := newStick(t)
	s.carry(w, a)
	s.carry(w, a)
	if err := a.Blobs.Check(context.Background(), info.SHA256); err != nil {
		t.Error(err)
	}
}

// flip changes one bit.
func flip(data []byte, at int) []byte {
	changed := bytes.Clone(data)
	changed[at] ^= 1
	return changed
}

// TestUsbRefused: whatever is wrong with a file, it is refused with a sentence
// and nothing changes.
func TestUsbRefused(t *testing.T) {
	ctx := context.Background()
	w, _ := airGapped(t)
	a, b := w.Laptops[0], w.Laptops[1]
	other := NewWorld(t, 1)
	s, bad := newStick(t), newStick(t)
	s.carry(w, a)
	out, err := os.ReadFile(s.out)
	w.Check(err)
	back, err := os.ReadFile(s.back)
	w.Check(err)
	b.Sync()
	want := picture(w)
	toHub := func(h *hub.Hub, data []byte) error {
		w.Check(os.WriteFile(bad.out, data, 0o600))
		_, err := h.Usb(ctx, bad.out, bad.back)
		return err
	}
	toLaptop := func(l *Laptop, data []byte) error {
		w.Check(os.WriteFile(bad.back, data, 0o600))
		_, err := l.Client.UsbIn(ctx, bad.back)
		return err
	}
	for _, test := range []struct {
		name string
		got  error
		want error // nil: any
	}{
		{"hub: tampered", toHub(w.Hub, flip(out, len(out)/2)), nil},
		{"hub: tampered at the end", toHub(w.Hub, flip(out, len(out)-1)), nil},
		{"hub: truncated", toHub(w.Hub, out[:len(out)*2/3]), nil},
		{"hub: empty", toHub(w.Hub, nil), nil},
		{"hub: another hub's", toHub(other.Hub, out), nil},
		{"hub: an answer", toHub(w.Hub, back), nil},
		{"laptop: tampered", toLaptop(a, flip(back, len(back)/2)), nil},
		{"laptop: truncated", toLaptop(a, back[:len(back)-10]), nil},
		{"laptop: a colleague's answer", toLaptop(b, back), bundle.ErrSealed},
		{"laptop: its own request", toLaptop(a, out), nil},
		{"laptop: of another world", toLaptop(other.Laptops[0], back), nil},
	} {
		if test.got == nil || test.want != nil && !errors.Is(test.got, test.want) {
			t.Errorf("%s: %v, want %v", test.name, test.got, test.want)
		} else if !bytes.ContainsFunc([]byte(test.got.Error()), func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			t.Errorf("%s: %q is no sentence for an officer", test.name, test.got)
		}
	}
	if got := picture(w); got != want {
		t.Errorf("a refused file changed\n%s\nto\n%s", want, got)
	}
	t.Run("revoked", func(t *testing.T) {
		w.Check(w.Hub.Revoke(ctx, modeltest.Device(1).ID))
		if err := toHub(w.Hub, out); err == nil {
			t.Error("taken")
		}
	})
}

// TestUsbOfAnEarlierLife: an answer to a file that was written before this
// laptop was put back is not for it.
func TestUsbOfAnEarlierLife(t *testing.T) {
	ctx := context.Background()
	w, _ := airGapped(t)
	a := w.Laptops[0]
	s := newStick(t)
	s.carry(w, a)
	w.Check(a.Store.NewEpoch(ctx))
	if _, err := a.Client.UsbIn(ctx, s.back); !errors.Is(err, client.ErrForeignFile) {
		t.Errorf("error %v", err)
	}
	newStick(t).carry(w, a)
	if _, err := w.Hub.Usb(ctx, s.out, s.back); !errors.Is(err, hub.ErrUsb) {
		t.Errorf("the older request: %v", err)
	}
}
