//! Logging in: one hash whoever asks, imported hashes, and their upgrade.

mod support;

use reset_password::{Argon2Params, Code};
use reset_password_core::password::hash::{Arena, compute};
use support::{NEW, OLD, bench, user};

/// The timed clause runs with the timing issue; the counter is the gate.
#[tokio::test]
async fn sec60_dummy_verify() {
    let bench = bench().await;
    bench.ada().await;
    bench
        .engine
        .create_user(user("nopassword@example.com"))
        .await
        .unwrap();
    for email in [
        "ada@example.com",
        "eve@example.com",
        "nopassword@example.com",
        "no address",
        "",
    ] {
        let before = bench.engine.hashes_started();
        let error = bench
            .engine
            .authenticate_with_password(email, "wrong password")
            .await
            .unwrap_err();
        assert_eq!(error.code(), Code::InvalidCredentials);
        assert_eq!(bench.engine.hashes_started() - before, 1, "{email}");
    }
    let before = bench.engine.hashes_started();
    let huge = "x".repeat(1 << 20);
    assert!(!bench.accepts("ada@example.com", &huge).await);
    assert_eq!(
        bench.engine.hashes_started(),
        before,
        "too long to be anybody's"
    );
}

fn imported(password: &str) -> String {
    compute(
        Argon2Params::new(12_288, 3).unwrap(),
        &mut Arena::new(),
        password.as_bytes(),
        &[7; 16],
    )
    .unwrap()
}

async fn stored(bench: &support::Bench) -> String {
    let query = "SELECT coalesce(password_hash, '') || ' ' || coalesce(password_form, '') \
                 FROM reset_password_users WHERE email = 'import@example.com'";
    support::value(&bench.folder.path().join("app.db"), query).await
}

#[tokio::test]
async fn sec57_rehash() {
    let bench = bench().await;
    let mut import = user("import@example.com");
    import.password_hash = Some(imported(OLD).into());
    bench.engine.create_user(import).await.unwrap();
    let before = stored(&bench).await;
    assert!(before.ends_with(" raw"));
    assert!(!bench.accepts("import@example.com", NEW).await);
    assert_eq!(
        stored(&bench).await,
        before,
        "untouched after a wrong password"
    );
    assert!(bench.accepts("import@example.com", OLD).await);
    let upgraded = stored(&bench).await;
    assert!(upgraded.starts_with("$argon2id$v=19$m=19456,t=2,p=1$") && upgraded.ends_with(" nfc"));
    assert!(bench.accepts("import@example.com", OLD).await);
    assert_eq!(stored(&bench).await, upgraded, "once");
}

/// Every kind of imported hash logs in and is upgraded.
#[tokio::test]
async fn sec57_every_kind_logs_in() {
    let vectors: serde_json::Value =
        serde_json::from_str(include_str!("../../../tests/vectors/foreign_hashes.json")).unwrap();
    let vectors = vectors
        .as_array()
        .or_else(|| vectors["vectors"].as_array())
        .unwrap();
    assert!(vectors.len() > 10);
    let bench = bench().await;
    for (n, vector) in vectors.iter().enumerate() {
        let field = |name: &str| vector[name].as_str().unwrap().to_owned();
        let email = format!("import{n}@example.com");
        let mut import = user(&email);
        import.password_hash = Some(field("hash").into());
        bench.engine.create_user(import).await.unwrap();
        assert!(
            !bench.accepts(&email, "not this one at all").await,
            "{}",
            field("scheme")
        );
        for time in 0..2 {
            assert!(
                bench.accepts(&email, &field("password")).await,
                "{} {time}",
                field("scheme")
            );
        }
    }
}

/// A reset that runs beside an upgrade at login always wins.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sec57_a_reset_beats_an_upgrade() {
    let bench = std::sync::Arc::new(bench().await);
    for round in 0..if support::long() { 200 } else { 10 } {
        let email = format!("racer{round}@example.com");
        let mut import = user(&email);
        import.password_hash = Some(imported(OLD).into());
        bench.engine.create_user(import).await.unwrap();
        let token = bench.token(&email).await;
        let reset = {
            let bench = std::sync::Arc::clone(&bench);
            tokio::spawn(async move { bench.engine.reset_password(&token, NEW).await })
        };
        let _ = bench.engine.authenticate_with_password(&email, OLD).await;
        reset.await.unwrap().unwrap();
        assert!(bench.accepts(&email, NEW).await && !bench.accepts(&email, OLD).await);
    }
}

