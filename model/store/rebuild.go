package store

import (
	"context"
	"errors"

	"anxin/model"
)

// Rebuilt says what Rebuild did.
type Rebuilt struct {
	Records  int // heads computed
	Repaired int // of them, those that were not there or not the same
	Removed  int // heads that no revision stands behind
	Issued   int // issued documents entered again among the issued
}

// Rebuild computes every head and the search index anew from the journal, enters
// issued documents whose entry is gone, and puts up the triggers that keep other
// programs from changing anything, all in one transaction. It changes no
// revision. progress, which may be nil, is told the records done and how many
// there are.
func (s *Store) Rebuild(ctx context.Context, progress func(done, total int)) (out Rebuilt, err error) {
	if progress == nil {
		progress = func(int, int) {}
	}
	err = s.inTx(ctx, func(t *tx) error {
		if err := t.unguard(); err != nil {
			return err
		}
		if out, err = t.rebuild(progress); err != nil {
			return err
		}
		return t.guard()
	})
	if err != nil {
		return Rebuilt{}, err
	}
	progress(out.Records, out.Records)
	return out, nil
}

// rebuild is Rebuild in a transaction, under no triggers.
func (t *tx) rebuild(progress func(done, total int)) (Rebuilt, error) {
	rows, err := t.headRows()
	if err != nil {
		return Rebuilt{}, err
	}
	out := Rebuilt{Records: len(rows)}
	for _, q := range []string{`CREATE TEMP TABLE was AS SELECT * FROM head`, `DELETE FROM head`, `INSERT INTO search (search) VALUES ('delete-all')`} {
		if err := t.script(q); err != nil {
			return out, err
		}
	}
	for i, n := range rows {
		if i%1000 == 0 { // so that the words of a million records do not gather in memory
			if err := errors.Join(t.flushIndex(), t.cancelled()); err != nil {
				return out, err
			}
			progress(i, len(rows))
		}
		if err := t.rebuildHead(n, &out); err != nil {
			return out, err
		}
	}
	err = errors.Join(t.compareHeads(&out), t.projected())
	return out, err
}

func (t *tx) rebuildHead(n int64, out *Rebuilt) error {
	row := t.row(`SELECT `+revisionColumns+` FROM journal j WHERE j.n = ?`, n)
	r, err := t.s.scanRevision(row.Scan)
	if isBad(err) { // Verify names it; its columns stay what they were
		return t.exec(`INSERT INTO head SELECT * FROM temp.was WHERE n = ?`, n)
	}
	if err != nil {
		return err
	}
	if err := t.project(r, t.s.faceOfRevision(r), n, 0); err != nil || r.Kind != model.KindDocument {
		return err
	}
	return t.rebuildIssued(r, out)
}

// rebuildIssued enters the document of a head among the issued, by the revision
// that issued it. A number that another document carries is left to Verify to
// tell.
func (t *tx) rebuildIssued(head model.Revision, out *Rebuilt) error {
	if d, err := model.As[model.Document](head.Body); err != nil || d.Issued == nil {
		return nil // a draft, or a shape of a newer program
	}
	var has int
	if err := t.row(`SELECT count(*) FROM issued WHERE document = ?`, head.Record).Scan(&has); err != nil || has > 0 {
		return err
	}
	past, err := t.past(head.Record)
	if err != nil {
		return err
	}
	for _, r := range past {
		d, err := model.As[model.Document](r.Body)
		if err != nil || d.Issued == nil {
			continue
		}
		err = t.fix(r, d.Issued)
		if isTaken(err) {
			return nil
		}
		out.Issued++
		return err
	}
	return nil
}

// past is every revision of a record that opens, oldest first.
func (t *tx) past(record model.ID) ([]model.Revision, error) {
	st, err := t.prepare(`SELECT ` + revisionColumns + ` FROM journal j WHERE j.record = ? ORDER BY j.n`)
	if err != nil {
		return nil, err
	}
	rows, err := st.QueryContext(t.ctx, record)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []model.Revision
	for rows.Next() {
		r, err := t.s.scanRevision(rows.Scan)
		if isBad(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// compareHeads counts what is other than it was.
func (t *tx) compareHeads(out *Rebuilt) error {
	row := t.s.writer.QueryRowContext(t.ctx, `SELECT (SELECT count(*) FROM (SELECT * FROM head EXCEPT SELECT * FROM temp.was)),
		(SELECT count(*) FROM temp.was w WHERE NOT EXISTS (SELECT 1 FROM head h WHERE h.id = w.id))`)
	if err := row.Scan(&out.Repaired, &out.Removed); err != nil {
		return err
	}
	return t.script(`DROP TABLE temp.was`)
}

// headRows are the journal rows of all heads: our side of a conflict, or else
// of the revisions nothing grew from the one of the highest generation, the
// one known first when they are level. It is what place decides one by one.
func (t *tx) headRows() ([]int64, error) {
	st, err := t.prepare(`WITH leaf AS (
			SELECT n, record, row_number() OVER (PARTITION BY record ORDER BY
				EXISTS (SELECT 1 FROM conflict c WHERE c.record = j.record AND c.ours = j.rev) DESC,
				EXISTS (SELECT 1 FROM journal k, json_each(k.parents) p WHERE k.record = j.record AND p.value = j.rev),
				CAST(rev AS INTEGER) DESC, n) AS place
			FROM journal j)
		SELECT n FROM leaf WHERE place = 1 ORDER BY n`)
	if err != nil {
		return nil, err
	}
	rows, err := st.QueryContext(t.ctx)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []int64
	for rows.Next() {
		var n int64
		if err := rows.Scan(&n); err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, rows.Err()
}

// Stats are sizes for the page that describes this laptop.
type Stats struct {
	Records   int
	Revisions int
	Pending   int // entries that wait for the hub
	Conflicts int
	Bytes     int64 // of the database file
}

// Stats counts what is here.
func (s *Store) Stats(ctx context.Context) (Stats, error) {
	var st Stats
	err := s.readRow(ctx, `SELECT (SELECT count(*) FROM head), (SELECT count(*) FROM journal), (SELECT count(*) FROM conflict),
		(SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size)`).
		Scan(&st.Records, &st.Revisions, &st.Conflicts, &st.Bytes)
	if err != nil {
		return st, s.explain(err)
	}
	st.Pending, err = s.Pending(ctx)
	return st, err
}
