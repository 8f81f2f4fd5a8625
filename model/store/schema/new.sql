-- The tables of a new store, as every older one is brought up to be.

-- What the database has been through: a new one begins at the newest version.
CREATE TABLE IF NOT EXISTS migration (version INTEGER PRIMARY KEY, name TEXT NOT NULL, at TEXT NOT NULL) STRICT;

-- Every revision this laptop knows, its own and its colleagues'. Rows are never
-- changed, and deleted only with a record of colleagues that is taken off whole.
-- n is the order in which they became known here. Revisions are found by record
-- and name, log entries by journal row: both come in the order of time, so that a
-- new row goes to the end of every index. By name alone each new row would fall
-- on a page of its own, and taking in a register would cost more per record the
-- more there are. A name covers its record, so the pair is as unique as the name.
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
-- A page of colleagues' records is one segment of the index, and eight segments
-- become one: merging more often costs a pull more than a search gains.
INSERT INTO search (search, rank) VALUES ('hashsize', 16777216);
INSERT INTO search (search, rank) VALUES ('automerge', 8);

-- The log of this laptop, one row per own revision, chained and signed; a
-- restored laptop starts a new epoch.
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
CREATE INDEX op_n ON op (n);

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

-- Issued documents; the uniqueness of numbers does not depend on the program.
CREATE TABLE issued (
    document TEXT PRIMARY KEY,
    rev      TEXT NOT NULL,
    series   TEXT,
    serial   INTEGER,
    number   TEXT UNIQUE,
    UNIQUE (series, serial),
    FOREIGN KEY (document, rev) REFERENCES journal (record, rev)
) STRICT, WITHOUT ROWID;

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
