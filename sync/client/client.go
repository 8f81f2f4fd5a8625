package client

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"strings"
	"sync"
	"time"

	"anxin/model"
	"anxin/model/store"
	"anxin/sync/wire"
)

// Options are what a client is given from outside. Store, Blobs, Ring and
// Clock must be given.
type Options struct {
	Store Journal
	Blobs Files
	Ring  *Keyring
	Clock model.Clock
	// Name is how the laptop calls itself at enrolment; may be empty.
	Name string
	// Series are the number series the office uses now, such as "令/2026"; nil
	// keeps those going that have a block already.
	Series func(context.Context) ([]string, error)
	// Transport replaces the pinned TLS connection; tests use it.
	Transport http.RoundTripper
	// Sleep waits, or returns the context's error; nil uses a timer.
	Sleep func(context.Context, time.Duration) error
	// Random returns a number in [0, n); nil uses the system's.
	Random func(n int64) int64
	// Go does work beside the cycle; nil starts a goroutine. Who must be able
	// to tell a story again does the work at once.
	Go func(work func())
	// Attempts is how often a step is tried before the cycle gives up; 0
	// means 4.
	Attempts int
}

// Errors of this package, for errors.Is.
var (
	// ErrNotEnrolled: this laptop has joined no hub yet.
	ErrNotEnrolled = errors.New("本机还没有入网，请在“同步”页粘贴局里给的入网码")
	// ErrUnreachable: no connection, or it broke too often.
	ErrUnreachable = errors.New("连不上局服务器，请检查网络后再同步；没有传完的部分下次接着传")
	// ErrPin: what answers is not the hub this laptop joined.
	ErrPin = errors.New("对方不是本机入网时的局服务器，已停止同步，请联系管理员")
	// ErrLied: the hub's log contradicts what the hub itself has signed.
	ErrLied = errors.New("局服务器出示的日志与它以前签名的检查点矛盾，已停止同步；请保留本机数据，并联系管理员核对局服务器")
	// ErrPaused: the officer holds the exchange back.
	ErrPaused = errors.New("同步已暂停，请在“同步”页取消暂停后再同步")
	// ErrAlarm: the hub contradicted itself and nobody has looked into it yet.
	ErrAlarm = errors.New("局服务器的警报还没有解除，没有同步；请管理员查清以后在“同步”页解除")
	// ErrBusy: a cycle is running already.
	ErrBusy = errors.New("同步正在进行，请稍候")
)

// Summary is what a cycle did.
type Summary struct {
	Pushed    int      // operations the hub has answered for
	Pulled    int      // revisions new to this laptop
	Conflicts int      // records in conflict now
	Blobs     int      // files sent and fetched
	Bytes     int64    // bytes of bodies sent and received
	Deferred  int      // files held back because the line is metered
	Notes     []string // sentences people should read
}

// Client exchanges with one hub; one cycle runs at a time.
type Client struct {
	opt  Options
	busy sync.Mutex

	mu       sync.Mutex
	nonce    int64
	reserved int64

	gate gate
}

const defaultAttempts = 4

