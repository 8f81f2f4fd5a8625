package store

import (
	"context"
	"database/sql"

	"anxin/model"
)

// verifyNumbers checks the register: what was leased and passed is used or
// given up, what was used is on an issued document, and each issued document's
// row says what its revision says.
func (s *Store) verifyNumbers(ctx context.Context, r *Report) error {
	n, err := s.number64(ctx, `SELECT count(*) FROM number`)
	if err != nil {
		return err
	}
	r.Numbers = int(n)
	err = s.eachRow(ctx, func(scan func(...any) error) error {
		line, err := text(scan)
		r.fault("%s", line)
		return err
	}, `SELECT '字号“' || b.series || '”' || b.start || ' 至 ' || (b.next - 1) || ' 之间有号没有登记去向' FROM block b
			WHERE (SELECT count(*) FROM number n WHERE n.series = b.series AND n.serial >= b.start AND n.serial < b.next) <> b.next - b.start
		UNION ALL SELECT '字号“' || n.series || '”第 ' || n.serial || ' 号登记为已用，但文书 ' || n.document || ' 没有签发' FROM number n
			WHERE n.state = '已用' AND NOT EXISTS (SELECT 1 FROM issued i WHERE i.document = n.document AND i.series = n.series AND i.serial = n.serial)
		UNION ALL SELECT '文书 ' || i.document || ' 的签发登记所指的版本 ' || i.rev || ' 不见了' FROM issued i
			WHERE NOT EXISTS (SELECT 1 FROM journal j WHERE j.record = i.document AND j.rev = i.rev)`)
	if err != nil {
		return err
	}
	if err := s.verifyIssued(ctx, r); err != nil {
		return err
	}
	return s.verifyDocuments(ctx, r)
}

func (s *Store) verifyIssued(ctx context.Context, r *Report) error {
	return s.eachRow(ctx, func(scan func(...any) error) error {
		var document model.ID
		var series, number sql.NullString
		var serial sql.NullInt64
		rev, err := s.scanRevision(scan, &document, &series, &serial, &number)
		if isBad(err) {
			return nil // told by verifyJournal
		}
		if err != nil {
			return err
		}
		d, err := model.As[model.Document](rev.Body)
		if err != nil || rev.Record != document || d.Issued == nil ||
			d.Issued.Number != number.String || d.Issued.Series != series.String || d.Issued.Serial != int(serial.Int64) {
			r.fault("文书 %s 的签发登记（文号“%s”）与签发的版本 %s 不符", document, number.String, rev.Rev)
		}
		return nil
	}, `SELECT i.document, i.series, i.serial, i.number, `+revisionColumns+` FROM issued i JOIN journal j ON j.record = i.document AND j.rev = i.rev`)
}

// verifyDocuments finds issued documents without a row: their number stands on
// another paper too.
func (s *Store) verifyDocuments(ctx context.Context, r *Report) error {
	return s.eachRow(ctx, func(scan func(...any) error) error {
		h, err := s.scanHead(scan)
		if isBad(err) {
			return nil // told by verifyJournal
		}
		if err != nil {
			return err
		}
		if d, err := model.As[model.Document](h.Body); err == nil && d.Issued != nil {
			r.fault("文书 %s 的文号“%s”没有签发登记，另一份文书可能用了同一文号", h.ID, d.Issued.Number)
		}
		return nil
	}, `SELECT `+headColumns+` FROM head h JOIN journal j ON j.n = h.n
		WHERE h.kind = ? AND NOT EXISTS (SELECT 1 FROM issued i WHERE i.document = h.id)`, model.KindDocument)
}
