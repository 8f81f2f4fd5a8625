package hub

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"anxin/model"
	"anxin/sync/wire"
)

// caller is the device a request was signed by, in its present epoch.
type caller struct {
	Device
	epoch int
	nonce int64 // the request's counter; 0: what was brought has none
}

// Handler is the hub's interface: for laptops under wire.Root, for the bureau
// under /console, for everybody the verify page and the health check.
func (h *Hub) Handler() http.Handler {
	mux := http.NewServeMux()
	handle(mux, h, "hello", h.hello)
	handle(mux, h, "numbers", h.numbers)
	handle(mux, h, "blobs/missing", h.missing)
	handle(mux, h, "blobs", h.announce)
	handle(mux, h, "log/proof", h.prove)
	handle(mux, h, "digest", h.digest)
	handle(mux, h, "revisions/missing", h.missingRevisions)
	handle(mux, h, "repair", h.repair)
	handle(mux, h, "keys", func(ctx context.Context, _ caller, _ struct{}) (wire.KeyList, error) { return h.keyList(ctx) })
	mux.HandleFunc("POST "+wire.Root+"/push", h.serve(h.servePush))
	mux.HandleFunc("POST "+wire.Root+"/pull", h.serve(h.servePull))
	mux.HandleFunc("POST "+wire.Root+"/enrol", h.serve(h.serveEnrol))
	mux.HandleFunc("POST "+wire.Root+"/recall", h.serve(h.serveRecall))
	mux.HandleFunc("PUT "+wire.Root+"/blobs/{sha}/{run}", h.serve(h.serveRun))
	mux.HandleFunc("POST "+wire.Root+"/blobs/{sha}/finish", h.serve(h.serveFinish))
	mux.HandleFunc("GET "+wire.Root+"/blobs/{sha}", h.serve(h.serveDownload))
	mux.HandleFunc("GET /{$}", h.serve(h.serveFront))
	mux.Handle("GET /v/", http.RedirectHandler("/v", http.StatusMovedPermanently))
	mux.HandleFunc("GET /v", h.serve(h.servePage))
	mux.HandleFunc("GET /v.js", h.serve(h.serveScript))
	mux.HandleFunc("GET /healthz", h.serve(h.serveHealth))
	mux.HandleFunc("/", h.serve(h.serveNothing))
	h.console(mux)
	return mux
}

// handle serves POST wire.Root/name: a signed message in, a message out.
func handle[In, Out any](mux *http.ServeMux, h *Hub, name string, fn func(context.Context, caller, In) (Out, error)) {
	mux.HandleFunc("POST "+wire.Root+"/"+name, h.serve(func(w http.ResponseWriter, r *http.Request) error {
		var in In
		who, err := h.read(w, r, &in)
		if err != nil {
			return err
		}
		out, err := fn(r.Context(), who, in)
		if err != nil {
			return err
		}
		return reply(w, out)
	}))
}

// trouble says what an officer can tell the administrator about a fault of the
// hub's own.
func trouble(err error) string {
	var sqlite interface{ Code() int }
	var postgres *pgconn.PgError
	var line *net.OpError
	switch {
	case errors.Is(err, syscall.ENOSPC),
		errors.As(err, &sqlite) && sqlite.Code()&0xff == sqliteFull,
		errors.As(err, &postgres) && postgres.Code == postgresFull:
		return "局服务器的磁盘已满，请联系管理员腾出空间；没有传完的部分下次接着传"
	case errors.As(err, &line):
		return "局服务器连不上它的数据库或者对象存储，请联系管理员；没有传完的部分下次接着传"
	}
	return "局服务器内部出错，请稍后再试；如仍不行，请联系管理员"
}

// The databases' words for a full disk.
const (
	sqliteFull   = 13 // SQLITE_FULL
	postgresFull = "53100"
)

