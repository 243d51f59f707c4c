-- Endpoints that the feed's events are sent to: up to which place of the trail each has taken them, and who sends to it, who
-- has the lease until it is due again. Secrets are sealed.
CREATE TABLE IF NOT EXISTS "reset_password_webhook_endpoints" (
    id VARBINARY(64) NOT NULL,
    url VARBINARY(2048) NOT NULL,
    events VARCHAR(1024) NOT NULL,
    status VARCHAR(16) NOT NULL,
    key_id VARBINARY(64) NOT NULL,
    secret VARBINARY(255) NOT NULL,
    previous_secret VARBINARY(255),
    previous_ends_at BIGINT,
    passed BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    lease VARBINARY(64),
    failing_since BIGINT,
    last_failure VARCHAR(255),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (id),
    CHECK ((previous_secret IS NULL) = (previous_ends_at IS NULL))
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
