-- The verify page looks for the keys devices announced; no push pays for it.
CREATE INDEX head_announced ON head(record) WHERE kind = 'issuerkey';
