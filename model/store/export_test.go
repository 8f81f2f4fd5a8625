package store

import (
	"context"
	"io/fs"
)

// OpenWith is Open with other schema scripts than the program's.
func OpenWith(ctx context.Context, opt Options, scripts fs.FS) (*Store, error) {
	return open(ctx, opt, scripts)
}

// Schema are the program's schema scripts.
var Schema = schema

// ExecOnReader runs a statement on the pool that only reads.
func ExecOnReader(s *Store, query string) error {
	_, err := s.read.Exec(query)
	return s.explain(err)
}

// CheckCopy reads a backup.
func CheckCopy(ctx context.Context, path string) error { return checkCopy(ctx, path) }
