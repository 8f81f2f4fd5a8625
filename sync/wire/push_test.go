package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"anxin/model"
)

// pushText is a push of n new revisions.
func pushText(t testing.TB, n int) []byte {
	t.Helper()
	var push Push
	prev := []byte{}
	for i, r := range feedPage(t, n).Revisions {
		op := model.Op{Seq: int64(i) + 1, Scope: "桃花源县/东街道", Prev: prev, Revision: r}
		device().SignOp(&op)
		prev = op.Hash
		push.Ops = append(push.Ops, op)
	}
	text, err := JSON(push)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestPushesOfLaptops: what laptops write is read at once, and as it was
// written.
func TestPushesOfLaptops(t *testing.T) {
	for _, n := range []int{1, 9} {
		text := pushText(t, n)
		var push Push
		if !readPush(bytes.Clone(text), &push) || len(push.Ops) != n {
			t.Errorf("not read at once: %s", text)
		}
		if again, err := JSON(push); err != nil || !bytes.Equal(again, text) {
			t.Errorf("%s\nwas read as\n%s, %v", text, again, err)
		}
	}
}

// TestOtherPushes: what a push may also be is left to encoding/json.
func TestOtherPushes(t *testing.T) {
	whole := string(pushText(t, 3))
	change := func(old, new string) string {
		if !strings.Contains(whole, old) {
			t.Fatalf("no %s in %s", old, whole)
		}
		return strings.Replace(whole, old, new, 1)
	}
	for name, text := range map[string]string{
		"empty": `{"ops":[]}`, "none": `{"ops":null}`, "bare": `{"ops":[{}]}`, "no text": "", "cut": whole[:len(whole)-1], "longer": whole + "}",
		"number":        change(`,"revision":`, `,"number":{"series":"限改","serial":7,"document":"d"},"revision":`),
		"newer member":  change(`,"revision":`, `,"newer":1,"revision":`),
		"behind":        change(`]}`, `],"newer":1}`),
		"nothing":       change(`"prev":""`, `"prev":null`),
		"escaped scope": change(`"scope":"桃`, `"scope":"\u6843`),
		"broken scope":  change(`"scope":"桃`, "\"scope\":\"\xff"),
		"tab in scope":  change(`"scope":"桃`, "\"scope\":\"\t"),
		"seq 1.0":       change(`"seq":1`, `"seq":1.0`), "long seq": change(`"seq":1`, `"seq":12345678901`), "seq below 0": change(`"seq":1`, `"seq":-1`),
		"bad hash": change(`"hash":"`, `"hash":"!`),
	} {
		var push, want Push
		if readPush([]byte(text), &push) {
			t.Errorf("%s: read at once", name)
		}
		wrong := json.Unmarshal([]byte(text), &want)
		err := Unpack(PackText([]byte(text)), &push, MaxBody)
		if (err == nil) != (wrong == nil) || err == nil && !reflect.DeepEqual(push, want) {
			t.Errorf("%s: %v, %v, read as %+v instead of %+v", name, err, wrong, push, want)
		}
	}
}

// samePush: a push that readPush reads, encoding/json reads to the same.
func samePush(text []byte) error {
	var fast, slow Push
	if !readPush(bytes.Clone(text), &fast) {
		return nil
	}
	if err := json.Unmarshal(text, &slow); err != nil || !reflect.DeepEqual(fast, slow) {
		return fmt.Errorf("%w\n%s\nread as %+v instead of %+v", err, text, fast, slow)
	}
	return nil
}

// TestNearlyPushes: a push with bytes changed, put in or left out is read as
// encoding/json reads it, or refused as there.
func TestNearlyPushes(t *testing.T) {
	whole := pushText(t, 2)
	pieces := rapid.SampledFrom([]string{"", `"`, `\`, `,`, `:`, `{`, `}`, `[`, `]`, ` `, `0`, `7`, `-`, `.`, `e`, `=`, "\n", `null`, "\xff", "甲", `"x":1,`, `"ops":[],`, `"Seq":9,`})
	rapid.Check(t, func(t *rapid.T) {
		text := bytes.Clone(whole)
		for range rapid.IntRange(1, 3).Draw(t, "changes") {
			at := rapid.IntRange(0, len(text)).Draw(t, "at")
			to := min(len(text), at+rapid.IntRange(0, 2).Draw(t, "out"))
			text = append(append(bytes.Clone(text[:at]), pieces.Draw(t, "in")...), text[to:]...)
		}
		if err := samePush(text); err != nil {
			t.Fatal(err)
		}
	})
}

// FuzzPush: the same of anything.
func FuzzPush(f *testing.F) {
	f.Add(pushText(f, 1))
	f.Add(pushText(f, 9))
	f.Fuzz(func(t *testing.T, text []byte) {
		if err := samePush(text); err != nil {
			t.Error(err)
		}
	})
}
