package seal_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zalando/go-keyring"

	"anxin/model"
	"anxin/model/modeltest"
	"anxin/model/seal"
)

func TestTrustedMachineAsksForNoPassphrase(t *testing.T) {
	keyring.MockInit()
	ring, dir := seal.OSKeyring{}, t.TempDir()
	keys, err := seal.CreateKeys(dir, "口令一", "甲", modeltest.FastParams())
	if err != nil {
		t.Fatal(err)
	}
	if err := keys.AddSlot("乙", "口令二"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := seal.UnlockTrusted(dir, ring); !errors.Is(err, seal.ErrNotTrusted) {
		t.Errorf("before anybody asked for it: %v", err)
	}
	if err := errors.Join(keys.Trust("乙", ring), keys.Trust("乙", ring)); err != nil || !keys.Trusted("乙") || keys.Trusted("甲") {
		t.Fatalf("%v", err)
	}
	if err := keys.Trust("丙", ring); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("somebody without a passphrase: %v", err)
	}
	sameData(t, dir, keys)
	thiefWithTheFolder(t, dir)
	if _, who, err := seal.Unlock(dir, "口令二"); err != nil || who != "乙" {
		t.Errorf("the passphrase opens no more: %s, %v", who, err)
	}
	for _, secret := range []string{"", "not base64!", strings.Repeat("A", 43) + "="} {
		if err := ring.Set(string(deviceID(t, keys))+"/乙", secret); err != nil {
			t.Fatal(err)
		}
		if _, _, err := seal.UnlockTrusted(dir, ring); !errors.Is(err, seal.ErrNotTrusted) {
			t.Errorf("the secret %q: %v", secret, err)
		}
	}
}

// sameData: what was sealed before opens after.
func sameData(t *testing.T, dir string, keys *seal.Keys) {
	t.Helper()
	sealed, err := keys.Seal("x", []byte("内容"))
	if err != nil {
		t.Fatal(err)
	}
	again, who, err := seal.UnlockTrusted(dir, seal.OSKeyring{})
	if err != nil || who != "乙" {
		t.Fatalf("%s, %v", who, err)
	}
	if plain, err := again.Open("x", sealed); err != nil || string(plain) != "内容" {
		t.Errorf("%s, %v", plain, err)
	}
}

// thiefWithTheFolder has the key file but not the user's keyring.
func thiefWithTheFolder(t *testing.T, dir string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, seal.KeyFile))
	if err != nil {
		t.Fatal(err)
	}
	stolen := t.TempDir()
	if err := os.WriteFile(filepath.Join(stolen, seal.KeyFile), text, 0o600); err != nil {
		t.Fatal(err)
	}
	keyring.MockInit()
	if _, _, err := seal.UnlockTrusted(stolen, seal.OSKeyring{}); !errors.Is(err, seal.ErrNotTrusted) {
		t.Errorf("stolen: %v", err)
	}
}

func deviceID(t *testing.T, k *seal.Keys) model.ID {
	t.Helper()
	d, err := k.Device()
	if err != nil {
		t.Fatal(err)
	}
	return d.ID
}

func TestDistrust(t *testing.T) {
	keyring.MockInit()
	ring, dir := seal.OSKeyring{}, t.TempDir()
	keys, err := seal.CreateKeys(dir, "口令", "甲", modeltest.FastParams())
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(keys.Trust("甲", ring), keys.Distrust("甲", ring), keys.Distrust("甲", ring)); err != nil || keys.Trusted("甲") {
		t.Errorf("%v", err)
	}
	if _, err := ring.Get(string(deviceID(t, keys)) + "/甲"); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("the secret stays behind: %v", err)
	}
	if _, _, err := seal.UnlockTrusted(dir, ring); !errors.Is(err, seal.ErrNotTrusted) {
		t.Errorf("%v", err)
	}
	keys.Forget()
	if err := keys.Trust("甲", ring); !errors.Is(err, model.ErrLocked) {
		t.Errorf("locked: %v", err)
	}
	if err := keys.Distrust("甲", ring); !errors.Is(err, model.ErrLocked) {
		t.Errorf("locked: %v", err)
	}
}

func TestMachineWithoutAKeyring(t *testing.T) {
	keyring.MockInitWithError(errors.New("no bus"))
	t.Cleanup(keyring.MockInit)
	ring, dir := seal.OSKeyring{}, t.TempDir()
	keys, err := seal.CreateKeys(dir, "口令", "甲", modeltest.FastParams())
	if err != nil {
		t.Fatal(err)
	}
	if err := keys.Trust("甲", ring); !errors.Is(err, seal.ErrNoKeyring) || keys.Trusted("甲") {
		t.Errorf("%v", err)
	}
	keyring.MockInit()
	if err := keys.Trust("甲", ring); err != nil {
		t.Fatal(err)
	}
	keyring.MockInitWithError(errors.New("no bus"))
	if _, _, err := seal.UnlockTrusted(dir, ring); !errors.Is(err, seal.ErrNoKeyring) {
		t.Errorf("%v", err)
	}
	if _, who, err := seal.Unlock(dir, "口令"); err != nil || who != "甲" {
		t.Errorf("the passphrase does not open: %v", err)
	}
	if err := keys.Distrust("甲", ring); err != nil || keys.Trusted("甲") {
		t.Errorf("%v", err)
	}
}
