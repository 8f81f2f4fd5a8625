package hub

import (
	"bytes"
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"anxin/model"
	"anxin/sync/wire"
)

// What the bureau did after a backup was made stands in no laptop's log. When the
// backup is put back, laptops show what the hub had signed for them: the list of
// keys, in which stands who was shut out, and their passes. Who was shut out is
// shut out again at once; what gives anybody anything waits for the bureau.

// metaRecalled keeps what laptops reminded this hub of, metaRestored how it stood
// when its present life began.
const (
	metaRecalled = "recalled"
	metaRestored = "restored"
)

// Claim is what a laptop's pass says beyond what is known here.
type Claim struct {
	Pass  wire.Pass `json:"pass"`
	Epoch int       `json:"epoch"` // of the laptop
	At    time.Time `json:"at"`
}

// recalled is all that laptops said.
type recalled struct {
	Claims map[model.ID]Claim `json:"claims"`
	// Unknown stand in a list of keys and have not come by themselves.
	Unknown map[model.ID]model.PublicKey `json:"unknown"`
	Revoked []model.ID                   `json:"revoked"` // shut out again
}

// restored is how things stood at the beginning of a life.
type restored struct {
	At    time.Time     `json:"at"`
	Until time.Time     `json:"until"` // the last contact that was remembered
	Log   int64         `json:"log"`
	Bases map[int]int64 `json:"bases"` // of earlier lives: how many acts are remembered
	// Led: every number leased before is known, by the mark beside the records or
	// because all have spoken. Until then Copied are laptops of which there may be two.
	Led    bool       `json:"led"`
	Copied []model.ID `json:"copied,omitempty"`
}

func readMeta(tx Tx, key string, into any) error {
	text, err := tx.Meta(key)
	if errors.Is(err, model.ErrNotFound) || err == nil && text == "" {
		return nil
	}
	if err != nil {
		return err
	}
	return json.Unmarshal([]byte(text), into)
}

func writeMeta(tx Tx, key string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return tx.SetMeta(key, string(text))
}

func readRecalled(tx Tx) (r recalled, err error) {
	r = recalled{Claims: map[model.ID]Claim{}, Unknown: map[model.ID]model.PublicKey{}}
	return r, readMeta(tx, metaRecalled, &r)
}

// noteRestored writes down how things stand when a life ends and a new one
// begins.
func (h *Hub) noteRestored(tx Tx, ended int64) error {
	var was restored
	if err := readMeta(tx, metaRestored, &was); err != nil {
		return err
	}
	log, err := tx.Log()
	if err != nil {
		return err
	}
	acts, err := number(tx, metaActs)
	if err != nil {
		return err
	}
	now := restored{At: h.opt.Clock.Now(), Log: log.Size, Bases: map[int]int64{int(ended) + 1: acts}}
	for life, acts := range was.Bases {
		now.Bases[life] = acts
	}
	if now.Led, err = h.led(tx, ended); err != nil {
		return err
	}
	devices, err := tx.Devices()
	for _, d := range devices {
		if d.Seen.After(now.Until) {
			now.Until = d.Seen
		}
	}
	return errors.Join(err, writeMeta(tx, metaRestored, now))
}

// pass is the hub's word what a device may do; none while another one of it
// waits for the bureau.
func (h *Hub) pass(tx Tx, d Device) (*wire.Pass, error) {
	says, err := readRecalled(tx)
	if err != nil {
		return nil, err
	}
	if _, waits := says.Claims[d.ID]; waits {
		return nil, nil
	}
	p := &wire.Pass{Hub: h.device.ID, Device: d.ID, Key: d.Key, Name: d.Name, Scope: d.Scope, Grants: passGrants(d), At: h.opt.Clock.Now()}
	if p.Life, err = h.epoch(tx); err != nil {
		return nil, err
	}
	if p.Acts, err = number(tx, metaActs); err != nil {
		return nil, err
	}
	return p, p.Sign(h.device.Key)
}

func passGrants(d Device) (out []wire.PassGrant) {
	for _, g := range d.Grants {
		out = append(out, wire.PassGrant(g))
	}
	return out
}

