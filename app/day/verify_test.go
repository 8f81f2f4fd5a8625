package day_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"anxin/app/casework"
	"anxin/app/office"
	"anxin/forms/paper"
	"anxin/model"
	"anxin/model/modeltest"
)

// checked is one issued paper of the day and what is needed to check it.
type checked struct {
	press *paper.Press
	keys  []model.PublicKey
	token string
	pdf   []byte
}

func order(t *testing.T) checked {
	t.Helper()
	out, sum := worked(t)
	d := printed(t, sum, "D06", 0)
	c := checked{token: document(t, out, d).Issued.Token}
	var err error
	if c.press, err = office.NewPress(); err != nil {
		t.Fatal(err)
	}
	if c.keys, err = office.ReadKeys(filepath.Join(out, "keys.json")); err != nil {
		t.Fatal(err)
	}
	if c.pdf, err = os.ReadFile(filepath.Join(out, d.File)); err != nil {
		t.Fatal(err)
	}
	return c
}

// verify checks a token, or bytes as a file.
func (c checked) verify(t *testing.T, token string, file []byte) office.Verified {
	t.Helper()
	target := token
	if file != nil {
		target = filepath.Join(t.TempDir(), "a.pdf")
		if err := os.WriteFile(target, file, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	v, err := office.Verify(c.press, target, c.keys, modeltest.Day)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// mustRefuse: the document is not valid, and a sentence says why.
func mustRefuse(t *testing.T, v office.Verified, why string) {
	t.Helper()
	if v.Valid || !strings.Contains(v.Reason, why) || !strings.ContainsFunc(v.Reason, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		t.Errorf("valid %v: %q, want refused with %q", v.Valid, v.Reason, why)
	}
}

func TestEveryPaperOfTheDayIsVerifiedAsPictureAndFile(t *testing.T) {
	_, sum := worked(t)
	valid := map[string]int{}
	refused := 0
	for _, v := range sum.Verified {
		if v.Valid {
			valid[v.Kind]++
		} else {
			refused++
		}
	}
	if n := len(sum.Documents); valid["picture"] != n || valid["pdf"] != n || refused != 1 {
		t.Errorf("%d papers, valid %v, refused %d (the changed token alone must be)", n, valid, refused)
	}
}

func TestGenuineOrderIsValid(t *testing.T) {
	c := order(t)
	for name, v := range map[string]office.Verified{"token": c.verify(t, c.token, nil), "pdf": c.verify(t, "", c.pdf)} {
		if !v.Valid || v.Claim.Type != "D06" || v.Claim.AmountFen != wantFen || v.Claim.Due != "2026-09-28" {
			t.Errorf("%s: %+v", name, v)
		}
	}
}

func TestTokenWithOneCharacterChangedIsRefused(t *testing.T) {
	c := order(t)
	const positions = 20
	for i := range positions {
		b := []byte(c.token)
		at := i * (len(b) - 1) / (positions - 1)
		if b[at] == 'K' {
			b[at] = 'L'
		} else {
			b[at] = 'K'
		}
		mustRefuse(t, c.verify(t, string(b), nil), "")
	}
}

func TestUnknownKeyIsRefused(t *testing.T) {
	c := order(t)
	c.keys = []model.PublicKey{{ID: modeltest.Device(1).KeyID(), Key: modeltest.Device(1).Public()}}
	mustRefuse(t, c.verify(t, c.token, nil), "公钥名单")
	mustRefuse(t, c.verify(t, "", c.pdf), "公钥名单")
}

func TestChangedFileIsRefused(t *testing.T) {
	c := order(t)
	mark := []byte("stream\n")
	n := 0
	for at := 0; ; n++ {
		i := bytes.Index(c.pdf[at:], mark)
		if i < 0 {
			break
		}
		at += i + len(mark)
		if bytes.HasSuffix(c.pdf[:at], []byte("endstream\n")) || at+40 > len(c.pdf) {
			continue
		}
		changed := bytes.Clone(c.pdf)
		changed[at+20] ^= 1
		mustRefuse(t, c.verify(t, "", changed), "")
	}
	if n < 6 {
		t.Errorf("only %d streams were found in a paper of six pages", n)
	}
}

func TestChangedAttachmentIsRefused(t *testing.T) {
	c := order(t)
	sealed, err := paper.ReadPDF(c.pdf)
	if err != nil {
		t.Fatal(err)
	}
	less := bytes.ReplaceAll(sealed.Attachment, []byte(wantFigure), []byte("93,936.76"))
	if bytes.Equal(less, sealed.Attachment) {
		t.Fatal("the attachment does not hold the sum")
	}
	content, err := casework.PaperOf(less, sealed.Token)
	if err != nil {
		t.Fatal(err)
	}
	forged, err := c.press.Print(paper.Job{Type: content.Type, Fields: content.Fields, Number: content.Number, Token: content.Token,
		Attachment: less, Issued: content.Issued})
	if err != nil {
		t.Fatal(err)
	}
	mustRefuse(t, c.verify(t, "", forged.PDF), "摘要不符")
}
