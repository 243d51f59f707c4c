-- Failed logins in a row, counted for each address, known or not.
CREATE TABLE reset_password_failures (
    address BLOB NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    failed_at INTEGER NOT NULL,
    retry_at INTEGER NOT NULL,
    credential BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX reset_password_failures_retry ON reset_password_failures (retry_at);