// serveRecall hears a laptop out, also one that is not known: what it shows is
// signed by this hub, and with the laptop's key in it.
func (h *Hub) serveRecall(w http.ResponseWriter, r *http.Request) error {
	var in wire.Recall
	signed, err := wire.ReadSigned(r)
	if err != nil {
		return unsigned()
	}
	_, err = h.deviceOf(r.Context(), signed.Device)
	stranger := errors.Is(err, model.ErrNotFound)
	switch {
	case stranger:
		err = h.strangersWord(w, r, signed, &in)
	case err == nil:
		_, err = h.read(w, r, &in)
	}
	if err != nil {
		return err
	}
	out, err := h.recall(r.Context(), signed.Device, signed.Epoch, in)
	if err != nil {
		return err
	}
	return reply(w, out)
}

// recall takes in what a laptop shows, as far as this hub has signed it.
func (h *Hub) recall(ctx context.Context, device model.ID, epoch int, in wire.Recall) (out wire.Recalled, err error) {
	if in.Keys.Check(h.device.Public()) != nil {
		in.Keys = wire.KeyList{}
	}
	if in.Pass != nil && (in.Pass.Check(h.device.Public()) != nil || in.Pass.Hub != h.device.ID || in.Pass.Device != device) {
		in.Pass = nil
	}
	defer h.forgetAll()
	err = h.updateNoted(ctx, func(tx Tx) (err error) {
		out.Waiting, err = h.remember(tx, in, epoch)
		return err
	})
	return out, err
}

// strangersWord reads what a laptop that is not known here says.
func (h *Hub) strangersWord(w http.ResponseWriter, r *http.Request, signed wire.Signed, in *wire.Recall) error {
	if !h.enrol.allow(r) {
		return wire.Refuse(http.StatusTooManyRequests, wire.CodeRate, "尝试次数过多，请一分钟后再试")
	}
	body, err := readBody(w, r)
	if err != nil {
		return err
	}
	if err := unpack(body, in); err != nil {
		return err
	}
	p := in.Pass
	if p == nil || p.Check(h.device.Public()) != nil || p.Device != signed.Device || signed.Digest == nil ||
		!bytes.Equal(signed.Digest, wire.Digest(body)) || signed.Check(p.Key) != nil {
		return unsigned()
	}
	return nil
}

// remember takes in what a laptop showed, all of it signed by this hub. It
// reports whether the laptop has to wait for the bureau.
func (h *Hub) remember(tx Tx, in wire.Recall, epoch int) (waiting bool, err error) {
	life, err := h.life(tx, in.Pass)
	if err != nil || life == 1 {
		return false, err // nothing was ever put back
	}
	says, err := readRecalled(tx)
	if err != nil {
		return false, err
	}
	for _, k := range in.Keys.Keys {
		if err := h.rememberKey(tx, k, &says); err != nil {
			return false, err
		}
	}
	if in.Pass != nil {
		if err := h.rememberPass(tx, Claim{Pass: *in.Pass, Epoch: epoch, At: h.opt.Clock.Now()}, life, &says); err != nil {
			return false, err
		}
		_, waiting = says.Claims[in.Pass.Device]
	}
	return waiting, writeMeta(tx, metaRecalled, says)
}

// life is the hub's, after looking whether a pass proves that it was put back and
// nobody said so: it was signed in this life, for a laptop that is not known.
func (h *Hub) life(tx Tx, p *wire.Pass) (int, error) {
	life, err := h.epoch(tx)
	if err != nil || p == nil || p.Life < life {
		return life, err
	}
	if _, err := tx.Device(p.Device); !errors.Is(err, model.ErrNotFound) {
		return life, err
	}
	h.opt.Log.Warn("a device was forgotten", "device", string(p.Device))
	if err := h.begin(tx); err != nil {
		return life, err
	}
	return h.epoch(tx)
}

// rememberKey shuts out again who had been shut out, so that the papers of those
// who are not known here are known again, and notes other strangers.
func (h *Hub) rememberKey(tx Tx, k model.PublicKey, says *recalled) error {
	d, err := tx.Device(k.Device)
	switch {
	case k.Device == h.device.ID:
	case errors.Is(err, model.ErrNotFound) && !k.Revoked.IsZero():
		says.Revoked = append(says.Revoked, k.Device)
		delete(says.Unknown, k.Device)
		delete(says.Claims, k.Device)
		return errors.Join(tx.SaveDevice(shutOut(k.Device, k.Name, k.Key, k.Revoked)), acted(tx))
	case errors.Is(err, model.ErrNotFound):
		if _, claims := says.Claims[k.Device]; !claims {
			says.Unknown[k.Device] = k
		}
	case err != nil:
		return err
	case !k.Revoked.IsZero() && d.Revoked.IsZero() && subtle.ConstantTimeCompare(d.Key, k.Key) == 1:
		d.Revoked = k.Revoked
		says.Revoked = append(says.Revoked, d.ID)
		delete(says.Claims, d.ID)
		return errors.Join(tx.SaveDevice(d), acted(tx))
	}
	return nil
}

