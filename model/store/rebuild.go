package store

import "context"

// Rebuild computes every head and the search index anew from the journal, in
// one transaction. It changes no revision.
func (s *Store) Rebuild(ctx context.Context) error {
	return s.inTx(ctx, func(t *tx) error {
		rows, err := t.headRows()
		if err != nil {
			return err
		}
		for _, q := range []string{`DELETE FROM head`, `INSERT INTO search (search) VALUES ('delete-all')`} {
			if err := t.exec(q); err != nil {
				return err
			}
		}
		for i, n := range rows {
			if i%1000 == 999 { // so that the words of a million records do not gather in memory
				if err := t.flushIndex(); err != nil {
					return err
				}
			}
			row := t.row(`SELECT `+revisionColumns+` FROM journal j WHERE j.n = ?`, n)
			r, err := s.scanRevision(row.Scan)
			if err != nil {
				return err
			}
			if err := t.project(r, s.faceOfBody(r.Kind, r.Body), n, 0); err != nil {
				return err
			}
		}
		return nil
	})
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
		return st, explain(err)
	}
	st.Pending, err = s.Pending(ctx)
	return st, err
}
