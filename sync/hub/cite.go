package hub

import (
	"context"
	"errors"

	"anxin/model"
	"anxin/sync/wire"
)

// cite writes down which files a revision speaks of.
func cite(tx Tx, r model.Revision) error {
	for _, sha := range model.Files(r.Kind, r.Body) {
		if wire.CheckHash(sha) != nil {
			continue
		}
		if err := tx.Cite(sha, r.Record); err != nil {
			return err
		}
	}
	return nil
}

// citeAll does so for the records of a hub that served before files had
// readers.
func citeAll(tx Tx) error {
	done, err := number(tx, metaCited)
	if err != nil || done > 0 {
		return err
	}
	if err := tx.EachRevision(func(r model.Revision) error { return cite(tx, r) }); err != nil {
		return err
	}
	return tx.SetMeta(metaCited, "1")
}

// mayHave reports whether a device may be given a file: it may read a record
// that speaks of it, or brought it when none does yet. Knowing the file's name is
// not enough.
func mayHave(tx Tx, d Device, b Blob) (bool, error) {
	records, err := tx.Citing(b.SHA256)
	if err != nil || len(records) == 0 {
		return b.Device == d.ID, err
	}
	for _, record := range records {
		head, err := tx.Head(record)
		if err != nil && !errors.Is(err, model.ErrNotFound) {
			return false, err
		}
		if err == nil && d.may(head.Scope, RoleRead) {
			return true, nil
		}
	}
	return false, nil
}

// forReader finds a file for a device that may have it; for all others there is
// none.
func (h *Hub) forReader(ctx context.Context, d Device, sha string) (b Blob, err error) {
	if b, err = h.announced(ctx, sha); err != nil {
		return b, err
	}
	may := false
	err = h.store.View(ctx, func(tx Tx) (err error) {
		may, err = mayHave(tx, d, b)
		return err
	})
	if err == nil && (!may || !b.Stored) {
		err = notUploaded()
	}
	return b, err
}

// maxLacking bounds how many missing files one hello looks through.
const maxLacking = 1000

// wanted are the files this hub has heard of and does not hold whole, of those
// the device brought or may read: it may be the one that still has them.
func wanted(tx Tx, d Device) (out []string, err error) {
	lacking, err := tx.Lacking(maxLacking)
	if err != nil {
		return nil, err
	}
	for _, b := range lacking {
		may, err := mayHave(tx, d, b)
		if err != nil {
			return nil, err
		}
		if may && len(out) < wire.MaxAsk {
			out = append(out, b.SHA256)
		}
	}
	return out, nil
}
