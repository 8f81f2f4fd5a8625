package main

import (
	"context"

	"anxin/app/page"
	"anxin/model"
	"anxin/sync/client"
)

// the way to the central system, as the pages see it.

// Enrol implements page.Hub.
func (r *backstage) Enrol(ctx context.Context, code string) error {
	o, err := r.d.at()
	if err != nil {
		return err
	}
	if err := o.Sync.Enrol(ctx, code); err != nil {
		return err
	}
	if e := r.d.line(); e != nil {
		e.soon()
	}
	return nil
}

func summaryOf(s client.Summary) page.HubSummary {
	return page.HubSummary{Pushed: s.Pushed, Pulled: s.Pulled, Conflicts: s.Conflicts, Blobs: s.Blobs, Bytes: s.Bytes, Deferred: s.Deferred, Notes: s.Notes}
}

// Conflicts implements page.Hub.
func (r *backstage) Conflicts(ctx context.Context) ([]model.Conflict, error) {
	o, err := r.d.at()
	if err != nil {
		return nil, err
	}
	return o.Store.Conflicts(ctx)
}

// Pause implements page.Hub.
func (r *backstage) Pause(on bool) error {
	o, err := r.d.at()
	if err != nil {
		return err
	}
	if on {
		o.Sync.Pause()
	} else {
		o.Sync.Resume()
	}
	r.d.exchanged()
	return nil
}

// SetMetered implements page.Hub; it holds until it is undone.
func (r *backstage) SetMetered(on bool) error {
	o, err := r.d.at()
	if err != nil {
		return err
	}
	text := ""
	if on {
		text = "1"
	}
	r.d.prefs.Set(prefMetered, text)
	o.Sync.SetMetered(on)
	r.d.exchanged()
	return nil
}

// prefMetered says that the line costs money.
const prefMetered = "sync.metered"

// ClearAlarm implements page.Hub.
func (r *backstage) ClearAlarm(ctx context.Context) error {
	o, err := r.d.at()
	if err != nil {
		return err
	}
	if err := o.Sync.ClearAlarm(ctx); err != nil {
		return err
	}
	r.d.exchanged()
	return nil
}

// UsbOut implements page.Hub.
func (r *backstage) UsbOut(ctx context.Context, path string) (page.HubSummary, error) {
	o, err := r.d.at()
	if err != nil {
		return page.HubSummary{}, err
	}
	sum, err := o.UsbOut(ctx, path)
	return summaryOf(sum), err
}

// UsbIn implements page.Hub.
func (r *backstage) UsbIn(ctx context.Context, path string) (page.HubSummary, error) {
	o, err := r.d.at()
	if err != nil {
		return page.HubSummary{}, err
	}
	sum, err := o.UsbIn(ctx, path)
	return summaryOf(sum), err
}
