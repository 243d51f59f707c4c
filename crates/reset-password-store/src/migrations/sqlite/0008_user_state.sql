-- What a users' table of another system has no column for. Moments are milliseconds since 1970 in UTC.
CREATE TABLE reset_password_user_state (
    user_id TEXT NOT NULL PRIMARY KEY,
    last_sign_in_at INTEGER,
    credentials_changed_at INTEGER
) STRICT, WITHOUT ROWID;
