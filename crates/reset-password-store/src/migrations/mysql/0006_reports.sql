-- Changes that were reported by the owner as not theirs: one row for each notice that reported. One that locks keeps links
-- from being made for its user until the account is unlocked.
CREATE TABLE IF NOT EXISTS "reset_password_reports" (
    message_id VARBINARY(64) NOT NULL,
    user_id VARBINARY(255) NOT NULL,
    locks BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (message_id),
    KEY reset_password_reports_user (user_id),
    KEY reset_password_reports_age (created_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
