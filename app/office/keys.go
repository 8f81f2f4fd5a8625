package office

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"anxin/model"
	"anxin/model/seal"
)

// settingAlgorithm is how this laptop signs papers; see the model's Alg….
const settingAlgorithm = "token.algorithm"

// Algorithm is how this laptop signs papers.
func (o *Office) Algorithm(ctx context.Context) (string, error) {
	return o.Store.Setting(ctx, settingAlgorithm)
}

// SignBy chooses how this laptop signs papers from now on: model.AlgEd25519 or
// model.AlgSM2. For SM2 the key is made known to the office by a record.
func (o *Office) SignBy(ctx context.Context, alg string) error {
	switch alg {
	case model.AlgEd25519:
	case model.AlgSM2:
		if err := o.announceSM2(ctx); err != nil {
			return err
		}
	default:
		return fmt.Errorf("没有名为“%s”的签名算法，可用：SM2", alg)
	}
	if err := o.Store.SetSetting(ctx, settingAlgorithm, alg); err != nil {
		return err
	}
	return o.PublishKeys(ctx)
}

func (o *Office) announceSM2(ctx context.Context) error {
	own, err := o.Device().PublicKeys("")
	if err != nil {
		return err
	}
	announced, err := o.announced(ctx)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(announced, func(k model.PublicKey) bool { return k.ID == own[1].ID }) {
		return nil
	}
	record := &model.IssuerKey{PublicKey: own[1]}
	record.From = o.Now()
	_, err = o.Desk.Save(ctx, "", "", record)
	return err
}

// announced are the further keys of devices, each as that device itself
// announced it, with the day it was revoked.
func (o *Office) announced(ctx context.Context) ([]model.PublicKey, error) {
	heads, err := o.Store.List(ctx, model.Query{Kind: model.KindIssuerKey, Limit: 10_000})
	if err != nil {
		return nil, fmt.Errorf("列出签发密钥: %w", err)
	}
	var out []model.PublicKey
	for _, h := range heads {
		revs, err := o.Store.History(ctx, h.ID)
		if err != nil {
			return nil, err
		}
		first, err := model.As[model.IssuerKey](revs[0].Body)
		if err != nil {
			return nil, err
		}
		now, err := model.As[model.IssuerKey](h.Body)
		if err != nil {
			return nil, err
		}
		if revs[0].Parents == nil && revs[0].Device == first.Device {
			first.Revoked = now.Revoked
			out = append(out, first.PublicKey)
		}
	}
	return out, nil
}

// IssuerKeys are the keys papers may be signed with, as this laptop knows
// them: its own, those the hub named, and what their devices announced. A key
// announced by a device that the hub revoked is revoked with it.
func (o *Office) IssuerKeys(ctx context.Context) ([]model.PublicKey, error) {
	d := o.Device()
	name := ""
	if k, err := o.Desk.Office(ctx); err == nil {
		name = k.Value.Name
	}
	keys := []model.PublicKey{{ID: d.KeyID(), Key: d.Public(), Device: d.ID, Name: name}}
	for _, k := range o.ring.All() {
		if k.ID != keys[0].ID {
			keys = append(keys, k)
		} else {
			keys[0] = k
		}
	}
	more, err := o.announced(ctx)
	if err != nil {
		return nil, err
	}
	for _, k := range more {
		at := slices.IndexFunc(keys, func(of model.PublicKey) bool { return of.Device == k.Device && of.Alg == model.AlgEd25519 })
		if at < 0 {
			continue
		}
		k.Name = keys[at].Name
		if r := keys[at].Revoked; !r.IsZero() && (k.Revoked.IsZero() || r.Before(k.Revoked)) {
			k.Revoked = r
		}
		keys = append(keys, k)
	}
	return keys, nil
}

// ReadKeys reads a list of issuer keys from a file that WriteKeys wrote: one
// changed since is refused with seal.ErrForged.
func ReadKeys(path string) ([]model.PublicKey, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("找不到密钥清单“%s”，请核对路径，或者先与中心同步一次", path)
	}
	if err != nil {
		return nil, fmt.Errorf("读取密钥清单“%s”: %w", path, err)
	}
	list, err := seal.ReadKeyList(raw)
	if errors.Is(err, seal.ErrKeyList) {
		return nil, fmt.Errorf("“%s”%w；示例日的是 keys.json，单位的是数据文件夹里的 issuers.json", path, err)
	}
	if err != nil {
		return nil, fmt.Errorf("“%s”：%w", path, err)
	}
	return list.Keys, nil
}

// KeysFile is the list of issuer keys beside an office's data: public, so that
// a paper can be checked without a passphrase.
const KeysFile = "issuers.json"

// PublishKeys writes the keys this laptop knows beside its data. It is called
// at each opening; call it again after a sync.
func (o *Office) PublishKeys(ctx context.Context) error {
	return o.WriteKeys(ctx, filepath.Join(o.Dir, KeysFile))
}

// WriteKeys writes the keys this laptop knows as a list that it signs.
func (o *Office) WriteKeys(ctx context.Context, path string) error {
	keys, err := o.IssuerKeys(ctx)
	if err != nil {
		return err
	}
	raw, err := seal.SignKeyList(keys, o.Now(), o.Device())
	if err != nil {
		return err
	}
	return seal.WriteFile(path, raw)
}

// OpenTrusted unlocks an office on a machine its officer trusts, without a
// passphrase. The error wraps seal.ErrNotTrusted or seal.ErrNoKeyring where
// the passphrase has to be asked for.
func OpenTrusted(ctx context.Context, opt Options, ring seal.Keyring) (*Office, error) {
	opt = opt.complete()
	keys, officer, err := seal.UnlockTrusted(opt.Dir, ring)
	if err != nil {
		return nil, err
	}
	return wire(ctx, opt, keys, officer)
}

// Trust says whether the officer who opened the folder need not type the
// passphrase on this machine again.
func (o *Office) Trust(on bool, ring seal.Keyring) error {
	if on {
		return o.Keys.Trust(o.slot, ring)
	}
	return o.Keys.Distrust(o.slot, ring)
}

// Trusted says how Trust stands.
func (o *Office) Trusted() bool { return o.Keys.Trusted(o.slot) }

// sealer signs with the device as it stands: a restore changes its epoch.
type sealer struct{ o *Office }

func (s sealer) Canonical(v any) ([]byte, error) { return seal.Canonical(v) }

// Token asks for the algorithm each time: another window may have changed it.
func (s sealer) Token(c model.Claim) (string, error) {
	alg, err := s.o.Algorithm(context.Background()) // one row of this laptop's own database
	if err != nil {
		return "", err
	}
	if strings.EqualFold(alg, model.AlgSM2) {
		return seal.SignTokenSM2(c, s.o.Device())
	}
	return seal.SignToken(c, s.o.Device())
}
