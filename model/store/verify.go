package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"anxin/model"
	"anxin/model/seal"
)

// Report is what Verify found.
type Report struct {
	Revisions int
	Ops       int
	Records   int
	Numbers   int      // used and given up
	Gaps      int      // parents of colleagues' revisions that are not here; not a fault
	Faults    []string // one sentence each; empty when all is well

	read, total int // rows
	progress    func(done, total int)
}

// step counts a row that was read.
func (r *Report) step() {
	if r.read++; r.progress != nil && (r.read%1000 == 0 || r.read == r.total) {
		r.progress(min(r.read, r.total), r.total)
	}
}

func (r *Report) fault(format string, args ...any) {
	r.Faults = append(r.Faults, fmt.Sprintf(format, args...))
}

// Verify reads everything and checks it against itself: the file's structure,
// the triggers that keep other programs from changing it, each revision's seal, name, signature and parents, the chain and signatures
// of the log, that each head and its columns follow from the journal, and that
// every number is accounted for once. Faults go into the report; the error is
// for a database that cannot be read at all.
func (s *Store) Verify(ctx context.Context) (Report, error) { return s.VerifyWatched(ctx, nil) }

// VerifyWatched is Verify that tells the rows read and how many there are.
func (s *Store) VerifyWatched(ctx context.Context, progress func(done, total int)) (Report, error) {
	rows, err := s.number64(ctx, `SELECT (SELECT count(*) FROM journal) + (SELECT count(*) FROM op) + (SELECT count(*) FROM head)`)
	if err != nil {
		return Report{}, err
	}
	r := Report{total: int(rows), progress: progress}
	for _, check := range []func(context.Context, *Report) error{
		s.verifyFile, s.verifyGuards, s.verifyJournal, s.verifyParents, s.verifyLog, s.verifyHeads, s.verifyNumbers,
	} {
		if err := check(ctx, &r); err != nil {
			return r, err
		}
	}
	return r, nil
}

func (s *Store) verifyFile(ctx context.Context, r *Report) error {
	lines, err := collect(ctx, s, text, `PRAGMA integrity_check`)
	if err != nil {
		return err
	}
	if len(lines) != 1 || lines[0] != "ok" {
		r.fault("数据文件的结构已经损坏：%v", lines)
	}
	return nil
}

func text(scan func(...any) error) (line string, err error) {
	err = scan(&line)
	return line, err
}

// eachRow runs fn on every row of a query without keeping the rows.
func (s *Store) eachRow(ctx context.Context, fn func(scan func(...any) error) error, query string, args ...any) error {
	rows, err := s.read.QueryContext(ctx, query, args...)
	if err != nil {
		return s.explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := fn(rows.Scan); err != nil {
			return s.explain(err)
		}
	}
	return s.explain(rows.Err())
}

func (s *Store) verifyJournal(ctx context.Context, r *Report) error {
	return s.eachRow(ctx, func(scan func(...any) error) error {
		r.Revisions++
		r.step()
		rev, err := s.scanRevision(scan)
		if isBad(err) {
			r.fault("%v", err)
			return nil
		}
		if err != nil {
			return err
		}
		key, ok := s.keyOf(rev.Device)
		if !ok {
			r.fault("%s记录 %s 的版本 %s 由不认识的设备 %s 签名", rev.Kind, rev.Record, rev.Rev, rev.Device)
			return nil
		}
		if err := seal.CheckRevision(rev, key); err != nil {
			r.fault("%s记录 %s: %v", rev.Kind, rev.Record, err)
		}
		return nil
	}, `SELECT `+revisionColumns+` FROM journal j ORDER BY j.n`)
}

// verifyParents finds revisions whose parent is gone or another record's. A
// feed may leave out what lies between a colleague's revisions; this laptop's
// own always have theirs.
func (s *Store) verifyParents(ctx context.Context, r *Report) error {
	return s.eachRow(ctx, func(scan func(...any) error) error {
		var record model.ID
		var rev, parent model.Rev
		var pulled bool
		if err := scan(&record, &rev, &parent, &pulled); err != nil {
			return err
		}
		if pulled {
			r.Gaps++
		} else {
			r.fault("记录 %s 的版本 %s 缺少上一版本 %s", record, rev, parent)
		}
		return nil
	}, `SELECT j.record, j.rev, p.value, j.pulled FROM journal j, json_each(CASE WHEN json_valid(j.parents) THEN j.parents ELSE '[]' END) p
		WHERE NOT EXISTS (SELECT 1 FROM journal q WHERE q.rev = p.value AND q.record = j.record) ORDER BY j.n`)
}

