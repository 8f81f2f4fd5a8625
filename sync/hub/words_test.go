package hub_test

import (
	"context"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"anxin/model/modeltest"
	"anxin/sync/synctest"
)

// TestCellsNameThemselves: on a phone a row of a table stands as lines, each with
// the name of its column.
func TestCellsNameThemselves(t *testing.T) {
	page, err := os.ReadFile("pages/console.html")
	if err != nil {
		t.Fatal(err)
	}
	cells := regexp.MustCompile(`(?s)<td[^>]*>.{0,60}`).FindAllString(string(page), -1)
	if len(cells) < 20 {
		t.Fatalf("%d cells", len(cells))
	}
	for _, c := range cells {
		head, rest, _ := strings.Cut(c, ">")
		buttons := strings.HasPrefix(rest, "<form") || strings.HasPrefix(rest, "{{if .Revoked.IsZero}}<form")
		if !strings.Contains(head, "data-h=") && !strings.Contains(head, "colspan=") && !buttons && !strings.HasPrefix(rest, "</td>") {
			t.Errorf("a cell without the name of its column: %s", c)
		}
	}
}

// TestScopesCountChanges: a hub that was put back leaps ahead with its feeds; the
// bureau reads how much changed.
func TestScopesCountChanges(t *testing.T) {
	ctx := context.Background()
	w := synctest.NewWorld(t, 1)
	w.Laptops[0].Put("", "", modeltest.Employer(1))
	w.Rest()
	before, err := w.Hub.Scopes(ctx)
	w.Check(err)
	_, err = w.Hub.AfterRestore(ctx)
	w.Check(err)
	after, err := w.Hub.Scopes(ctx)
	w.Check(err)
	if len(before) == 0 || before[0].Head == 0 || !reflect.DeepEqual(before, after) {
		t.Errorf("before %+v, after %+v", before, after)
	}
}
