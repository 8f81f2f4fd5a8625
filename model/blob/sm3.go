package blob

import (
	"context"
	"encoding/hex"
	"errors"
	"io"

	"github.com/emmansun/gmsm/sm3"
)

// SM3 reads a file to its end and hashes its clear bytes by SM3 (GB/T 32905),
// in hex; for offices that must name evidence by it.
func (s *Store) SM3(ctx context.Context, sha string) (string, error) {
	f, err := s.open(sha)
	if err != nil {
		return "", err
	}
	sum := sm3.New()
	_, err = io.Copy(sum, &contextReader{ctx, f})
	if err = errors.Join(err, f.Close()); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
