-- What a users' table of another system has no column for. Moments are milliseconds since 1970 in UTC.
CREATE TABLE IF NOT EXISTS "reset_password_user_state" (
    user_id TEXT NOT NULL,
    last_sign_in_at BIGINT,
    credentials_changed_at BIGINT,
    CONSTRAINT reset_password_user_state_user PRIMARY KEY (user_id)
);
