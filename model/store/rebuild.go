package store

import (
	"context"
	"errors"
)

// Rebuilt says what Rebuild did.
type Rebuilt struct {
	Records  int // heads computed
	Repaired int // of them, those that were not there or not the same
	Removed  int // heads that no revision stands behind
}

// Rebuild computes every head and the search index anew from the journal, in
// one transaction. It changes no revision. progress, which may be nil, is told
// the records done and how many there are.
func (s *Store) Rebuild(ctx context.Context, progress func(done, total int)) (Rebuilt, error) {
	var out Rebuilt
	err := s.inTx(ctx, func(t *tx) error {
		rows, err := t.headRows()
		if err != nil {
			return err
		}
		out = Rebuilt{Records: len(rows)}
		for _, q := range []string{`CREATE TEMP TABLE was AS SELECT * FROM head`, `DELETE FROM head`, `INSERT INTO search (search) VALUES ('delete-all')`} {
			if err := t.script(q); err != nil {
				return err
			}
		}
		for i, n := range rows {
			if i%1000 == 999 { // so that the words of a million records do not gather in memory
				if err := errors.Join(t.flushIndex(), t.cancelled()); err != nil {
					return err
				}
				if progress != nil {
					progress(i, len(rows))
				}
			}
			if err := t.rebuildHead(n); err != nil {
				return err
			}
		}
		return errors.Join(t.compareHeads(&out), t.projected())
	})
	if err != nil {
		return Rebuilt{}, err
	}
	if progress != nil {
		progress(out.Records, out.Records)
	}
	return out, nil
}

func (t *tx) rebuildHead(n int64) error {
	row := t.row(`SELECT `+revisionColumns+` FROM journal j WHERE j.n = ?`, n)
	r, err := t.s.scanRevision(row.Scan)
	if err != nil {
		return err
	}
	return t.project(r, t.s.faceOfBody(r.Kind, r.Body), n, 0)
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