// New makes the client and fills the ring with the keys known so far.
func New(ctx context.Context, opt Options) (*Client, error) {
	if opt.Sleep == nil {
		opt.Sleep = sleep
	}
	if opt.Random == nil {
		opt.Random = systemRandom
	}
	if opt.Go == nil {
		opt.Go = func(work func()) { go work() }
	}
	if opt.Attempts == 0 {
		opt.Attempts = defaultAttempts
	}
	c := &Client{opt: opt}
	var keys wire.KeyList
	if _, err := c.load(ctx, settingKeys, &keys); err != nil {
		return nil, err
	}
	opt.Ring.set(keys.Keys)
	return c, nil
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func systemRandom(n int64) int64 {
	v, err := rand.Int(rand.Reader, big.NewInt(n))
	if err != nil {
		return n / 2 // only the spread of retries depends on it
	}
	return v.Int64()
}

// Enrolled reports whether the laptop has joined a hub.
func (c *Client) Enrolled(ctx context.Context) (bool, error) {
	var h home
	return c.load(ctx, settingHome, &h)
}

// URL is where the hub is that this laptop has joined, "" for none.
func (c *Client) URL(ctx context.Context) (string, error) {
	var h home
	_, err := c.load(ctx, settingHome, &h)
	return h.URL, err
}

// Enrol joins the hub an enrolment code speaks of. The same code may be given
// again when the reply was lost.
func (c *Client) Enrol(ctx context.Context, text string) error {
	code, err := wire.ParseCode(text)
	if err != nil {
		return err
	}
	device := c.opt.Store.Device()
	conn := c.connect(home{URL: code.URL, Pin: code.Pin[:]})
	defer conn.close()
	var out wire.Enrolled
	if err := conn.call(ctx, "enrol", wire.Enrol{Protocol: wire.Protocol, CodeID: code.ID, Secret: code.Secret,
		Device: device.ID, Epoch: device.Epoch, Key: device.Public(), Name: c.opt.Name}, &out); err != nil {
		return conn.explain(err)
	}
	if err := out.Keys.Check(out.Key); err != nil {
		return err
	}
	var old home
	if known, err := c.load(ctx, settingHome, &old); err != nil {
		return err
	} else if known && old.Hub != out.Hub {
		return fmt.Errorf("本机已经加入另一台局服务器 %s，不能再加入 %s", strings.TrimPrefix(old.URL, "https://"), strings.TrimPrefix(code.URL, "https://"))
	}
	if err := c.opt.Store.SetSetting(ctx, store.SettingScope, out.Scope); err != nil {
		return err
	}
	if err := c.learn(ctx, out.Keys); err != nil {
		return err
	}
	if out.Pass != nil {
		if err := c.save(ctx, settingPass, out.Pass); err != nil {
			return err
		}
	}
	return c.save(ctx, settingHome, home{URL: code.URL, Pin: code.Pin[:], Hub: out.Hub, Key: out.Key, Box: out.Box})
}

// learn keeps a key list the hub has signed.
func (c *Client) learn(ctx context.Context, list wire.KeyList) error {
	if err := c.save(ctx, settingKeys, list); err != nil {
		return err
	}
	c.opt.Ring.set(list.Keys)
	return nil
}

// Keys are the keys papers are verified with, as the hub published them.
func (c *Client) Keys() []model.PublicKey { return c.opt.Ring.All() }

// Sync runs one cycle. What it had done when it fails or is cancelled is kept,
// and the next cycle goes on from there. progress may be nil; it is called
// from the goroutine of Sync.
func (c *Client) Sync(ctx context.Context, progress func(Progress)) (Summary, error) {
	if !c.busy.TryLock() {
		return Summary{}, ErrBusy
	}
	defer c.busy.Unlock()
	var h home
	if known, err := c.load(ctx, settingHome, &h); err != nil || !known {
		return Summary{}, errors.Join(err, missingHome(known || err != nil))
	}
	if alarm, err := c.opt.Store.Setting(ctx, settingAlarm); err != nil || alarm != "" {
		return Summary{}, errors.Join(err, heldBy(alarm))
	}
	conn := c.connect(h)
	defer conn.close()
	r := &cycle{c: c, conn: conn, home: h, run: 1, meter: newMeter(c.opt.Clock, progress)}
	within, stop := context.WithCancel(ctx)
	err := r.loop(within, r.hello)
	if behind := r.kept(); err == nil {
		err = behind
	}
	stop()
	r.settle()
	if r.packed != nil {
		<-r.packed.done
	}
	r.sum.Bytes = conn.bytes.Load()
	if r.met {
		err = errors.Join(err, c.noteProgress(context.WithoutCancel(ctx)))
	}
	if err = conn.explain(err); err != nil {
		return r.sum, errors.Join(err, c.noteLie(ctx, err))
	}
	return r.sum, nil
}

// heldBy is ErrAlarm while an alarm stands.
func heldBy(alarm string) error {
	if alarm == "" {
		return nil
	}
	return ErrAlarm
}

func missingHome(known bool) error {
	if known {
		return nil
	}
	return ErrNotEnrolled
}
