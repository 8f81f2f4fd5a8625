package main

import (
	"context"
	"os/exec"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"anxin/app/lang"
	"anxin/app/office"
	"anxin/app/uitest"
	"anxin/assets"
	"anxin/model"
)

// quietHands work the driver without a display.
type quietHands struct {
	*keyDay
}

func (q quietHands) key(name fyne.KeyName, ctrl bool) {
	if ctrl {
		q.keyDay.key(name)
		return
	}
	q.keyDay.press(name)
}

func (q quietHands) text(s string) {
	for _, r := range s {
		q.Focused().TypedRune(r)
	}
	q.settle()
}

func (q quietHands) tap(words string) {
	q.Tap(words)
	q.settle()
}

func (q quietHands) await(what string, is func() bool) {
	q.t.Helper()
	q.settle()
	if ok, missed := glance(is); !ok {
		q.t.Fatalf("%s is not there (%s); the screen says\n%s", what, missed, read(q.Win))
	}
}

// TestFromTheFirstRunToTheFirstPrintedOrder is the story in both languages.
func TestFromTheFirstRunToTheFirstPrintedOrder(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("the printer of this test is a script of the shell")
	}
	for _, tag := range lang.Languages {
		t.Run(tag, func(t *testing.T) {
			d := newTestDesktop(t)
			k := &keyDay{Screen: uitest.On(looker{t}, d.app, d.win), t: t, d: d}
			d.after = func(_ time.Duration, do func()) { k.later = append(k.later, do) }
			if err := lang.Load(assets.Lang, tag); err != nil {
				t.Fatal(err)
			}
			d.begin()
			d.win.Resize(fyne.NewSize(1280, 760))
			s := &story{hands: quietHands{k}, Screen: k.Screen, t: t, dir: t.TempDir()}
			takeAlong(t, s.dir)
			s.firstOrder()
			jobs, err := printed(s.dir)
			k.ok(err)
			for _, job := range jobs {
				k.verified(job)
			}
			t.Logf("%d keys and clicks, %d characters", s.keys, s.signs)
		})
	}
}

// verified checks a printed paper as anybody can who has the office's keys.
func (k *keyDay) verified(file string) {
	k.t.Helper()
	o := k.d.office
	keys, err := o.IssuerKeys(context.Background())
	k.ok(err)
	got, err := office.Verify(o.Press, file, keys, o.Now())
	k.ok(err)
	if !got.Valid {
		k.t.Errorf("the printed order: %+v", got)
	}
	if _, doc := one[model.Document](k, model.Query{States: []string{model.DocumentIssued}, Text: "指令书"}); doc.Case != "" {
		k.t.Errorf("the order belongs to the case %s", doc.Case)
	}
}
