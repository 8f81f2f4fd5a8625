package hub

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"anxin/model"
)

// Restored is what became of a hub that was put back from a backup.
type Restored struct {
	Life  int       // 1: it never was
	At    time.Time // when the present life began
	Until time.Time // how far the backup reached: the last contact it remembered
	// What came back by itself since: operations in the log, laptops that have
	// been heard, and laptops shut out again.
	Ops     int64
	Heard   int
	Silent  []Device // in good standing and not heard yet
	Revoked []Device
	// Copied have been copied or put back before, and the mark that knows every
	// number leased was lost: as long as there may be a second one of them,
	// numbers are not leased, unless the bureau says so.
	Copied []Device
	// What waits for the bureau.
	Claims  []Waiting
	Unknown []Unknown
}

// Waiting is a laptop whose pass says more than what is known of it here.
type Waiting struct {
	Claim
	Device Device // as it is known; the zero Device when it is not
	Added  []Grant
	Lost   []Grant // known here, and not in the pass: they had been withdrawn
}

// Unknown is a laptop that others know of, and that has not come by itself.
type Unknown struct {
	ID   model.ID
	Name string
}

// Open reports whether anything waits for the bureau.
func (r Restored) Open() bool { return len(r.Claims)+len(r.Unknown) > 0 }

// Restored tells what came back after the hub was put back, and what waits.
func (h *Hub) Restored(ctx context.Context) (out Restored, err error) {
	err = h.store.View(ctx, func(tx Tx) (err error) {
		out, err = h.restored(tx)
		return err
	})
	return out, err
}

func (h *Hub) restored(tx Tx) (out Restored, err error) {
	if out.Life, err = h.epoch(tx); err != nil || out.Life == 1 {
		return out, err
	}
	var back restored
	if err := readMeta(tx, metaRestored, &back); err != nil {
		return out, err
	}
	log, err := tx.Log()
	if err != nil {
		return out, err
	}
	out.At, out.Until, out.Ops = back.At, back.Until, log.Size-back.Log
	devices, err := tx.Devices()
	if err != nil {
		return out, err
	}
	says, err := readRecalled(tx)
	if err != nil {
		return out, err
	}
	known := map[model.ID]Device{}
	for _, d := range devices {
		known[d.ID] = d
		switch {
		case d.Heard >= out.Life:
			out.Heard++
		case d.Revoked.IsZero():
			out.Silent = append(out.Silent, d)
		}
	}
	for _, id := range back.Copied {
		out.Copied = append(out.Copied, known[id])
	}
	for _, id := range says.Revoked {
		out.Revoked = append(out.Revoked, known[id])
	}
	for _, id := range slices.Sorted(maps.Keys(says.Claims)) {
		out.Claims = append(out.Claims, waiting(says.Claims[id], known[id]))
	}
	for id, k := range says.Unknown {
		if _, back := known[id]; !back {
			out.Unknown = append(out.Unknown, Unknown{id, k.Name})
		}
	}
	slices.SortFunc(out.Unknown, func(a, b Unknown) int { return cmp.Compare(a.ID, b.ID) })
	return out, nil
}

// waiting compares a pass with what is known.
func waiting(c Claim, d Device) Waiting {
	w := Waiting{Claim: c, Device: d}
	for _, g := range c.Pass.Grants {
		if !slices.Contains(d.Grants, Grant(g)) {
			w.Added = append(w.Added, Grant(g))
		}
	}
	said := passGrants(d)
	for i, g := range d.Grants {
		if !slices.Contains(c.Pass.Grants, said[i]) {
			w.Lost = append(w.Lost, g)
		}
	}
	return w
}
