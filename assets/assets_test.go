package assets

import (
	"bytes"
	"image/png"
	"io/fs"
	"testing"
)

func TestFacesUnpackToTrueType(t *testing.T) {
	for role := range faces {
		b, err := Face(role)
		if err != nil {
			t.Fatalf("%s: %v", role, err)
		}
		if !bytes.HasPrefix(b, []byte{0, 1, 0, 0}) {
			t.Errorf("%s: not TrueType outlines: % x", role, b[:4])
		}
	}
	if _, err := Face("fangsong"); err == nil {
		t.Error("a face that is not carried was found")
	}
}

func TestScreenFacesAreCFF(t *testing.T) {
	for name, b := range map[string][]byte{"regular": ScreenRegular, "bold": ScreenBold} {
		if !bytes.HasPrefix(b, []byte("OTTO")) {
			t.Errorf("%s: not CFF outlines: % x", name, b[:4])
		}
	}
}

func TestPartsAreThere(t *testing.T) {
	for name, f := range map[string]fs.FS{"papers": Papers, "forms": Forms, "statute": Statute, "lang": Lang} {
		n, err := fs.ReadDir(f, ".")
		if err != nil || len(n) == 0 {
			t.Errorf("%s: %d files, %v", name, len(n), err)
		}
	}
	if _, err := png.Decode(bytes.NewReader(Icon)); err != nil {
		t.Errorf("icon: %v", err)
	}
}
