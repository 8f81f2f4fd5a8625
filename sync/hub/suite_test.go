package hub_test

import (
	"context"
	"path/filepath"
	"testing"

	"anxin/sync/hub"
	"anxin/sync/synctest"
)

func TestSQLite(t *testing.T) {
	synctest.StoreSuite(t, func(t *testing.T) hub.Store {
		s, err := hub.OpenSQLite(context.Background(), filepath.Join(t.TempDir(), "局 hub?#%.db"))
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}

func TestFolder(t *testing.T) {
	synctest.BlobsSuite(t, func(t *testing.T) hub.Blobs {
		f, err := hub.OpenFolder(filepath.Join(t.TempDir(), "材料"))
		if err != nil {
			t.Fatal(err)
		}
		return f
	})
}
