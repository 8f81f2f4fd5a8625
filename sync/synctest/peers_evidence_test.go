package synctest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"anxin/model"
	"anxin/sync/hub"
	"anxin/sync/wire"
)

// A photo of the benchmarks, and how often the line breaks, in bytes.
const (
	photoSize = 4 << 20
	cutEvery  = 20 << 20
)

// album is photos nobody can make smaller, and their hashes.
type album struct {
	dir    string
	photos []string // file names
	sums   map[string]bool
}

func newAlbum(b *testing.B, mib int) album {
	b.Helper()
	a := album{dir: b.TempDir(), sums: map[string]bool{}}
	rng := rand.NewChaCha8([32]byte{9})
	data := make([]byte, photoSize)
	for n := range mib << 20 / photoSize {
		_, _ = rng.Read(data) // it never fails
		sum := sha256.Sum256(data)
		a.sums[hex.EncodeToString(sum[:])] = true
		name := fmt.Sprintf("IMG_%04d.jpg", n)
		a.photos = append(a.photos, name)
		if err := os.WriteFile(filepath.Join(a.dir, name), data, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	return a
}

func (a album) size() int64 { return int64(len(a.photos)) * photoSize }

// same ends the benchmark unless exactly the album's files lie in a folder.
func (a album) same(b *testing.B, who string, files []string) {
	b.Helper()
	found := map[string]bool{}
	for _, name := range files {
		found[sumOf(b, name)] = true
	}
	for sum := range a.sums {
		if !found[sum] {
			b.Fatalf("%s: the photo %.8s did not arrive as it was", who, sum)
		}
	}
	if len(found) != len(a.sums) {
		b.Fatalf("%s: %d files arrived of %d", who, len(found), len(a.sums))
	}
}

func sumOf(b *testing.B, name string) string {
	b.Helper()
	f, err := os.Open(name)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		b.Fatal(err)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// BenchmarkPeersEvidence brings the same photos to a server over the same line,
// which breaks at the same byte counts, by this program, by tusd and by rsync;
// each goes on at once after a cut. This program encrypts the line, and hashes,
// seals and flushes every mebibyte before it is acknowledged. tusd does neither,
// so that beside its time stands the time with a flush and a hash of every file
// after; rsync flushes every file. wire is what passed the line, both ways, for
// each byte of the photos.
func BenchmarkPeersEvidence(b *testing.B) {
	mib := 256
	if text := os.Getenv(envPhotos); text != "" {
		var err error
		if mib, err = strconv.Atoi(text); err != nil {
			b.Fatalf("%s: %v", envPhotos, err)
		}
	}
	tusd, rsync := peer(b, envTusd, "tusd"), peer(b, envRsync, "rsync")
	a := newAlbum(b, mib)
	runs := measured{}
	for b.Loop() {
		for who, bring := range map[string]func() (*cutLine, float64){
			"ours":  func() (*cutLine, float64) { return a.ours(b) },
			"tusd":  func() (*cutLine, float64) { return a.tusd(b, tusd, runs) },
			"rsync": func() (*cutLine, float64) { return a.rsync(b, rsync) },
		} {
			line, s := bring()
			bytes, cuts := line.counted()
			runs.add(who+"-s", s)
			runs.add(who+"-wire", float64(bytes)/float64(a.size()))
			runs.add(who+"-cuts", float64(cuts))
			if err := line.listen.Close(); err != nil {
				b.Fatal(err)
			}
		}
	}
	runs.report(b)
}

// ours brings the photos by a laptop to a hub with SQLite and a folder.
func (a album) ours(b *testing.B) (*cutLine, float64) {
	w := NewWorld(b, 0)
	w.onLoopback()
	var url string
	w.Inspect(func(tx hub.Tx) (err error) {
		url, err = tx.Meta("url")
		return err
	})
	line := newCutLine(b, strings.TrimPrefix(url, "https://"), cutEvery)
	w.Check(w.Hub.SetURL(context.Background(), "https://127.0.0.1:"+line.port()))
	l := w.NewLaptop(1)
	l.Attempts(1000)
	l.Enrol()
	var changes []model.Change
	for _, name := range a.photos {
		f, err := os.Open(filepath.Join(a.dir, name))
		w.Check(err)
		info, err := l.Blobs.Put(context.Background(), f)
		w.Check(errors.Join(err, f.Close()))
		changes = append(changes, model.Change{Record: &model.Evidence{Name: name, SHA256: info.SHA256, Size: info.Size}})
	}
	_, err := l.Store.Commit(context.Background(), model.Batch{Author: l.Author, Changes: changes})
	w.Check(err)
	began := time.Now()
	sum := l.Sync()
	s := time.Since(began).Seconds()
	if sum.Blobs != len(a.photos) {
		b.Fatalf("%d photos sent of %d", sum.Blobs, len(a.photos))
	}
	a.atHub(b, w, l)
	return line, s
}

// atHub reads every photo back from the hub, over the line of the world itself.
func (a album) atHub(b *testing.B, w *World, l *Laptop) {
	b.Helper()
	report, err := w.Hub.VerifyDeep(context.Background())
	w.Check(err)
	if len(report.Faults) > 0 {
		b.Fatal(report.Faults)
	}
	w.Inspect(func(tx hub.Tx) error {
		for sum := range a.sums {
			f, err := tx.Blob(sum)
			if err != nil || !f.Stored || len(f.Leaves) != wire.Leaves(photoSize) {
				return fmt.Errorf("photo %.8s at the hub: %+v, %w", sum, f, err)
			}
		}
		return nil
	})
}

// tusd brings them with a client of the tus protocol, version 1.0.0.
func (a album) tusd(b *testing.B, program string, runs measured) (*cutLine, float64) {
	port, dir := freePort(b), b.TempDir()
	serve(b, program, "-host", "127.0.0.1", "-port", port, "-upload-dir", dir, "-show-greeting=false",
		"-filelock-acquirer-poll-interval", "20ms", "-filelock-holder-poll-interval", "20ms")
	awaitPort(b, port)
	line := newCutLine(b, "127.0.0.1:"+port, cutEvery)
	t := tus{base: "http://127.0.0.1:" + line.port()}
	began := time.Now()
	for _, name := range a.photos {
		data, err := os.ReadFile(filepath.Join(a.dir, name))
		if err != nil {
			b.Fatal(err)
		}
		if err := t.upload(data); err != nil {
			b.Fatal(err)
		}
	}
	s := time.Since(began).Seconds()
	files := arrived(b, dir, func(name string) bool { return !strings.Contains(name, ".") })
	for _, name := range files {
		f, err := os.OpenFile(name, os.O_RDWR, 0)
		if err != nil {
			b.Fatal(err)
		}
		if err := errors.Join(f.Sync(), f.Close()); err != nil {
			b.Fatal(err)
		}
	}
	a.same(b, "tusd", files)
	runs.add("tusd-checked-s", time.Since(began).Seconds())
	return line, s
}

// arrived are the files of a folder that a program has received.
func arrived(b *testing.B, dir string, mine func(string) bool) (out []string) {
	b.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		b.Fatal(err)
	}
	for _, e := range entries {
		if e.Type().IsRegular() && mine(e.Name()) {
			out = append(out, filepath.Join(dir, e.Name()))
		}
	}
	return out
}

// tus speaks the core of the tus protocol to one server.
type tus struct{ base string }

// patience is how often a request may fail in a row, with a short rest between.
const patience = 500

// upload creates a file and sends it, from where the server says after a cut.
func (t tus) upload(data []byte) error {
	var at string
	if err := t.insist(func() error {
		res, err := t.ask(http.MethodPost, t.base+"/files/", nil, map[string]string{"Upload-Length": strconv.Itoa(len(data))}, http.StatusCreated)
		if err == nil {
			at = t.base + "/files/" + res.Header.Get("Location")[strings.LastIndex(res.Header.Get("Location"), "/")+1:]
		}
		return err
	}); err != nil {
		return err
	}
	offset := 0
	return t.insist(func() error {
		_, err := t.ask(http.MethodPatch, at, data[offset:], map[string]string{"Upload-Offset": strconv.Itoa(offset),
			"Content-Type": "application/offset+octet-stream"}, http.StatusNoContent)
		if err == nil {
			return nil
		}
		if res, headErr := t.ask(http.MethodHead, at, nil, nil, http.StatusOK); headErr == nil {
			offset, headErr = strconv.Atoi(res.Header.Get("Upload-Offset"))
			if headErr == nil && offset == len(data) {
				return nil
			}
		}
		return err
	})
}

func (t tus) insist(do func() error) (err error) {
	for range patience {
		if err = do(); err == nil {
			return nil
		}
		time.Sleep(5 * time.Millisecond) // the server may still hold the file for the connection that broke
	}
	return err
}

func (t tus) ask(method, url string, body []byte, header map[string]string, want int) (*http.Response, error) {
	req, err := http.NewRequest(method, url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Tus-Resumable", "1.0.0")
	for k, v := range header {
		req.Header.Set(k, v)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return nil, err
	}
	if res.StatusCode != want {
		err = fmt.Errorf("%s: %s", method, res.Status)
	}
	return res, errors.Join(err, res.Body.Close())
}

// rsync brings them to its own daemon and is run again after each cut.
func (a album) rsync(b *testing.B, program string) (*cutLine, float64) {
	port, dir, home := freePort(b), b.TempDir(), b.TempDir()
	conf := filepath.Join(home, "rsyncd.conf")
	text := fmt.Sprintf("use chroot = no\nuid = %d\ngid = %d\nlock file = %s/lock\nlog file = %s/log\n[photos]\npath = %s\nread only = no\n", os.Getuid(), os.Getgid(), home, home, dir)
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
	serve(b, program, "--daemon", "--no-detach", "--address=127.0.0.1", "--port="+port, "--config="+conf)
	awaitPort(b, port)
	line := newCutLine(b, "127.0.0.1:"+port, cutEvery)
	began := time.Now()
	for tries := 0; ; tries++ {
		out, err := exec.Command(program, "-rt", "--partial", "--inplace", "--fsync", a.dir+"/", "rsync://127.0.0.1:"+line.port()+"/photos/").CombinedOutput()
		if err == nil {
			break
		}
		if tries > patience {
			b.Fatalf("rsync: %v\n%s", err, out)
		}
	}
	s := time.Since(began).Seconds()
	a.same(b, "rsync", arrived(b, dir, func(string) bool { return true }))
	return line, s
}
