package page

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"anxin/app/lang"
)

// A scanner is a keyboard: it types what it reads and ends with Enter. Papers are
// checked one after another without a mouse.
func TestAScannerTypesWhatIsVerified(t *testing.T) {
	w := newWorld(t)
	files := w.cabinet()
	files.verified = Verified{Valid: true, Reason: "签名有效，内容没有改动。"}
	w.show(NewDocuments(w.env, ""))
	w.act(lang.T("documents.verify"))
	w.screen.Press(fyne.KeyReturn) // nothing was read yet
	if len(files.asked) != 0 {
		t.Fatalf("asked %q", files.asked)
	}
	scans := []string{"https://hub.example.gov.cn/v#NCFOXN%TS3DH0YOJ58S S-W5HDC *M0II5", "NCFOXN%TS3DH0YOJ58S S-W5HDC $*+-./:"}
	for _, scan := range scans {
		w.screen.Type(scan)
		w.screen.Press(fyne.KeyReturn)
		w.screen.MustSee("签名有效，内容没有改动。")
		w.screen.Tap(lang.T("documents.verify.again"))
	}
	if !slices.Equal(files.asked, scans) {
		t.Errorf("asked %q, scanned %q", files.asked, scans)
	}
}
