CREATE TABLE IF NOT EXISTS "reset_password_users" (
    sequence BIGINT NOT NULL AUTO_INCREMENT,
    id VARBINARY(255) NOT NULL,
    email VARBINARY(1280) NOT NULL,
    email_lookup VARBINARY(1024) NOT NULL,
    email_verified SMALLINT NOT NULL CHECK (email_verified IN (0, 1)),
    password_hash VARBINARY(2048),
    password_form VARCHAR(8) CHECK (password_form IN ('nfc', 'raw')),
    first_name VARCHAR(256),
    last_name VARCHAR(256),
    name VARCHAR(256),
    profile_picture_url VARCHAR(2048),
    last_sign_in_at BIGINT,
    external_id VARBINARY(512),
    metadata MEDIUMTEXT NOT NULL,
    locale VARCHAR(64),
    credentials_changed_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY reset_password_users_sequence (sequence),
    UNIQUE KEY reset_password_users_email_lookup (email_lookup),
    UNIQUE KEY reset_password_users_external_id (external_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS "reset_password_resets" (
    id VARBINARY(255) NOT NULL,
    user_id VARBINARY(255) NOT NULL,
    version BIGINT NOT NULL,
    digest VARBINARY(32) NOT NULL,
    key_id VARCHAR(64) NOT NULL,
    fingerprint VARBINARY(32) NOT NULL,
    sealed VARBINARY(255),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    voided_at BIGINT,
    live SMALLINT CHECK (live = 1),
    request VARBINARY(32),
    wipe_at BIGINT,
    PRIMARY KEY (id),
    UNIQUE KEY reset_password_resets_digest (digest),
    UNIQUE KEY reset_password_resets_one_live (user_id, live),
    KEY reset_password_resets_expiry (expires_at),
    KEY reset_password_resets_wipe (wipe_at),
    KEY reset_password_resets_live (live, expires_at, key_id),
    CHECK ((live IS NULL) = (used_at IS NOT NULL OR voided_at IS NOT NULL)),
    CHECK (live IS NOT NULL OR sealed IS NULL)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS "reset_password_requests" (
    address VARBINARY(32) NOT NULL,
    number BIGINT NOT NULL,
    requested_at BIGINT NOT NULL,
    PRIMARY KEY (address, number),
    KEY reset_password_requests_age (requested_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS "reset_password_events" (
    sequence BIGINT NOT NULL,
    id VARBINARY(64) NOT NULL,
    event VARCHAR(64) NOT NULL,
    data MEDIUMTEXT NOT NULL,
    created_at BIGINT NOT NULL,
    listed SMALLINT NOT NULL CHECK (listed IN (0, 1)),
    context TEXT,
    chain VARBINARY(32),
    PRIMARY KEY (sequence),
    UNIQUE KEY reset_password_events_id (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS "reset_password_api_keys" (
    id VARBINARY(64) NOT NULL,
    name VARCHAR(256) NOT NULL,
    scopes VARCHAR(512) NOT NULL,
    digest VARBINARY(32) NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at BIGINT,
    PRIMARY KEY (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

INSERT IGNORE INTO "reset_password_settings" (name, value) VALUES
    ('audit_anchor_01_of_16', ''), ('audit_anchor_02_of_16', ''), ('audit_anchor_03_of_16', ''), ('audit_anchor_04_of_16', ''),
    ('audit_anchor_05_of_16', ''), ('audit_anchor_06_of_16', ''), ('audit_anchor_07_of_16', ''), ('audit_anchor_08_of_16', ''),
    ('audit_anchor_09_of_16', ''), ('audit_anchor_10_of_16', ''), ('audit_anchor_11_of_16', ''), ('audit_anchor_12_of_16', ''),
    ('audit_anchor_13_of_16', ''), ('audit_anchor_14_of_16', ''), ('audit_anchor_15_of_16', ''), ('audit_anchor_16_of_16', ''),
    ('audit_head_01_of_16', ''), ('audit_head_02_of_16', ''), ('audit_head_03_of_16', ''), ('audit_head_04_of_16', ''),
    ('audit_head_05_of_16', ''), ('audit_head_06_of_16', ''), ('audit_head_07_of_16', ''), ('audit_head_08_of_16', ''),
    ('audit_head_09_of_16', ''), ('audit_head_10_of_16', ''), ('audit_head_11_of_16', ''), ('audit_head_12_of_16', ''),
    ('audit_head_13_of_16', ''), ('audit_head_14_of_16', ''), ('audit_head_15_of_16', ''), ('audit_head_16_of_16', '');
