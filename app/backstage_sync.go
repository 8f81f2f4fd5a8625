package main

import (
	"context"
	"time"

	"anxin/app/lang"
	"anxin/app/page"
	"anxin/model"
	"anxin/sync/client"
)

// the way to the central system, as the pages see it.

// Status implements page.Hub.
func (r *backstage) Status(ctx context.Context) (page.HubStatus, error) {
	o, err := r.d.at()
	if err != nil {
		return page.HubStatus{}, err
	}
	var s page.HubStatus
	if s.Enrolled, err = o.Sync.Enrolled(ctx); err != nil {
		return s, err
	}
	is, err := o.Sync.Status(ctx)
	if err != nil {
		return s, err
	}
	s.Logged, s.BackedUp, s.Files, s.Bytes = int(is.Logged), int(is.BackedUp), is.Files, is.Bytes
	s.Paused, s.Metered, s.Stalled, s.Alarm = is.Paused, is.Metered, is.Stalled, is.Alarm
	if s.Pending, err = o.Store.Pending(ctx); err != nil {
		return s, err
	}
	s.LastSync, err = o.LastExchange(ctx)
	return s, err
}

// Enrol implements page.Hub.
func (r *backstage) Enrol(ctx context.Context, code string) error {
	o, err := r.d.at()
	if err != nil {
		return err
	}
	return o.Sync.Enrol(ctx, code)
}

// Sync implements page.Hub.
func (r *backstage) Sync(ctx context.Context, tell func(done float64, text string)) (page.HubSummary, error) {
	o, err := r.d.at()
	if err != nil {
		return page.HubSummary{}, err
	}
	sum, err := o.Exchange(ctx, func(p client.Progress) {
		if p.Total > 0 {
			tell(float64(p.Done)/float64(p.Total), phaseText(p))
		}
	})
	r.d.online.Store(err == nil)
	return summaryOf(sum), err
}

// phaseText says what is being done and, where that is known, for how long yet.
func phaseText(p client.Progress) string {
	if p.Left < time.Minute {
		return p.Phase
	}
	return lang.T("sync.left", "phase", p.Phase, "n", int(p.Left.Round(time.Minute)/time.Minute))
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
	return o.Sync.ClearAlarm(ctx)
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
