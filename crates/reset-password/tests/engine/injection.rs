//! Text that would be SQL, if any text of a caller were.

use reset_password::{Code, ListUsers, UpdateUser};

use crate::support::{Fixture, NEW, user, user_with};

on_each_database!(sec95_no_text_becomes_sql);

const ADA: &str = "ada@example.com";

/// How a text may try to leave the place that it stands in.
const ENDS: [&str; 20] = [
    "'", "''", "\"", "`", "\\'", "\\\"", "')", "'))", "\")", "`)", "%27", "' --", "'/*", "*/", ";",
    "';", "\n'", "$$", "E'", "\u{2019}",
];
/// What it may say then.
const WORDS: [&str; 25] = [
    " OR 1=1 --",
    " OR '1'='1",
    " OR 1=1 LIMIT 1 OFFSET 0 --",
    " AND 1=0 UNION SELECT id FROM reset_password_users --",
    " UNION ALL SELECT NULL, NULL, NULL --",
    "; DROP TABLE reset_password_users; --",
    "; DELETE FROM reset_password_resets; --",
    "; UPDATE reset_password_users SET email_verified = 1; --",
    "; TRUNCATE reset_password_events; --",
    "; INSERT INTO reset_password_settings VALUES ('a', 'b'); --",
    "; COMMIT; BEGIN; --",
    "; ROLLBACK; --",
    "; ATTACH DATABASE 'x' AS x; --",
    "; PRAGMA writable_schema = 1; --",
    "; COPY reset_password_users TO '/tmp/x'; --",
    "; SET search_path = x; --",
    "; SELECT sleep(9); --",
    "; SELECT pg_sleep(9); --",
    " || (SELECT password_hash FROM reset_password_users) || ",
    " AND (SELECT 1 FROM (SELECT count(*) FROM reset_password_users) x) --",
    " INTO OUTFILE '/tmp/x' --",
    " LIKE '%",
    " = ?1 --",
    " $1 :id @id #{id} ${id} {id} --",
    " /*!50000 UNION SELECT 1 */ --",
];

/// Five hundred, through every operation that takes text. Where a text may be kept, it is kept as it is;
/// everywhere else it is nobody's name.
fn sec95_no_text_becomes_sql(fixture: &Fixture) {
    let engine = &fixture.engine;
    let ada = engine.create_user(user_with(ADA, NEW)).unwrap();
    let token = fixture.token(ADA);
    let tables = ["users", "resets", "requests", "messages", "api_keys"];
    let mailing = fixture.another(|config| config.messages = true);
    let state = || tables.map(|table| fixture.dump(&format!("reset_password_{table}")));
    let before = state();
    let payloads: Vec<_> = ENDS
        .iter()
        .flat_map(|end| WORDS.iter().map(move |word| format!("x{end}{word}")))
        .collect();
    assert_eq!(payloads.len(), 500);
    for payload in &payloads {
        let address = format!("{}@example.com", payload.replace(' ', "/**/"));
        let list = |email: Option<&String>, after: Option<&String>| ListUsers {
            email: email.cloned(),
            after: after.cloned(),
            ..ListUsers::default()
        };
        let refusals = [
            engine.get_user(payload).map(drop),
            engine.get_user_by_email(payload).map(drop),
            engine.get_user_by_external_id(payload).map(drop),
            engine.get_password_reset(payload).map(drop),
            engine.reset_password(payload, NEW).map(drop),
            engine.reset_password(&token, &payload[..8]).map(drop),
            engine.create_password_reset(&address).map(drop),
            engine.delete_user(payload),
            engine.update_user(payload, UpdateUser::default()).map(drop),
            engine.revoke_password_resets(Some(payload)).map(drop),
            engine.list_users(list(None, Some(payload))).map(drop),
            engine.events(Some(payload), 10).map(drop),
            engine.check_password(NEW, Some(payload)).map(drop),
            engine.authenticate_api_key(payload).map(drop),
            engine.revoke_api_key(payload).map(drop),
            mailing.send_password_reset(&address).map(drop),
            mailing.message_sent(&format!("{payload}.{payload}")),
            mailing.message_failed(&format!("{payload}.{payload}")),
        ];
        for (n, refusal) in refusals.into_iter().enumerate() {
            let error = refusal.expect_err(payload);
            let broke = [Code::Internal, Code::StorageUnavailable].contains(&error.code());
            assert!(!broke, "{n}: {payload}: {error:?}");
            let said = serde_json::to_string(&error.info()).unwrap().to_lowercase();
            for word in ["syntax", "sql", "select", "near \"", "reset_password_u"] {
                assert!(!said.contains(word), "{n}: {payload}: {said}");
            }
        }
        if let Ok(found) = engine.list_users(list(Some(&address), None)) {
            assert!(found.data.is_empty(), "{payload}");
        }
    }
    assert_eq!(state(), before);
    assert!(engine.verify_audit().unwrap().is_whole());

    // What is kept, comes back as it was, in every field of text.
    for payload in &payloads {
        let name: String = payload.replace('\n', " ");
        let change = UpdateUser {
            first_name: Some(name.clone()),
            last_name: Some(name.clone()),
            name: Some(name.clone()),
            metadata: Some([("note".to_owned(), name.clone())].into()),
            ..UpdateUser::default()
        };
        engine.update_user(&ada.id, change).unwrap();
        let kept = engine.get_user(&ada.id).unwrap();
        for text in [&kept.first_name, &kept.last_name, &kept.name] {
            assert_eq!(text.as_ref(), Some(&name));
        }
        assert_eq!(kept.metadata.get("note"), Some(&name));
    }
    let others = engine.create_user(user("bob@example.com")).unwrap();
    assert_eq!(engine.get_user(&others.id).unwrap(), others);
    assert!(fixture.accepts(ADA, NEW));
    engine
        .reset_password(&token, "another password that is long")
        .unwrap();
}
