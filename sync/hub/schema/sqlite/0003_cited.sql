-- Which records speak of a file: it is given to those who may read one of them.
CREATE TABLE cite(sha TEXT NOT NULL, record TEXT NOT NULL, PRIMARY KEY(sha, record)) STRICT, WITHOUT ROWID;
CREATE INDEX blob_lacking ON blob(sha) WHERE NOT stored;
