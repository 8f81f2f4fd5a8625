package store_test

import (
	"testing"
	"time"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/model/seal"
	"anxin/model/store"
)

func TestClockBehindUntilConfirmed(t *testing.T) {
	ids := &modeltest.IDs{Laptop: 1}
	me := ids.NewID()
	dir, clock := t.TempDir(), modeltest.NewClock(0)
	keys, err := seal.CreateKeys(dir, "a long passphrase", me, modeltest.FastParams())
	if err != nil {
		t.Fatal(err)
	}
	device, err := keys.Device()
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), store.Options{Dir: dir, Keys: keys, Device: device, Clock: clock, IDs: ids})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	want := func(least, most time.Duration) {
		t.Helper()
		if got, err := s.ClockBehind(t.Context()); err != nil || got < least || got > most {
			t.Errorf("behind by %v, %v; want %v to %v", got, err, least, most)
		}
	}
	if _, err := s.Commit(t.Context(), model.Batch{Author: me, Changes: []model.Change{{Record: modeltest.Office()}}}); err != nil {
		t.Fatal(err)
	}
	want(0, 0)
	clock.Move(-3 * time.Minute)
	want(0, 0)
	clock.Move(-time.Hour)
	want(time.Hour, 64*time.Minute)
	if err := s.SetSetting(t.Context(), model.SettingClock, "主板电池没电，已按手机校时"); err != nil {
		t.Fatal(err)
	}
	want(0, 0)
}
