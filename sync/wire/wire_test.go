package wire

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"anxin/model"
	"anxin/model/seal"
)

var update = flag.Bool("update", false, "write the golden vectors anew")

var day = time.Date(2026, 9, 18, 18, 30, 0, 0, time.FixedZone("UTC+8", 8*60*60))

// device is the same in every run: the vectors are made with it.
func device() seal.Device {
	return seal.Device{ID: "01990000-dddd-7000-8000-000000000001", Epoch: 2, Key: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32))}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s:\n%s\nwant\n%s", name, got, want)
	}
}

func signed(t *testing.T, method, target string, body []byte) *http.Request {
	t.Helper()
	req, err := http.NewRequest(method, "https://hub.test:8443"+target, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	var digest []byte
	if body != nil {
		digest = Digest(body)
	}
	Sign(req, device(), digest, 17, day)
	return req
}

// TestSignatureVectors pins the exact text and headers, so that another
// program can be written against them.
func TestSignatureVectors(t *testing.T) {
	var out bytes.Buffer
	for _, req := range []*http.Request{
		signed(t, "POST", Root+"/push", []byte("body")),
		signed(t, "PUT", Root+"/blobs/"+strings.Repeat("ab", 32)+"/0-3", nil),
	} {
		s, err := ReadSigned(req)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Check(device().Public()); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "%s\n", s.Base(req.Method, req.URL.RequestURI()))
		for _, h := range []string{HeaderDevice, HeaderEpoch, HeaderNonce, HeaderDigest, HeaderInput, HeaderSig} {
			fmt.Fprintf(&out, "%s: %s\n", h, req.Header.Get(h))
		}
		out.WriteByte('\n')
	}
	golden(t, "signature.txt", out.Bytes())
}

