package store

import (
	"context"
	"errors"
	"fmt"

	"anxin/model"
)

// Setting reads a setting of this laptop; "" when it was never set.
func (s *Store) Setting(ctx context.Context, key string) (string, error) {
	var sealed []byte
	err := s.readRow(ctx, `SELECT value FROM setting WHERE key = ?`, key).Scan(&sealed)
	return s.openSetting(key, sealed, s.explain(err))
}

func (s *Store) openSetting(key string, sealed []byte, err error) (string, error) {
	if errors.Is(err, model.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	value, err := s.opt.Keys.Open(key, sealed)
	if err != nil {
		return "", fmt.Errorf("设置“%s”: %w", key, err)
	}
	return string(value), nil
}

// setting reads inside a transaction.
func (t *tx) setting(key string) (string, error) {
	var sealed []byte
	err := t.row(`SELECT value FROM setting WHERE key = ?`, key).Scan(&sealed)
	return t.s.openSetting(key, sealed, err)
}

// SetSetting keeps a value on this laptop only, sealed.
func (s *Store) SetSetting(ctx context.Context, key, value string) error {
	return s.inTx(ctx, func(t *tx) error { return t.setSetting(key, value) })
}

func (t *tx) setSetting(key, value string) error {
	sealed, err := t.s.opt.Keys.Seal(key, []byte(value))
	if err != nil {
		return err
	}
	return t.exec(`INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, sealed)
}
