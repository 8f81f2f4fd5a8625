// Command anxin-hub is the bureau's server: one program with its data in one
// folder, or, past one machine, any number of replicas over PostgreSQL and an
// object store. It serves the laptops, the verify page and the bureau's
// console; from a second terminal, while it runs, it invites laptops, grants
// scopes, accounts for numbers, backs up and checks what is kept.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
	"github.com/google/uuid"

	"anxin/app/terminal"
	"anxin/model"
	"anxin/sync/hub"
)

// command is the command line.
type command struct {
	Serve        serveCmd        `cmd:"" help:"提供服务，直到按 Ctrl+C。"`
	Enrol        enrolCmd        `cmd:"" help:"为一台笔记本开出入网码，只能用一次。"`
	Device       deviceCmd       `cmd:"" help:"笔记本：列出、停用、续期。"`
	Scope        scopeCmd        `cmd:"" help:"范围：列出、授权、收回、移交记录。"`
	Numbers      numbersCmd      `cmd:"" help:"文号：台账、登记已用号段、恢复发号。"`
	User         userCmd         `cmd:"" help:"局内管理页面的账号：列出、开设、停用。"`
	Usb          usbCmd          `cmd:"" help:"收取 U 盘上的报送文件，写出回执。"`
	Backup       backupCmd       `cmd:"" help:"备份，核对无误后告知各笔记本。"`
	Restore      restoreCmd      `cmd:"" help:"从备份恢复到一个空的数据目录。"`
	AfterRestore afterRestoreCmd `cmd:"" help:"恢复备份之后：开始新的一期，列出收回了什么，确认备份之后的入网和授权。"`
	Verify       verifyCmd       `cmd:"" help:"核对全部记录、日志、文号和材料。"`
}

// place is where a hub's data lies: all in one folder, or the keys there and
// the rest in PostgreSQL and an object store.
type place struct {
	Data     string `type:"path" default:"anxin-hub" placeholder:"DIR" help:"数据目录；用 PostgreSQL 时只放密钥文件 identity.json，各副本用同一份。"`
	Postgres string `placeholder:"DSN" env:"ANXIN_HUB_POSTGRES" help:"PostgreSQL 连接串；不写则用数据目录里的 SQLite。"`
	S3       string `name:"s3" placeholder:"URL" env:"ANXIN_HUB_S3" help:"对象存储 https://账号:密钥@主机/桶名/前缀；不写则用数据目录。"`
	copied   bool   `kong:"-"` // a backup: nothing is noted beside it
}

// existing opens the hub of a folder that has served before: a slip in the
// path must not make a new hub.
func (p place) existing(ctx context.Context, opt hub.Options) (*hub.Hub, error) {
	if _, err := os.Stat(filepath.Join(p.Data, "identity.json")); err != nil {
		return nil, fmt.Errorf("数据目录 %s 中没有局服务器的数据，请核对路径，或先运行一次 serve", p.Data)
	}
	return p.open(ctx, opt)
}

func (p place) open(ctx context.Context, opt hub.Options) (*hub.Hub, error) {
	opt.Clock, opt.IDs = clock{}, ids{}
	id, err := hub.OpenIdentity(p.Data, opt.Clock, opt.IDs)
	if err != nil {
		return nil, err
	}
	store, err := p.store(ctx, id)
	if err != nil {
		return nil, err
	}
	blobs, err := p.blobs(ctx, id)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	if !p.copied {
		opt.HighWater = filepath.Join(p.Data, hub.HighWater)
	}
	return hub.Assemble(ctx, id, store, blobs, opt)
}

func (p place) store(ctx context.Context, id hub.Identity) (hub.Store, error) {
	if p.Postgres != "" {
		return hub.OpenPostgres(ctx, p.Postgres, id.Seal())
	}
	return hub.OpenSQLite(ctx, p.database(), id.Seal())
}

func (p place) blobs(ctx context.Context, id hub.Identity) (hub.Blobs, error) {
	if p.S3 != "" {
		return hub.OpenS3(ctx, p.S3, id.Seal())
	}
	return hub.OpenFolder(p.evidence(), id.Seal())
}

func (p place) database() string { return filepath.Join(p.Data, "hub.db") }
func (p place) evidence() string { return filepath.Join(p.Data, "blobs") }

// with opens the hub for one command.
func (p place) with(ctx context.Context, opt hub.Options, fn func(*hub.Hub) error) error {
	h, err := p.existing(ctx, opt)
	if err != nil {
		return err
	}
	return errors.Join(fn(h), h.Close())
}

type clock struct{}

func (clock) Now() time.Time { return time.Now() }

type ids struct{}

func (ids) NewID() model.ID { return model.ID(uuid.Must(uuid.NewV7()).String()) }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "anxin-hub:", terminal.Sentence(err))
		stop()
		os.Exit(1)
	}
}

// run is the program without the process around it.
func run(ctx context.Context, args []string, out, log io.Writer) error {
	var cmd command
	exited := false
	parser, err := kong.New(&cmd, kong.Name("anxin-hub"), kong.Description("安薪局服务器"), kong.Writers(out, log), kong.Help(terminal.Help),
		kong.Exit(func(int) { exited = true }), kong.BindTo(ctx, (*context.Context)(nil)))
	if err != nil {
		return err
	}
	parsed, err := parser.Parse(args)
	if exited { // --help was printed
		return nil
	}
	if err != nil {
		return fmt.Errorf("命令不正确（%s），请用 anxin-hub --help 查看用法", terminal.Complaint(err))
	}
	return parsed.Run(streams{out, log})
}

// streams are where a command writes.
type streams struct{ out, log io.Writer }
