// Command anxin-hub is the bureau's server: one program with its data in one
// folder. It serves the laptops and the verify page, and from a second
// terminal, while it runs, invites laptops and checks what is kept.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/alecthomas/kong"
	"github.com/google/uuid"

	"anxin/model"
	"anxin/sync/hub"
)

// command is the command line.
type command struct {
	Serve   serveCmd   `cmd:"" help:"提供服务，直到按 Ctrl+C。"`
	Enrol   enrolCmd   `cmd:"" help:"为一台笔记本开出入网码，只能用一次。"`
	Devices devicesCmd `cmd:"" help:"列出已入网的笔记本。"`
	Revoke  revokeCmd  `cmd:"" help:"停用一台笔记本。"`
	Verify  verifyCmd  `cmd:"" help:"核对全部记录、日志、文号和材料。"`
}

// place is where a hub's data lies.
type place struct {
	Data string `required:"" type:"path" placeholder:"DIR" help:"数据目录。"`
}

// existing opens the hub of a folder that has served before: a slip in the
// path must not make a new hub.
func (p place) existing(ctx context.Context, opt hub.Options) (*hub.Hub, error) {
	if _, err := os.Stat(filepath.Join(p.Data, "hub.db")); err != nil {
		return nil, fmt.Errorf("数据目录 %s 中没有局服务器的数据，请核对路径，或先运行一次 serve", p.Data)
	}
	return p.open(ctx, opt)
}

func (p place) open(ctx context.Context, opt hub.Options) (*hub.Hub, error) {
	opt.Clock, opt.IDs = clock{}, ids{}
	return hub.Open(ctx, p.Data, opt)
}

type clock struct{}

func (clock) Now() time.Time { return time.Now() }

type ids struct{}

func (ids) NewID() model.ID { return model.ID(uuid.Must(uuid.NewV7()).String()) }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "anxin-hub:", err)
		stop()
		os.Exit(1)
	}
}

// run is the program without the process around it.
func run(ctx context.Context, args []string, out, log io.Writer) error {
	var cmd command
	exited := false
	parser, err := kong.New(&cmd, kong.Name("anxin-hub"), kong.Description("安薪局服务器"), kong.Writers(out, log),
		kong.Exit(func(int) { exited = true }), kong.BindTo(ctx, (*context.Context)(nil)))
	if err != nil {
		return err
	}
	parsed, err := parser.Parse(args)
	if exited { // --help was printed
		return nil
	}
	if err != nil {
		return fmt.Errorf("命令不正确（%w），请用 anxin-hub --help 查看用法", err)
	}
	return parsed.Run(streams{out, log})
}

// streams are where a command writes.
type streams struct{ out, log io.Writer }

type serveCmd struct {
	place
	Listen string `default:"127.0.0.1:8443" placeholder:"HOST:PORT" help:"监听地址。"`
	URL    string `placeholder:"https://HOST:PORT" help:"笔记本访问的地址；不写则用监听地址。"`
	Scope  string `help:"新入网笔记本的记录范围；不写则为“本局”。"`
}

// Limits of the server against slow or idle peers. There is none on a whole
// request: evidence over a village line takes its time.
const (
	headerTimeout = 15 * time.Second
	idleTimeout   = 2 * time.Minute
	stopTimeout   = 30 * time.Second
	maxHeader     = 16 << 10
)

// Run serves until the context ends, then lets running requests finish.
func (c *serveCmd) Run(ctx context.Context, s streams) error {
	logger := slog.New(slog.NewJSONHandler(s.log, nil))
	h, err := c.open(ctx, hub.Options{Log: logger, Scope: c.Scope})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return errors.Join(fmt.Errorf("不能监听 %s，请换一个端口或先停止占用它的程序: %w", c.Listen, err), h.Close())
	}
	url := c.URL
	if url == "" {
		url = "https://" + listener.Addr().String()
	}
	if err := h.SetURL(ctx, url); err != nil {
		return errors.Join(err, listener.Close(), h.Close())
	}
	server := &http.Server{Handler: h.Handler(), TLSConfig: h.TLS(), ReadHeaderTimeout: headerTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelDebug)}
	failed := make(chan error, 1)
	go func() { failed <- server.ServeTLS(listener, "", "") }()
	fmt.Fprintln(s.out, url)
	logger.Info("serving", "url", url)
	select {
	case err = <-failed:
	case <-ctx.Done():
		logger.Info("stopping")
		patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
		defer cancel()
		err = server.Shutdown(patience)
	}
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return errors.Join(err, h.Close())
}

type enrolCmd struct {
	place
	Name string        `required:"" help:"这台笔记本由谁使用。"`
	Life time.Duration `default:"15m" help:"入网码的有效时间。"`
}

// Run prints the code, one line and nothing else.
func (c *enrolCmd) Run(ctx context.Context, s streams) error {
	h, err := c.existing(ctx, hub.Options{CodeLife: c.Life})
	if err != nil {
		return err
	}
	code, err := h.NewCode(ctx, c.Name)
	if err = errors.Join(err, h.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.out, code)
	return err
}

type devicesCmd struct{ place }

// Run prints one line per laptop.
func (c *devicesCmd) Run(ctx context.Context, s streams) error {
	h, err := c.existing(ctx, hub.Options{})
	if err != nil {
		return err
	}
	list, err := h.Devices(ctx)
	if err = errors.Join(err, h.Close()); err != nil {
		return err
	}
	table := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "设备\t使用人\t范围\t期\t入网\t状态")
	for _, d := range list {
		state := "正常"
		if !d.Revoked.IsZero() {
			state = "已停用 " + d.Revoked.Local().Format(time.DateTime)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%s\t%s\n", d.ID, d.Name, d.Scope, d.Epoch, d.Enrolled.Local().Format(time.DateTime), state)
	}
	return table.Flush()
}

type revokeCmd struct {
	place
	Device string `arg:"" help:"设备编号，见 devices。"`
}

// Run shuts a laptop out.
func (c *revokeCmd) Run(ctx context.Context, s streams) error {
	id, err := model.ParseID(c.Device)
	if err != nil {
		return err
	}
	h, err := c.existing(ctx, hub.Options{})
	if err != nil {
		return err
	}
	err = h.Revoke(ctx, id)
	if errors.Is(err, model.ErrNotFound) {
		err = fmt.Errorf("没有编号为 %s 的笔记本，请用 devices 查看", id)
	}
	if err = errors.Join(err, h.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.out, "已停用", id)
	return err
}

type verifyCmd struct{ place }

// Run prints what was counted and every fault; any fault fails the command.
func (c *verifyCmd) Run(ctx context.Context, s streams) error {
	h, err := c.existing(ctx, hub.Options{})
	if err != nil {
		return err
	}
	report, err := h.Verify(ctx)
	if err = errors.Join(err, h.Close()); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "操作 %d 条，版本 %d 个，记录 %d 条（冲突 %d 条，搁置操作 %d 条），文号重号 %d 个，材料 %d 件\n",
		report.Ops, report.Revisions, report.Records, report.Conflicts, report.Quarantined, report.Clashes, report.Blobs)
	for _, fault := range report.Faults {
		fmt.Fprintln(s.out, fault)
	}
	if n := len(report.Faults); n > 0 {
		return fmt.Errorf("核对发现 %d 处问题，已逐条列出", n)
	}
	return nil
}
