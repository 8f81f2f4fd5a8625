package hub_test

import (
	"context"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"anxin/sync/hub"
	"anxin/sync/wire"
)

// failing is a store that can no longer be used.
type failing struct {
	hub.Store
	with error
}

func (f *failing) Update(ctx context.Context, fn func(hub.Tx) error) error {
	if f.with != nil {
		return fmt.Errorf("写入局服务器数据库: %w", f.with)
	}
	return f.Store.Update(ctx, fn)
}

type sqliteError int

func (e sqliteError) Error() string { return fmt.Sprintf("sqlite error (%d)", int(e)) }
func (e sqliteError) Code() int     { return int(e) }

// TestTroubleIsNamed: what keeps the hub from its work is said to the officer in
// one sentence, without a path or an address.
func TestTroubleIsNamed(t *testing.T) {
	f := &failing{}
	r := newRig(t, func(id hub.Identity) (_ hub.Store, err error) {
		f.Store, err = hub.OpenSQLite(context.Background(), filepath.Join(t.TempDir(), "hub.db"), id.Seal())
		return f, err
	})
	p := r.join(1)
	for _, c := range []struct {
		with error
		want string
	}{
		{syscall.ENOSPC, "磁盘已满"},
		{sqliteError(13), "磁盘已满"},
		{&pgconn.PgError{Code: "53100"}, "磁盘已满"},
		{&net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}, "连不上它的数据库"},
		{sqliteError(11), "内部出错"},
	} {
		f.with = c.with
		err := p.call("hello", wire.Hello{Protocol: wire.Protocol}, nil)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "sqlite") || strings.Contains(err.Error(), "dial") {
			t.Errorf("%v: the officer reads %v, want %q", c.with, err, c.want)
		}
	}
}
