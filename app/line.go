package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"anxin/app/dialogs"
	"anxin/app/lang"
	"anxin/app/page"
	"anxin/app/theme"
	"anxin/sync/client"
)

// watchEvery is how often the program looks what waits for the hub; lineEvery
// how often at most the status bar is painted while an exchange moves.
const (
	watchEvery = 5 * time.Second
	lineEvery  = 300 * time.Millisecond
)

// watch looks at the open office every few seconds, off the window's goroutine,
// for as long as the program runs.
func (d *desktop) watch() {
	time.AfterFunc(watchEvery, func() {
		d.look(context.Background())
		d.post(d.identify)
		d.watch()
	})
}

// look tells the exchange what was saved and reads how it stands.
func (d *desktop) look(ctx context.Context) {
	e := d.line()
	if e == nil {
		return
	}
	if pending, err := e.o.Store.Pending(ctx); err == nil {
		e.saved(pending)
	}
	d.readLine(ctx)
}

// line is the exchange of the open office, nil while it is locked.
func (d *desktop) line() *exchange {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.exchange
}

// readLine keeps how the exchange stands for the next painting; what cannot be
// read now is read a few seconds later.
func (d *desktop) readLine(ctx context.Context) {
	e := d.line()
	if e == nil {
		return
	}
	s, err := e.stands(ctx)
	if err != nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.stands = s
}

// exchanged paints the status bar soon; it is called by whoever moves the
// exchange, as often as it moves.
func (d *desktop) exchanged() {
	if d.due.Swap(true) {
		return
	}
	time.AfterFunc(lineEvery, func() {
		d.due.Store(false)
		d.readLine(context.Background())
		d.post(d.showLine)
	})
}

// showLine paints how the exchange stands, and what an exchange that ended
// means for the page and the day.
func (d *desktop) showLine() {
	d.mu.Lock()
	s, open := d.stands, d.exchange != nil
	d.mu.Unlock()
	if d.shell == nil || !open {
		return
	}
	d.shell.SetLine(lineText(s, time.Now().Location()))
	if p, ok := d.shell.Page().(interface{ Moved(float64, string) }); ok && s.Running {
		p.Moved(shareOf(s.Now), doing(s.Now))
	}
	if s.Cycles != d.shown {
		d.shown = s.Cycles
		d.shell.SetCount("sync", s.Sum.Conflicts)
		if len(s.Sum.Notes) > 0 {
			d.shell.Toast(lang.Said(s.Sum.Notes[0]), theme.Warning)
		}
		if p, ok := d.shell.Page().(interface{ Exchanged() }); ok {
			p.Exchanged()
		}
	}
	d.remind(s, time.Now())
}

// meetHub asks for an exchange, from wherever one is.
func (d *desktop) meetHub() {
	if e := d.line(); e != nil {
		e.soon()
		d.shell.Say(lang.T("line.asked"))
	}
}

// lineText says in a few words how the exchange stands, and whether somebody
// must look into it.
func lineText(s standing, zone *time.Location) (text string, trouble bool) {
	if !s.Enrolled {
		return lang.T("line.none"), false
	}
	var words []string
	say := func(text string) { words = append(words, text) }
	switch {
	case s.Alarm != "":
		say(lang.T("line.alarm"))
		trouble = true
	case s.Paused:
		say(lang.T("line.paused"))
	case s.Running && s.Now.Phase != "":
		say(lang.T("line.syncing", "what", doing(s.Now)))
	case s.Running:
		say(lang.T("sync.starting"))
	case s.Stalled:
		say(lang.T("line.stalled"))
		trouble = true
	case errors.Is(s.Err, client.ErrUnreachable):
		say(lang.T("line.away"))
	case s.Err != nil && !errors.Is(s.Err, context.Canceled):
		say(lang.T("line.failed"))
		trouble = true
	case !s.Last.IsZero():
		say(lang.T("line.done", "at", s.Last.In(zone).Format("01-02 15:04")))
	}
	if s.Pending > 0 {
		say(lang.T("status.pending", "n", s.Pending))
	}
	if s.Files > 0 {
		say(lang.T("line.files", "n", s.Files, "size", megabytes(s.Bytes)))
	}
	if s.Metered {
		say(lang.T("line.metered"))
	}
	return strings.Join(words, " · "), trouble
}

