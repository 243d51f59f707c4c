CREATE TABLE reset_password_settings (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT;
INSERT INTO reset_password_settings VALUES('schema_version','2');
INSERT INTO reset_password_settings VALUES('key_id','17aa07816f54588b');
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
INSERT INTO reset_password_users VALUES(1,'user_01M8QSW0GP282GXEHVF9X3N70A','ada@example.com',X'616461406578616d706c652e636f6d',1,'$argon2id$v=19$m=19456,t=2,p=1$/ldDubsiPcmm8ExX+291OQ$I6VRrrkuFEBzLTojWaDlWpgVH+tisYUN3V4BtDwH9LY','nfc',NULL,NULL,NULL,NULL,1796095214551,NULL,'{}',NULL,1796095214374,1796095214102,1796095214374);
INSERT INTO reset_password_users VALUES(2,'user_01M8QSW0JP6BM8PNKHNH3WEJWZ','bob@example.com',X'626f62406578616d706c652e636f6d',0,'$argon2id$v=19$m=19456,t=2,p=1$7N8TISdyJL/o9umkFWbBog$25GrcLHrnCt0xxm7eRIamrIwlEp1X270FHyk75xTSpU','nfc',NULL,NULL,NULL,NULL,NULL,NULL,'{}',NULL,1796095214166,1796095214166,1796095214166);
INSERT INTO reset_password_users VALUES(3,'user_01M8QSW0P3P5MCN9E1PWYVH2B6','eve@example.com',X'657665406578616d706c652e636f6d',0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{}',NULL,NULL,1796095214275,1796095214275);
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
    live INTEGER CHECK (live = 1), request BLOB,
    CHECK ((live IS NULL) = (used_at IS NOT NULL OR voided_at IS NOT NULL)),
    CHECK (live IS NOT NULL OR sealed IS NULL)
) STRICT;
INSERT INTO reset_password_resets VALUES('password_reset_01M8QSW0PSNRAZWJJ5TP4HCDDW','user_01M8QSW0GP282GXEHVF9X3N70A',1,X'2ccab8a2a3b514cb173dfd0d004f09a96443253be2697da476b8c76c4f3aacd2','17aa07816f54588b',X'0000000000000000000000000000000000000000000000000000000000000000',NULL,1796095214297,1796097014297,1796095214374,NULL,NULL,NULL);
INSERT INTO reset_password_resets VALUES('password_reset_01M8QSW10T7JWWJ0F7SN7QTGE1','user_01M8QSW0JP6BM8PNKHNH3WEJWZ',1,X'79398f7e6f8aaafaa29c3d4996b3863584cd3903151fd885a65046cc303cde38','17aa07816f54588b',X'a9fad290852f9c5dacaf8279f95ba6ef963325b941f6c11968ce2fce06bde268',X'6a67b5ddf550ce2b12c7293b7f8ce9cc4da8187b0f06f09844a0880899e50786aefeb42b18903529871a2246f6b5549ca2ecdbf63100c6018e4c85fb94c8bf7348cada3ac9a77256',1796095214618,1796097014618,NULL,NULL,1,NULL);
CREATE TABLE reset_password_requests (
    address BLOB NOT NULL,
    requested_at INTEGER NOT NULL
) STRICT;
CREATE TABLE reset_password_events (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    event TEXT NOT NULL,
    data TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    listed INTEGER NOT NULL CHECK (listed IN (0, 1))
) STRICT;
INSERT INTO reset_password_events VALUES(1,'event_01M8QSW0GPVYETR2ZG8ZGZ170E','user.created','{"created_at":"2026-12-01T03:20:14.102Z","credentials_changed_at":"2026-12-01T03:20:14.102Z","email":"ada@example.com","email_verified":false,"external_id":null,"first_name":null,"id":"user_01M8QSW0GP282GXEHVF9X3N70A","last_name":null,"last_sign_in_at":null,"locale":null,"metadata":{},"name":null,"object":"user","profile_picture_url":null,"updated_at":"2026-12-01T03:20:14.102Z"}',1796095214102,1);
INSERT INTO reset_password_events VALUES(2,'event_01M8QSW0JPE1560KBNKRAPYFTE','user.created','{"created_at":"2026-12-01T03:20:14.166Z","credentials_changed_at":"2026-12-01T03:20:14.166Z","email":"bob@example.com","email_verified":false,"external_id":null,"first_name":null,"id":"user_01M8QSW0JP6BM8PNKHNH3WEJWZ","last_name":null,"last_sign_in_at":null,"locale":null,"metadata":{},"name":null,"object":"user","profile_picture_url":null,"updated_at":"2026-12-01T03:20:14.166Z"}',1796095214166,1);
INSERT INTO reset_password_events VALUES(3,'event_01M8QSW0P39BQF00SJ1PW3YC1A','user.created','{"created_at":"2026-12-01T03:20:14.275Z","credentials_changed_at":null,"email":"eve@example.com","email_verified":false,"external_id":null,"first_name":null,"id":"user_01M8QSW0P3P5MCN9E1PWYVH2B6","last_name":null,"last_sign_in_at":null,"locale":null,"metadata":{},"name":null,"object":"user","profile_picture_url":null,"updated_at":"2026-12-01T03:20:14.275Z"}',1796095214275,1);
INSERT INTO reset_password_events VALUES(4,'event_01M8QSW0PSGD80TC7NRQ8HAXG3','password_reset.created','{"created_at":"2026-12-01T03:20:14.297Z","email":"ada@example.com","expires_at":"2026-12-01T03:50:14.297Z","id":"password_reset_01M8QSW0PSNRAZWJJ5TP4HCDDW","object":"password_reset","user_id":"user_01M8QSW0GP282GXEHVF9X3N70A"}',1796095214297,1);
INSERT INTO reset_password_events VALUES(5,'event_01M8QSW0S6ARY29C86AY60N82R','password_reset.succeeded','{"created_at":"2026-12-01T03:20:14.297Z","email":"ada@example.com","expires_at":"2026-12-01T03:50:14.297Z","id":"password_reset_01M8QSW0PSNRAZWJJ5TP4HCDDW","object":"password_reset","user_id":"user_01M8QSW0GP282GXEHVF9X3N70A"}',1796095214374,1);
INSERT INTO reset_password_events VALUES(6,'event_01M8QSW10T3TCSQ8SX89X5GM7V','password_reset.created','{"created_at":"2026-12-01T03:20:14.618Z","email":"bob@example.com","expires_at":"2026-12-01T03:50:14.618Z","id":"password_reset_01M8QSW10T7JWWJ0F7SN7QTGE1","object":"password_reset","user_id":"user_01M8QSW0JP6BM8PNKHNH3WEJWZ"}',1796095214618,1);
CREATE TABLE reset_password_api_keys (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    digest BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    last_used_at INTEGER,
    revoked_at INTEGER
) STRICT;
INSERT INTO reset_password_api_keys VALUES('api_key_01M8QSW13AMY5YB0NHF9H0J6S8','app','resets:create',X'19d7c38a9eab2b58059ed74c3ed14bc75173ae99ed2ad99999d03fb5611a28e3',1796095214698,1803871214698,NULL,NULL);
CREATE UNIQUE INDEX reset_password_resets_one_live ON reset_password_resets (user_id, live);
CREATE INDEX reset_password_resets_expiry ON reset_password_resets (expires_at);
CREATE INDEX reset_password_resets_sealed ON reset_password_resets (expires_at) WHERE sealed IS NOT NULL;
CREATE INDEX reset_password_requests_address ON reset_password_requests (address, requested_at);
CREATE INDEX reset_password_requests_age ON reset_password_requests (requested_at);
CREATE INDEX reset_password_events_age ON reset_password_events (created_at) WHERE listed = 1;
CREATE INDEX reset_password_events_hidden_age ON reset_password_events (created_at) WHERE listed = 0;
CREATE INDEX reset_password_resets_request ON reset_password_resets (used_at) WHERE request IS NOT NULL;
