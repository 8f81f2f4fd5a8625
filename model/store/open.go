package store

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// File is the name of the database in the data folder.
const File = "anxin.db"

const readers = 4

// writerCache holds what a large batch changes until it commits, so that its
// pages are written once.
const writerCache = 8 << 10 // KiB

// fileURI writes the address of a database file for the driver. Only a file:
// URI makes SQLite see mode=ro; every byte that is special in a URI is escaped,
// so folders with blanks and Chinese names work.
func fileURI(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("数据文件“%s”的位置无效: %w", path, err)
	}
	slashed := filepath.ToSlash(abs)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // C:/… on Windows
	}
	return "file://" + (&url.URL{Path: slashed}).EscapedPath(), nil
}

func dsn(path string, readOnly bool) (string, error) {
	address, err := fileURI(path)
	if err != nil {
		return "", err
	}
	q := url.Values{}
	q.Set("_busy_timeout", "5000")
	q.Set("_foreign_keys", "on")
	q.Set("_synchronous", "FULL")
	q.Set("_dqs", "0")
	q.Set("_time_format", "sqlite")
	if readOnly {
		q.Set("mode", "ro")
		q.Set("_query_only", "on")
	} else {
		q.Set("mode", "rwc")
		q.Set("_journal_mode", "WAL")
		q.Set("_txlock", "immediate")
		q.Set("_pragma", fmt.Sprintf("cache_size(-%d)", writerCache))
	}
	return address + "?" + q.Encode(), nil
}

func openPool(path string, readOnly bool, size int) (*sql.DB, error) {
	address, err := dsn(path, readOnly)
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector(address))
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	return db, nil
}

// openFiles opens the one writing connection, which makes the file when there is
// none, and the readers.
func (s *Store) openFiles(ctx context.Context) error {
	if err := os.MkdirAll(s.opt.Dir, 0o700); err != nil {
		return fmt.Errorf("不能建立数据文件夹“%s”，请检查上一级文件夹的读写权限: %w", s.opt.Dir, err)
	}
	path := s.path()
	var err error
	if s.writeDB, err = openPool(path, false, 1); err != nil {
		return err
	}
	if s.writer, err = s.writeDB.Conn(ctx); err != nil {
		return explain(path, err)
	}
	if err := s.checkDurable(ctx, path); err != nil {
		return err
	}
	s.read, err = openPool(path, true, readers)
	return err
}

// checkDurable makes sure that what is acknowledged survives a power cut: a
// file system without shared memory silently leaves WAL off.
func (s *Store) checkDurable(ctx context.Context, path string) error {
	var mode string
	var level int
	if err := s.writer.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode); err != nil {
		return explain(path, err)
	}
	if err := s.writer.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&level); err != nil {
		return explain(path, err)
	}
	if mode != "wal" || level < 2 {
		return fmt.Errorf("数据文件“%s”所在的磁盘不支持可靠保存，请把数据文件夹放到本机硬盘上", path)
	}
	return nil
}
