package seal

import (
	"crypto/sha256"
	"testing"
	"time"

	"pgregory.net/rapid"

	"anxin/model"
)

// The envelope written by hand is the canonical JSON of its members.
func TestEnvelopeIsCanonical(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String()
		r := model.Revision{
			Record: model.ID(text.Draw(t, "record")), Kind: model.Kind(text.Draw(t, "kind")), Schema: rapid.Int().Draw(t, "schema"),
			Author: model.ID(text.Draw(t, "author")), Device: model.ID(text.Draw(t, "device")), Epoch: rapid.Int().Draw(t, "epoch"),
			Time: time.Unix(rapid.Int64Range(0, 1<<33).Draw(t, "second"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanosecond")).UTC(),
		}
		for _, p := range rapid.SliceOfN(text, 0, 3).Draw(t, "parents") {
			r.Parents = append(r.Parents, model.Rev(p))
		}
		body := []byte(text.Draw(t, "body"))
		hash := sha256.Sum256(body)
		want, err := Canonical(map[string]any{
			"record": r.Record, "kind": r.Kind, "parents": append([]model.Rev{}, r.Parents...), "schema": r.Schema,
			"body_hash": hash[:], "author": r.Author, "device": r.Device, "epoch": r.Epoch, "time": r.Time.Format(time.RFC3339Nano),
		})
		if got := envelope(nil, r, body); err != nil || string(got) != string(want) {
			t.Fatalf("%v\n%s\n%s", err, got, want)
		}
	})
}