// shutOut is a laptop that may do nothing; what it signed before is known to be
// its own.
func shutOut(id model.ID, name string, key []byte, at time.Time) Device {
	return Device{ID: id, Name: name, Key: key, Epoch: 1, Enrolled: at, Until: at, Revoked: at}
}

// rememberPass notes a pass that says something newer than what is known here.
func (h *Hub) rememberPass(tx Tx, c Claim, life int, says *recalled) error {
	p := c.Pass
	d, err := tx.Device(p.Device)
	if errors.Is(err, model.ErrNotFound) {
		says.Claims[p.Device] = c
		delete(says.Unknown, p.Device)
		return nil
	}
	if err != nil || !d.Revoked.IsZero() || subtle.ConstantTimeCompare(d.Key, p.Key) != 1 {
		return err
	}
	var back restored
	if err := readMeta(tx, metaRestored, &back); err != nil {
		return err
	}
	base, known := back.Bases[p.Life]
	if p.Life >= life || known && p.Acts <= base || slices.Equal(p.Grants, passGrants(d)) {
		return nil // said in this life, or remembered, or nothing new
	}
	says.Claims[p.Device] = c
	return nil
}

// acted counts an act of the bureau.
func acted(tx Tx) error {
	acts, err := number(tx, metaActs)
	if err != nil {
		return err
	}
	return tx.SetMeta(metaActs, strconv.FormatInt(acts+1, 10))
}

// strangers reports whether some laptop is known of, but not known: it may hold
// numbers.
func strangers(tx Tx) (bool, error) {
	says, err := readRecalled(tx)
	for id := range says.Claims {
		if _, err := tx.Device(id); errors.Is(err, model.ErrNotFound) {
			return true, nil
		}
	}
	for id := range says.Unknown {
		if _, err := tx.Device(id); errors.Is(err, model.ErrNotFound) {
			return true, nil
		}
	}
	return false, err
}

// Confirm lets a laptop have what its pass says: one that is not known here joins
// again, another has exactly the grants of the pass from now on.
func (h *Hub) Confirm(ctx context.Context, id model.ID) error {
	defer h.forget(id)
	return h.updateNoted(ctx, func(tx Tx) error {
		says, err := readRecalled(tx)
		if err != nil {
			return err
		}
		c, waits := says.Claims[id]
		if !waits {
			return model.ErrNotFound
		}
		d, err := tx.Device(id)
		if errors.Is(err, model.ErrNotFound) {
			now := h.opt.Clock.Now()
			d = Device{ID: id, Name: c.Pass.Name, Scope: c.Pass.Scope, Key: c.Pass.Key, Epoch: c.Epoch, Enrolled: now, Until: now.Add(certificateLife)}
		} else if err != nil {
			return err
		}
		if !d.Revoked.IsZero() {
			return fmt.Errorf("笔记本“%s”已被停用，不能确认", d.Name)
		}
		d.Grants = nil
		for _, g := range c.Pass.Grants {
			d.Grants = append(d.Grants, Grant(g))
		}
		delete(says.Claims, id)
		return errors.Join(tx.SaveDevice(d), acted(tx), writeMeta(tx, metaRecalled, says))
	})
}

// Dismiss ends the matter of a laptop without giving it anything: one that is not
// known here is shut out.
func (h *Hub) Dismiss(ctx context.Context, id model.ID) error {
	defer h.forget(id)
	return h.updateNoted(ctx, func(tx Tx) error {
		says, err := readRecalled(tx)
		if err != nil {
			return err
		}
		c, claims := says.Claims[id]
		k, unknown := says.Unknown[id]
		if !claims && !unknown {
			return model.ErrNotFound
		}
		delete(says.Claims, id)
		delete(says.Unknown, id)
		if err := writeMeta(tx, metaRecalled, says); err != nil {
			return err
		}
		if _, err := tx.Device(id); !errors.Is(err, model.ErrNotFound) {
			return err
		}
		name, key := c.Pass.Name, c.Pass.Key
		if unknown {
			name, key = k.Name, k.Key
		}
		return errors.Join(tx.SaveDevice(shutOut(id, name, key, h.opt.Clock.Now())), acted(tx))
	})
}
