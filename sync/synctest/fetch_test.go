package synctest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"anxin/model"
	"anxin/model/modeltest"
)

// onFirstRead does something when the body of a request is first read.
type onFirstRead struct {
	io.ReadCloser
	do func()
}

func (o *onFirstRead) Read(p []byte) (int, error) {
	if do := o.do; do != nil {
		o.do = nil
		do()
	}
	return o.ReadCloser.Read(p)
}

// photo takes a piece of evidence that is the text again and again.
func (l *Laptop) photo(text string) (sha string) {
	l.w.T.Helper()
	info, err := l.Blobs.Put(context.Background(), bytes.NewReader(bytes.Repeat([]byte(text), 1000)))
	l.w.Check(err)
	l.Put("", "", &model.Evidence{SHA256: info.SHA256, Size: info.Size})
	return info.SHA256
}

// paper issues a document whose PDF is here.
func (l *Laptop) paper() (pdf string) {
	l.w.T.Helper()
	ctx := context.Background()
	info, err := l.Blobs.Put(ctx, strings.NewReader("%PDF"))
	l.w.Check(err)
	serial, err := l.Store.NextNumber(ctx, Series)
	l.w.Check(err)
	draft := l.Put("", "", modeltest.Draft("", "某公司"))
	paper := modeltest.Issued(modeltest.Draft("", "某公司"), Series, serial, l.w.Clock.Now())
	paper.Issued.PDF = info.SHA256
	_, err = l.Store.Commit(ctx, model.Batch{Author: l.Author, Changes: []model.Change{{ID: draft.Record, Base: draft.Rev, Record: paper}},
		Use: &model.NumberUse{Series: Series, Serial: serial, Document: draft.Record}})
	l.w.Check(err)
	return info.SHA256
}

// TestColleaguesPhotosComeLast: while laptops hand in photos, those of
// colleagues wait, their papers do not; one that an officer opens comes at once,
// and the rest when it is quiet.
func TestColleaguesPhotosComeLast(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t, 1)
	w.Dir, w.atWork = tempDir(t), 1
	w.begin(2)
	a, b := w.Laptops[0], w.Laptops[1]
	has := func(sha string) bool {
		t.Helper()
		has, err := b.Blobs.Has(ctx, sha)
		w.Check(err)
		return has
	}
	wanted := func(want int) {
		t.Helper()
		if s, err := b.Client.Status(ctx); err != nil || s.Wanted != want {
			t.Errorf("%d files wanted, %v; want %d", s.Wanted, err, want)
		}
	}
	one, two := a.photo("one"), a.photo("two")
	a.Sync()
	pdf := a.paper()
	a.Sync()

	held := 0
	hub := w.Hub.Handler()
	a.Line.Connect(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut {
			r.Body = &onFirstRead{r.Body, func() { // a busy evening: somebody is just handing in
				held++
				if sum := b.Sync(); sum.Blobs != 1 || !has(pdf) || has(one) || has(two) {
					t.Errorf("beside an upload: %+v", sum)
				}
				wanted(3) // the one on its way among them
				w.Check(b.Client.Fetch(ctx, two))
				wanted(2)
			}}
		}
		hub.ServeHTTP(rw, r)
	}))
	a.photo("three")
	a.Sync()
	if held != 1 || !has(two) || has(one) {
		t.Errorf("held %d, one %v, two %v", held, has(one), has(two))
	}
	if sum := b.Sync(); sum.Blobs != 2 || !has(one) {
		t.Errorf("when it is quiet: %+v", sum)
	}
	wanted(0)
	if err := b.Client.Fetch(ctx, strings.Repeat("ab", 32)); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("a file nobody has: %v", err)
	}
	b.Line.Connect()
	if err := b.Client.Fetch(ctx, one); err == nil || !strings.Contains(err.Error(), "连不上局服务器") {
		t.Errorf("no line: %v", err)
	}
}
