package seal

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"

	"github.com/zalando/go-keyring"

	"anxin/model"
)

// What stands in the way of opening without a passphrase, for errors.Is. Both
// end with the passphrase being asked for as ever.
var (
	ErrNoKeyring  = errors.New("这台电脑没有可用的系统密钥环，请照常输入口令")
	ErrNotTrusted = errors.New("这台电脑没有设为可信，请输入口令")
)

// Keyring is where the operating system keeps a user's secrets. Get returns
// an error wrapping model.ErrNotFound for a secret that is not there.
type Keyring interface {
	Set(name, secret string) error
	Get(name string) (string, error)
	Delete(name string) error
}

// OSKeyring is the keyring of the machine: Credential Manager, Keychain or
// Secret Service.
type OSKeyring struct{}

const keyringService = "anxin"

// Set implements Keyring.
func (OSKeyring) Set(name, secret string) error {
	return worded(keyring.Set(keyringService, name, secret))
}

// Get implements Keyring.
func (OSKeyring) Get(name string) (string, error) {
	secret, err := keyring.Get(keyringService, name)
	return secret, worded(err)
}

// Delete implements Keyring.
func (OSKeyring) Delete(name string) error { return worded(keyring.Delete(keyringService, name)) }

func worded(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, keyring.ErrNotFound):
		return fmt.Errorf("系统密钥环: %w", model.ErrNotFound)
	}
	return fmt.Errorf("%w（%w）", ErrNoKeyring, err)
}

// trustedSlot is the data key as a secret in the user's keyring opens it.
type trustedSlot struct {
	Officer model.ID `json:"officer"`
	Sealed  []byte   `json:"sealed"`
}

func (s trustedSlot) bound() []byte { return []byte("trusted\x00" + string(s.Officer)) }

func (f keyFile) secretName(officer model.ID) string {
	return string(f.Device.ID) + "/" + string(officer)
}

// Trust lets an officer open the data on this machine, logged in as the same
// user, without a passphrase, until Distrust. The key file alone opens nothing
// more than before: half of it lies in the keyring. The error wraps
// ErrNoKeyring where there is none.
func (k *Keys) Trust(officer model.ID, ring Keyring) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.dataKey == nil {
		return model.ErrLocked
	}
	if k.slotOf(officer) < 0 {
		return fmt.Errorf("这名执法人员在本机没有口令: %w", model.ErrNotFound)
	}
	secret := randomBytes(keySize)
	defer clear(secret)
	if err := ring.Set(k.file.secretName(officer), base64.StdEncoding.EncodeToString(secret)); err != nil {
		return err
	}
	slot := trustedSlot{Officer: officer}
	slot.Sealed = newBox(secret).Seal(nil, nil, k.dataKey, slot.bound())
	return k.replaceTrusted(append(k.trustedBut(officer), slot))
}

// Distrust undoes Trust. It takes the slot out of the key file also where the
// keyring is gone.
func (k *Keys) Distrust(officer model.ID, ring Keyring) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.dataKey == nil {
		return model.ErrLocked
	}
	if err := k.replaceTrusted(k.trustedBut(officer)); err != nil {
		return err
	}
	err := ring.Delete(k.file.secretName(officer))
	if errors.Is(err, model.ErrNotFound) || errors.Is(err, ErrNoKeyring) {
		return nil
	}
	return err
}

// Trusted says whether an officer opens the data here without a passphrase.
func (k *Keys) Trusted(officer model.ID) bool {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return len(k.trustedBut(officer)) < len(k.file.Trusted)
}

func (k *Keys) trustedBut(officer model.ID) []trustedSlot {
	return slices.DeleteFunc(slices.Clone(k.file.Trusted), func(s trustedSlot) bool { return s.Officer == officer })
}

func (k *Keys) replaceTrusted(slots []trustedSlot) error {
	f := k.file
	f.Trusted = slots
	if err := f.write(k.dir); err != nil {
		return err
	}
	k.file = f
	return nil
}

// UnlockTrusted opens the key file with a secret in the user's keyring and says
// whose it is. The error wraps ErrNotTrusted when no officer is trusted here or
// the secret is another's, ErrNoKeyring, or what reading the file gave.
func UnlockTrusted(dir string, ring Keyring) (*Keys, model.ID, error) {
	f, err := readKeyFile(dir)
	if err != nil {
		return nil, "", err
	}
	for _, s := range f.Trusted {
		text, err := ring.Get(f.secretName(s.Officer))
		if errors.Is(err, model.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, "", err
		}
		secret, err := base64.StdEncoding.DecodeString(text)
		if err != nil || len(secret) != keySize {
			continue
		}
		dataKey, err := newBox(secret).Open(nil, nil, s.Sealed, s.bound())
		clear(secret)
		if err != nil {
			continue
		}
		k, err := newKeys(dir, dataKey, f, f.params(s.Officer))
		return k, s.Officer, err
	}
	return nil, "", ErrNotTrusted
}

// params are the costs of an officer's passphrase, for the slots made later.
func (f keyFile) params(officer model.ID) Params {
	for _, s := range f.Slots {
		if s.Officer == officer {
			return s.Params
		}
	}
	return DefaultParams()
}
