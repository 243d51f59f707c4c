-- Changes that were reported by the owner as not theirs: one row for each notice that reported. One that locks keeps links
-- from being made for its user until the account is unlocked.
CREATE TABLE IF NOT EXISTS "reset_password_reports" (
    message_id TEXT COLLATE "C" NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    locks BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    CONSTRAINT reset_password_reports_id PRIMARY KEY (message_id)
);

CREATE INDEX IF NOT EXISTS reset_password_reports_user ON "reset_password_reports" (user_id);
CREATE INDEX IF NOT EXISTS reset_password_reports_age ON "reset_password_reports" (created_at);
