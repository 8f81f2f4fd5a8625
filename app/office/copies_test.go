package office_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"anxin/app/office"
	"anxin/forms/paper"
	"anxin/model"
)

// TestTypesHaveTheCopiesOfTheCatalogue: a paper that goes out in several copies
// names them all.
func TestTypesHaveTheCopiesOfTheCatalogue(t *testing.T) {
	press, err := office.NewPress()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range catalogue(t) {
		want := row.Copies
		if want == 1 {
			want = 0 // one copy needs no name
		}
		if got := press.Copies(row.ID); len(got) != want {
			t.Errorf("%s goes out in %d copies, the template names %v", row.ID, row.Copies, got)
		}
	}
}

// TestEachCopyIsGenuine: a copy carries its name, the same data, and is found
// valid as the paper itself is.
func TestEachCopyIsGenuine(t *testing.T) {
	b := newBureau(t).accepted()
	id := b.order(b.recorded(), model.DateOf(b.Now().AddDate(0, 0, 9)))
	_, err := b.Desk.Issue(b.ctx, id)
	b.ok(err)
	names, err := b.Copies(b.ctx, id)
	b.ok(err)
	_, plain, err := b.IssuedPDF(b.ctx, id)
	b.ok(err)
	keys, err := b.IssuerKeys(b.ctx)
	b.ok(err)
	for _, name := range append(names, "") {
		pdf, err := b.CopyPDF(b.ctx, id, name)
		b.ok(err)
		if bytes.Equal(pdf, plain) != (name == "") {
			t.Errorf("%q: the pages do not show which copy it is", name)
		}
		again, err := b.CopyPDF(b.ctx, id, name)
		b.ok(err)
		if !bytes.Equal(again, pdf) {
			t.Errorf("%q: printed again it has other bytes", name)
		}
		sealed, err := paper.ReadPDF(pdf)
		b.ok(err)
		path := filepath.Join(t.TempDir(), "a.pdf")
		b.ok(os.WriteFile(path, pdf, 0o600))
		v, err := office.Verify(b.Press, path, keys, b.Now())
		b.ok(err)
		if !v.Valid || sealed.Copy != name {
			t.Errorf("%q: copy %q, %s", name, sealed.Copy, v.Reason)
		}
	}
	_, err = b.CopyPDF(b.ctx, id, "绿联")
	says(t, err, "没有“绿联”联")
	if _, err := b.CopyPDF(b.ctx, b.kase, "送达联"); err == nil {
		t.Error("a case was printed")
	}
}
