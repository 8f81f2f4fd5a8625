package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"anxin/sync/wire"
)

func TestBadInputGetsASentence(t *testing.T) {
	dir := t.TempDir()
	tests := []struct {
		name string
		args []string
		want string
	}{
		{"no command", nil, "命令不正确"},
		{"unknown command", []string{"frob"}, "命令不正确"},
		{"no folder", []string{"serve"}, "--data"},
		{"folder without a hub", []string{"devices", "--data", dir}, "没有局服务器的数据"},
		{"enrol without a hub", []string{"enrol", "--data", dir, "--name", "王某"}, "没有局服务器的数据"},
		{"enrol without a name", []string{"enrol", "--data", dir}, "--name"},
		{"address", []string{"serve", "--data", filepath.Join(dir, "a"), "--listen", "256.0.0.1:1"}, "不能监听"},
		{"device", []string{"revoke", "--data", dir, "x"}, "不是有效的记录编号"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := run(context.Background(), test.args, io.Discard, io.Discard)
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) > 1 {
		t.Errorf("a slip left %v, %v", entries, err)
	}
}

// firstLine hands on the first line written to it.
type firstLine struct {
	mu   sync.Mutex
	text bytes.Buffer
	line chan string
}

func (f *firstLine) Write(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	before := bytes.ContainsRune(f.text.Bytes(), '\n')
	f.text.Write(p)
	if line, _, ok := strings.Cut(f.text.String(), "\n"); ok && !before {
		f.line <- line
	}
	return len(p), nil
}

// TestServe starts the server, invites a laptop from beside it, and stops it.
func TestServe(t *testing.T) {
	dir := t.TempDir()
	ctx, stop := context.WithCancel(context.Background())
	out := &firstLine{line: make(chan string, 1)}
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, []string{"serve", "--data", dir, "--listen", "127.0.0.1:0"}, out, io.Discard)
	}()
	var url string
	select {
	case url = <-out.line:
	case err := <-ended:
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	res, err := client.Get(url + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK || res.TLS.Version != tls.VersionTLS13 {
		t.Errorf("health %d, TLS %x", res.StatusCode, res.TLS.Version)
	}
	if err := res.Body.Close(); err != nil {
		t.Error(err)
	}
	var line bytes.Buffer
	if err := run(context.Background(), []string{"enrol", "--data", dir, "--name", "王某"}, &line, io.Discard); err != nil {
		t.Fatal(err)
	}
	code, err := wire.ParseCode(line.String())
	if err != nil || code.URL != url || wire.Pin(res.TLS.PeerCertificates[0]) != code.Pin {
		t.Errorf("code %q: %v", line.String(), err)
	}
	for _, args := range [][]string{{"devices", "--data", dir}, {"verify", "--data", dir}} {
		if err := run(context.Background(), args, io.Discard, io.Discard); err != nil {
			t.Errorf("%v: %v", args, err)
		}
	}
	client.CloseIdleConnections()
	stop()
	if err := <-ended; err != nil {
		t.Errorf("stopping: %v", err)
	}
}
