-- Messages that wait for a mailer: what each is about, never its text, and never a token. Whoever was given one has the
-- lease until it is due again.
CREATE TABLE IF NOT EXISTS "reset_password_messages" (
    id VARBINARY(64) NOT NULL,
    kind VARCHAR(64) NOT NULL,
    user_id VARBINARY(255) NOT NULL,
    reset_id VARBINARY(255),
    email VARBINARY(1280),
    created_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    lease VARBINARY(64),
    PRIMARY KEY (id),
    KEY reset_password_messages_due (due_at),
    KEY reset_password_messages_age (created_at),
    KEY reset_password_messages_user (user_id),
    CHECK ((reset_id IS NULL) <> (email IS NULL))
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
