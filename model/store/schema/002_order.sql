-- Revisions are found by record and name, log entries by journal row: both come
-- in the order of time, so that a new row goes to the end of every index. By
-- name alone each new row would fall on a page of its own, and taking in a
-- register would cost more per record the more there are. A name covers its
-- record, so the pair is as unique as the name.
CREATE TABLE journal_2 (
    n       INTEGER PRIMARY KEY AUTOINCREMENT,
    rev     TEXT    NOT NULL,
    record  TEXT    NOT NULL,
    kind    TEXT    NOT NULL,
    parents TEXT    NOT NULL,            -- JSON array of revs
    schema  INTEGER NOT NULL,
    author  TEXT    NOT NULL,
    device  TEXT    NOT NULL,
    epoch   INTEGER NOT NULL,
    time    TEXT    NOT NULL,            -- RFC 3339, zone kept
    body    BLOB    NOT NULL,            -- sealed, bound to record and rev
    sig     BLOB    NOT NULL,
    scope   TEXT    NOT NULL,            -- home scope of the record
    pulled  INTEGER NOT NULL CHECK (pulled IN (0, 1)),
    UNIQUE (record, rev)
) STRICT;

CREATE TABLE head_2 (
    n          INTEGER PRIMARY KEY REFERENCES journal_2 (n),
    id         TEXT    NOT NULL UNIQUE,
    kind       TEXT    NOT NULL,
    state      TEXT    NOT NULL,
    date       TEXT    NOT NULL,         -- RFC 3339, '' unknown
    due        TEXT    NOT NULL,         -- 2006-01-02, '' none
    amount_fen INTEGER NOT NULL,
    count      INTEGER NOT NULL,
    number     TEXT    NOT NULL,
    case_id    TEXT    NOT NULL,
    parent     TEXT    NOT NULL
) STRICT;

CREATE TABLE op_2 (
    device   TEXT    NOT NULL,
    epoch    INTEGER NOT NULL,
    seq      INTEGER NOT NULL CHECK (seq >= 1),
    n        INTEGER REFERENCES journal_2 (n), -- NULL only where an older program's journal had lost the row
    rev      TEXT    NOT NULL,
    scope    TEXT    NOT NULL,
    prev     BLOB    NOT NULL,
    hash     BLOB    NOT NULL,
    sig      BLOB    NOT NULL,
    series   TEXT,                       -- the number it took, if any
    serial   INTEGER,
    document TEXT,
    PRIMARY KEY (epoch, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE op_outcome_2 (
    epoch    INTEGER NOT NULL,
    seq      INTEGER NOT NULL,
    outcome  TEXT    NOT NULL,
    reason   TEXT    NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (epoch, seq),
    FOREIGN KEY (epoch, seq) REFERENCES op_2 (epoch, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE conflict_2 (
    record TEXT NOT NULL,
    theirs TEXT NOT NULL,
    ours   TEXT NOT NULL,
    base   TEXT NOT NULL,
    kind   TEXT NOT NULL,
    fields TEXT NOT NULL,                -- JSON array of member names
    at     TEXT NOT NULL,
    PRIMARY KEY (record, theirs),
    FOREIGN KEY (record, theirs) REFERENCES journal_2 (record, rev),
    FOREIGN KEY (record, ours) REFERENCES journal_2 (record, rev)
) STRICT, WITHOUT ROWID;

CREATE TABLE issued_2 (
    document TEXT PRIMARY KEY,
    rev      TEXT NOT NULL,
    series   TEXT,
    serial   INTEGER,
    number   TEXT UNIQUE,
    UNIQUE (series, serial),
    FOREIGN KEY (document, rev) REFERENCES journal_2 (record, rev)
) STRICT, WITHOUT ROWID;

INSERT INTO journal_2 SELECT n, rev, record, kind, parents, schema, author, device, epoch, time, body, sig, scope, pulled FROM journal ORDER BY n;
INSERT INTO head_2 SELECT n, id, kind, state, date, due, amount_fen, count, number, case_id, parent FROM head
    WHERE n IN (SELECT n FROM journal) ORDER BY n;
INSERT INTO op_2 SELECT o.device, o.epoch, o.seq, j.n, o.rev, o.scope, o.prev, o.hash, o.sig, o.series, o.serial, o.document
    FROM op o LEFT JOIN journal j ON j.rev = o.rev ORDER BY o.epoch, o.seq;
INSERT INTO op_outcome_2 SELECT epoch, seq, outcome, reason, position FROM op_outcome;
INSERT INTO conflict_2 SELECT record, theirs, ours, base, kind, fields, at FROM conflict c
    WHERE EXISTS (SELECT 1 FROM journal WHERE record = c.record AND rev = c.theirs) AND EXISTS (SELECT 1 FROM journal WHERE record = c.record AND rev = c.ours);
INSERT INTO issued_2 SELECT document, rev, series, serial, number FROM issued i
    WHERE EXISTS (SELECT 1 FROM journal WHERE record = i.document AND rev = i.rev);

DROP TABLE op_outcome;
DROP TABLE op;
DROP TABLE conflict;
DROP TABLE issued;
DROP TABLE head;
DROP TABLE journal;
ALTER TABLE journal_2 RENAME TO journal;
ALTER TABLE head_2 RENAME TO head;
ALTER TABLE op_2 RENAME TO op;
ALTER TABLE op_outcome_2 RENAME TO op_outcome;
ALTER TABLE conflict_2 RENAME TO conflict;
ALTER TABLE issued_2 RENAME TO issued;

CREATE INDEX op_n ON op (n);
CREATE INDEX head_kind   ON head (kind, n);
CREATE INDEX head_due    ON head (due, n)     WHERE due <> '';
CREATE INDEX head_case   ON head (case_id, n) WHERE case_id <> '';
CREATE INDEX head_parent ON head (parent, n)  WHERE parent <> '';
CREATE INDEX head_number ON head (number)     WHERE number <> '';

CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, '记录的历史不能修改'); END;
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, '记录的历史不能删除'); END;
CREATE TRIGGER op_no_update BEFORE UPDATE ON op BEGIN SELECT RAISE(ABORT, '设备日志不能修改'); END;
CREATE TRIGGER op_no_delete BEFORE DELETE ON op BEGIN SELECT RAISE(ABORT, '设备日志不能删除'); END;
CREATE TRIGGER issued_no_update BEFORE UPDATE ON issued BEGIN SELECT RAISE(ABORT, '已签发的文书不能修改'); END;
CREATE TRIGGER issued_no_delete BEFORE DELETE ON issued BEGIN SELECT RAISE(ABORT, '已签发的文书不能删除'); END;
CREATE TRIGGER head_issued BEFORE UPDATE ON head
WHEN OLD.state <> '草稿' AND EXISTS (SELECT 1 FROM issued WHERE document = OLD.id)
 AND (NEW.state = '草稿' OR NEW.number <> OLD.number OR NEW.date <> OLD.date OR NEW.amount_fen <> OLD.amount_fen
      OR NEW.count <> OLD.count OR NEW.case_id <> OLD.case_id OR NEW.kind <> OLD.kind)
BEGIN SELECT RAISE(ABORT, '已签发的文书不能修改'); END;
