package hub

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"anxin/model"
	"anxin/sync/wire"
)

// maxTries is how many wrong secrets kill a code.
const maxTries = 5

// SetURL keeps the address laptops reach the hub at, and the scope of Options,
// for the codes: another process may be the one that invites.
func (h *Hub) SetURL(ctx context.Context, url string) error {
	if err := checkScope(h.opt.Scope); err != nil {
		return err
	}
	return h.store.Update(ctx, func(tx Tx) error {
		if err := tx.SetMeta(metaURL, url); err != nil {
			return err
		}
		return tx.SetMeta(metaScope, h.opt.Scope)
	})
}

// NewCode invites one laptop to the scope of Options; see Invite.
func (h *Hub) NewCode(ctx context.Context, name string) (string, error) {
	return h.Invite(ctx, name, "")
}

// Invite invites one laptop and returns the line its officer pastes: good once,
// for Options.CodeLife, for five tries. name says whose laptop it will be, scope
// where it lives, "" for the scope kept by SetURL. SetURL must have been called.
func (h *Hub) Invite(ctx context.Context, name, scope string) (string, error) {
	if strings.TrimSpace(name) == "" {
		return "", errors.New("请写明这台笔记本由谁使用")
	}
	if scope != "" {
		if err := checkScope(scope); err != nil {
			return "", err
		}
	}
	var code wire.Code
	err := h.store.Update(ctx, func(tx Tx) error {
		url, err := tx.Meta(metaURL)
		if errors.Is(err, model.ErrNotFound) {
			return errors.New("还不知道局服务器的地址，请先启动一次服务")
		}
		if err != nil {
			return err
		}
		scope, err := h.homeScope(tx, scope)
		if err != nil {
			return err
		}
		if code, err = wire.NewCode(url, h.Pin(), rand.Reader); err != nil {
			return err
		}
		sum := sha256.Sum256([]byte(code.Secret))
		return tx.SaveInvite(Invite{ID: code.ID, Hash: sum[:], Name: name, Scope: scope,
			Expires: h.opt.Clock.Now().Add(h.opt.CodeLife)})
	})
	if err != nil {
		return "", err
	}
	return code.String(), nil
}

// homeScope is the scope asked for, or the one that was kept for those who ask
// for none.
func (h *Hub) homeScope(tx Tx, asked string) (string, error) {
	if asked != "" {
		return asked, nil
	}
	scope, err := tx.Meta(metaScope)
	if errors.Is(err, model.ErrNotFound) { // kept by an older program
		return h.opt.Scope, nil
	}
	return scope, err
}

var errCode = wire.Refuse(http.StatusForbidden, wire.CodeCode, "入网码不正确、已使用或已过期，请向局里重新领取")

// join answers an enrolment. Every refusal about the code reads the same. A
// device that joined with this code and lost the reply gets it again.
func (h *Hub) join(ctx context.Context, in wire.Enrol) (out wire.Enrolled, err error) {
	if _, err := model.ParseID(string(in.Device)); err != nil || in.Epoch < 1 || len(in.Key) != ed25519.PublicKeySize {
		return out, wire.Refuse(http.StatusBadRequest, wire.CodeBad, "入网请求不完整，请升级程序后重试")
	}
	refused := false
	err = h.store.Update(ctx, func(tx Tx) error {
		var v Invite
		if v, refused, err = h.invited(tx, in); err != nil || refused {
			return err
		}
		if err := h.admit(tx, in, v); err != nil {
			return err
		}
		v.Used = in.Device
		if err := tx.SaveInvite(v); err != nil {
			return err
		}
		keys, err := h.keys(tx)
		out = wire.Enrolled{Hub: h.device.ID, Key: h.device.Public(), Scope: v.Scope, Keys: keys, Box: h.box()}
		if err != nil {
			return err
		}
		d, err := tx.Device(in.Device)
		if err != nil {
			return err
		}
		out.Pass, err = h.pass(tx, d)
		return err
	})
	if err == nil && refused {
		err = errCode
	}
	return out, err
}

// invited finds the code an enrolment names and counts a wrong secret.
func (h *Hub) invited(tx Tx, in wire.Enrol) (v Invite, refused bool, err error) {
	v, err = tx.Invite(in.CodeID)
	if errors.Is(err, model.ErrNotFound) {
		return v, true, nil
	}
	if err != nil {
		return v, false, err
	}
	if v.Tries >= maxTries || h.opt.Clock.Now().After(v.Expires) || v.Used != "" && v.Used != in.Device {
		return v, true, nil
	}
	sum := sha256.Sum256([]byte(in.Secret))
	if subtle.ConstantTimeCompare(sum[:], v.Hash) != 1 {
		v.Tries++
		return v, true, tx.SaveInvite(v)
	}
	return v, false, nil
}

// admit writes the device down. A device id joins with one key for ever.
func (h *Hub) admit(tx Tx, in wire.Enrol, v Invite) error {
	d, err := tx.Device(in.Device)
	switch {
	case errors.Is(err, model.ErrNotFound):
		name := v.Name
		if in.Name != "" && in.Name != v.Name {
			name = fmt.Sprintf("%s（%s）", v.Name, in.Name)
		}
		d = Device{ID: in.Device, Name: name, Scope: v.Scope, Key: in.Key, Epoch: in.Epoch, Enrolled: h.opt.Clock.Now()}
		if d.Heard, err = h.epoch(tx); err != nil {
			return err
		}
	case err != nil:
		return err
	case subtle.ConstantTimeCompare(d.Key, in.Key) != 1 || !d.Revoked.IsZero() || in.Epoch < d.Epoch:
		return wire.Refuse(http.StatusForbidden, wire.CodeRevoked, "这台笔记本已经登记过，不能用另一把密钥再次入网；请联系管理员")
	}
	d.Epoch, d.Seen = in.Epoch, h.opt.Clock.Now()
	d.Until = d.Seen.Add(certificateLife)
	return tx.SaveDevice(d)
}