// phaseKeys are the words of the client's phases in the language of the screen.
var phaseKeys = map[string]string{client.PhaseHello: "hello", client.PhasePull: "pull", client.PhasePush: "push", client.PhaseSend: "send",
	client.PhaseFetch: "fetch", client.PhaseCompare: "compare", client.PhaseRefill: "refill"}

// progressText says what an exchange does, how far it is in records or bytes
// and, where that is known, for how long yet.
func progressText(p client.Progress) string {
	name := lang.T("sync.phase." + phaseKeys[p.Phase])
	text := name
	switch {
	case p.TotalBytes > 0:
		text = lang.T("line.bytes", "phase", name, "done", megabytes(p.Bytes), "total", megabytes(p.TotalBytes))
	case p.Total > 0:
		text = lang.T("line.records", "phase", name, "done", p.Done, "total", p.Total)
	}
	switch {
	case p.Left <= 0:
		return text
	case p.Left < time.Minute:
		return lang.T("sync.left.soon", "phase", text)
	}
	return lang.T("sync.left", "phase", text, "n", int(p.Left.Round(time.Minute)/time.Minute))
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/(1<<20)) }

// endOfDay is the hour from which one is reminded of what is not handed in.
const endOfDay = 17

// prefReminded is the day one was last reminded on.
const prefReminded = "sync.reminded"

// remind says once a day, towards its end, that something is not handed in yet.
func (d *desktop) remind(s standing, now time.Time) {
	day := now.Format(time.DateOnly)
	if !s.Enrolled || s.Pending == 0 && s.Files == 0 || now.Hour() < endOfDay || d.prefs.Get(prefReminded) == day {
		return
	}
	d.prefs.Set(prefReminded, day)
	d.shell.Toast(lang.T("line.remind", "n", s.Pending, "files", s.Files), theme.Warning)
}

// failureOf words why the last exchange failed, "" when it went well or was
// stopped.
func failureOf(err error) string {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, client.ErrNotEnrolled) || errors.Is(err, client.ErrPaused) {
		return ""
	}
	return dialogs.Sentence(err)
}

// Status implements page.Hub.
func (r *backstage) Status(ctx context.Context) (page.HubStatus, error) {
	e, err := r.line()
	if err != nil {
		return page.HubStatus{}, err
	}
	is, err := e.stands(ctx)
	if err != nil {
		return page.HubStatus{}, err
	}
	s := page.HubStatus{Enrolled: is.Enrolled, LastSync: is.Last, Pending: int(is.Pending), Logged: int(is.Logged), BackedUp: int(is.BackedUp), Files: is.Files, Bytes: is.Bytes, Wanted: is.Wanted,
		Paused: is.Paused, Metered: is.Metered, Stalled: is.Stalled, Alarm: is.Alarm, Failure: failureOf(is.Err)}
	if is.Running {
		s.Doing, s.Share = doing(is.Now), shareOf(is.Now)
	}
	if s.Notes, err = told(ctx, e.o); err != nil {
		return s, err
	}
	if s.Aside, err = e.o.Store.Aside(ctx); err != nil {
		return s, err
	}
	s.URL, err = e.o.Sync.URL(ctx)
	return s, err
}

// doing says what a cycle is at.
func doing(p client.Progress) string {
	if p.Phase == "" {
		return lang.T("sync.starting")
	}
	return progressText(p)
}

// Sync implements page.Hub: it asks for a cycle of the exchange beside the
// window and waits for it.
func (r *backstage) Sync(ctx context.Context, tell func(done float64, text string)) (page.HubSummary, error) {
	e, err := r.line()
	if err != nil {
		return page.HubSummary{}, err
	}
	sum, err := e.meet(ctx, func(p client.Progress) { tell(shareOf(p), progressText(p)) })
	return summaryOf(sum), err
}

// shareOf is the part done, from 0 to 1, in bytes where they are counted.
func shareOf(p client.Progress) float64 {
	if p.TotalBytes > 0 {
		return float64(p.Bytes) / float64(p.TotalBytes)
	}
	return float64(p.Done) / float64(max(p.Total, 1))
}

// line is the exchange of the open office; the error says that it is locked.
func (r *backstage) line() (*exchange, error) {
	if e := r.d.line(); e != nil {
		return e, nil
	}
	return nil, errLocked
}
