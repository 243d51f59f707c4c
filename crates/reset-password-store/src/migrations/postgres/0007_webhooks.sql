-- Endpoints that the feed's events are sent to: up to which place of the trail each has taken them, and who sends to it, who
-- has the lease until it is due again. Secrets are sealed.
CREATE TABLE IF NOT EXISTS "reset_password_webhook_endpoints" (
    id TEXT COLLATE "C" NOT NULL,
    url TEXT COLLATE "C" NOT NULL,
    events TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    key_id TEXT COLLATE "C" NOT NULL,
    secret BYTEA NOT NULL,
    previous_secret BYTEA,
    previous_ends_at BIGINT,
    passed BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    lease TEXT COLLATE "C",
    failing_since BIGINT,
    last_failure TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CONSTRAINT reset_password_webhook_endpoints_id PRIMARY KEY (id),
    CHECK ((previous_secret IS NULL) = (previous_ends_at IS NULL))
);
