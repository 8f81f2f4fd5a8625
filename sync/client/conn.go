package client

import (
	"bytes"
	"context"
	"crypto/subtle"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"anxin/sync/wire"
)

// Time limits of a connection; none for a whole exchange, because gigabytes
// over a village line take their time.
const (
	dialTimeout   = 10 * time.Second
	answerTimeout = 90 * time.Second
)

// conn speaks to one hub.
type conn struct {
	c     *Client
	home  home
	http  *http.Client
	bytes atomic.Int64 // of bodies, both ways
}

func (c *Client) connect(h home) *conn {
	transport := c.opt.Transport
	if transport == nil {
		transport = &http.Transport{
			DialContext:           (&net.Dialer{Timeout: dialTimeout}).DialContext,
			TLSHandshakeTimeout:   dialTimeout,
			ResponseHeaderTimeout: answerTimeout,
			TLSClientConfig:       pinned(h.Pin),
		}
	}
	return &conn{c: c, home: h, http: &http.Client{Transport: transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

func (n *conn) close() { n.http.CloseIdleConnections() }

// pinned trusts exactly the key of the enrolment code: no authority, no name
// and no date is asked, the pin says more than all of them.
func pinned(pin []byte) *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS13, InsecureSkipVerify: true,
		VerifyConnection: func(s tls.ConnectionState) error {
			sum := wire.Pin(s.PeerCertificates[0])
			if subtle.ConstantTimeCompare(sum[:], pin) != 1 {
				return ErrPin
			}
			return nil
		}}
}

// call sends a message and reads the answer.
func (n *conn) call(ctx context.Context, name string, in, out any) error {
	body, err := wire.Pack(in)
	if err != nil {
		return err
	}
	return n.callPacked(ctx, name, body, out)
}

// callPacked is call with a message that is packed already.
func (n *conn) callPacked(ctx context.Context, name string, body []byte, out any) error {
	res, err := n.send(ctx, request{method: http.MethodPost, path: "/" + name, body: body, message: true})
	if err != nil {
		return err
	}
	defer res.Body.Close()
	packed, err := io.ReadAll(io.LimitReader(res.Body, wire.MaxPage))
	n.bytes.Add(int64(len(packed)))
	if err != nil {
		return broken{err}
	}
	return wire.Unpack(packed, out, wire.MaxPage)
}

// request is one exchange. A message's body is bound by its digest, a run of
// leaves by the hashes announced before.
type request struct {
	method  string
	path    string // below wire.Root
	body    []byte
	message bool
	from    int64 // first byte wanted of a download
}

// broken is a failure of the line, worth another try.
type broken struct{ error }

func (b broken) Unwrap() error { return b.error }

// errOtherLife: the hub has heard requests under this laptop's name and epoch
// that this laptop never made. It was cloned, or put back from a copy.
var errOtherLife = errors.New("局服务器见过以本机名义发出、但本机没有发过的请求")

// send signs and sends a request and returns the answer, or the hub's refusal
// as a *wire.Error. A counter the hub has seen already, because the line
// carried a request twice, is raised once.
func (n *conn) send(ctx context.Context, r request) (*http.Response, error) {
	res, err := n.once(ctx, r)
	var refusal *wire.Error
	if !errors.As(err, &refusal) || refusal.Code != wire.CodeReplayed {
		return res, err
	}
	if foreign := n.c.foreign(refusal.Need - 1); foreign {
		return nil, errOtherLife
	}
	if err := n.c.raiseNonce(ctx, refusal.Need); err != nil {
		return nil, err
	}
	return n.once(ctx, r)
}

func (n *conn) once(ctx context.Context, r request) (*http.Response, error) {
	nonce, err := n.c.nextNonce(ctx)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, r.method, n.home.URL+wire.Root+r.path, bytes.NewReader(r.body))
	if err != nil {
		return nil, fmt.Errorf("局服务器地址不正确: %w", err)
	}
	var digest []byte
	if r.message {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Content-Encoding", wire.Encoding)
		digest = wire.Digest(r.body)
	}
	if r.from > 0 {
		req.Header.Set("Range", "bytes="+strconv.FormatInt(r.from, 10)+"-")
	}
	wire.Sign(req, n.c.opt.Store.Device(), digest, nonce, n.c.opt.Clock.Now())
	res, err := n.http.Do(req)
	if err != nil {
		if errors.Is(err, ErrPin) {
			return nil, ErrPin
		}
		return nil, broken{err}
	}
	n.bytes.Add(int64(len(r.body)))
	if res.StatusCode < 300 {
		return res, nil
	}
	defer res.Body.Close()
	return nil, refusalOf(res)
}

// maxRefusal bounds the body of a refusal in bytes.
const maxRefusal = 64 << 10

func refusalOf(res *http.Response) error {
	e := &wire.Error{Status: res.StatusCode}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxRefusal))
	if err != nil {
		return broken{err}
	}
	if seconds, err := strconv.ParseInt(res.Header.Get("Retry-After"), 10, 32); err == nil && seconds > 0 {
		e.After = time.Duration(seconds) * time.Second
	}
	if json.Unmarshal(body, e) != nil || e.Message == "" {
		e.Code, e.Message = wire.CodeInternal, fmt.Sprintf("局服务器答复异常（%d），请稍后再试", res.StatusCode)
	}
	return e
}

// passing reports whether the same step may succeed a little later.
func passing(err error) bool {
	var line broken
	if errors.As(err, &line) {
		return true
	}
	var refusal *wire.Error
	return errors.As(err, &refusal) && (refusal.Status >= 500 || refusal.Code == wire.CodeRate || refusal.Code == wire.CodeIncomplete)
}

// explain makes an error a sentence for a person.
func (n *conn) explain(err error) error {
	var line broken
	switch {
	case err == nil, errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.As(err, &line):
		return &unreachable{host: strings.TrimPrefix(n.home.URL, "https://"), cause: line.error}
	}
	return err
}

// unreachable says which hub could not be reached; the cause is for the log.
type unreachable struct {
	host  string
	cause error
}

func (u *unreachable) Error() string {
	return fmt.Sprintf("连不上局服务器 %s，请检查网络后再同步；没有传完的部分下次接着传", u.host)
}

func (u *unreachable) Is(target error) bool { return target == ErrUnreachable }
func (u *unreachable) Unwrap() error        { return u.cause }

// nonceStep is how many counters are set aside at a time, so that not every
// request writes a setting.
const nonceStep = 1000

// nextNonce counts this device's requests. What was set aside and not used
// when the program ends is skipped.
func (c *Client) nextNonce(ctx context.Context) (int64, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.nonce >= c.reserved {
		var stored int64
		if _, err := c.load(ctx, settingNonce, &stored); err != nil {
			return 0, err
		}
		c.nonce = max(c.nonce, stored)
		if err := c.save(ctx, settingNonce, c.nonce+nonceStep); err != nil {
			return 0, err
		}
		c.reserved = c.nonce + nonceStep
	}
	c.nonce++
	return c.nonce, nil
}

// foreign reports whether a counter was never set aside by this laptop.
func (c *Client) foreign(nonce int64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return nonce > c.reserved
}

func (c *Client) raiseNonce(ctx context.Context, to int64) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.nonce = max(c.nonce, to)
	c.reserved = c.nonce
	return c.save(ctx, settingNonce, c.nonce)
}