// serve answers errors and writes the access log: what was asked and what came
// of it, nothing about anybody.
func (h *Hub) serve(fn func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		began := h.opt.Clock.Now()
		err := h.guest(fn, w, r)
		status := http.StatusOK
		var refusal *wire.Error
		switch {
		case errors.As(err, &refusal):
			status = refusal.Status
		case err != nil && r.Context().Err() == nil:
			status = http.StatusInternalServerError
			h.opt.Log.Error("request failed", "path", r.Pattern, "error", err)
			refusal = wire.Refuse(status, wire.CodeInternal, "%s", trouble(err))
		}
		if refusal != nil && strings.HasPrefix(r.URL.Path, wire.Root) {
			refuse(w, refusal)
		} else if refusal != nil {
			h.apologise(w, refusal)
		}
		device, err := model.ParseID(r.Header.Get(wire.HeaderDevice))
		if err != nil {
			device = "" // a stranger's words do not enter the log
		}
		h.count.request(r.Pattern, status)
		h.opt.Log.Info("request", "path", r.Pattern, "device", string(device), "status", status,
			"ms", h.opt.Clock.Now().Sub(began).Milliseconds())
	}
}

// guest runs a request; those of laptops only while there is room. Files have
// room of their own, so that no record waits behind photos on a slow line.
func (h *Hub) guest(fn handler, w http.ResponseWriter, r *http.Request) error {
	if !strings.HasPrefix(r.URL.Path, wire.Root) {
		return fn(w, r)
	}
	done, err := h.arriving.comes(r)
	if err != nil {
		return err
	}
	defer done()
	gate := h.gate
	if r.Method != http.MethodPost {
		gate = h.lanes
	}
	leave, err := gate.enter(r.Context())
	if err != nil {
		return err
	}
	defer leave()
	return fn(w, r)
}

// apologise is a refusal as a page, for people.
func (h *Hub) apologise(w http.ResponseWriter, e *wire.Error) {
	pageHeader(w)
	w.WriteHeader(e.Status)
	if err := consolePages.ExecuteTemplate(w, "front.html", e.Message); err != nil {
		h.opt.Log.Error("page failed", "error", err)
	}
}

func refuse(w http.ResponseWriter, e *wire.Error) {
	body, err := wire.JSON(e)
	if err != nil {
		body = []byte(`{}`)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if e.After > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int((e.After+time.Second-1)/time.Second)))
	}
	w.WriteHeader(e.Status)
	_, _ = w.Write(body) // the peer may be gone; nothing is left to do
}

func reply(w http.ResponseWriter, v any) error {
	body, err := wire.Pack(v)
	if err != nil {
		return err
	}
	packed(w, body)
	return nil
}

func packed(w http.ResponseWriter, body []byte) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Encoding", wire.Encoding)
	_, _ = w.Write(body) // the peer may be gone; what it asked for is done
}

// read authenticates a request with a message in its body and takes its
// counter.
func (h *Hub) read(w http.ResponseWriter, r *http.Request, into any) (caller, error) {
	who, body, err := h.signedBody(w, r)
	if err != nil {
		return who, err
	}
	if who, err = h.countRequest(r.Context(), who); err != nil {
		return who, err
	}
	return who, unpack(body, into)
}

// signedBody reads a body that is what its device signed.
func (h *Hub) signedBody(w http.ResponseWriter, r *http.Request) (caller, []byte, error) {
	signed, who, err := h.identify(r)
	if err != nil {
		return who, nil, err
	}
	body, err := readBody(w, r)
	if err != nil {
		return who, nil, err
	}
	if signed.Digest == nil || !bytes.Equal(signed.Digest, wire.Digest(body)) {
		return who, nil, unsigned()
	}
	return who, body, nil
}

// servePush takes the request's counter in the transaction of the push itself:
// one commit serves both.
func (h *Hub) servePush(w http.ResponseWriter, r *http.Request) error {
	who, body, err := h.signedBody(w, r)
	if err != nil {
		return err
	}
	if err := h.newLife(r.Context(), who); err != nil {
		return err
	}
	var in wire.Push
	if err := unpack(body, &in); err != nil {
		return err
	}
	out, err := h.push(r.Context(), who, in)
	if err != nil {
		return err
	}
	h.count.pushed(out.Acks)
	return reply(w, out)
}

