ALTER TABLE reset_password_resets ADD COLUMN request BLOB;

CREATE INDEX reset_password_resets_request ON reset_password_resets (used_at) WHERE request IS NOT NULL;

CREATE TABLE reset_password_api_keys (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    digest BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    last_used_at INTEGER,
    revoked_at INTEGER
) STRICT;
