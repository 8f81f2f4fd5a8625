-- Every revision this laptop knows, its own and its colleagues'. Rows are never
-- changed and never deleted. n is the order in which they became known here.
CREATE TABLE journal (
    n       INTEGER PRIMARY KEY AUTOINCREMENT,
    rev     TEXT    NOT NULL UNIQUE,
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
    pulled  INTEGER NOT NULL CHECK (pulled IN (0, 1))
) STRICT;
CREATE INDEX journal_record ON journal (record, n);

CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, '记录的历史不能修改'); END;
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, '记录的历史不能删除'); END;

-- The newest state of each record, computed from the journal: n is the row of
-- its head. Newest first is n descending.
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
CREATE INDEX head_kind   ON head (kind, n);
CREATE INDEX head_due    ON head (due, n)     WHERE due <> '';
CREATE INDEX head_case   ON head (case_id, n) WHERE case_id <> '';
CREATE INDEX head_parent ON head (parent, n)  WHERE parent <> '';
CREATE INDEX head_number ON head (number)     WHERE number <> '';

-- Keyed words of each head, by n. Only which words a record has is kept, not
-- where they stand.
CREATE VIRTUAL TABLE search USING fts5 (words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');

-- The log of this laptop, one row per own revision, chained and signed; a
-- restored laptop starts a new epoch.
CREATE TABLE op (
    device   TEXT    NOT NULL,
    epoch    INTEGER NOT NULL,
    seq      INTEGER NOT NULL CHECK (seq >= 1),
    rev      TEXT    NOT NULL REFERENCES journal (rev),
    scope    TEXT    NOT NULL,
    prev     BLOB    NOT NULL,
    hash     BLOB    NOT NULL,
    sig      BLOB    NOT NULL,
    series   TEXT,                       -- the number it took, if any
    serial   INTEGER,
    document TEXT,
    PRIMARY KEY (epoch, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX op_rev ON op (rev);

CREATE TRIGGER op_no_update BEFORE UPDATE ON op BEGIN SELECT RAISE(ABORT, '设备日志不能修改'); END;
CREATE TRIGGER op_no_delete BEFORE DELETE ON op BEGIN SELECT RAISE(ABORT, '设备日志不能删除'); END;

-- What the hub did with each entry; an entry without a row is still to be sent.
CREATE TABLE op_outcome (
    epoch    INTEGER NOT NULL,
    seq      INTEGER NOT NULL,
    outcome  TEXT    NOT NULL,
    reason   TEXT    NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (epoch, seq),
    FOREIGN KEY (epoch, seq) REFERENCES op (epoch, seq)
) STRICT, WITHOUT ROWID;

-- How far the feed of each scope has been read.
CREATE TABLE cursor (
    scope    TEXT PRIMARY KEY,
    position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Heads that could not be merged, until an officer settles them.
CREATE TABLE conflict (
    record TEXT NOT NULL,
    theirs TEXT NOT NULL REFERENCES journal (rev),
    ours   TEXT NOT NULL REFERENCES journal (rev),
    base   TEXT NOT NULL,
    kind   TEXT NOT NULL,
    fields TEXT NOT NULL,                -- JSON array of member names
    at     TEXT NOT NULL,
    PRIMARY KEY (record, theirs)
) STRICT, WITHOUT ROWID;

-- Runs of document numbers leased to this laptop.
CREATE TABLE block (
    id      INTEGER PRIMARY KEY,
    series  TEXT    NOT NULL,
    first   INTEGER NOT NULL CHECK (first >= 1),
    last    INTEGER NOT NULL CHECK (last >= first),
    start   INTEGER NOT NULL,            -- what next was when it was leased
    next    INTEGER NOT NULL CHECK (next >= start AND start >= first AND next <= last + 1),
    device  TEXT    NOT NULL,
    epoch   INTEGER NOT NULL,
    source  TEXT    NOT NULL,
    expires TEXT    NOT NULL             -- RFC 3339, '' never
) STRICT;
CREATE TRIGGER block_forward BEFORE UPDATE ON block
WHEN NEW.next < OLD.next OR NEW.start <> OLD.start OR NEW.series <> OLD.series OR NEW.first <> OLD.first OR NEW.last <> OLD.last
BEGIN SELECT RAISE(ABORT, '号段只能向前使用'); END;
CREATE TRIGGER block_no_delete BEFORE DELETE ON block BEGIN SELECT RAISE(ABORT, '号段不能删除'); END;

-- The register of numbers: each number taken or given up, once.
CREATE TABLE number (
    series   TEXT    NOT NULL,
    serial   INTEGER NOT NULL,
    state    TEXT    NOT NULL CHECK (state IN ('已用', '作废')),
    document TEXT    NOT NULL,
    reason   TEXT    NOT NULL,
    at       TEXT    NOT NULL,
    PRIMARY KEY (series, serial)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER number_no_update BEFORE UPDATE ON number BEGIN SELECT RAISE(ABORT, '文号登记不能修改'); END;
CREATE TRIGGER number_no_delete BEFORE DELETE ON number BEGIN SELECT RAISE(ABORT, '文号登记不能删除'); END;

-- Issued documents; the uniqueness of numbers does not depend on the program.
CREATE TABLE issued (
    document TEXT PRIMARY KEY,
    rev      TEXT NOT NULL REFERENCES journal (rev),
    series   TEXT,
    serial   INTEGER,
    number   TEXT UNIQUE,
    UNIQUE (series, serial)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER issued_no_update BEFORE UPDATE ON issued BEGIN SELECT RAISE(ABORT, '已签发的文书不能修改'); END;
CREATE TRIGGER issued_no_delete BEFORE DELETE ON issued BEGIN SELECT RAISE(ABORT, '已签发的文书不能删除'); END;
CREATE TRIGGER head_issued BEFORE UPDATE ON head
WHEN OLD.state <> '草稿' AND EXISTS (SELECT 1 FROM issued WHERE document = OLD.id)
 AND (NEW.state = '草稿' OR NEW.number <> OLD.number OR NEW.date <> OLD.date OR NEW.amount_fen <> OLD.amount_fen
      OR NEW.count <> OLD.count OR NEW.case_id <> OLD.case_id OR NEW.kind <> OLD.kind)
BEGIN SELECT RAISE(ABORT, '已签发的文书不能修改'); END;

-- Settings of this laptop, sealed.
CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Whose log this is, which epoch of its life, and the highest time ever seen
-- (milliseconds since 1970), to notice a clock that runs backwards.
CREATE TABLE life (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    device  TEXT    NOT NULL,
    epoch   INTEGER NOT NULL,
    highest INTEGER NOT NULL
) STRICT;
CREATE TRIGGER life_forward BEFORE UPDATE ON life
WHEN NEW.highest < OLD.highest OR NEW.epoch < OLD.epoch
BEGIN SELECT RAISE(ABORT, '设备的期次和时间只能向前'); END;
