-- Changes that were reported by the owner as not theirs: one row for each notice that reported. One that locks keeps links
-- from being made for its user until the account is unlocked.
CREATE TABLE reset_password_reports (
    message_id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL,
    locks INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX reset_password_reports_user ON reset_password_reports (user_id);
CREATE INDEX reset_password_reports_age ON reset_password_reports (created_at);