// verifyLog walks the chain of each epoch.
func (s *Store) verifyLog(ctx context.Context, r *Report) error {
	epoch, seq, hash := 0, int64(0), []byte{}
	err := s.eachRow(ctx, func(scan func(...any) error) error {
		r.Ops++
		r.step()
		op, err := s.scanOp(scan)
		if isBad(err) { // told by verifyJournal
			epoch, seq, hash = op.Epoch, op.Seq, op.Hash
			return nil
		}
		if err != nil {
			return err
		}
		if op.Epoch != epoch {
			epoch, seq, hash = op.Epoch, 0, []byte{}
		}
		if op.Seq != seq+1 || !bytes.Equal(op.Prev, hash) {
			r.fault("设备日志第 %d 期第 %d 条接不上前一条（第 %d 条）", op.Epoch, op.Seq, seq)
		}
		key, ok := s.keyOf(op.Device)
		if !ok {
			r.fault("设备日志第 %d 期由不认识的设备 %s 签名", op.Epoch, op.Device)
		} else if err := seal.CheckOp(op, key); err != nil {
			r.fault("%v", err)
		}
		seq, hash = op.Seq, op.Hash
		return nil
	}, `SELECT `+opColumns+` FROM op o JOIN journal j ON j.n = o.n ORDER BY o.epoch, o.seq`)
	if err != nil {
		return err
	}
	return s.eachRow(ctx, func(scan func(...any) error) error {
		line, err := text(scan)
		r.fault("%s", line)
		return err
	}, `SELECT '版本 ' || rev || ' 不在设备日志里' FROM journal j WHERE pulled = 0 AND NOT EXISTS (SELECT 1 FROM op o WHERE o.n = j.n)
		UNION ALL SELECT '设备日志第 ' || epoch || ' 期第 ' || seq || ' 条的版本 ' || rev || ' 不见了' FROM op o
			WHERE NOT EXISTS (SELECT 1 FROM journal j WHERE j.n = o.n AND j.rev = o.rev)`)
}

// verifyHeads checks that each record has a head, that nothing follows it
// unless a conflict says so, and that its columns are those of its body.
func (s *Store) verifyHeads(ctx context.Context, r *Report) error {
	err := s.eachRow(ctx, func(scan func(...any) error) error {
		line, err := text(scan)
		r.fault("%s", line)
		return err
	}, `SELECT DISTINCT '记录 ' || record || ' 没有最新状态' FROM journal j WHERE NOT EXISTS (SELECT 1 FROM head h WHERE h.id = j.record)
		UNION ALL SELECT '记录 ' || h.id || ' 的最新状态不是最后一个版本' FROM head h JOIN journal j ON j.n = h.n
			WHERE j.record <> h.id OR NOT EXISTS (SELECT 1 FROM conflict c WHERE c.record = h.id)
			AND EXISTS (SELECT 1 FROM journal k, json_each(CASE WHEN json_valid(k.parents) THEN k.parents ELSE '[]' END) p WHERE k.record = h.id AND p.value = j.rev)`)
	if err != nil {
		return err
	}
	return s.eachRow(ctx, func(scan func(...any) error) error {
		r.Records++
		r.step()
		h, err := s.scanHead(scan)
		if isBad(err) {
			return nil // told by verifyJournal
		}
		if err != nil {
			return err
		}
		want := s.faceOfRevision(model.Revision{Kind: h.Kind, Schema: model.Schema(h.Kind), Body: h.Body}).sum
		want.Find, want.Exact = nil, nil
		if !sameSummary(want, h.Summary) {
			r.fault("%s记录 %s 的列表项与内容不符，请在“设置”中重建索引", h.Kind, h.ID)
		}
		return nil
	}, `SELECT `+headColumns+` FROM head h JOIN journal j ON j.n = h.n`)
}

func sameSummary(a, b model.Summary) bool {
	x, err1 := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return err1 == nil && err2 == nil && bytes.Equal(x, y)
}
