package synctest

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"testing"

	"anxin/model"
	"anxin/model/modeltest"
)

// TestThroughAReverseProxy: a proxy that ends the laptop's connection, calls the
// hub by another name and adds headers of its own leaves every signature whole:
// records, evidence in runs and a download from its middle go through it.
func TestThroughAReverseProxy(t *testing.T) {
	ctx := context.Background()
	w := NewMemWorld(t, 2, 1, Bugs{})
	behind := httptest.NewServer(w.Hub.Handler())
	defer behind.Close()
	target, err := url.Parse(behind.URL)
	w.Check(err)
	seen := 0
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		seen++
		r.SetURL(target)
		r.SetXForwarded()
		r.Out.Header.Set("Via", "1.1 gateway")
		r.Out.Header.Set("X-Request-Id", "7")
	}}
	front := httptest.NewServer(http.HandlerFunc(proxy.ServeHTTP))
	defer front.Close()
	entry, err := url.Parse(front.URL)
	w.Check(err)
	outer := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(entry) }} // two in a row
	a, b := w.Laptops[0], w.Laptops[1]
	a.Line.Connect(outer)
	b.Line.Connect(outer)
	a.Sync()
	photo := bytes.Repeat([]byte("photo "), 1<<19)
	info, err := a.Blobs.Put(ctx, bytes.NewReader(photo))
	w.Check(err)
	r := a.Put("", "", &model.Evidence{SHA256: info.SHA256, Size: info.Size})
	a.Put("", "", modeltest.Employer(1))
	a.Issue("某公司")
	if sum := a.Sync(); sum.Pushed != 4 || sum.Blobs != 1 {
		t.Errorf("sent %+v", sum)
	}
	b.Attempts(5)
	b.Line.Plan(func(n int, r *http.Request) Fault {
		f := Whole
		if r.Method == http.MethodGet && r.Header.Get("Range") == "" {
			f.Reply = len(photo) / 2
		}
		return f
	})
	if sum := b.Sync(); sum.Pulled < 3 || sum.Blobs != 1 {
		t.Errorf("fetched %+v", sum)
	}
	if h := b.Head(r.Record); h.Rev != r.Rev || seen == 0 {
		t.Errorf("record %s is %s; %d requests by the proxy", r.Record, h.Rev, seen)
	}
	w.Check(b.Blobs.Check(ctx, info.SHA256))
	w.Rest()
	w.Invariants([]Done{{r, 0}})
}
