package bundle

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"anxin/model"
	"anxin/model/seal"
)

const (
	manifestName  = "manifest.json"
	signatureName = "manifest.sig"
	format        = 1

	maxMembers  = 200_000
	maxManifest = 64 << 20 // bytes
	maxNameLen  = 240      // bytes
)

// Header is what a bundle says about itself.
type Header struct {
	Kind string    // what it is for, e.g. "case"
	Made time.Time // zone kept
	// Meta is the kind's own data, any JSON value; nil for none.
	Meta json.RawMessage
}

// Member is one file of a bundle.
type Member struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`   // bytes
	SHA256 string `json:"sha256"` // hex
}

// Manifest is what the signature is made over, in canonical JSON.
type Manifest struct {
	Format  int             `json:"format"`
	Kind    string          `json:"kind"`
	Made    time.Time       `json:"made"`
	Device  model.ID        `json:"device"`
	KeyID   string          `json:"key_id"`
	Key     []byte          `json:"key"` // Ed25519, 32 bytes
	Meta    json.RawMessage `json:"meta,omitempty"`
	Members []Member        `json:"members"` // in the order they were added
}

// signed is the manifest as bytes with its signature as text.
func (m Manifest) signed(by seal.Device) (text, sig []byte, err error) {
	if text, err = seal.Canonical(m); err != nil {
		return nil, nil, fmt.Errorf("写出文件包的清单: %w", err)
	}
	sig = base64.StdEncoding.AppendEncode(nil, by.Sign(seal.UseBundle, text))
	return text, append(sig, '\n'), nil
}

// readManifest reads a manifest and checks that the key it names signed it.
// Whether that key is to be trusted is not said here.
func readManifest(text, sig []byte) (Manifest, error) {
	var m Manifest
	var outer struct {
		Format int    `json:"format"`
		Kind   string `json:"kind"`
	}
	if err := json.Unmarshal(text, &outer); err != nil || outer.Format < 1 || outer.Kind == "" {
		return m, fmt.Errorf("清单读不出来: %w", ErrNotBundle)
	}
	if outer.Format > format {
		return m, ErrNewer
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return m, fmt.Errorf("清单读不出来: %w", ErrDamaged)
	}
	if again, err := seal.Canonical(json.RawMessage(text)); err != nil || !bytes.Equal(again, text) {
		return m, fmt.Errorf("清单的写法不规范: %w", ErrForged)
	}
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(sig)))
	if err != nil || len(m.Key) != ed25519.PublicKeySize || m.KeyID != seal.KeyID(m.Key) {
		return m, ErrForged
	}
	if err := seal.Check(seal.UseBundle, text, raw, m.Key); err != nil {
		return m, ErrForged
	}
	return m, m.checkMembers()
}

func (m Manifest) checkMembers() error {
	if len(m.Members) > maxMembers {
		return fmt.Errorf("多于 %d 个文件: %w", maxMembers, ErrTooLarge)
	}
	seen := map[string]bool{}
	for _, f := range m.Members {
		if err := checkName(f.Name, seen); err != nil {
			return err
		}
		if raw, err := hex.DecodeString(f.SHA256); err != nil || len(raw) != 32 || f.Size < 0 {
			return fmt.Errorf("清单上的“%s”: %w", f.Name, ErrDamaged)
		}
	}
	return nil
}

// checkName lets through what every system can keep in a folder: relative, no
// way out of the folder, nothing that Windows gives a meaning, and no two names
// that differ in case only.
func checkName(name string, seen map[string]bool) error {
	if !fs.ValidPath(name) || name == "." || len(name) > maxNameLen || !utf8.ValidString(name) {
		return fmt.Errorf("“%s”: %w", printable(name), ErrName)
	}
	for _, part := range strings.Split(name, "/") {
		if !plainPart(part) {
			return fmt.Errorf("“%s”: %w", printable(name), ErrName)
		}
	}
	folded := strings.ToLower(name)
	if folded == manifestName || folded == signatureName {
		return fmt.Errorf("“%s”: %w", name, ErrName)
	}
	if seen[folded] {
		return fmt.Errorf("“%s”: %w", name, ErrDuplicate)
	}
	seen[folded] = true
	return nil
}

func plainPart(part string) bool {
	if strings.HasSuffix(part, ".") || strings.HasSuffix(part, " ") {
		return false
	}
	for _, r := range part {
		if strings.ContainsRune(`\:*?"<>|`, r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return false
		}
	}
	stem, _, _ := strings.Cut(strings.ToUpper(part), ".")
	return !reserved[stem]
}

// reserved are the names of devices on Windows.
var reserved = map[string]bool{"CON": true, "PRN": true, "AUX": true, "NUL": true,
	"COM1": true, "COM2": true, "COM3": true, "COM4": true, "COM5": true, "COM6": true, "COM7": true, "COM8": true, "COM9": true,
	"LPT1": true, "LPT2": true, "LPT3": true, "LPT4": true, "LPT5": true, "LPT6": true, "LPT7": true, "LPT8": true, "LPT9": true}

// printable keeps a hostile name from writing on a terminal.
func printable(name string) string {
	clean := strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, name)
	if r := []rune(clean); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return clean
}