// vectors are one message of each kind, the same in every run.
func vectors(t *testing.T) []any {
	t.Helper()
	r := model.Revision{Record: "01990000-0001-7000-8000-000000000001", Kind: model.KindEmployer, Schema: 1, Author: "o", Time: day,
		Body: json.RawMessage(`{"name":"<甲&乙>公司"}`)}
	if err := device().SignRevision(&r); err != nil {
		t.Fatal(err)
	}
	op := model.Op{Seq: 1, Scope: "本局", Revision: r}
	device().SignOp(&op)
	var log Frontier
	log.Append(op.Hash)
	point := Checkpoint{Hub: "01990000-ffff-7000-8000-000000000001", Size: log.Size, Root: log.Root(), At: day}
	if err := point.Sign(device().Key); err != nil {
		t.Fatal(err)
	}
	proof := Append{Entries: [][]byte{op.Hash}}
	keys := KeyList{At: day, Keys: []model.PublicKey{{ID: device().KeyID(), Key: device().Public(), Device: device().ID, Name: "甲"}}}
	if err := keys.Sign(device().Key); err != nil {
		t.Fatal(err)
	}
	pass := Pass{Hub: point.Hub, Device: device().ID, Key: device().Public(), Name: "甲", Scope: "本局", Grants: []PassGrant{{"乙县", "查阅"}}, Life: 2, Acts: 7, At: day}
	if err := pass.Sign(device().Key); err != nil {
		t.Fatal(err)
	}
	return []any{
		Enrol{Protocol: 1, CodeID: "id", Secret: "s", Device: device().ID, Epoch: 2, Key: device().Public(), Name: "甲"},
		Hello{Protocol: 1, LastSeq: 1, Pending: 1, PendingBytes: 7, Life: "00ff", Checkpoint: &point}, Push{Ops: []model.Op{op}},
		Pushed{Acks: []model.Ack{{Seq: 1, Outcome: model.OutcomeApplied, Position: 1}}, Checkpoint: point, Proof: proof},
		Welcome{Protocol: 1, Hub: point.Hub, Time: day, LastSeq: 1, LastHash: op.Hash, Scopes: []Scope{{Name: "本局", Head: 5, Write: true}}, Grown: true,
			Keys: "k", Box: []byte{1}, Checkpoint: point, Consistency: [][]byte{{2}}, BackedUp: 1, HubEpoch: 1, Until: day, Wanted: []string{"ab"}, Pass: &pass},
		Enrolled{Hub: point.Hub, Key: []byte{3}, Scope: "本局", Keys: keys, Box: []byte{1}},
		ProofAsk{Old: 1, Positions: []int64{1}}, Proof{Checkpoint: point, Consistency: [][]byte{{2}}, Inclusion: [][][]byte{{{4}}}},
		RevAsk{Revs: []model.Rev{r.Rev}}, Repair{Scope: "本局", Revisions: []model.Revision{r}}, Repaired{Kept: 1, Refused: []string{"因"}},
		DigestAsk{Scope: "本局", Buckets: []int{7}}, Digests{Sums: [][]byte{{5}}, Heads: []DigestHead{{Record: r.Record, Rev: r.Rev}}},
		Leased{Blocks: []model.Block{{Series: "令/2026", From: 1, To: 9, Next: 1}}, Overlaps: []Overlap{{Series: "令/2026", From: 1, To: 9, Name: "乙"}}, Held: "等"},
		Pull{Scope: "本局", Cursor: 3}, Page{Revisions: []model.Revision{r}, Gone: []model.ID{r.Record}, Next: 4, Head: 5,
			Conflicts: []Conflict{{Record: r.Record, Kind: r.Kind, Base: "1-b", Ours: "2-o", Theirs: "2-t", Fields: []string{"name"}, At: day}}},
		Numbers{Wants: []Want{{Series: "令/2026", Count: 20, Have: 3}}, Voids: []Void{{Series: "令/2026", Serial: 2, Reason: "印坏"}},
			Returns: []model.Block{{Series: "令/2026", From: 8, To: 9}}}, keys, Announce{SHA256: "ab", Size: 1, Leaves: [][]byte{{1}}},
		Ask{SHA256: []string{"ab"}}, Missing{SHA256: []string{"ab"}}, Progress{Stored: true, Have: Bitmap{3}},
		UsbMaker{Hub: point.Hub, Device: device().ID, Epoch: 2},
		UsbAsk{Box: []byte{1}, Hello: Hello{Protocol: 1}, Numbers: Numbers{}, Pulls: []Pull{{Scope: "本局"}}, Pushes: 1, Files: []string{"ab"}, Wanted: []string{"cd"}},
		UsbAnswer{Welcome: Welcome{Protocol: 1}, Keys: keys, Leased: Leased{Held: "等"}, Pushes: 1, Pages: 1, Stored: []string{"ab"}, Files: []string{"cd"}},
		UsbAcks{Acks: []model.Ack{{Seq: 1, Outcome: model.OutcomeApplied, Position: 1}}, Proof: Proof{Checkpoint: point}},
		UsbFeed{Scope: "本局", Cursor: 3, Page: Page{Next: 4, Head: 5}},
		Refuse(409, CodeNeed, "缺第 %d 条", 4),
		Recall{Pass: &pass, Keys: keys}, Recalled{Waiting: true},
	}
}

// TestMessageVectors pins the names and forms of the messages' members.
func TestMessageVectors(t *testing.T) {
	var out bytes.Buffer
	for _, m := range vectors(t) {
		text, err := JSON(m)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "%T %s\n", m, text)
		again := readAs(t, m, text)
		if !bytes.Equal(again, text) {
			t.Errorf("%T read and written again is\n%s\nwas\n%s", m, again, text)
		}
		// A newer program's members are passed over.
		newer := append([]byte(`{"of_a_newer_program":{"x":[1]},`), text[1:]...)
		if again := readAs(t, m, newer); !bytes.Equal(again, text) {
			t.Errorf("%T of a newer program is read as\n%s", m, again)
		}
	}
	golden(t, "messages.txt", out.Bytes())
}

