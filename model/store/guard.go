package store

import (
	"context"
	"database/sql/driver"
	_ "embed"
	"fmt"
	"regexp"
	"strings"

	"modernc.org/sqlite"
)

// guards are the triggers over the tables, see there.
//
//go:embed schema/guard.sql
var guards string

// ours is SQLite with the function that the triggers ask for. It is this room's
// own, so that a connection made elsewhere in the program is refused like the
// sqlite3 shell.
var ours = func() *sqlite.Driver {
	d := new(sqlite.Driver)
	yes := func(*sqlite.FunctionContext, []driver.Value) (driver.Value, error) { return int64(1), nil }
	if err := d.RegisterDeterministicScalarFunction("anxin_writes", 0, yes); err != nil {
		panic(err) // the name is taken: only when this is written twice
	}
	return d
}()

// connector opens connections of ours to an address.
type connector string

// Connect implements driver.Connector.
func (c connector) Connect(context.Context) (driver.Conn, error) { return ours.Open(string(c)) }

// Driver implements driver.Connector.
func (c connector) Driver() driver.Driver { return ours }

// guard puts the triggers up, whatever had become of them.
func (t *tx) guard() error {
	if err := t.unguard(); err != nil {
		return err
	}
	return t.script(guards)
}

// unguard takes all triggers down until the end of the transaction: tables can
// be changed under them no more than rows.
func (t *tx) unguard() error {
	rows, err := t.s.writer.QueryContext(t.ctx, `SELECT name FROM sqlite_schema WHERE type = 'trigger'`)
	if err != nil {
		return err
	}
	defer rows.Close()
	var drop strings.Builder
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return err
		}
		fmt.Fprintf(&drop, `DROP TRIGGER "%s";`, strings.ReplaceAll(name, `"`, `""`))
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return t.script(drop.String())
}

// aGuard matches one trigger, with its name, as SQLite keeps its text.
var aGuard = regexp.MustCompile(`(?s)CREATE TRIGGER (\w+) .*?END`)

// verifyGuards names triggers that are missing or other than they were.
func (s *Store) verifyGuards(ctx context.Context, r *Report) error {
	there, err := collect(ctx, s, text, `SELECT sql FROM sqlite_schema WHERE type = 'trigger'`)
	if err != nil {
		return err
	}
	standing := map[string]bool{}
	for _, sql := range there {
		standing[sql] = true
	}
	for _, g := range aGuard.FindAllStringSubmatch(guards, -1) {
		if !standing[g[0]] {
			r.fault("数据文件防止改动的规则“%s”被去掉或者改动过，请在“设置”中重建索引", g[1])
		}
	}
	return nil
}