func (h *Hub) servePull(w http.ResponseWriter, r *http.Request) error {
	var in wire.Pull
	who, err := h.read(w, r, &in)
	if err != nil {
		return err
	}
	page, err := h.leaf(r.Context(), who, in)
	if err != nil {
		return err
	}
	text, err := page.text()
	if err != nil {
		return err
	}
	packed(w, wire.PackText(text))
	return nil
}

// authenticate admits a request whose body, if any, is bound otherwise.
func (h *Hub) authenticate(r *http.Request) (caller, error) {
	_, who, err := h.identify(r)
	if err != nil {
		return who, err
	}
	return h.countRequest(r.Context(), who)
}

func unsigned() error {
	return wire.Refuse(http.StatusUnauthorized, wire.CodeUnsigned, "请求没有有效的设备签名，请重新入网")
}

// identify finds the device behind a request's signature.
func (h *Hub) identify(r *http.Request) (wire.Signed, caller, error) {
	signed, err := wire.ReadSigned(r)
	if err != nil {
		return signed, caller{}, unsigned()
	}
	who := caller{epoch: signed.Epoch, nonce: signed.Nonce}
	who.Device, err = h.deviceOf(r.Context(), signed.Device)
	switch {
	case errors.Is(err, model.ErrNotFound), err == nil && signed.Check(who.Key) != nil:
		return signed, who, unsigned()
	case err != nil:
		return signed, who, err
	case signed.Epoch < who.Epoch:
		return signed, who, oldEpoch(who.Epoch)
	}
	return signed, who, h.refuseDevice(who.Device)
}

// oldEpoch refuses a life of a device that is over; the next must be above the
// present one.
func oldEpoch(present int) error {
	refusal := wire.Refuse(http.StatusConflict, wire.CodeOldEpoch, "这台笔记本的数据已从备份恢复过，本份是恢复以前的，不能再同步")
	refusal.Need = int64(present)
	return refusal
}

// refuseDevice says why a device may take no part at present.
func (h *Hub) refuseDevice(d Device) error {
	switch {
	case !d.Revoked.IsZero():
		return wire.Refuse(http.StatusForbidden, wire.CodeRevoked, "这台笔记本已被停用，请联系管理员")
	case !d.Until.IsZero() && h.opt.Clock.Now().After(d.Until):
		return wire.Refuse(http.StatusForbidden, wire.CodeRevoked, "这台笔记本太久没有与局里联系，入网证书已过期；请管理员用 device renew 续期")
	}
	return nil
}

// countRequest takes the request's counter, which must be greater than any
// before, and reads in the same transaction how the device stands: what another
// replica has just withdrawn is not granted here any more.
func (h *Hub) countRequest(ctx context.Context, who caller) (caller, error) {
	var seen int64
	err := h.store.Update(ctx, func(tx Tx) (err error) {
		if who.Device, err = tx.Device(who.ID); err != nil {
			return err
		}
		state, err := tx.State(who.ID, who.epoch)
		if err != nil {
			return err
		}
		if seen = state.Nonce; who.nonce <= seen {
			return nil
		}
		state.Nonce = who.nonce
		return tx.SaveState(state)
	})
	switch {
	case err != nil:
		return who, err
	case who.nonce <= seen:
		return who, replayed(seen)
	}
	if err := h.refuseDevice(who.Device); err != nil {
		return who, err
	}
	return who, h.newLife(ctx, who)
}

func replayed(seen int64) *wire.Error {
	refusal := wire.Refuse(http.StatusConflict, wire.CodeReplayed, "这个请求已经处理过，不能重复提交")
	refusal.Need = seen + 1
	return refusal
}

