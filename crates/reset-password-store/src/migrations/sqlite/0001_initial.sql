CREATE TABLE reset_password_users (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL,
    email_lookup BLOB NOT NULL UNIQUE,
    email_verified INTEGER NOT NULL CHECK (email_verified IN (0, 1)),
    password_hash TEXT,
    password_form TEXT CHECK (password_form IN ('nfc', 'raw')),
    first_name TEXT,
    last_name TEXT,
    name TEXT,
    profile_picture_url TEXT,
    last_sign_in_at INTEGER,
    external_id TEXT UNIQUE,
    metadata TEXT NOT NULL,
    locale TEXT,
    credentials_changed_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE reset_password_resets (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    digest BLOB NOT NULL UNIQUE,
    key_id TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    sealed BLOB,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    voided_at INTEGER,
    live INTEGER CHECK (live = 1),
    CHECK ((live IS NULL) = (used_at IS NOT NULL OR voided_at IS NOT NULL)),
    CHECK (live IS NOT NULL OR sealed IS NULL)
) STRICT;

CREATE UNIQUE INDEX reset_password_resets_one_live ON reset_password_resets (user_id, live);
CREATE INDEX reset_password_resets_expiry ON reset_password_resets (expires_at);
CREATE INDEX reset_password_resets_sealed ON reset_password_resets (expires_at) WHERE sealed IS NOT NULL;

CREATE TABLE reset_password_requests (
    address BLOB NOT NULL,
    requested_at INTEGER NOT NULL
) STRICT;

CREATE INDEX reset_password_requests_address ON reset_password_requests (address, requested_at);
CREATE INDEX reset_password_requests_age ON reset_password_requests (requested_at);

CREATE TABLE reset_password_events (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    event TEXT NOT NULL,
    data TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    listed INTEGER NOT NULL CHECK (listed IN (0, 1))
) STRICT;

CREATE INDEX reset_password_events_age ON reset_password_events (created_at) WHERE listed = 1;
CREATE INDEX reset_password_events_hidden_age ON reset_password_events (created_at) WHERE listed = 0;
