package main

import (
	"fmt"
	"testing"
	"time"
)

// TestWhatAnExchangeToldIsKept until it is read, over a restart, once each and not
// without end.
func TestWhatAnExchangeToldIsKept(t *testing.T) {
	d := newTestDesktop(t)
	d.found(t)
	d.show()
	ctx, o, rooms := t.Context(), d.office, &backstage{d: d}
	at := o.Now()
	for i := range mostTold + 5 {
		if err := tell(ctx, o, at, []string{fmt.Sprintf("提醒 %d", i)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := tell(ctx, o, at.Add(time.Hour), []string{"提醒 9"}); err != nil {
		t.Fatal(err)
	}
	d.shell.Lock()
	if err := d.unlock(ctx, testPhrase); err != nil {
		t.Fatal(err)
	}
	s, err := rooms.Status(ctx)
	if err != nil || len(s.Notes) != mostTold || s.Notes[0].Text != "提醒 5" || s.Notes[mostTold-1].Text != "提醒 9" || !s.Notes[mostTold-1].At.Equal(at.Add(time.Hour)) || len(s.Aside) != 0 {
		t.Fatalf("%+v, %v", s, err)
	}
	if err := rooms.Heard(ctx); err != nil {
		t.Fatal(err)
	}
	if s, err = rooms.Status(ctx); err != nil || len(s.Notes) != 0 {
		t.Errorf("after reading %+v, %v", s.Notes, err)
	}
}
