package hub

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"

	"anxin/model"
	"anxin/sync/wire"
)

// caller is the device a request was signed by, in its present epoch.
type caller struct {
	Device
	epoch int
}

// Handler is the hub's interface: for laptops under wire.Root, for everybody
// the verify page and the health check.
func (h *Hub) Handler() http.Handler {
	mux := http.NewServeMux()
	handle(mux, h, "hello", h.hello)
	handle(mux, h, "numbers", h.numbers)
	handle(mux, h, "pull", h.pull)
	handle(mux, h, "push", h.push)
	handle(mux, h, "blobs/missing", h.missing)
	handle(mux, h, "blobs", h.announce)
	handle(mux, h, "keys", func(ctx context.Context, _ caller, _ struct{}) (wire.KeyList, error) { return h.keyList(ctx) })
	mux.HandleFunc("POST "+wire.Root+"/enrol", h.serve(h.serveEnrol))
	mux.HandleFunc("PUT "+wire.Root+"/blobs/{sha}/{run}", h.serve(h.serveRun))
	mux.HandleFunc("POST "+wire.Root+"/blobs/{sha}/finish", h.serve(h.serveFinish))
	mux.HandleFunc("GET "+wire.Root+"/blobs/{sha}", h.serve(h.serveDownload))
	mux.HandleFunc("GET /v", h.serve(h.servePage))
	mux.HandleFunc("GET /v.js", h.serve(h.serveScript))
	mux.HandleFunc("GET /healthz", h.serve(h.serveHealth))
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

// serve answers errors and writes the access log: what was asked and what came
// of it, nothing about anybody.
func (h *Hub) serve(fn func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		began := h.opt.Clock.Now()
		err := fn(w, r)
		status := http.StatusOK
		var refusal *wire.Error
		switch {
		case errors.As(err, &refusal):
			status = refusal.Status
		case err != nil && r.Context().Err() == nil:
			status = http.StatusInternalServerError
			h.opt.Log.Error("request failed", "path", r.Pattern, "error", err)
			refusal = wire.Refuse(status, wire.CodeInternal, "局服务器内部出错，请稍后再试；如仍不行，请联系管理员")
		}
		if refusal != nil {
			refuse(w, refusal)
		}
		device, err := model.ParseID(r.Header.Get(wire.HeaderDevice))
		if err != nil {
			device = "" // a stranger's words do not enter the log
		}
		h.opt.Log.Info("request", "path", r.Pattern, "device", string(device), "status", status,
			"ms", h.opt.Clock.Now().Sub(began).Milliseconds())
	}
}

func refuse(w http.ResponseWriter, e *wire.Error) {
	body, err := wire.JSON(e)
	if err != nil {
		body = []byte(`{}`)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(e.Status)
	_, _ = w.Write(body) // the peer may be gone; nothing is left to do
}

func reply(w http.ResponseWriter, v any) error {
	body, err := wire.Pack(v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Encoding", wire.Encoding)
	_, _ = w.Write(body) // the peer may be gone; what it asked for is done
	return nil
}

// read authenticates a request with a message in its body.
func (h *Hub) read(w http.ResponseWriter, r *http.Request, into any) (caller, error) {
	signed, who, err := h.identify(r)
	if err != nil {
		return who, err
	}
	body, err := readBody(w, r)
	if err != nil {
		return who, err
	}
	if signed.Digest == nil || !bytes.Equal(signed.Digest, wire.Digest(body)) {
		return who, unsigned()
	}
	if err := h.count(r.Context(), signed, who); err != nil {
		return who, err
	}
	return who, unpack(body, into)
}

// authenticate admits a request whose body, if any, is bound otherwise.
func (h *Hub) authenticate(r *http.Request) (caller, error) {
	signed, who, err := h.identify(r)
	if err != nil {
		return who, err
	}
	return who, h.count(r.Context(), signed, who)
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
	who := caller{epoch: signed.Epoch}
	err = h.store.View(r.Context(), func(tx Tx) error {
		who.Device, err = tx.Device(signed.Device)
		return err
	})
	switch {
	case errors.Is(err, model.ErrNotFound), err == nil && signed.Check(who.Key) != nil:
		return signed, who, unsigned()
	case err != nil:
		return signed, who, err
	case !who.Revoked.IsZero():
		return signed, who, wire.Refuse(http.StatusForbidden, wire.CodeRevoked, "这台笔记本已被停用，请联系管理员")
	case signed.Epoch < who.Epoch:
		return signed, who, wire.Refuse(http.StatusConflict, wire.CodeOldEpoch, "这台笔记本的数据已从备份恢复过，本份是恢复以前的，不能再同步")
	}
	return signed, who, nil
}

// count takes the request's counter, which must be greater than any before.
// The first request of a new epoch makes it the device's present one.
func (h *Hub) count(ctx context.Context, signed wire.Signed, who caller) error {
	var seen int64
	err := h.store.Update(ctx, func(tx Tx) error {
		state, err := tx.State(who.ID, signed.Epoch)
		if err != nil {
			return err
		}
		if seen = state.Nonce; signed.Nonce <= seen {
			return nil
		}
		if signed.Epoch > who.Epoch {
			who.Device.Epoch = signed.Epoch
			if err := tx.SaveDevice(who.Device); err != nil {
				return err
			}
		}
		state.Nonce = signed.Nonce
		return tx.SaveState(state)
	})
	if err == nil && signed.Nonce <= seen {
		refusal := wire.Refuse(http.StatusConflict, wire.CodeReplayed, "这个请求已经处理过，不能重复提交")
		refusal.Need = seen + 1
		return refusal
	}
	return err
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
	if _, err := h.authenticate(r); err != nil {
		return err
	}
	out, err := h.finish(r.Context(), r.PathValue("sha"))
	if err != nil {
		return err
	}
	return reply(w, out)
}

func (h *Hub) serveDownload(w http.ResponseWriter, r *http.Request) error {
	if _, err := h.authenticate(r); err != nil {
		return err
	}
	return h.download(w, r, r.PathValue("sha"))
}

func (h *Hub) serveHealth(w http.ResponseWriter, r *http.Request) error {
	err := h.store.View(r.Context(), func(tx Tx) error {
		_, _, err := tx.LogHead()
		return err
	})
	if err != nil {
		return err
	}
	_, _ = io.WriteString(w, "ok\n")
	return nil
}
