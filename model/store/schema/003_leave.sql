-- Records their officer may no longer see are taken off the laptop whole. The
-- journal lets go of colleagues' revisions of the records named here, and of
-- nothing else; a record is named only within the transaction that takes it off.
CREATE TABLE leaving (record TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

DROP TRIGGER journal_no_delete;
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
WHEN OLD.pulled = 0 OR NOT EXISTS (SELECT 1 FROM leaving WHERE record = OLD.record)
BEGIN SELECT RAISE(ABORT, '记录的历史不能删除'); END;

DROP TRIGGER issued_no_delete;
CREATE TRIGGER issued_no_delete BEFORE DELETE ON issued
WHEN NOT EXISTS (SELECT 1 FROM leaving WHERE record = OLD.document)
BEGIN SELECT RAISE(ABORT, '已签发的文书不能删除'); END;
