-- Failed logins in a row, counted for each address, known or not.
CREATE TABLE IF NOT EXISTS "reset_password_failures" (
    address VARBINARY(32) NOT NULL,
    failures BIGINT NOT NULL,
    failed_at BIGINT NOT NULL,
    retry_at BIGINT NOT NULL,
    credential VARBINARY(32) NOT NULL,
    PRIMARY KEY (address),
    KEY reset_password_failures_retry (retry_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
