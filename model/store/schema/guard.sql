-- What must not be changed, the database refuses to change itself, whoever asks.
--
-- Rows come from this program alone: it alone has the function anxin_writes, and
-- in any other program a statement that would ask it ends with "no such function"
-- before it has begun. INSERT is guarded too, because INSERT OR REPLACE takes a
-- row's place unseen by triggers on DELETE. Where this program may not do it
-- either, no function is asked.
--
-- Whoever takes down a trigger or a table has their way; Verify says which trigger
-- is missing, and Rebuild puts all of them up again.

CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, '记录的历史不能修改'); END;
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal WHEN OLD.pulled = 0 OR NOT anxin_writes()
BEGIN SELECT RAISE(ABORT, '记录的历史不能删除'); END;
CREATE TRIGGER journal_ours BEFORE INSERT ON journal WHEN NOT anxin_writes() BEGIN SELECT RAISE(ABORT, '记录的历史只能由安薪写入'); END;

CREATE TRIGGER op_no_update BEFORE UPDATE ON op BEGIN SELECT RAISE(ABORT, '设备日志不能修改'); END;
CREATE TRIGGER op_no_delete BEFORE DELETE ON op BEGIN SELECT RAISE(ABORT, '设备日志不能删除'); END;
CREATE TRIGGER op_ours BEFORE INSERT ON op WHEN NOT anxin_writes() BEGIN SELECT RAISE(ABORT, '设备日志只能由安薪写入'); END;

CREATE TRIGGER issued_no_update BEFORE UPDATE ON issued BEGIN SELECT RAISE(ABORT, '已签发的文书不能修改'); END;
CREATE TRIGGER issued_no_delete BEFORE DELETE ON issued
WHEN EXISTS (SELECT 1 FROM journal WHERE record = OLD.document AND pulled = 0) OR NOT anxin_writes()
BEGIN SELECT RAISE(ABORT, '已签发的文书不能删除'); END;
CREATE TRIGGER issued_ours BEFORE INSERT ON issued WHEN NOT anxin_writes() BEGIN SELECT RAISE(ABORT, '已签发的文书只能由安薪登记'); END;

CREATE TRIGGER head_issued BEFORE UPDATE ON head
WHEN OLD.state <> '草稿' AND EXISTS (SELECT 1 FROM issued WHERE document = OLD.id)
 AND (NEW.state = '草稿' OR NEW.number <> OLD.number OR NEW.date <> OLD.date OR NEW.amount_fen <> OLD.amount_fen
      OR NEW.count <> OLD.count OR NEW.case_id <> OLD.case_id OR NEW.kind <> OLD.kind)
BEGIN SELECT RAISE(ABORT, '已签发的文书不能修改'); END;
CREATE TRIGGER head_update BEFORE UPDATE ON head WHEN NOT anxin_writes() BEGIN SELECT RAISE(ABORT, '记录的最新状态只能由安薪写入'); END;
CREATE TRIGGER head_delete BEFORE DELETE ON head WHEN NOT anxin_writes() BEGIN SELECT RAISE(ABORT, '记录的最新状态只能由安薪写入'); END;
CREATE TRIGGER head_insert BEFORE INSERT ON head WHEN NOT anxin_writes() BEGIN SELECT RAISE(ABORT, '记录的最新状态只能由安薪写入'); END;

CREATE TRIGGER block_forward BEFORE UPDATE ON block
WHEN NEW.next < OLD.next OR NEW.start <> OLD.start OR NEW.series <> OLD.series OR NEW.first <> OLD.first OR NEW.last <> OLD.last
BEGIN SELECT RAISE(ABORT, '号段只能向前使用'); END;
CREATE TRIGGER block_no_delete BEFORE DELETE ON block BEGIN SELECT RAISE(ABORT, '号段不能删除'); END;
CREATE TRIGGER block_ours BEFORE INSERT ON block WHEN NOT anxin_writes() BEGIN SELECT RAISE(ABORT, '号段只能由安薪登记'); END;

CREATE TRIGGER number_no_update BEFORE UPDATE ON number BEGIN SELECT RAISE(ABORT, '文号登记不能修改'); END;
CREATE TRIGGER number_no_delete BEFORE DELETE ON number BEGIN SELECT RAISE(ABORT, '文号登记不能删除'); END;
CREATE TRIGGER number_ours BEFORE INSERT ON number WHEN NOT anxin_writes() BEGIN SELECT RAISE(ABORT, '文号只能由安薪登记'); END;

CREATE TRIGGER life_forward BEFORE UPDATE ON life
WHEN NEW.highest < OLD.highest OR NEW.epoch < OLD.epoch
BEGIN SELECT RAISE(ABORT, '设备的期次和时间只能向前'); END;
CREATE TRIGGER life_no_delete BEFORE DELETE ON life BEGIN SELECT RAISE(ABORT, '设备的期次不能删除'); END;
CREATE TRIGGER life_ours BEFORE INSERT ON life WHEN NOT anxin_writes() BEGIN SELECT RAISE(ABORT, '设备的期次只能由安薪写入'); END;
