-- The moment at which what is secret in a row must be wiped: the sealed token of a live reset, and what
-- knows the request of one that was used. One index serves both.
ALTER TABLE reset_password_resets ADD COLUMN wipe_at INTEGER;

UPDATE reset_password_resets SET wipe_at = expires_at WHERE sealed IS NOT NULL;
UPDATE reset_password_resets SET wipe_at = used_at + 60000 WHERE request IS NOT NULL;

DROP INDEX reset_password_resets_sealed;
DROP INDEX reset_password_resets_request;
CREATE INDEX reset_password_resets_wipe ON reset_password_resets (wipe_at) WHERE wipe_at IS NOT NULL;

-- Requests for one address are numbered, so that of two at once the second is refused by the key.
CREATE TABLE reset_password_requests_numbered (
    address BLOB NOT NULL,
    number INTEGER NOT NULL,
    requested_at INTEGER NOT NULL,
    PRIMARY KEY (address, number)
) STRICT, WITHOUT ROWID;

INSERT INTO reset_password_requests_numbered (address, number, requested_at)
    SELECT address, row_number() OVER (PARTITION BY address ORDER BY requested_at), requested_at
    FROM reset_password_requests;

DROP TABLE reset_password_requests;
ALTER TABLE reset_password_requests_numbered RENAME TO reset_password_requests;
CREATE INDEX reset_password_requests_age ON reset_password_requests (requested_at);
