package hub

import (
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"

	"anxin/model"
)

// The cost of a password at the console: passes, KiB, threads. At most
// maxHashing are hashed at a time, so that guessing cannot take the machine's
// memory.
const (
	passPasses  = 3
	passMemory  = 64 << 10
	passThreads = 1
	passSize    = 32
	saltSize    = 16
	maxHashing  = 2
)

// SessionLife is how long somebody stays logged in at the console.
const SessionLife = 8 * time.Hour

var hashing = make(chan struct{}, maxHashing)

func hashPassword(password string, salt []byte) string {
	hashing <- struct{}{}
	defer func() { <-hashing }()
	sum := argon2.IDKey([]byte(password), salt, passPasses, passMemory, passThreads, passSize)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, passMemory, passPasses, passThreads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(sum))
}

// passwordFits compares a password with a hash written by hashPassword.
func passwordFits(password, hash string) bool {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 {
		return false
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	return err == nil && subtle.ConstantTimeCompare([]byte(hashPassword(password, salt)), []byte(hash)) == 1
}

// passwordLetters avoid what looks alike.
const passwordLetters = "abcdefghijkmnpqrstuvwxyz23456789"

// AddAccount lets somebody open the console, or gives him a new password, which
// it returns: twenty letters, shown once. Sessions under an older one end.
func (h *Hub) AddAccount(ctx context.Context, name string) (password string, err error) {
	if strings.TrimSpace(name) == "" || !plain(name) {
		return "", errors.New("请写明这个账号由谁使用")
	}
	draw := make([]byte, 20+saltSize)
	if _, err := rand.Read(draw); err != nil {
		return "", fmt.Errorf("生成口令: %w", err)
	}
	for _, b := range draw[:20] {
		password += string(passwordLetters[int(b)%len(passwordLetters)])
	}
	a := Account{Name: name, Hash: hashPassword(password, draw[20:]), Since: h.opt.Clock.Now().Truncate(time.Millisecond)}
	return password, h.store.Update(ctx, func(tx Tx) error { return tx.SaveAccount(a) })
}

// DisableAccount shuts somebody out of the console; the error is
// model.ErrNotFound for an unknown name.
func (h *Hub) DisableAccount(ctx context.Context, name string) error {
	return h.store.Update(ctx, func(tx Tx) error {
		a, err := tx.Account(name)
		if err != nil {
			return err
		}
		a.Disabled = true
		return tx.SaveAccount(a)
	})
}

// Accounts lists who may open the console.
func (h *Hub) Accounts(ctx context.Context) (out []Account, err error) {
	err = h.store.View(ctx, func(tx Tx) error {
		out, err = tx.Accounts()
		return err
	})
	return out, err
}

// visit is what the cookie of the console says, under the hub's own seal: it
// lies in no table, so any replica knows it.
type visit struct {
	Name    string    `json:"name"`
	Since   time.Time `json:"since"` // of the account's password
	Expires time.Time `json:"expires"`
}

// mark signs what only this hub may have written, for a purpose.
func (h *Hub) mark(purpose, text string) string {
	key, err := hkdf.Expand(sha256.New, h.identity.seal[:], "anxin hub console 1", sha256.Size)
	if err != nil {
		panic("bug: console key: " + err.Error())
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(purpose + "\x00" + text))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// logIn checks a password and returns the text of a cookie, "" when it does not
// fit. An unknown name takes as long as a wrong password.
func (h *Hub) logIn(ctx context.Context, name, password string) (string, error) {
	var a Account
	err := h.store.View(ctx, func(tx Tx) (err error) {
		a, err = tx.Account(name)
		return err
	})
	if err != nil && !errors.Is(err, model.ErrNotFound) {
		return "", err
	}
	if err != nil {
		a.Hash = "$argon2id$v=19$m=0,t=0,p=0$AAAAAAAAAAAAAAAAAAAAAA$"
	}
	if fits := passwordFits(password, a.Hash); err != nil || !fits || a.Disabled {
		return "", nil
	}
	text, err := json.Marshal(visit{Name: a.Name, Since: a.Since, Expires: h.opt.Clock.Now().Add(SessionLife)})
	if err != nil {
		return "", err
	}
	body := base64.RawURLEncoding.EncodeToString(text)
	return body + "." + h.mark("session", body), nil
}

// visitOf reads a cookie; the second result is false when it is not, or no
// longer, good.
func (h *Hub) visitOf(ctx context.Context, cookie string) (visit, bool, error) {
	body, seal, ok := strings.Cut(cookie, ".")
	if !ok || subtle.ConstantTimeCompare([]byte(seal), []byte(h.mark("session", body))) != 1 {
		return visit{}, false, nil
	}
	var s visit
	text, err := base64.RawURLEncoding.DecodeString(body)
	if err != nil || json.Unmarshal(text, &s) != nil || h.opt.Clock.Now().After(s.Expires) {
		return visit{}, false, nil
	}
	var a Account
	err = h.store.View(ctx, func(tx Tx) (err error) {
		a, err = tx.Account(s.Name)
		return err
	})
	if errors.Is(err, model.ErrNotFound) {
		return s, false, nil
	}
	return s, err == nil && !a.Disabled && a.Since.Equal(s.Since), err
}