// readAs reads a text as a message of m's type and writes it again.
func readAs(t *testing.T, m any, text []byte) []byte {
	t.Helper()
	typ := reflect.TypeOf(m)
	if typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	v := reflect.New(typ)
	if err := json.Unmarshal(text, v.Interface()); err != nil {
		t.Fatalf("%T: %v", m, err)
	}
	out, err := JSON(v.Interface())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestCanonicalBodySurvives: what was hashed is what arrives, byte for byte.
func TestCanonicalBodySurvives(t *testing.T) {
	r := model.Revision{Record: "r", Kind: model.KindEmployer, Time: day, Body: json.RawMessage("{\"name\":\"<甲&乙>\u2028\"}")}
	if err := device().SignRevision(&r); err != nil {
		t.Fatal(err)
	}
	packed, err := Pack(Page{Revisions: []model.Revision{r}})
	if err != nil {
		t.Fatal(err)
	}
	var page Page
	if err := Unpack(packed, &page, MaxPage); err != nil {
		t.Fatal(err)
	}
	if got := page.Revisions[0]; !bytes.Equal(got.Body, r.Body) || seal.CheckRevision(got, device().Public()) != nil {
		t.Errorf("body %s, want %s", got.Body, r.Body)
	}
}

func TestSignatureCoversEverything(t *testing.T) {
	body := []byte("body")
	other := device()
	other.Key = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{8}, 32))
	tests := []struct {
		name   string
		change func(*http.Request)
		key    ed25519.PublicKey
	}{
		{"method", func(r *http.Request) { r.Method = "PUT" }, nil},
		{"path", func(r *http.Request) { r.URL.Path = Root + "/pull" }, nil},
		{"query", func(r *http.Request) { r.URL.RawQuery = "a=1" }, nil},
		{"device", func(r *http.Request) { r.Header.Set(HeaderDevice, "01990000-dddd-7000-8000-000000000002") }, nil},
		{"epoch", func(r *http.Request) { r.Header.Set(HeaderEpoch, "3") }, nil},
		{"nonce", func(r *http.Request) { r.Header.Set(HeaderNonce, "18") }, nil},
		{"digest", func(r *http.Request) { r.Header.Set(HeaderDigest, digestField(Digest([]byte("b0dy")))) }, nil},
		{"digest dropped", func(r *http.Request) { r.Header.Del(HeaderDigest) }, nil},
		{"time", func(r *http.Request) {
			r.Header.Set(HeaderInput, strings.Replace(r.Header.Get(HeaderInput), "created=1", "created=2", 1))
		}, nil},
		{"components", func(r *http.Request) {
			r.Header.Set(HeaderInput, strings.Replace(r.Header.Get(HeaderInput), ` "anxin-nonce"`, "", 1))
		}, nil},
		{"signature", func(r *http.Request) { r.Header.Set(HeaderSig, "sig=:"+strings.Repeat("A", 86)+"==:") }, nil},
		{"no signature", func(r *http.Request) { r.Header.Del(HeaderSig) }, nil},
		{"another key", func(*http.Request) {}, other.Public()},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			req := signed(t, "POST", Root+"/push", body)
			test.change(req)
			key := test.key
			if key == nil {
				key = device().Public()
			}
			s, err := ReadSigned(req)
			if err == nil {
				err = s.Check(key)
			}
			if !errors.Is(err, ErrUnsigned) {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestUnpackLimits(t *testing.T) {
	enc, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	bomb := enc.EncodeAll(append(append([]byte(`"`), bytes.Repeat([]byte("a"), 64<<20)...), '"'), nil)
	if len(bomb) > 64<<10 {
		t.Fatalf("the bomb is %d bytes", len(bomb))
	}
	small, err := Pack("ok")
	if err != nil {
		t.Fatal(err)
	}
	var text string
	full := append(append([]byte(`"`), bytes.Repeat([]byte("a"), 1<<20-2)...), '"')
	streamed := func(text []byte) []byte { // says nothing of its size
		var b bytes.Buffer
		enc, err := zstd.NewWriter(&b, zstd.WithWindowSize(1<<19))
		if err != nil {
			t.Fatal(err)
		}
		_, err = io.Copy(enc, bytes.NewReader(text))
		if err := errors.Join(err, enc.Close()); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	for _, test := range []struct {
		name string
		body []byte
		want error
	}{
		{"to the limit", PackText(full), nil}, {"beyond it", PackText(append(full, ' ')), ErrTooLarge},
		{"streamed", streamed(full), nil}, {"streamed beyond", streamed(append(full, ' ')), ErrTooLarge},
		{"whole", small, nil}, {"bomb", bomb, ErrTooLarge}, {"cut", small[:len(small)-1], ErrMalformed},
		{"no frame", []byte("hello"), ErrMalformed}, {"empty", nil, ErrMalformed}, {"no JSON", enc.EncodeAll([]byte("{"), nil), ErrMalformed},
	} {
		t.Run(test.name, func(t *testing.T) {
			if err := Unpack(test.body, &text, 1<<20); !errors.Is(err, test.want) || (err == nil) != (test.want == nil) {
				t.Errorf("error %v, want %v", err, test.want)
			}
		})
	}
}

func TestCode(t *testing.T) {
	c, err := NewCode("https://hub.test:8443", [32]byte{1, 2, 3}, bytes.NewReader(bytes.Repeat([]byte{0xa5}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	line := c.String()
	for _, text := range []string{line, "  " + line + "\n", line[:40] + "\n  " + line[40:]} {
		if got, err := ParseCode(text); err != nil || got != c {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "x", line[:len(line)-1], strings.Replace(line, "https", "http", 1), line + ".x",
		strings.Replace(line, "hub.test", "a@hub.test", 1), strings.Replace(line, "#", "?", 1)} {
		if _, err := ParseCode(text); !errors.Is(err, ErrCode) {
			t.Errorf("%q: error %v", text, err)
		}
	}
}

func TestHashAndRun(t *testing.T) {
	good := strings.Repeat("0a", 32)
	for text, ok := range map[string]bool{good: true, strings.ToUpper(good): false, good[1:]: false, good + "00": false,
		"../" + good[3:]: false, strings.Repeat("g", 64): false, "": false, good[:62] + "/.": false} {
		if err := CheckHash(text); (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
	}
	for text, want := range map[string]Run{"0-0": {0, 0}, "3-18": {3, 18}} {
		if got, err := ParseRun(text); err != nil || got != want {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "1", "2-1", "0-16", "-1-2", "01-2", "1- 2", "0x1-2", "99999-99999"} {
		if got, err := ParseRun(text); !errors.Is(err, ErrMalformed) {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
}

func TestLeaves(t *testing.T) {
	for size, want := range map[int64]int{0: 1, 1: 1, LeafSize: 1, LeafSize + 1: 2} {
		n := Leaves(size)
		var sum int64
		for i := range n {
			sum += LeafLen(size, i)
		}
		if n != want || sum != size {
			t.Errorf("%d bytes: %d leaves of together %d", size, n, sum)
		}
	}
	b := NewBitmap(9)
	for i := range 9 {
		if b.Full(9) {
			t.Error("full too early")
		}
		b.Set(i)
	}
	if !b.Full(9) || b.Has(9) || b.Has(-1) || b.Has(100) {
		t.Errorf("bitmap %v", b)
	}
}

func TestProofs(t *testing.T) {
	key := device().Key
	point := Checkpoint{Hub: "01990000-ffff-7000-8000-000000000001", Size: 3, Root: Digest(nil), At: day}
	if err := point.Sign(key); err != nil {
		t.Fatal(err)
	}
	if err := point.Check(device().Public()); err != nil {
		t.Error(err)
	}
	point.Size++
	if err := point.Check(device().Public()); !errors.Is(err, ErrProof) {
		t.Errorf("changed checkpoint: %v", err)
	}
	list := KeyList{At: day, Keys: []model.PublicKey{{ID: "k", Name: "甲"}}}
	if err := list.Sign(key); err != nil {
		t.Fatal(err)
	}
	if err := list.Check(device().Public()); err != nil {
		t.Error(err)
	}
	list.Keys[0].Name = "乙"
	if err := list.Check(device().Public()); !errors.Is(err, ErrProof) {
		t.Errorf("changed list: %v", err)
	}
	if err := list.Check(nil); !errors.Is(err, ErrProof) {
		t.Errorf("no key: %v", err)
	}
}
