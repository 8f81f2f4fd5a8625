package hub

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
)

// The shape of the databases, as steps that are only ever added to: NNNN_*.sql,
// run once each in the order of their names.
//
//go:embed schema
var schemas embed.FS

// steps are the steps of a database's schema.
func steps(database string) (out []string, err error) {
	files, err := fs.Glob(schemas, "schema/"+database+"/*.sql")
	for _, name := range files {
		text, readErr := schemas.ReadFile(name)
		out, err = append(out, string(text)), errors.Join(err, readErr)
	}
	return out, err
}

// pending are the steps a database at a version still needs. One written by a
// newer program is refused, before anything in it is changed.
func pending(database string, version int) ([]string, error) {
	all, err := steps(database)
	if err != nil {
		return nil, err
	}
	if version > len(all) {
		return nil, fmt.Errorf("数据库是更新版本的局服务器建立的（第 %d 版，本程序到第 %d 版），请升级本程序", version, len(all))
	}
	return all[version:], nil
}

// migrateSQLite brings the file to the present shape in one transaction; the
// version is SQLite's own user_version.
func migrateSQLite(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	err = migrateConn(ctx, conn)
	end := "COMMIT"
	if err != nil {
		end = "ROLLBACK"
	}
	_, endErr := conn.ExecContext(context.WithoutCancel(ctx), end)
	return errors.Join(err, endErr)
}

func migrateConn(ctx context.Context, conn *sql.Conn) error {
	var version, tables int
	if err := conn.QueryRowContext(ctx, "SELECT user_version, (SELECT count(*) FROM sqlite_schema) FROM pragma_user_version").Scan(&version, &tables); err != nil {
		return err
	}
	if version == 0 && tables > 0 {
		return errors.New("数据库是试用版建立的，不能沿用；请换一个数据目录，各笔记本重新入网后会把数据重新报来")
	}
	todo, err := pending("sqlite", version)
	if err != nil {
		return err
	}
	for i, step := range todo {
		if _, err := conn.ExecContext(ctx, step); err != nil {
			return err
		}
		if _, err := conn.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", version+i+1)); err != nil {
			return err
		}
	}
	return nil
}

// migratePostgres does the same under a lock of the table that holds the
// version, so that replicas may start together.
func migratePostgres(ctx context.Context, conn *pgx.Conn) error {
	if _, err := conn.Exec(ctx, "CREATE TABLE IF NOT EXISTS schema_version(version BIGINT NOT NULL)"); err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "LOCK TABLE schema_version IN ACCESS EXCLUSIVE MODE"); err != nil {
			return err
		}
		var version int
		if err := tx.QueryRow(ctx, "SELECT coalesce(max(version), 0) FROM schema_version").Scan(&version); err != nil {
			return err
		}
		todo, err := pending("postgres", version)
		if err != nil {
			return err
		}
		for i, step := range todo {
			if _, err := tx.Exec(ctx, step); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, "INSERT INTO schema_version VALUES($1)", version+i+1); err != nil {
				return err
			}
		}
		return nil
	})
}
