package synctest

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/sync/client"
)

// tcp is a real line between laptop 1 and the hub of a world, with a proxy in
// it that can cut it.
type tcp struct {
	w     *World
	proxy *toxiproxy.Proxy
	read  atomic.Int64 // bytes the laptop got in the last exchange
	wrote atomic.Int64
}

func newTCP(t *testing.T, w *World) *tcp {
	server := httptest.NewServer(w.Hub.Handler())
	t.Cleanup(server.Close)
	proxy := toxiproxy.NewProxy(toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop()), "line", "127.0.0.1:0",
		strings.TrimPrefix(server.URL, "http://"))
	w.Check(proxy.Start())
	t.Cleanup(proxy.Stop)
	return &tcp{w: w, proxy: proxy}
}

// counted counts what passes a connection.
type counted struct {
	net.Conn
	line *tcp
}

func (c counted) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.line.read.Add(int64(n))
	return n, err
}

func (c counted) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.line.wrote.Add(int64(n))
	return n, err
}

// sync runs one cycle of laptop 1 over a new connection; the hub is behind its
// own encryption, so that each byte of the exchange itself is met.
func (l *tcp) sync() error {
	l.read.Store(0)
	l.wrote.Store(0)
	transport := &http.Transport{MaxConnsPerHost: 1, DialTLSContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, l.proxy.Listen)
		return counted{conn, l}, err
	}}
	defer transport.CloseIdleConnections()
	a := l.w.Laptops[0]
	c, err := client.New(context.Background(), client.Options{Store: a.Store, Blobs: a.Blobs, Ring: a.Ring, Clock: a.Clock, Transport: transport,
		Series: func(context.Context) ([]string, error) { return []string{Series}, nil }, Attempts: 1})
	l.w.Check(err)
	_, err = c.Sync(context.Background(), nil)
	return err
}

// cut lets only so many bytes pass one way.
func (l *tcp) cut(stream string, after int) (mend func()) {
	_, err := l.proxy.Toxics.AddToxicJson(strings.NewReader(
		fmt.Sprintf(`{"name":"cut","type":"limit_data","stream":%q,"attributes":{"bytes":%d}}`, stream, after)))
	l.w.Check(err)
	return func() {
		ctx, stop := context.WithTimeout(context.Background(), 10*time.Minute)
		defer stop()
		l.w.Check(l.proxy.Toxics.RemoveToxic(ctx, "cut"))
	}
}

// TestLineCutAtEveryByte cuts a small exchange over real TCP after every byte
// either way (every so many, ANXIN_CUT_STEP, in a hurry) and heals the line:
// the end is the same as without.
func TestLineCutAtEveryByte(t *testing.T) {
	w := NewMemWorld(t, 1, 1, Bugs{})
	a := w.Laptops[0]
	info, err := a.Blobs.Put(context.Background(), strings.NewReader("photo"))
	w.Check(err)
	a.Put("", "", &model.Evidence{Name: "照片.jpg", SHA256: info.SHA256, Size: info.Size})
	a.Put("", "", modeltest.Employer(1))
	line := newTCP(t, w)
	hubState, laptopState := w.mem.store.now.Load(), a.save()
	begin := func() { // the hub stays open: only its records go back
		w.mem.store.now.Store(hubState)
		w.mem.files.empty()
		laptopState()
	}
	w.Check(line.sync())
	want, read, wrote := picture(w), int(line.read.Load()), int(line.wrote.Load())
	step := int(number(t, "ANXIN_CUT_STEP", cutStep))
	cuts, noticed := 0, 0
	for stream, total := range map[string]int{"upstream": wrote, "downstream": read} {
		for n := 0; n < total; n += step {
			begin()
			mend := line.cut(stream, n)
			// A cut between two requests is mended by a second connection.
			if err := line.sync(); err != nil {
				noticed++
			}
			mend()
			w.Check(line.sync())
			if got := picture(w); got != want {
				t.Fatalf("%s cut after %d bytes ends in\n%s\nwant\n%s", stream, n, got, want)
			}
			cuts++
		}
	}
	if noticed < cuts/2 {
		t.Errorf("of %d cuts only %d were noticed", cuts, noticed)
	}
	t.Logf("%d cuts of an exchange of %d bytes up and %d down", cuts, wrote, read)
}
