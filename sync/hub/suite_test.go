package hub_test

import (
	"context"
	"path/filepath"
	"testing"

	"anxin/sync/hub"
	"anxin/sync/synctest"
)

var testSeal = hub.Seal{1, 2, 3}

func TestSQLite(t *testing.T) {
	synctest.StoreSuite(t, func(t *testing.T) hub.Store {
		s, err := hub.OpenSQLite(context.Background(), filepath.Join(t.TempDir(), "局 hub?#%.db"), testSeal)
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}

func TestPostgres(t *testing.T) {
	synctest.StoreSuite(t, func(t *testing.T) hub.Store {
		s, err := hub.OpenPostgres(context.Background(), database(t), testSeal)
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}

func TestFolder(t *testing.T) {
	synctest.BlobsSuite(t, func(t *testing.T) hub.Blobs {
		f, err := hub.OpenFolder(filepath.Join(t.TempDir(), "材料"), testSeal)
		if err != nil {
			t.Fatal(err)
		}
		return f
	})
}

func TestS3(t *testing.T) {
	synctest.BlobsSuite(t, func(t *testing.T) hub.Blobs {
		s, err := hub.OpenS3(context.Background(), synctest.S3(t), testSeal)
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}
