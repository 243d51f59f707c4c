CREATE TABLE reset_password_settings (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT;
INSERT INTO reset_password_settings VALUES('schema_version','5');
INSERT INTO reset_password_settings VALUES('audit_anchor','0 0000000000000000000000000000000000000000000000000000000000000000 17aa07816f54588b:cbb78a8893d1fa5216da977370b84e4c169e4a84b862b7277f86960ea8842543');
INSERT INTO reset_password_settings VALUES('audit_head','7 24360d669aa72d53192f284cc1f2ae0eea311a9d9bdbd7706bec9aad9b145274 17aa07816f54588b:3cea7f4f4237a0269c0096cd1c6fb90daeeb34f075b656327e3b61ca15a7b314');
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
INSERT INTO reset_password_users VALUES(1,'user_01M8QSAZFSP456N2JM3M80HV2J','ada@example.com',X'616461406578616d706c652e636f6d',1,'$argon2id$v=19$m=19456,t=2,p=1$kp5Qu4tSUFuS/6oTHxz7Rw$tkZFeVJPA63hPVWF0sLzelgzIDMo4F7tH44R2jBJLGk','nfc',NULL,NULL,NULL,NULL,1796094656375,NULL,'{}',NULL,1796094656255,1796094655993,1796094656255);
INSERT INTO reset_password_users VALUES(2,'user_01M8QSAZJYNSNVXDGSFPFADMJ3','bob@example.com',X'626f62406578616d706c652e636f6d',0,'$argon2id$v=19$m=19456,t=2,p=1$+iSQPtp3pKQjYfKNLacP5Q$hGnrjt0kUWrYQ24rJ1nE0jALUUF6+jKJ7eaa29h3eqk','nfc',NULL,NULL,NULL,NULL,NULL,NULL,'{}',NULL,1796094656094,1796094656094,1796094656094);
INSERT INTO reset_password_users VALUES(3,'user_01M8QSAZNEJ8ZCRDJ0XCGYJK4J','eve@example.com',X'657665406578616d706c652e636f6d',0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{}',NULL,NULL,1796094656174,1796094656174);
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
    live INTEGER CHECK (live = 1), request BLOB, wipe_at INTEGER,
    CHECK ((live IS NULL) = (used_at IS NOT NULL OR voided_at IS NOT NULL)),
    CHECK (live IS NOT NULL OR sealed IS NULL)
) STRICT;
INSERT INTO reset_password_resets VALUES('password_reset_01M8QSAZPC7A5F5R85WRH3NYMK','user_01M8QSAZFSP456N2JM3M80HV2J',1,X'59f8097aeed8b3d54614f2d2785aaef4c25a71164a4924ec9827b2404b0377c3','17aa07816f54588b',X'0000000000000000000000000000000000000000000000000000000000000000',NULL,1796094656204,1796096456204,1796094656255,NULL,NULL,NULL,NULL);
INSERT INTO reset_password_resets VALUES('password_reset_01M8QSAZY34ZG7RXRJG55ZRYX5','user_01M8QSAZJYNSNVXDGSFPFADMJ3',1,X'49abad06104711c32a814a95b5456538211b7f7888097f4c7a6707456c5cbc1a','17aa07816f54588b',X'e430113d69d8ef7ef9d1d5a01a1e9734bbe92bc38cf3e0cd73f42c3fd25ae96c',X'cbb745cdd2531bb4e16cfa2acd9d2f9182fd7706f57cb3a0948fd7a9bfd24c829010c7e976dd05d9c72b134a37aca8be97d19aa03cafac14869dea74cadf9efcfb56ecd17fa0328c',1796094656451,1796096456451,NULL,NULL,1,NULL,1796096456451);
CREATE TABLE reset_password_events (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    event TEXT NOT NULL,
    data TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    listed INTEGER NOT NULL CHECK (listed IN (0, 1))
, context TEXT, chain BLOB) STRICT;
INSERT INTO reset_password_events VALUES(1,'event_01M8QSAZFSB4QY2FJ0XRK4D62G','user.created','{"created_at":"2026-12-01T03:10:55.993Z","credentials_changed_at":"2026-12-01T03:10:55.993Z","email":"ada@example.com","email_verified":false,"external_id":null,"first_name":null,"id":"user_01M8QSAZFSP456N2JM3M80HV2J","last_name":null,"last_sign_in_at":null,"locale":null,"metadata":{},"name":null,"object":"user","profile_picture_url":null,"updated_at":"2026-12-01T03:10:55.993Z"}',1796094655993,1,'{"actor":"process"}',X'bdf19a095e75f9255737f6916a09871b1f09d72380a083779ff7cfd17310c8d9');
INSERT INTO reset_password_events VALUES(2,'event_01M8QSAZJYZF2M0M52TESZP9F4','user.created','{"created_at":"2026-12-01T03:10:56.094Z","credentials_changed_at":"2026-12-01T03:10:56.094Z","email":"bob@example.com","email_verified":false,"external_id":null,"first_name":null,"id":"user_01M8QSAZJYNSNVXDGSFPFADMJ3","last_name":null,"last_sign_in_at":null,"locale":null,"metadata":{},"name":null,"object":"user","profile_picture_url":null,"updated_at":"2026-12-01T03:10:56.094Z"}',1796094656094,1,'{"actor":"process"}',X'b560b19d5e6053dd13641303919413e50688090fef8d013b57d914e193c88c6d');
INSERT INTO reset_password_events VALUES(3,'event_01M8QSAZNE0002BH08WPP7FG3P','user.created','{"created_at":"2026-12-01T03:10:56.174Z","credentials_changed_at":null,"email":"eve@example.com","email_verified":false,"external_id":null,"first_name":null,"id":"user_01M8QSAZNEJ8ZCRDJ0XCGYJK4J","last_name":null,"last_sign_in_at":null,"locale":null,"metadata":{},"name":null,"object":"user","profile_picture_url":null,"updated_at":"2026-12-01T03:10:56.174Z"}',1796094656174,1,'{"actor":"process"}',X'c749a479031530b69b83f7a413166891962b3f73934fa3bcdc9256ef7f61f486');
INSERT INTO reset_password_events VALUES(4,'event_01M8QSAZPCGFTJXW9R1D04403C','password_reset.created','{"created_at":"2026-12-01T03:10:56.204Z","email":"ada@example.com","expires_at":"2026-12-01T03:40:56.204Z","id":"password_reset_01M8QSAZPC7A5F5R85WRH3NYMK","object":"password_reset","user_id":"user_01M8QSAZFSP456N2JM3M80HV2J"}',1796094656204,1,'{"actor":"process"}',X'797944ba17ed0edab33a62708cefe6695378041b9338412e55c4858925e65407');
INSERT INTO reset_password_events VALUES(5,'event_01M8QSAZQZX1C2W92V1NQ93Q7W','password_reset.succeeded','{"created_at":"2026-12-01T03:10:56.204Z","email":"ada@example.com","expires_at":"2026-12-01T03:40:56.204Z","id":"password_reset_01M8QSAZPC7A5F5R85WRH3NYMK","object":"password_reset","user_id":"user_01M8QSAZFSP456N2JM3M80HV2J"}',1796094656255,1,'{"actor":"process"}',X'5de25e3823b5d49552328fb83130e28b86ccd09505b0f717b482e7b3736e9d96');
INSERT INTO reset_password_events VALUES(6,'event_01M8QSAZY3QEP9AK81W5W00P0V','password_reset.created','{"created_at":"2026-12-01T03:10:56.451Z","email":"bob@example.com","expires_at":"2026-12-01T03:40:56.451Z","id":"password_reset_01M8QSAZY34ZG7RXRJG55ZRYX5","object":"password_reset","user_id":"user_01M8QSAZJYNSNVXDGSFPFADMJ3"}',1796094656451,1,'{"actor":"process"}',X'c8d75d0d0fa80d1cddd60c273f84f73d1bf31420f69f72f68ce8c6308cf65a5f');
INSERT INTO reset_password_events VALUES(7,'event_01M8QSAZYXE1MS4NEAGST4B19G','api_key.created','{"created_at":"2026-12-01T03:10:56.477Z","expires_at":"2027-03-01T03:10:56.477Z","id":"api_key_01M8QSAZYXXXJ7ZSMT8TS06P7S","last_used_at":null,"name":"app","object":"api_key","revoked_at":null,"scopes":["resets:create"]}',1796094656477,0,'{"actor":"process"}',X'24360d669aa72d53192f284cc1f2ae0eea311a9d9bdbd7706bec9aad9b145274');
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
INSERT INTO reset_password_api_keys VALUES('api_key_01M8QSAZYXXXJ7ZSMT8TS06P7S','app','resets:create',X'848f52c179b444ca85b7128e4018d4a6ee7bf29865e3337cecf492090e482696',1796094656477,1803870656477,NULL,NULL);
CREATE TABLE IF NOT EXISTS "reset_password_requests" (
    address BLOB NOT NULL,
    number INTEGER NOT NULL,
    requested_at INTEGER NOT NULL,
    PRIMARY KEY (address, number)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX reset_password_resets_one_live ON reset_password_resets (user_id, live);
CREATE INDEX reset_password_resets_expiry ON reset_password_resets (expires_at);
CREATE INDEX reset_password_resets_wipe ON reset_password_resets (wipe_at) WHERE wipe_at IS NOT NULL;
CREATE INDEX reset_password_requests_age ON reset_password_requests (requested_at);
