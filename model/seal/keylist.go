package seal

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"anxin/model"
)

// UseKeyList is the signature of a key list.
const UseKeyList Use = "anxin keylist 1\n"

// ErrKeyList: the bytes are no list of keys.
var ErrKeyList = errors.New("不是密钥清单")

// KeyList is a file of the keys papers are checked with: each with its
// algorithm, its first and last day and the day it was revoked, all signed by
// the device that wrote the file. Whoever trusts that device trusts the list.
type KeyList struct {
	Format int               `json:"format"`
	Made   time.Time         `json:"made"`
	Device model.ID          `json:"device"`
	KeyID  string            `json:"key_id"` // of the signer
	Key    []byte            `json:"key"`    // of the signer, Ed25519
	Keys   []model.PublicKey `json:"keys"`
	Sig    []byte            `json:"sig,omitempty"`
}

const keyListFormat = 1

func (l KeyList) text() ([]byte, error) {
	l.Sig = nil
	return Canonical(l)
}

// SignKeyList writes keys as a key list, to be read by people too.
func SignKeyList(keys []model.PublicKey, made time.Time, by Device) ([]byte, error) {
	l := KeyList{Format: keyListFormat, Made: made, Device: by.ID, KeyID: by.KeyID(), Key: by.Public(), Keys: keys}
	text, err := l.text()
	if err != nil {
		return nil, fmt.Errorf("写出密钥清单: %w", err)
	}
	l.Sig = by.Sign(UseKeyList, text)
	out, err := json.MarshalIndent(l, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("写出密钥清单: %w", err)
	}
	return append(out, '\n'), nil
}

// ReadKeyList reads a key list and checks that the key it names signed it; the
// error wraps ErrKeyList or ErrForged. Whether the signer is to be trusted is
// for the caller to say.
func ReadKeyList(raw []byte) (KeyList, error) {
	var l KeyList
	if err := json.Unmarshal(raw, &l); err != nil || l.Format < 1 {
		return KeyList{}, ErrKeyList
	}
	if l.Format > keyListFormat {
		return KeyList{}, errors.New("密钥清单由更新的程序写入，请升级本程序")
	}
	text, err := l.text()
	if err != nil {
		return KeyList{}, err
	}
	if l.KeyID != KeyID(l.Key) || Check(UseKeyList, text, l.Sig, l.Key) != nil {
		return KeyList{}, fmt.Errorf("密钥清单: %w", ErrForged)
	}
	return l, nil
}