// newLife makes the epoch of a device's first request in it its present one.
func (h *Hub) newLife(ctx context.Context, who caller) error {
	if who.epoch <= who.Epoch {
		return nil
	}
	defer h.forget(who.ID)
	return h.store.Update(ctx, func(tx Tx) error {
		d, err := tx.Device(who.ID)
		if err != nil {
			return err
		}
		d.Epoch = max(d.Epoch, who.epoch)
		return tx.SaveDevice(d)
	})
}

func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, wire.MaxPacked))
	var over *http.MaxBytesError
	switch {
	case errors.As(err, &over):
		return nil, wire.Refuse(http.StatusRequestEntityTooLarge, wire.CodeTooLarge, "%s", wire.ErrTooLarge)
	case err != nil:
		return nil, wire.Refuse(http.StatusBadRequest, wire.CodeBad, "请求没有传完，请重试")
	}
	return body, nil
}

func unpack(body []byte, into any) error {
	err := wire.Unpack(body, into, wire.MaxBody)
	switch {
	case errors.Is(err, wire.ErrTooLarge):
		return wire.Refuse(http.StatusRequestEntityTooLarge, wire.CodeTooLarge, "%s", wire.ErrTooLarge)
	case err != nil:
		return wire.Refuse(http.StatusBadRequest, wire.CodeBad, "%s，请升级程序后重试", wire.ErrMalformed)
	}
	return nil
}

func (h *Hub) serveEnrol(w http.ResponseWriter, r *http.Request) error {
	if !h.enrol.allow(r) {
		return wire.Refuse(http.StatusTooManyRequests, wire.CodeRate, "尝试次数过多，请一分钟后再试")
	}
	signed, err := wire.ReadSigned(r)
	if err != nil {
		return unsigned()
	}
	body, err := readBody(w, r)
	if err != nil {
		return err
	}
	var in wire.Enrol
	if err := unpack(body, &in); err != nil {
		return err
	}
	// The signature proves that the sender holds the key it wants to join with.
	if signed.Device != in.Device || signed.Epoch != in.Epoch || !bytes.Equal(signed.Digest, wire.Digest(body)) || signed.Check(in.Key) != nil {
		return unsigned()
	}
	if in.Protocol != wire.Protocol {
		return wire.Refuse(http.StatusUpgradeRequired, wire.CodeProtocol, "本机程序与局服务器的版本不一致，请升级后再入网")
	}
	out, err := h.join(r.Context(), in)
	if err != nil {
		return err
	}
	return reply(w, out)
}

func (h *Hub) serveRun(w http.ResponseWriter, r *http.Request) error {
	if _, err := h.authenticate(r); err != nil {
		return err
	}
	body := http.MaxBytesReader(w, r.Body, wire.MaxRun*wire.LeafSize)
	if err := h.receive(r.Context(), r.PathValue("sha"), r.PathValue("run"), body); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (h *Hub) serveFinish(w http.ResponseWriter, r *http.Request) error {
	who, err := h.authenticate(r)
	if err != nil {
		return err
	}
	out, err := h.finish(r.Context(), r.PathValue("sha"))
	if err != nil {
		return err
	}
	if err := h.fileArrived(r.Context(), who, r.PathValue("sha")); err != nil {
		return err
	}
	return reply(w, out)
}

func (h *Hub) serveDownload(w http.ResponseWriter, r *http.Request) error {
	who, err := h.authenticate(r)
	if err != nil {
		return err
	}
	return h.download(w, r, who, r.PathValue("sha"))
}

// serveNothing answers for every address that is none of the hub's.
func (h *Hub) serveNothing(http.ResponseWriter, *http.Request) error {
	return wire.Refuse(http.StatusNotFound, wire.CodeNotFound, "没有这个网址，请核对")
}

func (h *Hub) serveHealth(w http.ResponseWriter, r *http.Request) error {
	err := h.store.View(r.Context(), func(tx Tx) error {
		_, err := tx.Log()
		return err
	})
	if err != nil {
		return err
	}
	_, _ = io.WriteString(w, "ok\n")
	return nil
}
