package wire

import (
	"net/http"
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
