package hub

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
)

// TestFeedIsNotSorted: a page of the feed is read in its order, by two indexes.
// A sorter would carry every body through a table of its own.
func TestFeedIsNotSorted(t *testing.T) {
	store, err := OpenSQLite(t.Context(), filepath.Join(t.TempDir(), "hub.db"), Seal{})
	if err != nil {
		t.Fatal(err)
	}
	var plan []string
	err = store.View(context.Background(), func(tx Tx) error {
		text, args := feedEmbedded("本局", 7, 100)
		return tx.(*sqlTx).rows("EXPLAIN QUERY PLAN "+text, args, func(scan func(...any) error) error {
			var id, parent, unused int
			var step string
			err := scan(&id, &parent, &unused, &step)
			plan = append(plan, step)
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(plan) != 2 || !strings.Contains(plan[0], "feed_seq") || !strings.Contains(plan[1], "revision_record") {
		t.Errorf("the plan is %q", plan)
	}
	if err := store.Close(); err != nil {
		t.Error(err)
	}
}
