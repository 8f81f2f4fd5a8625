package day

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"anxin/model"
	"anxin/model/seal"
	"anxin/sync/hub"
)

// central is the bureau's hub, on this machine's loopback. It keeps its port
// over restarts, since laptops know it by its address.
type central struct {
	hub    *hub.Hub
	server *http.Server
}

const listenFile = "listen"

// appear starts the hub of a folder; Close makes it vanish.
func appear(ctx context.Context, dir string, clock model.Clock, ids model.IDs) (*central, error) {
	h, err := hub.Open(ctx, dir, hub.Options{Clock: clock, IDs: ids})
	if err != nil {
		return nil, err
	}
	l, err := listen(dir)
	if err != nil {
		return nil, errors.Join(err, h.Close())
	}
	if err := h.SetURL(ctx, "https://"+l.Addr().String()); err != nil {
		return nil, errors.Join(err, l.Close(), h.Close())
	}
	c := &central{hub: h, server: &http.Server{Handler: h.Handler(), TLSConfig: h.TLS(), ReadHeaderTimeout: 10 * time.Second}}
	go func() { _ = c.server.Serve(tls.NewListener(l, h.TLS())) }() // ends with ErrServerClosed
	return c, nil
}

func listen(dir string) (net.Listener, error) {
	kept, err := os.ReadFile(filepath.Join(dir, listenFile))
	if err != nil {
		kept = []byte(freeAddress())
	}
	address := strings.TrimSpace(string(kept))
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("本机端口 %s 被占用，请结束占用它的程序后再试: %w", address, err)
	}
	if err := seal.WriteFile(filepath.Join(dir, listenFile), []byte(l.Addr().String()+"\n")); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// freeAddress is one whose port lies below those that systems hand to anybody's
// connections (from 32768 on): none of them takes it while the hub is away.
func freeAddress() string {
	for range 100 {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 16384+rand.IntN(16384)))
		if err == nil && l.Close() == nil {
			return l.Addr().String()
		}
	}
	return "127.0.0.1:0"
}

// Close ends the hub as if its plug were pulled, but for its database.
func (c *central) Close() error {
	return errors.Join(c.server.Close(), c.hub.Close())
}

// withHub does something while the hub is there.
func (r *run) withHub(ctx context.Context, do func(*central) error) error {
	c, err := appear(ctx, filepath.Join(r.opt.Out, hubDir), r.clock, r.ids)
	if err != nil {
		return err
	}
	r.central = c
	defer func() { r.central = nil }()
	return errors.Join(do(c), c.Close())
}
