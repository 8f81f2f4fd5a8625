package hub

import (
	"context"
	"crypto/ed25519"
	"errors"
	"slices"

	"anxin/model"
	"anxin/model/seal"
	"anxin/sync/wire"
)

// registered are the keys the hub knows by itself, of Ed25519, its own first. A
// laptop's key has no first day: it may have issued papers in the field before
// it ever met the hub.
func (h *Hub) registered(tx Tx) ([]model.PublicKey, error) {
	devices, err := tx.Devices()
	keys := []model.PublicKey{{ID: h.device.KeyID(), Key: h.device.Public(), Device: h.device.ID, Name: "局服务器", From: h.identity.since}}
	for _, d := range devices {
		keys = append(keys, model.PublicKey{ID: seal.KeyID(ed25519.PublicKey(d.Key)), Key: d.Key,
			Device: d.ID, Name: d.Name, Revoked: d.Revoked})
	}
	return keys, err
}

// keys is the list laptops check papers and revisions with; the keys devices
// announced reach them as records.
func (h *Hub) keys(tx Tx) (list wire.KeyList, err error) {
	list.At = h.opt.Clock.Now()
	if list.Keys, err = h.registered(tx); err != nil {
		return list, err
	}
	return list, list.Sign(h.device.Key)
}

func (h *Hub) keyList(ctx context.Context) (list wire.KeyList, err error) {
	err = h.store.View(ctx, func(tx Tx) error {
		list, err = h.keys(tx)
		return err
	})
	return list, err
}

// issuers are all keys a paper may be signed with: the hub's list and the keys
// its devices announced as records.
func (h *Hub) issuers(ctx context.Context) (keys []model.PublicKey, err error) {
	err = h.store.View(ctx, func(tx Tx) error {
		if keys, err = h.registered(tx); err != nil {
			return err
		}
		records, err := tx.Announced()
		if err != nil {
			return err
		}
		known := keys
		for _, id := range records {
			key, err := announced(tx, id, known)
			if err == nil {
				keys = append(keys, key)
			} else if !errors.Is(err, model.ErrNotFound) {
				return err
			}
		}
		return nil
	})
	return keys, err
}

// announced is the key a record announces, if the device it names wrote the
// record itself and is known; otherwise the error is model.ErrNotFound. A
// device that was revoked takes its keys with it.
func announced(tx Tx, record model.ID, known []model.PublicKey) (model.PublicKey, error) {
	first, now, err := ends(tx, record)
	if err != nil {
		return model.PublicKey{}, err
	}
	says, err1 := model.As[model.IssuerKey](first.Body)
	latest, err2 := model.As[model.IssuerKey](now.Body)
	at := slices.IndexFunc(known, func(k model.PublicKey) bool { return k.Device == first.Device })
	if err1 != nil || err2 != nil || says.Device != first.Device || at < 0 {
		return model.PublicKey{}, model.ErrNotFound
	}
	key := says.PublicKey
	key.Name, key.Revoked = known[at].Name, latest.Revoked
	if r := known[at].Revoked; !r.IsZero() && (key.Revoked.IsZero() || r.Before(key.Revoked)) {
		key.Revoked = r
	}
	return key, nil
}

// ends are a record's first revision and its present one; a record that began
// twice has no first.
func ends(tx Tx, record model.ID) (first, now model.Revision, err error) {
	head, err := tx.Head(record)
	if err != nil {
		return first, now, err
	}
	graph, err := tx.Graph(record)
	if err != nil {
		return first, now, err
	}
	var begun []model.Rev
	for rev, parents := range graph {
		if len(parents) == 0 {
			begun = append(begun, rev)
		}
	}
	if len(begun) != 1 {
		return first, now, model.ErrNotFound
	}
	if first, err = tx.Revision(begun[0]); err != nil {
		return first, now, err
	}
	now, err = tx.Revision(head.Rev)
	return first, now, err
}
