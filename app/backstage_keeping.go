package main

import (
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"time"

	"anxin/app/office"
	"anxin/app/page"
	"anxin/model"
	"anxin/model/seal"
)

// the keeping of the data and the form packages, as the pages see them.

// Standing implements page.Vault.
func (r *backstage) Standing(ctx context.Context) (page.VaultStanding, error) {
	o, err := r.d.at()
	if err != nil {
		return page.VaultStanding{}, err
	}
	d := o.Device()
	s := page.VaultStanding{Device: d.ID, KeyID: d.KeyID(), Epoch: d.Epoch, Recoveries: len(o.Keys.Recoveries()), Trusted: o.Trusted()}
	if s.Algorithm, err = o.Algorithm(ctx); err != nil {
		return s, err
	}
	s.Keys, err = o.IssuerKeys(ctx)
	return s, err
}

// Backup implements page.Vault.
func (r *backstage) Backup(ctx context.Context, path string, tell func(done float64, text string)) (page.Backup, error) {
	o, err := r.d.at()
	if err != nil {
		return page.Backup{}, err
	}
	rep, err := o.Backup(ctx, path, func(p office.Progress) { tell(share(p), p.Phase) })
	return page.Backup{Records: rep.Records, Files: rep.Files, Bytes: rep.Bytes, Missing: rep.Missing, Recovery: rep.Recovery}, err
}

// share is the part done, from 0 to 1.
func share(p office.Progress) float64 { return float64(p.Done) / float64(max(p.Total, 1)) }

// ChangePassphrase implements page.Vault.
func (r *backstage) ChangePassphrase(_ context.Context, old, fresh string) error {
	o, err := r.d.at()
	if err != nil {
		return err
	}
	return o.ChangePassphrase(old, fresh)
}

// MakeRecovery implements page.Vault: the private half lies in the file before
// the data can be opened with it.
func (r *backstage) MakeRecovery(_ context.Context, path string) (string, error) {
	o, err := r.d.at()
	if err != nil {
		return "", err
	}
	key, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		return "", fmt.Errorf("生成恢复密钥: %w", err)
	}
	private := base64.StdEncoding.EncodeToString(key.Bytes())
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return "", fmt.Errorf("不能写入“%s”，请换一个还没有的文件名: %w", path, err)
	}
	_, err = fmt.Fprintln(f, private)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = o.Keys.AddRecovery(key.PublicKey().Bytes())
	}
	if err != nil {
		return "", errors.Join(fmt.Errorf("登记恢复密钥: %w", err), os.Remove(path))
	}
	return private, nil
}

// Trust implements page.Vault.
func (r *backstage) Trust(_ context.Context, on bool) error {
	o, err := r.d.at()
	if err != nil {
		return err
	}
	return o.Trust(on, seal.OSKeyring{})
}

// SignBy implements page.Vault.
func (r *backstage) SignBy(ctx context.Context, alg string) error {
	o, err := r.d.at()
	if err != nil {
		return err
	}
	return o.SignBy(ctx, alg)
}

// ClockBehind implements page.Vault.
func (r *backstage) ClockBehind(ctx context.Context) (time.Duration, error) {
	o, err := r.d.at()
	if err != nil {
		return 0, err
	}
	return o.Store.ClockBehind(ctx)
}

// ConfirmClock implements page.Vault.
func (r *backstage) ConfirmClock(ctx context.Context, reason string) error {
	o, err := r.d.at()
	if err != nil {
		return err
	}
	return o.Store.SetSetting(ctx, model.SettingClock, reason)
}

// WriteKeys implements page.Vault.
func (r *backstage) WriteKeys(ctx context.Context, path string) error {
	o, err := r.d.at()
	if err != nil {
		return err
	}
	return o.WriteKeys(ctx, path)
}

// Editions implements page.Editions.
func (r *backstage) Editions(ctx context.Context) ([]page.Edition, error) {
	o, err := r.d.at()
	if err != nil {
		return nil, err
	}
	list, err := o.Editions(ctx)
	out := make([]page.Edition, len(list))
	for i, e := range list {
		out[i] = editionOf(e)
		out[i].InForce = e.Fault == "" && !out[i].Withdrawn && o.Newest(e.Record.Form) == e.Record.Version
	}
	return out, err
}

func editionOf(e *office.Edition) page.Edition {
	out := page.Edition{ID: e.ID, Form: e.Record.Form, Version: e.Record.Version, Law: e.Record.Law, From: e.Record.ValidFrom, To: e.Record.ValidTo,
		Withdrawn: e.Record.State == model.FormPackageWithdrawn, Fault: e.Fault}
	if e.Package != nil {
		out.Title = e.Package.Title
	}
	return out
}

// Install implements page.Editions.
func (r *backstage) Install(ctx context.Context, path, keys string) (page.Edition, error) {
	o, err := r.d.at()
	if err != nil {
		return page.Edition{}, err
	}
	info, err := os.Stat(path)
	if err == nil && info.Size() > model.MaxFormPackage {
		err = fmt.Errorf("“%s”太大，不是表单包，请核对所选的文件", path)
	}
	if err != nil {
		return page.Edition{}, err
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return page.Edition{}, fmt.Errorf("读取表单包: %w", err)
	}
	var vouched []model.PublicKey
	if keys != "" {
		if vouched, err = office.ReadKeys(keys); err != nil {
			return page.Edition{}, err
		}
	}
	e, err := o.InstallPackage(ctx, raw, vouched)
	if err != nil {
		return page.Edition{}, err
	}
	return editionOf(e), nil
}
