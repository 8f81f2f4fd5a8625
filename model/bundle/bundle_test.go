package bundle_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/ecdh"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"pgregory.net/rapid"

	"anxin/model"
	"anxin/model/bundle"
	"anxin/model/modeltest"
	"anxin/model/seal"
)

var (
	ctx    = context.Background()
	device = modeltest.Device(1)
	header = bundle.Header{Kind: "case", Made: modeltest.Day, Meta: json.RawMessage(`{"case":"1"}`)}
)

// two are the private and public halves of the n-th recipient.
func two(t testing.TB, n byte) (private, public []byte) {
	t.Helper()
	k, err := ecdh.X25519().NewPrivateKey(bytes.Repeat([]byte{n + 1}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return k.Bytes(), k.PublicKey().Bytes()
}

type file struct {
	name string
	data []byte
}

var sample = []file{{"journal.jsonl", []byte(`{"rev":"1-a"}` + "\n")}, {"证据/现场 照片.jpg", bytes.Repeat([]byte{0xff, 0xd8, 7}, 50_000)}, {"空.txt", nil}}

func write(t testing.TB, files []file, recipients ...[]byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := bundle.Create(&out, header, device, recipients...)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if m, err := w.Add(f.name, bytes.NewReader(f.data)); err != nil || m.Size != int64(len(f.data)) {
			t.Fatalf("%s: %+v, %v", f.name, m, err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func open(raw []byte, o bundle.Options) (*bundle.Reader, error) {
	return bundle.Open(bytes.NewReader(raw), int64(len(raw)), o)
}

// all reads every member, and what is wrong with the bundle.
func all(raw []byte, o bundle.Options) (files []file, err error) {
	r, err := open(raw, o)
	if err != nil {
		return nil, err
	}
	for _, m := range r.Manifest().Members {
		data, err := r.Read(m.Name, 1<<30)
		if err != nil {
			return nil, err
		}
		files = append(files, file{m.Name, data})
	}
	return files, r.Verify(ctx)
}

func same(a, b []file) bool {
	return slices.EqualFunc(a, b, func(x, y file) bool { return x.name == y.name && bytes.Equal(x.data, y.data) })
}

func TestPlainBundleIsAnOrdinaryZip(t *testing.T) {
	raw := write(t, sample)
	if !bytes.Equal(raw, write(t, sample)) {
		t.Error("the same input gave other bytes")
	}
	files, err := all(raw, bundle.Options{Kind: "case"})
	if err != nil || !same(files, sample) {
		t.Fatalf("%d members, %v", len(files), err)
	}
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil || len(z.File) != len(sample)+2 {
		t.Fatalf("not a zip of all members: %v", err)
	}
	for i, f := range sample {
		if z.File[i].Name != f.name {
			t.Errorf("member %d is %q", i, z.File[i].Name)
		}
	}
}

func TestManifestSaysWhatWasSigned(t *testing.T) {
	r, err := open(write(t, sample), bundle.Options{})
	if err != nil {
		t.Fatal(err)
	}
	m := r.Manifest()
	if m.Kind != "case" || !m.Made.Equal(header.Made) || m.Device != device.ID || m.KeyID != device.KeyID() || string(m.Meta) != `{"case":"1"}` || r.Sealed() {
		t.Errorf("%+v", m)
	}
	if _, ok := r.Member("journal.jsonl"); !ok {
		t.Error("a member is not found by name")
	}
	if _, err := r.Open("nothing"); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("an absent member: %v", err)
	}
	if _, err := r.Read("journal.jsonl", 3); !errors.Is(err, bundle.ErrTooLarge) {
		t.Errorf("a member above the limit: %v", err)
	}
}

func TestSealedBundleOpensForItsRecipientsOnly(t *testing.T) {
	private1, public1 := two(t, 1)
	private2, public2 := two(t, 2)
	private3, _ := two(t, 3)
	raw := write(t, sample, public1, public2)
	for _, f := range sample {
		if len(f.data) > 8 && bytes.Contains(raw, f.data[:8]) || bytes.Contains(raw, []byte(f.name)) {
			t.Errorf("%s can be read", f.name)
		}
	}
	for _, key := range [][]byte{private1, private2} {
		files, err := all(raw, bundle.Options{Private: [][]byte{private3, key}})
		if err != nil || !same(files, sample) {
			t.Errorf("%d members, %v", len(files), err)
		}
	}
	for _, private := range [][][]byte{nil, {private3}} {
		if _, err := open(raw, bundle.Options{Private: private}); !errors.Is(err, bundle.ErrSealed) {
			t.Errorf("opened by a stranger: %v", err)
		}
	}
	if _, err := bundle.Create(io.Discard, header, device, []byte("short")); !errors.Is(err, seal.ErrRecipient) {
		t.Errorf("sealed to no key: %v", err)
	}
	if _, err := bundle.Create(io.Discard, header, device, make([][]byte, 300)...); !errors.Is(err, bundle.ErrTooLarge) {
		t.Errorf("sealed to 300: %v", err)
	}
}

func TestSignerMustBeKnown(t *testing.T) {
	raw := write(t, sample)
	key := model.PublicKey{ID: device.KeyID(), Key: device.Public(), Device: device.ID}
	stranger := modeltest.Device(2)
	revoked, late := key, key
	revoked.Revoked = modeltest.Day.AddDate(0, 0, -1)
	late.From = modeltest.Day.AddDate(0, 0, 1)
	for name, c := range map[string]struct {
		known []model.PublicKey
		want  error
	}{
		"anybody": {nil, nil}, "known": {[]model.PublicKey{key}, nil}, "nobody": {[]model.PublicKey{}, bundle.ErrUnknown},
		"another": {[]model.PublicKey{{ID: stranger.KeyID(), Key: stranger.Public()}}, bundle.ErrUnknown},
		"revoked": {[]model.PublicKey{revoked}, seal.ErrKeyRevoked}, "not yet valid": {[]model.PublicKey{late}, seal.ErrKeyNotYetValid},
	} {
		if _, err := open(raw, bundle.Options{Known: c.known}); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := open(raw, bundle.Options{Kind: "backup"}); !errors.Is(err, bundle.ErrKind) {
		t.Errorf("another kind: %v", err)
	}
}

func TestNamesThatCannotBeKept(t *testing.T) {
	w, err := bundle.Create(io.Discard, header, device)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"", ".", "..", "../x", "a/../../x", "/etc/passwd", `a\b`, "C:x", "a//b", "a/", "con", "x/NUL.txt", "a. ", "a.", "a\x00b",
		"a\nb", "\u202egpj.exe", "bad\xff", strings.Repeat("长", 100), "manifest.json", "MANIFEST.SIG", `a"b`} {
		if _, err := w.Add(name, strings.NewReader("x")); !errors.Is(err, bundle.ErrName) {
			t.Errorf("%q: %v", name, err)
		}
	}
	for _, name := range []string{"a", "console.txt", "证据/照片 1.jpg", ".hidden", "a/b/c"} {
		if _, err := w.Add(name, strings.NewReader("x")); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	for _, name := range []string{"a", "A", "证据/照片 1.JPG"} {
		if _, err := w.Add(name, strings.NewReader("x")); !errors.Is(err, bundle.ErrDuplicate) {
			t.Errorf("%q again: %v", name, err)
		}
	}
}

// entry is a file of a hand-made zip.
type entry struct {
	name   string
	data   []byte
	packed bool
}

func handMade(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, e := range entries {
		method := zip.Store
		if e.packed {
			method = zip.Deflate
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: e.name, Method: method})
		if err == nil {
			_, err = w.Write(e.data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// parts are the entries of a real bundle.
func parts(t testing.TB, raw []byte) []entry {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	var out []entry
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, entry{name: f.Name, data: data})
	}
	return out
}

func TestWhatWasChangedIsNamed(t *testing.T) {
	raw := write(t, sample)
	_, public := two(t, 1)
	sealed := write(t, sample, public)
	e := parts(t, raw)
	manifest, sig := e[3], e[4]
	edit := func(old, new string) entry {
		if !bytes.Contains(manifest.data, []byte(old)) {
			t.Fatalf("%s is not in the manifest", old)
		}
		return entry{name: manifest.name, data: bytes.Replace(manifest.data, []byte(old), []byte(new), 1)}
	}
	bomb := entry{name: e[0].name, data: make([]byte, 1<<20), packed: true}
	for name, c := range map[string]struct {
		raw  []byte
		want error
	}{
		"nothing":                  {nil, bundle.ErrNotBundle},
		"a PDF":                    {[]byte("%PDF-1.7 and so on and so on, a long text"), bundle.ErrNotBundle},
		"a zip of somebody's":      {handMade(t, e[0], e[1]), bundle.ErrNotBundle},
		"cut in a member":          {raw[:5000], bundle.ErrTruncated},
		"cut at the end":           {raw[:len(raw)-1], bundle.ErrTruncated},
		"sealed, cut in its head":  {sealed[:50], bundle.ErrTruncated},
		"sealed by a newer one":    {append([]byte("ANXS\x02"), sealed[5:]...), bundle.ErrNewer},
		"sealed to nobody":         {append([]byte("ANXS\x01\x00\x00\x00"), sealed[8:]...), bundle.ErrNotBundle},
		"a member added":           {handMade(t, e[0], e[1], e[2], entry{name: "more", data: []byte("x")}, manifest, sig), bundle.ErrExtra},
		"a member gone":            {handMade(t, e[0], e[2], manifest, sig), bundle.ErrMissing},
		"a member longer":          {handMade(t, e[0], e[1], entry{name: e[2].name, data: []byte("x")}, manifest, sig), bundle.ErrDamaged},
		"a member changed":         {handMade(t, entry{name: e[0].name, data: bytes.ToUpper(e[0].data)}, e[1], e[2], manifest, sig), bundle.ErrDamaged},
		"a member twice":           {handMade(t, e[0], e[0], e[1], e[2], manifest, sig), bundle.ErrDuplicate},
		"two manifests":            {handMade(t, e[0], e[1], e[2], manifest, manifest, sig), bundle.ErrDuplicate},
		"a packed member":          {handMade(t, bomb, e[1], e[2], manifest, sig), bundle.ErrTooLarge},
		"a way out":                {handMade(t, entry{name: "../../etc/cron.d/x"}, manifest, sig), bundle.ErrName},
		"a manifest edited":        {handMade(t, e[0], e[1], e[2], edit(`"kind":"case"`, `"kind":"form"`), sig), bundle.ErrForged},
		"a manifest of other form": {handMade(t, e[0], e[1], e[2], edit(`"kind":"case"`, `"kind": "case"`), sig), bundle.ErrForged},
		"another key in it":        {handMade(t, e[0], e[1], e[2], edit(device.KeyID(), modeltest.Device(2).KeyID()), sig), bundle.ErrForged},
		"a newer manifest":         {handMade(t, e[0], e[1], e[2], edit(`"format":1`, `"format":2`), sig), bundle.ErrNewer},
		"another's signature":      {handMade(t, e[0], e[1], e[2], manifest, entry{name: sig.name, data: []byte("AAAA")}), bundle.ErrForged},
		"no signature":             {handMade(t, e[0], e[1], e[2], manifest), bundle.ErrNotBundle},
		"an endless signature":     {handMade(t, e[0], e[1], e[2], manifest, entry{name: sig.name, data: make([]byte, 1<<20)}), bundle.ErrTooLarge},
	} {
		private, _ := two(t, 1)
		if _, err := all(c.raw, bundle.Options{Private: [][]byte{private}}); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whatever byte is changed or wherever the file is cut: either the bundle is
// refused, or what it holds is what was put in.
func TestNoChangeGoesUnnoticed(t *testing.T) {
	private, public := two(t, 1)
	small := []file{{"a", []byte("甲")}, {"b/c", bytes.Repeat([]byte("乙"), 300)}}
	for _, raw := range [][]byte{write(t, small), write(t, small, public)} {
		o := bundle.Options{Private: [][]byte{private}}
		rapid.Check(t, func(t *rapid.T) {
			changed := bytes.Clone(raw)
			at := rapid.IntRange(0, len(raw)-1).Draw(t, "at")
			if rapid.Bool().Draw(t, "cut") {
				changed = changed[:at]
			} else {
				changed[at] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
			}
			if files, err := all(changed, o); err == nil && !same(files, small) {
				t.Fatalf("a change at %d goes unnoticed", at)
			}
		})
	}
}

func TestWhatGoesInComesOut(t *testing.T) {
	private, public := two(t, 1)
	rapid.Check(t, func(t *rapid.T) {
		var files []file
		for i, n := range rapid.SliceOfN(rapid.IntRange(0, 140_000), 0, 6).Draw(t, "sizes") {
			files = append(files, file{fmt.Sprintf("文件夹%d/件%d", i%2, i), bytes.Repeat([]byte{byte(i), byte(n)}, n/2)})
		}
		var recipients [][]byte
		if rapid.Bool().Draw(t, "sealed") {
			recipients = [][]byte{public}
		}
		var out bytes.Buffer
		w, err := bundle.Create(&out, header, device, recipients...)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if _, err := w.Add(f.name, bytes.NewReader(f.data)); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		got, err := all(out.Bytes(), bundle.Options{Private: [][]byte{private}})
		if err != nil || !same(got, files) {
			t.Fatalf("%d of %d members, %v", len(got), len(files), err)
		}
	})
}

func TestFileIsWholeOrNotThere(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "案卷.zip")
	broken := errors.New("U盘被拔出")
	err := bundle.WriteFile(path, header, device, nil, func(w *bundle.Writer) error {
		_, err := w.Add("a", io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken)))
		return err
	})
	if left, _ := os.ReadDir(dir); !errors.Is(err, broken) || len(left) != 0 {
		t.Errorf("%v, left %v", err, left)
	}
	err = bundle.WriteFile(path, header, device, nil, func(w *bundle.Writer) error {
		_, err := w.Add("a", strings.NewReader("whole"))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	f, err := bundle.OpenFile(path, bundle.Options{Kind: "case"})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.Verify(ctx), f.Close()); err != nil {
		t.Error(err)
	}
	stopped, cancel := context.WithCancel(ctx)
	cancel()
	if err := f.Verify(stopped); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
	if _, err := bundle.OpenFile(filepath.Join(dir, "none"), bundle.Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("absent: %v", err)
	}
}

func TestAfterAnErrorTheBundleIsLost(t *testing.T) {
	w, err := bundle.Create(io.Discard, header, device)
	if err != nil {
		t.Fatal(err)
	}
	broken := errors.New("读不出来")
	if _, err := w.Add("a", iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	if _, err := w.Add("b", strings.NewReader("x")); !errors.Is(err, broken) {
		t.Errorf("went on: %v", err)
	}
	if err := w.Close(); !errors.Is(err, broken) {
		t.Errorf("closed: %v", err)
	}
	if _, err := bundle.Create(io.Discard, bundle.Header{Made: time.Unix(0, 0)}, device); err == nil {
		t.Error("a bundle without a kind")
	}
}

// Any bytes at all: no panic, and what opens reads and keeps to the limits.
func FuzzOpen(f *testing.F) {
	private, public := two(f, 1)
	f.Add(write(f, sample[:1]))
	f.Add(write(f, sample[:1], public))
	f.Add(handMade(f, entry{name: "manifest.json", data: []byte(`{"format":1,"kind":"x"}`)}, entry{name: "manifest.sig"}))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		files, err := all(raw, bundle.Options{Private: [][]byte{private}})
		total := 0
		for _, m := range files {
			total += len(m.data)
		}
		if err == nil && total > len(raw) {
			t.Fatalf("%d bytes grew to %d", len(raw), total)
		}
	})
}

func BenchmarkWriteAndVerify16MiB(b *testing.B) {
	private, public := two(b, 1)
	data := bytes.Repeat([]byte("0123456789abcdef"), 1<<20)
	for name, recipients := range map[string][][]byte{"plain": nil, "sealed": {public}} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				raw := write(b, []file{{"a", data}}, recipients...)
				r, err := open(raw, bundle.Options{Private: [][]byte{private}})
				if err == nil {
					err = r.Verify(ctx)
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
