package main

import (
	"context"
	"errors"

	"anxin/app/office"
	"anxin/app/page"
	"anxin/model/seal"
)

// ownFolder is the folder one comes back to from the sample office.
type ownFolder struct{ dir, marks string }

// openTrusted opens the data folder on a machine its officer trusts; false asks
// for the passphrase.
func (d *desktop) openTrusted(ctx context.Context, upgrading func(float64)) (bool, error) {
	opt := d.options()
	opt.Upgrading = upgrading
	o, err := office.OpenTrusted(ctx, opt, seal.OSKeyring{})
	if errors.Is(err, seal.ErrNotTrusted) || errors.Is(err, seal.ErrNoKeyring) {
		return false, nil
	}
	if err == nil {
		err = d.take(ctx, o)
	}
	return err == nil, err
}

// restore takes up a backup in the data folder, which is empty yet.
func (d *desktop) restore(ctx context.Context, path, passphrase string, tell page.Tell) error {
	from := office.RestoreFrom{Path: path, Passphrase: passphrase}
	if _, err := office.Restore(ctx, d.options(), from, func(p office.Progress) { tell(float64(p.Done)/float64(max(p.Total, 1)), p.Phase) }); err != nil {
		return err
	}
	return d.unlock(ctx, passphrase)
}

// leaveSample goes from the sample office back to one's own folder.
func (d *desktop) leaveSample() {
	d.shell.Stop()
	d.lock()
	d.dir, d.marks = d.own.dir, d.own.marks
	d.own = ownFolder{}
	d.win.SetOnDropped(nil)
	d.begin()
}
