package office_test

import (
	"crypto/tls"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"anxin/app/casework"
	"anxin/model/modeltest"
	"anxin/sync/hub"
)

// hubOf is a hub on the loopback that this office is enrolled at.
func (b *bureau) hubOf() {
	b.t.Helper()
	h, err := hub.Open(b.ctx, b.t.TempDir(), hub.Options{Clock: b.clock, IDs: &modeltest.IDs{Laptop: 9}})
	b.ok(err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	b.ok(err)
	b.ok(h.SetURL(b.ctx, "https://"+l.Addr().String()))
	server := &http.Server{Handler: h.Handler(), TLSConfig: h.TLS(), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(tls.NewListener(l, h.TLS())) }() // ends with ErrServerClosed
	b.t.Cleanup(func() {
		b.ok(server.Close())
		b.ok(h.Close())
	})
	code, err := h.NewCode(b.ctx, "某人的电脑")
	b.ok(err)
	b.ok(b.Sync.Enrol(b.ctx, code))
}

// TestAnExchangeBringsTheNumber: an order issued under a provisional number
// has its own after the laptop has met the hub.
func TestAnExchangeBringsTheNumber(t *testing.T) {
	c := newChambers(t)
	c.inspected()
	for range 50 {
		_, err := c.Desk.VoidNumber(c.ctx, "劳监令/2026", "预印文书纸报废")
		c.ok(err)
	}
	_, err := c.Desk.Issue(c.ctx, c.order)
	c.ok(err)
	c.hubOf()
	sum, err := c.Exchange(c.ctx, nil)
	c.ok(err)
	order := c.read(c.order)
	if casework.AwaitsNumber(order) || !strings.Contains(strings.Join(sum.Notes, ""), "1份暂编号的文书已经改编正式文号") {
		t.Errorf("called %s after %q", casework.NumberOf(order), sum.Notes)
	}
	again, err := c.Exchange(c.ctx, nil)
	c.ok(err)
	if strings.Contains(strings.Join(again.Notes, ""), "改编") || again.Pushed == 0 {
		t.Errorf("the second exchange pushed %d and says %q", again.Pushed, again.Notes)
	}
}
