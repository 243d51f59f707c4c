-- Messages that wait for a mailer: what each is about, never its text, and never a token. Whoever was given one has the
-- lease until it is due again.
CREATE TABLE IF NOT EXISTS "reset_password_messages" (
    id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    reset_id TEXT COLLATE "C",
    email TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    lease TEXT COLLATE "C",
    CONSTRAINT reset_password_messages_id PRIMARY KEY (id),
    CHECK ((reset_id IS NULL) <> (email IS NULL))
);

CREATE INDEX IF NOT EXISTS reset_password_messages_due ON "reset_password_messages" (due_at);
CREATE INDEX IF NOT EXISTS reset_password_messages_age ON "reset_password_messages" (created_at);
CREATE INDEX IF NOT EXISTS reset_password_messages_user ON "reset_password_messages" (user_id);
