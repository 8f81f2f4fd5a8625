-- Revisions are found by record and name and log entries by journal row, in the
-- order of time: see new.sql. The tables are made anew beside the old ones. Rows
-- whose revision an older journal had lost are left behind, for Verify to name.
ALTER TABLE op_outcome RENAME TO op_outcome_1;
ALTER TABLE op RENAME TO op_1;
ALTER TABLE conflict RENAME TO conflict_1;
ALTER TABLE issued RENAME TO issued_1;
ALTER TABLE head RENAME TO head_1;
ALTER TABLE journal RENAME TO journal_1;

CREATE TABLE journal (
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

CREATE TABLE head (
    n          INTEGER PRIMARY KEY REFERENCES journal (n),
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

CREATE TABLE op (
    device   TEXT    NOT NULL,
    epoch    INTEGER NOT NULL,
    seq      INTEGER NOT NULL CHECK (seq >= 1),
    n        INTEGER REFERENCES journal (n), -- NULL only where an older program's journal had lost the row
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

CREATE TABLE op_outcome (
    epoch    INTEGER NOT NULL,
    seq      INTEGER NOT NULL,
    outcome  TEXT    NOT NULL,
    reason   TEXT    NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (epoch, seq),
    FOREIGN KEY (epoch, seq) REFERENCES op (epoch, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE conflict (
    record TEXT NOT NULL,
    theirs TEXT NOT NULL,
    ours   TEXT NOT NULL,
    base   TEXT NOT NULL,
    kind   TEXT NOT NULL,
    fields TEXT NOT NULL,                -- JSON array of member names
    at     TEXT NOT NULL,
    PRIMARY KEY (record, theirs),
    FOREIGN KEY (record, theirs) REFERENCES journal (record, rev),
    FOREIGN KEY (record, ours) REFERENCES journal (record, rev)
) STRICT, WITHOUT ROWID;

CREATE TABLE issued (
    document TEXT PRIMARY KEY,
    rev      TEXT NOT NULL,
    series   TEXT,
    serial   INTEGER,
    number   TEXT UNIQUE,
    UNIQUE (series, serial),
    FOREIGN KEY (document, rev) REFERENCES journal (record, rev)
) STRICT, WITHOUT ROWID;

INSERT INTO journal SELECT n, rev, record, kind, parents, schema, author, device, epoch, time, body, sig, scope, pulled FROM journal_1 ORDER BY n;
INSERT INTO head SELECT n, id, kind, state, date, due, amount_fen, count, number, case_id, parent FROM head_1
    WHERE n IN (SELECT n FROM journal_1) ORDER BY n;
INSERT INTO op SELECT o.device, o.epoch, o.seq, j.n, o.rev, o.scope, o.prev, o.hash, o.sig, o.series, o.serial, o.document
    FROM op_1 o LEFT JOIN journal_1 j ON j.rev = o.rev ORDER BY o.epoch, o.seq;
INSERT INTO op_outcome SELECT epoch, seq, outcome, reason, position FROM op_outcome_1;
INSERT INTO conflict SELECT record, theirs, ours, base, kind, fields, at FROM conflict_1 c
    WHERE EXISTS (SELECT 1 FROM journal_1 WHERE record = c.record AND rev = c.theirs) AND EXISTS (SELECT 1 FROM journal_1 WHERE record = c.record AND rev = c.ours);
INSERT INTO issued SELECT document, rev, series, serial, number FROM issued_1 i
    WHERE EXISTS (SELECT 1 FROM journal_1 WHERE record = i.document AND rev = i.rev);

DROP TABLE op_outcome_1;
DROP TABLE op_1;
DROP TABLE conflict_1;
DROP TABLE issued_1;
DROP TABLE head_1;
DROP TABLE journal_1;

CREATE INDEX op_n ON op (n);
CREATE INDEX head_kind   ON head (kind, n);
CREATE INDEX head_due    ON head (due, n)     WHERE due <> '';
CREATE INDEX head_case   ON head (case_id, n) WHERE case_id <> '';
CREATE INDEX head_parent ON head (parent, n)  WHERE parent <> '';
CREATE INDEX head_number ON head (number)     WHERE number <> '';
