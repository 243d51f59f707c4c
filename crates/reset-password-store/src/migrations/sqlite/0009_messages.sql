-- Messages that wait for a mailer: what each is about, never its text, and never a token. Whoever was given one has the
-- lease until it is due again.
CREATE TABLE reset_password_messages (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    user_id TEXT NOT NULL,
    reset_id TEXT,
    email TEXT,
    created_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    lease TEXT,
    CHECK ((reset_id IS NULL) <> (email IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX reset_password_messages_due ON reset_password_messages (due_at);
CREATE INDEX reset_password_messages_age ON reset_password_messages (created_at);
CREATE INDEX reset_password_messages_user ON reset_password_messages (user_id);
