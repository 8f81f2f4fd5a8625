package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"anxin/model"
)

func FuzzUnpack(f *testing.F) {
	for _, v := range []any{Push{Ops: []model.Op{{Seq: 1}}}, Page{Next: 1}, "text", nil} {
		body, err := Pack(v)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var push Push
		if Unpack(body, &push, 1<<20) == nil {
			if _, err := Pack(push); err != nil {
				t.Errorf("read but not written: %v", err)
			}
		}
		var page Page
		_ = Unpack(body, &page, 1<<20)
	})
}

// messages are one of each kind that is read from the line or from a stick.
func messages() []any {
	return []any{&Enrol{}, &Enrolled{}, &Hello{}, &Welcome{}, &Push{}, &Pushed{}, &Pull{}, &Page{}, &Numbers{}, &Leased{}, &Ask{}, &Missing{}, &Announce{}, &Progress{},
		&RevAsk{}, &Repair{}, &Repaired{}, &DigestAsk{}, &Digests{}, &ProofAsk{}, &Proof{}, &KeyList{}, &Recall{}, &Recalled{}, &Error{},
		&UsbMaker{}, &UsbAsk{}, &UsbAnswer{}, &UsbAcks{}, &UsbFeed{}}
}

// FuzzMessages: what is read as a message is written again to what reads the
// same, and nothing else is read.
func FuzzMessages(f *testing.F) {
	vectors, err := os.ReadFile(filepath.Join("testdata", "messages.txt"))
	if err != nil {
		f.Fatal(err)
	}
	for n, line := range bytes.Split(bytes.TrimSpace(vectors), []byte("\n")) {
		_, text, _ := bytes.Cut(line, []byte(" "))
		f.Add(byte(n), PackText(text))
	}
	f.Add(byte(0), PackText([]byte(`{"ops":[{"revision":{"body":null}}]}`)))
	f.Fuzz(func(t *testing.T, kind byte, packed []byte) {
		all := messages()
		m := all[int(kind)%len(all)]
		if err := Unpack(packed, m, 1<<20); err != nil {
			if !errors.Is(err, ErrMalformed) && !errors.Is(err, ErrTooLarge) {
				t.Errorf("refused without a reason of its own: %v", err)
			}
			return
		}
		first, err := JSON(m)
		if err != nil {
			t.Fatalf("%T read but not written: %v", m, err)
		}
		again := messages()[int(kind)%len(all)]
		if err := Unpack(PackText(first), again, MaxPage); err != nil {
			t.Fatalf("%T written but not read: %v", m, err)
		}
		if second, err := JSON(again); err != nil || !bytes.Equal(first, second) {
			t.Errorf("%T: %s, then %s, %v", m, first, second, err)
		}
	})
}

// FuzzPage: a page that readPage reads, encoding/json reads to the same.
func FuzzPage(f *testing.F) {
	for _, text := range pageTexts(f) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var fast, slow Page
		if !readPage(bytes.Clone(text), &fast) {
			return
		}
		if err := json.Unmarshal(text, &slow); err != nil {
			t.Fatalf("read although it is %v", err)
		}
		if !reflect.DeepEqual(fast, slow) {
			t.Errorf("read as %+v instead of %+v", fast, slow)
		}
	})
}

func FuzzReadSigned(f *testing.F) {
	req, err := http.NewRequest("POST", "https://hub.test"+Root+"/push", nil)
	if err != nil {
		f.Fatal(err)
	}
	Sign(req, device(), Digest(nil), 1, day)
	h := req.Header
	f.Add(h.Get(HeaderDevice), h.Get(HeaderEpoch), h.Get(HeaderNonce), h.Get(HeaderDigest), h.Get(HeaderInput), h.Get(HeaderSig))
	f.Add("", "-1", "x", "sha-256=:::", "sig=();created=1;keyid=\"a\"", "sig=::")
	f.Fuzz(func(t *testing.T, dev, epoch, nonce, digest, input, sig string) {
		req := req.Clone(t.Context())
		for name, v := range map[string]string{HeaderDevice: dev, HeaderEpoch: epoch, HeaderNonce: nonce, HeaderDigest: digest, HeaderInput: input, HeaderSig: sig} {
			req.Header.Set(name, v)
		}
		s, err := ReadSigned(req)
		if err == nil && (s.Epoch < 1 || s.Nonce < 1 || s.Device == "") {
			t.Errorf("accepted %+v", s)
		}
	})
}

func FuzzParseCode(f *testing.F) {
	f.Add("https://hub.test:8443/#AQIDAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.ysus3mx7.ysus3mx7ysus3mx7")
	f.Add("https://#..")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseCode(text)
		if err != nil {
			return
		}
		if again, err := ParseCode(c.String()); err != nil || again != c {
			t.Errorf("%q: %+v, %v", text, again, err)
		}
	})
}

func FuzzParseRun(f *testing.F) {
	f.Add("0-15")
	f.Add("-")
	f.Fuzz(func(t *testing.T, text string) {
		if r, err := ParseRun(text); err == nil && (r.String() != text || r.Len() < 1 || r.Len() > MaxRun) {
			t.Errorf("%q: %v", text, r)
		}
	})
}
