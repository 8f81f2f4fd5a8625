CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', TG_ARGV[0];
END $$;
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE invite(
  id TEXT PRIMARY KEY, hash BYTEA NOT NULL, name TEXT NOT NULL, scope TEXT NOT NULL,
  expires BIGINT NOT NULL, tries BIGINT NOT NULL, used TEXT NOT NULL);
CREATE TABLE device(
  id TEXT PRIMARY KEY, name TEXT NOT NULL, scope TEXT NOT NULL, grants TEXT NOT NULL, key BYTEA NOT NULL, epoch BIGINT NOT NULL,
  enrolled BIGINT NOT NULL, until BIGINT NOT NULL, revoked BIGINT NOT NULL,
  seen BIGINT NOT NULL, pending BIGINT NOT NULL, bytes BIGINT NOT NULL, heard BIGINT NOT NULL);
CREATE TABLE state(
  device TEXT NOT NULL, epoch BIGINT NOT NULL, last_seq BIGINT NOT NULL, last_hash BYTEA NOT NULL,
  nonce BIGINT NOT NULL, forked BOOLEAN NOT NULL, PRIMARY KEY(device, epoch));
CREATE TABLE account(
  name TEXT PRIMARY KEY, hash TEXT NOT NULL, since BIGINT NOT NULL, disabled BOOLEAN NOT NULL);

CREATE TABLE log(one BIGINT PRIMARY KEY CHECK(one = 1), size BIGINT NOT NULL, edge BYTEA NOT NULL);
INSERT INTO log VALUES(1, 0, '');
CREATE TABLE op(
  position BIGINT PRIMARY KEY, device TEXT NOT NULL, epoch BIGINT NOT NULL, seq BIGINT NOT NULL,
  outcome TEXT NOT NULL, reason TEXT NOT NULL, hashes BYTEA NOT NULL, data BYTEA NOT NULL,
  UNIQUE(device, epoch, seq));
CREATE TRIGGER op_kept BEFORE DELETE ON op FOR EACH ROW EXECUTE FUNCTION refuse('op is kept');
CREATE TRIGGER op_fixed BEFORE UPDATE ON op FOR EACH ROW EXECUTE FUNCTION refuse('op is fixed');
CREATE TABLE quarantine(
  position BIGINT PRIMARY KEY, settled BIGINT NOT NULL, verdict TEXT NOT NULL);

CREATE TABLE revision(
  rev TEXT NOT NULL UNIQUE, record TEXT NOT NULL, gen BIGINT NOT NULL, seq BIGINT NOT NULL, parents TEXT NOT NULL,
  device TEXT NOT NULL, epoch BIGINT NOT NULL, fixed BYTEA NOT NULL, data BYTEA NOT NULL);
CREATE INDEX revision_record ON revision(record, gen, rev);
CREATE TRIGGER revision_kept BEFORE DELETE ON revision FOR EACH ROW EXECUTE FUNCTION refuse('revision is kept');
CREATE TRIGGER revision_fixed BEFORE UPDATE OF rev, record, gen, parents, device, epoch, fixed, data ON revision FOR EACH ROW EXECUTE FUNCTION refuse('revision is fixed');

CREATE TABLE head(
  record TEXT PRIMARY KEY, kind TEXT NOT NULL, scope TEXT NOT NULL, rev TEXT NOT NULL, open BIGINT NOT NULL);
CREATE INDEX head_scope ON head(scope);
-- An issued document is frozen but for its state and events: fixed is a digest
-- of all the rest, empty until it is issued.
CREATE FUNCTION frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE was BYTEA;
BEGIN
  SELECT fixed INTO was FROM revision WHERE rev = OLD.rev;
  IF length(was) > 0 AND was IS DISTINCT FROM (SELECT fixed FROM revision WHERE rev = NEW.rev) THEN
    RAISE EXCEPTION 'issued document is frozen';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER issued_frozen BEFORE UPDATE OF rev ON head FOR EACH ROW WHEN (NEW.rev <> OLD.rev) EXECUTE FUNCTION frozen();
CREATE TRIGGER head_kept BEFORE DELETE ON head FOR EACH ROW EXECUTE FUNCTION refuse('head is kept');
CREATE TABLE conflict(
  record TEXT NOT NULL, theirs TEXT NOT NULL, at BIGINT NOT NULL, closed BIGINT NOT NULL, data TEXT NOT NULL,
  PRIMARY KEY(record, theirs));
CREATE INDEX conflict_open ON conflict(at) WHERE closed = 0;

CREATE TABLE scope(name TEXT PRIMARY KEY, head BIGINT NOT NULL);
CREATE TABLE feed(
  scope TEXT NOT NULL, record TEXT NOT NULL, seq BIGINT NOT NULL, gone BOOLEAN NOT NULL, PRIMARY KEY(scope, record));
CREATE UNIQUE INDEX feed_seq ON feed(scope, seq);

CREATE TABLE series(name TEXT PRIMARY KEY);
CREATE TABLE block(
  series TEXT NOT NULL, lo BIGINT NOT NULL, hi BIGINT NOT NULL, device TEXT NOT NULL, epoch BIGINT NOT NULL,
  source TEXT NOT NULL, expires BIGINT NOT NULL, UNIQUE(series, lo, hi, device, epoch));
CREATE TABLE number(
  series TEXT NOT NULL, serial BIGINT NOT NULL, document TEXT NOT NULL, device TEXT NOT NULL, rev TEXT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY(series, serial));
CREATE TRIGGER number_kept BEFORE DELETE ON number FOR EACH ROW EXECUTE FUNCTION refuse('number is kept');
CREATE TRIGGER number_fixed BEFORE UPDATE ON number FOR EACH ROW EXECUTE FUNCTION refuse('number is fixed');
CREATE TABLE clash(
  series TEXT NOT NULL, serial BIGINT NOT NULL, document TEXT NOT NULL, device TEXT NOT NULL, rev TEXT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY(series, serial, document));
CREATE TABLE spent(
  series TEXT NOT NULL, serial BIGINT NOT NULL, device TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY(series, serial));

CREATE TABLE blob(
  sha TEXT PRIMARY KEY, size BIGINT NOT NULL, leaves BYTEA NOT NULL, stored BOOLEAN NOT NULL, device TEXT NOT NULL, at BIGINT NOT NULL,
  sm3 TEXT NOT NULL, verified BIGINT NOT NULL);
