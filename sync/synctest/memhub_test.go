package synctest

import (
	"testing"

	"anxin/sync/hub"
)

// TestMemHub: the records of the simulator's hub keep the promises of the
// databases, its files those of the folder.
func TestMemHub(t *testing.T) {
	StoreSuite(t, func(*testing.T) hub.Store { return NewMemHub() })
}

func TestMemFiles(t *testing.T) {
	BlobsSuite(t, func(*testing.T) hub.Blobs { return NewMemFiles() })
}
