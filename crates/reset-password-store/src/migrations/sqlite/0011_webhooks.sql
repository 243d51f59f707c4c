-- Endpoints that the feed's events are sent to: up to which place of the trail each has taken them, and who sends to it, who
-- has the lease until it is due again. Secrets are sealed.
CREATE TABLE reset_password_webhook_endpoints (
    id TEXT NOT NULL PRIMARY KEY,
    url TEXT NOT NULL,
    events TEXT NOT NULL,
    status TEXT NOT NULL,
    key_id TEXT NOT NULL,
    secret BLOB NOT NULL,
    previous_secret BLOB,
    previous_ends_at INTEGER,
    passed INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    lease TEXT,
    failing_since INTEGER,
    last_failure TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CHECK ((previous_secret IS NULL) = (previous_ends_at IS NULL))
) STRICT, WITHOUT ROWID;
