package modeltest

import (
	"context"
	"crypto/ed25519"
	"sync"
	"testing"
	"time"

	"anxin/model"
	"anxin/model/blob"
	"anxin/model/seal"
	"anxin/model/store"
)

// Passphrase opens every laptop of a test.
const Passphrase = "桃花源 1 号 沅水"

// Laptop is a data folder with everything open in it. It closes itself at the
// end of the test.
type Laptop struct {
	*store.Store
	Blobs *blob.Store
	Keys  *seal.Keys
	Clock *Clock
	IDs   *IDs
	Dir   string
	opt   store.Options
}

// NewLaptop makes the n-th laptop of a test in a folder of its own, with an
// empty store, a clock that steps a second at each question, and a name of the
// folder that has blanks and Chinese in it. It knows the devices of all
// laptops.
func NewLaptop(t testing.TB, n int) *Laptop {
	t.Helper()
	l := &Laptop{Dir: t.TempDir() + "/数据 文件夹", Clock: NewClock(time.Second), IDs: &IDs{Laptop: n}}
	var err error
	if l.Keys, err = seal.CreateKeys(l.Dir, Passphrase, ID(n, 0), FastParams()); err != nil {
		t.Fatal(err)
	}
	if l.Blobs, err = blob.Open(l.Dir, l.Keys); err != nil {
		t.Fatal(err)
	}
	l.opt = store.Options{Dir: l.Dir, Keys: l.Keys, Device: Device(n), Clock: l.Clock, IDs: l.IDs, Devices: KnownDevices}
	l.Reopen(t, nil)
	t.Cleanup(func() {
		if err := l.Store.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

// Reopen closes the store, if it is open, and opens it again; change may be nil.
func (l *Laptop) Reopen(t testing.TB, change func(*store.Options)) {
	t.Helper()
	if l.Store != nil {
		if err := l.Store.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if change != nil {
		change(&l.opt)
	}
	var err error
	if l.Store, err = store.Open(context.Background(), l.opt); err != nil {
		t.Fatal(err)
	}
}

// KnownDevices knows the keys of the laptops 1 to 9.
func KnownDevices(id model.ID) (ed25519.PublicKey, bool) {
	key, ok := devices()[id]
	return key, ok
}

var devices = sync.OnceValue(func() map[model.ID]ed25519.PublicKey {
	keys := map[model.ID]ed25519.PublicKey{}
	for n := 1; n <= 9; n++ {
		keys[Device(n).ID] = Device(n).Public()
	}
	return keys
})

// Save commits changes as one officer and fails the test when they are refused.
func (l *Laptop) Save(t testing.TB, changes ...model.Change) []model.Revision {
	t.Helper()
	revs, err := l.Commit(context.Background(), model.Batch{Author: ID(l.IDs.Laptop, 0), Changes: changes})
	if err != nil {
		t.Fatal(err)
	}
	return revs
}

// Issue commits a draft and issues it under the series' next number, which it
// returns with the document's head.
func (l *Laptop) Issue(t testing.TB, series string) (model.Head, int) {
	t.Helper()
	ctx := context.Background()
	draft := Draft("", Employer(1).Name)
	first := l.Save(t, model.Change{Record: draft})[0]
	serial, err := l.NextNumber(ctx, series)
	if err != nil {
		t.Fatal(err)
	}
	_, err = l.Commit(ctx, model.Batch{
		Author:  first.Author,
		Changes: []model.Change{{ID: first.Record, Base: first.Rev, Record: Issued(draft, series, serial, Day)}},
		Use:     &model.NumberUse{Series: series, Serial: serial, Document: first.Record},
	})
	if err != nil {
		t.Fatal(err)
	}
	head, err := l.Head(ctx, first.Record)
	if err != nil {
		t.Fatal(err)
	}
	return head, serial
}
