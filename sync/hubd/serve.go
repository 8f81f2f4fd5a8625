package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"anxin/model/hold"
	"anxin/sync/hub"
)

type serveCmd struct {
	place
	Listen  string `default:"127.0.0.1:8443" placeholder:"HOST:PORT" help:"监听地址。"`
	URL     string `placeholder:"https://HOST:PORT" help:"笔记本访问的地址；不写则用监听地址。"`
	Scope   string `help:"新入网笔记本的记录范围；不写则为“本局”。"`
	Metrics string `placeholder:"HOST:PORT" help:"Prometheus 指标的监听地址；不写则不提供。"`
	// Patience is how long requests that are being answered may take to end.
	Patience time.Duration `default:"30s" help:"停止时等正在处理的请求多久；到时没有传完的断开，笔记本下次接着传。"`
}

// Limits of the server against slow or idle peers. There is none on a whole
// request: evidence over a village line takes its time.
const (
	headerTimeout = 15 * time.Second
	idleTimeout   = 2 * time.Minute
	maxHeader     = 16 << 10
	// finaliseBeat is how often evidence that came is read again.
	finaliseBeat = time.Minute
)

// Run serves until the context ends, then lets running requests finish.
func (c *serveCmd) Run(ctx context.Context, s streams) error {
	if err := c.check(); err != nil {
		return err
	}
	free, err := c.hold()
	if err != nil {
		return err
	}
	return errors.Join(c.serve(ctx, s), free())
}

// check refuses no folder, and an address that laptops could not reach.
func (c *serveCmd) check() error {
	if c.Data == "" {
		return errors.New("请用 --data 写明数据目录")
	}
	if c.URL == "" {
		if host, _, err := net.SplitHostPort(c.Listen); err == nil && (host == "" || net.ParseIP(host).IsUnspecified()) {
			return fmt.Errorf("监听 %s 时请用 --url 写明笔记本访问的地址，如 https://10.1.2.3:8443，入网码里要用", c.Listen)
		}
		return nil
	}
	u, err := url.Parse(strings.TrimSuffix(c.URL, "/"))
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Path+u.RawQuery+u.Fragment != "" {
		return fmt.Errorf("--url 的地址“%s”不正确，应形如 https://主机:端口", c.URL)
	}
	c.URL = u.String()
	return nil
}

// hold takes the data folder for this process alone. Replicas over PostgreSQL
// have only their keys there, and may share a folder.
func (c *serveCmd) hold() (free func() error, err error) {
	if c.Postgres != "" {
		return func() error { return nil }, nil
	}
	if free, err = hold.Folder(filepath.Join(c.Data, "serving")); errors.Is(err, hold.ErrHeld) {
		err = fmt.Errorf("数据目录 %s 已有一个局服务器在提供服务，请先停止它，或者换一个数据目录", c.Data)
	}
	return free, err
}

func (c *serveCmd) serve(ctx context.Context, s streams) error {
	logger := slog.New(slog.NewJSONHandler(s.log, nil))
	h, err := c.open(ctx, hub.Options{Log: logger, Scope: c.Scope, Trust: c.trust()})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return errors.Join(fmt.Errorf("不能监听 %s，请核对地址，或者换一个端口，或者先停止占用它的程序: %w", c.Listen, err), h.Close())
	}
	address := cmp.Or(c.URL, "https://"+listener.Addr().String())
	if err := h.SetURL(ctx, address); err != nil {
		return errors.Join(err, listener.Close(), h.Close())
	}
	inside := &counted{Handler: h.Handler()}
	server := &http.Server{Handler: inside, TLSConfig: h.TLS(), ReadHeaderTimeout: headerTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelDebug)}
	failed := make(chan error, 1)
	go func() { failed <- server.ServeTLS(listener, "", "") }()
	stop, err := c.beside(ctx, h, logger)
	if err != nil {
		return errors.Join(err, server.Close(), h.Close())
	}
	fmt.Fprintf(s.out, "局服务器已启动：%s\n管理页面 %s/console，入网码用 anxin-hub enrol 开出；按 Ctrl+C 停止\n", address, address)
	logger.Info("serving", "url", address)
	select {
	case err = <-failed:
	case <-ctx.Done():
		logger.Info("stopping")
		err = c.end(context.WithoutCancel(ctx), server, logger)
	}
	inside.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return errors.Join(err, stop(), h.Close())
}

// counted is a handler that knows whether anybody is still being answered.
type counted struct {
	http.Handler
	sync.WaitGroup
}

// ServeHTTP implements http.Handler.
func (c *counted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.Add(1)
	defer c.Done()
	c.Handler.ServeHTTP(w, r)
}

// end takes no new request and lets those that are being answered finish, for so
// long. What is cut off then was not acknowledged, and laptops send it again.
func (c *serveCmd) end(ctx context.Context, server *http.Server, logger *slog.Logger) error {
	ctx, cancel := context.WithTimeout(ctx, c.Patience)
	defer cancel()
	err := server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		logger.Warn("requests cut off")
		err = server.Close()
	}
	return err
}

// trust is how long a replica remembers a laptop: with one process there is no
// need to.
func (c *serveCmd) trust() time.Duration {
	if c.Postgres == "" {
		return 0
	}
	return 10 * time.Second
}

// beside starts what runs beside the service: the metrics and the second look
// at evidence. stop ends both and waits for them.
func (c *serveCmd) beside(ctx context.Context, h *hub.Hub, logger *slog.Logger) (stop func() error, err error) {
	metrics := &http.Server{Handler: h.Metrics(), ReadHeaderTimeout: headerTimeout}
	if c.Metrics != "" {
		listener, err := net.Listen("tcp", c.Metrics)
		if err != nil {
			return nil, fmt.Errorf("指标不能监听 %s，请换一个端口: %w", c.Metrics, err)
		}
		go func() {
			if err := metrics.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
				logger.Error("metrics failed", "error", err)
			}
		}()
	}
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() { h.KeepFinalising(ctx, finaliseBeat) })
	return func() error {
		cancel()
		wg.Wait()
		return metrics.Close()
	}, nil
}