/// A bcrypt hash ignores what comes after 72 bytes, so it says nothing of the rest and stays.
#[tokio::test]
async fn a_match_that_ignored_the_end_is_not_upgraded() {
    let bench = bench().await;
    // Of 72 times "x", at cost 4.
    let hash = "$2b$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i";
    let mut import = user("import@example.com");
    import.password_hash = Some(hash.into());
    bench.engine.create_user(import).await.unwrap();
    assert!(bench.accepts("import@example.com", &"x".repeat(80)).await);
    assert!(
        stored(&bench).await.starts_with("$2b$"),
        "the last 8 characters were never checked"
    );
    assert!(bench.accepts("import@example.com", &"x".repeat(72)).await);
    assert!(stored(&bench).await.starts_with("$argon2id$"));
}

/// Hostile hashes in the database do not verify and break nothing.
#[tokio::test]
async fn sec59_hostile_phc() {
    let bench = bench().await;
    let id = bench.ada().await;
    for hash in [
        "",
        "plain",
        "$argon2id$v=19$m=4294967295,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$AAECAwQFBgcICQoLDA0ODw",
        "$argon2id$v=19$m=65536,t=4294967295,p=1$c2FsdHNhbHRzYWx0c2FsdA$AAECAwQFBgcICQoLDA0ODw",
        "$argon2id$v=19$m=65536,t=3,p=0$c2FsdHNhbHRzYWx0c2FsdA$AAECAwQFBgcICQoLDA0ODw",
        "$argon2id$v=19$m=65536,t=3,p=1$",
        "$2b$31$abcdefghijklmnopqrstuuGZZCUvlPDHnrRCBJ0LVZpU3DqCDLKTe",
        "{noop}secret",
    ] {
        let import = reset_password::UpdateUser {
            password_hash: Some(hash.into()),
            ..reset_password::UpdateUser::default()
        };
        let error = bench.engine.update_user(&id, import).await.unwrap_err();
        assert_eq!(error.code(), Code::InvalidPasswordHash, "{hash}");
        let update = "UPDATE reset_password_users SET password_hash = ?1";
        support::sql_with(&bench.folder.path().join("app.db"), update, hash).await;
        assert!(!bench.accepts("ada@example.com", OLD).await, "{hash}");
    }
}

/// bcrypt, PBKDF2 and others are never written; ours keeps every byte.
#[tokio::test]
async fn sec45_no_truncation() {
    let bench = bench().await;
    bench
        .engine
        .create_user(user("ada@example.com"))
        .await
        .unwrap();
    let body = "sea walk night ".repeat(16);
    for (set, other) in [
        (format!("{}A", &body[..72]), format!("{}B", &body[..72])),
        (format!("{}A", &body[..239]), format!("{}B", &body[..239])),
        (format!("{}\0A", &body[..40]), format!("{}\0B", &body[..40])),
        (format!(" {}", &body[..40]), body[..40].to_owned()),
        (format!("{} ", &body[..39]), body[..39].to_owned()),
        (body[..40].to_uppercase(), body[..40].to_owned()),
    ] {
        let token = bench.token("ada@example.com").await;
        bench.engine.reset_password(&token, &set).await.unwrap();
        assert!(bench.accepts("ada@example.com", &set).await);
        assert!(
            !bench.accepts("ada@example.com", &other).await,
            "{} bytes",
            set.len()
        );
    }
}

#[tokio::test]
async fn sec47_nfc() {
    let bench = bench().await;
    bench
        .engine
        .create_user(user("ada@example.com"))
        .await
        .unwrap();
    let token = bench.token("ada@example.com").await;
    bench
        .engine
        .reset_password(&token, "caf\u{e9} au lait am Meer")
        .await
        .unwrap();
    assert!(
        bench
            .accepts("ada@example.com", "cafe\u{301} au lait am Meer")
            .await
    );
    assert!(
        !bench
            .accepts("ada@example.com", "cafe au lait am Meer")
            .await
    );
    // An imported hash is of the bytes as they were typed.
    let mut import = user("import@example.com");
    import.password_hash = Some(imported("cafe\u{301} au lait").into());
    bench.engine.create_user(import).await.unwrap();
    assert!(
        !bench
            .accepts("import@example.com", "caf\u{e9} au lait")
            .await
    );
    assert!(
        bench
            .accepts("import@example.com", "cafe\u{301} au lait")
            .await
    );
    assert!(
        bench
            .accepts("import@example.com", "caf\u{e9} au lait")
            .await,
        "ours by now"
    );
}
