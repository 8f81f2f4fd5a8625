package synctest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/sync/client"
)

// TestDayEnds is the evening of the product's day over real TLS on loopback:
// a laptop that worked offline joins, gets numbers, hands in what it did with
// its evidence, and a colleague's laptop receives all of it.
func TestDayEnds(t *testing.T) {
	ctx := context.Background()
	w := NewWorld(t, 0)
	server := httptest.NewUnstartedServer(w.Hub.Handler())
	server.TLS = w.Hub.TLS()
	server.StartTLS()
	defer server.Close()
	w.Check(w.Hub.SetURL(ctx, server.URL))

	var laptops []*Laptop
	for n := 1; n <= 2; n++ {
		l := w.NewLaptop(n)
		laptops = append(laptops, l)
	}
	a, b := laptops[0], laptops[1]
	photo := bytes.Repeat([]byte("photo of the site"), 200_000) // 3.4 MB: four leaves
	info, err := a.Blobs.Put(ctx, bytes.NewReader(photo))
	w.Check(err)
	employer := a.Put("", "", modeltest.Employer(1))
	evidence := a.Put("", "", &model.Evidence{Name: "现场.jpg", SHA256: info.SHA256, Size: info.Size})

	for _, l := range laptops {
		code, err := w.Hub.NewCode(ctx, fmt.Sprintf("officer %d", l.N))
		w.Check(err)
		c, err := client.New(ctx, client.Options{Store: l.Store, Blobs: l.Blobs, Ring: l.Ring, Clock: w.Clock,
			Series: func(context.Context) ([]string, error) { return []string{Series}, nil },
			Sleep:  func(ctx context.Context, _ time.Duration) error { return ctx.Err() }})
		w.Check(err)
		l.Client = c
		w.Check(c.Enrol(ctx, code))
		if err := c.Enrol(ctx, code); err != nil {
			t.Errorf("the same laptop may repeat its enrolment: %v", err)
		}
	}
	var phases []string
	sum, err := a.Client.Sync(ctx, func(p client.Progress) { phases = append(phases, p.Phase) })
	w.Check(err)
	if sum.Pushed != 2 || sum.Blobs != 1 || sum.Bytes < int64(len(photo)) || len(phases) == 0 {
		t.Errorf("summary %+v, phases %v", sum, phases)
	}
	doc := a.Issue("某建筑公司")
	a.Sync()
	sum = b.Sync()
	if sum.Pulled != 4 || sum.Blobs != 1 {
		t.Errorf("colleague: %+v", sum)
	}
	for _, r := range []model.Revision{employer, evidence, doc} {
		if got := b.Head(r.Record); got.Rev != r.Rev || !bytes.Equal(got.Body, r.Body) {
			t.Errorf("%s: colleague has %s, want %s", r.Kind, got.Rev, r.Rev)
		}
	}
	if err := b.Blobs.Check(ctx, info.SHA256); err != nil {
		t.Errorf("evidence at the colleague's: %v", err)
	}
	server.Close()
	if _, err := a.Client.Sync(ctx, nil); !errors.Is(err, client.ErrUnreachable) || !strings.HasPrefix(err.Error(), "连不上局服务器 127.0.0.1") {
		t.Errorf("hub gone: %v", err)
	}
}
