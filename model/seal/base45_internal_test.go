package seal

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"
)

func TestBase45Examples(t *testing.T) { // RFC 9285 4.3, 4.4
	for clear, text := range map[string]string{"AB": "BB8", "Hello!!": "%69 VD92EX0", "base-45": "UJCLQE7W581", "ietf!": "QED8WEX0", "": ""} {
		if got := encode45([]byte(clear)); got != text {
			t.Errorf("%q is %q, want %q", clear, got, text)
		}
		if got, ok := decode45(text); !ok || string(got) != clear {
			t.Errorf("%q is read as %q", text, got)
		}
	}
	for _, bad := range []string{"GGW", ":::", "A", "AAAA", "a00", "::", "0Z"} {
		if got, ok := decode45(bad); ok {
			t.Errorf("%q is read as %x", bad, got)
		}
	}
}

func TestBase45RoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := rapid.SliceOf(rapid.Byte()).Draw(t, "data")
		if got, ok := decode45(encode45(data)); !ok || !bytes.Equal(got, data) {
			t.Fatalf("%x came back as %x", data, got)
		}
	})
}
