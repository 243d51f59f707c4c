-- Failed logins in a row, counted for each address, known or not.
CREATE TABLE IF NOT EXISTS "reset_password_failures" (
    address BYTEA NOT NULL,
    failures BIGINT NOT NULL,
    failed_at BIGINT NOT NULL,
    retry_at BIGINT NOT NULL,
    credential BYTEA NOT NULL,
    CONSTRAINT reset_password_failures_address PRIMARY KEY (address)
);

CREATE INDEX IF NOT EXISTS reset_password_failures_retry ON "reset_password_failures" (retry_at);
