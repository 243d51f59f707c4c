-- What a users' table of another system has no column for. Moments are milliseconds since 1970 in UTC.
CREATE TABLE IF NOT EXISTS "reset_password_user_state" (
    user_id VARCHAR(255) NOT NULL,
    last_sign_in_at BIGINT,
    credentials_changed_at BIGINT,
    PRIMARY KEY (user_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
