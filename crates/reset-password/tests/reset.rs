//! What a reset does, and what ends a token.

mod support;

use std::time::Duration;

use reset_password::{Code, UpdateUser};
use support::{NEW, OLD, bench, bench_with, key, text, user, user_with};

#[tokio::test]
async fn sec13_single_use() {
    let bench = bench().await;
    bench.ada().await;
    let token = bench.token("ada@example.com").await;
    let user = bench.engine.reset_password(&token, NEW).await.unwrap();
    assert!(user.email_verified);
    assert_eq!(user.credentials_changed_at, Some(user.updated_at));
    assert!(!bench.accepts("ada@example.com", OLD).await);
    assert!(bench.accepts("ada@example.com", NEW).await);
    let before = bench.dump("reset_password_users").await;
    for password in [NEW, "another password that is long"] {
        let error = bench
            .engine
            .reset_password(&token, password)
            .await
            .unwrap_err();
        assert_eq!(error.code(), Code::PasswordResetTokenNotFound);
    }
    assert_eq!(bench.dump("reset_password_users").await, before);
}

/// A refusal writes nothing, so there is no counter of refusals either.
#[tokio::test]
async fn sec16_failure_keeps_token() {
    let bench = bench().await;
    bench.ada().await;
    let token = bench.token("ada@example.com").await;
    let before = bench.dump("reset_password_resets").await;
    for weak in [
        "",
        "short",
        "passwordpassword",
        "ada@example.com",
        "adaadaadaadaada1",
    ] {
        for _ in 0..3 {
            let error = bench.engine.reset_password(&token, weak).await.unwrap_err();
            assert_eq!(error.code(), Code::PasswordRejected, "{weak}");
            assert!(!error.errors().is_empty());
        }
    }
    assert_eq!(
        bench.engine.hashes_started(),
        1,
        "only the account's creation hashed"
    );
    assert_eq!(bench.dump("reset_password_resets").await, before);
    bench.engine.reset_password(&token, NEW).await.unwrap();
}

/// MFA marks and disabled accounts wait: there are none yet.
#[tokio::test]
async fn sec18_tokens_die_on_events() {
    let bench = bench().await;
    let id = bench.ada().await;
    let engine = &bench.engine;
    let dead = async |token: &str, event: &str| {
        let error = engine.reset_password(token, NEW).await.unwrap_err();
        assert_eq!(error.code(), Code::PasswordResetTokenNotFound, "{event}");
    };

    let tokens = [
        bench.token("ada@example.com").await,
        bench.token("ada@example.com").await,
    ];
    dead(&tokens[0], "replaced").await;
    engine.reset_password(&tokens[1], NEW).await.unwrap();

    let token = bench.token("ada@example.com").await;
    let change = UpdateUser {
        password: Some(OLD.into()),
        ..UpdateUser::default()
    };
    engine.update_user(&id, change).await.unwrap();
    dead(&token, "password changed").await;

    let token = bench.token("ada@example.com").await;
    let change = UpdateUser {
        email: Some("ada@example.net".into()),
        ..UpdateUser::default()
    };
    engine.update_user(&id, change).await.unwrap();
    dead(&token, "address changed").await;

    let token = bench.token("ada@example.net").await;
    let rename = UpdateUser {
        name: Some("Ada".into()),
        ..UpdateUser::default()
    };
    engine.update_user(&id, rename).await.unwrap();
    assert_eq!(
        engine.revoke_password_resets(Some(&id)).await.unwrap(),
        1,
        "a name kills nothing"
    );
    dead(&token, "revoked").await;

    let token = bench.token("ada@example.net").await;
    engine.revoke_password_resets(None).await.unwrap();
    dead(&token, "all revoked").await;

    let token = bench.token("ada@example.net").await;
    engine.delete_user(&id).await.unwrap();
    dead(&token, "deleted").await;
}

/// An address changed while its reset is confirmed: whichever commits first, the old address's token
/// never succeeds after the change.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sec18_an_address_change_races_a_confirm() {
    let bench = std::sync::Arc::new(bench().await);
    let id = bench.ada().await;
    for round in 0..if support::long() { 200 } else { 20 } {
        let (before, after) = (round, round + 1);
        let address = |n: u32| {
            if n == 0 {
                "ada@example.com".into()
            } else {
                format!("ada{n}@example.com")
            }
        };
        let token = bench.token(&address(before)).await;
        let confirm = {
            let bench = std::sync::Arc::clone(&bench);
            tokio::spawn(async move { bench.engine.reset_password(&token, NEW).await })
        };
        tokio::time::sleep(Duration::from_millis(u64::from(round % 20))).await;
        let change = UpdateUser {
            email: Some(address(after)),
            ..UpdateUser::default()
        };
        bench.engine.update_user(&id, change).await.unwrap();
        match confirm.await.unwrap() {
            Ok(user) => assert_eq!(
                user.email,
                address(before),
                "the token outlived the address"
            ),
            Err(error) => assert_eq!(error.code(), Code::PasswordResetTokenNotFound),
        }
    }
}

#[tokio::test]
async fn a_change_behind_the_engines_back_kills_the_link() {
    let bench = bench().await;
    bench.ada().await;
    for statement in [
        "UPDATE reset_password_users SET password_hash = '$2b$12$changed'",
        "UPDATE reset_password_users SET password_hash = NULL",
        "UPDATE reset_password_users SET email = 'eve@example.com'",
        "UPDATE reset_password_users SET email = 'ada@example.com'",
        "UPDATE reset_password_users SET email_lookup = CAST('eve@example.com' AS BLOB)",
    ] {
        let token = bench.token("ada@example.com").await;
        assert_eq!(bench.sql(statement).await, 1);
        let error = bench.engine.reset_password(&token, NEW).await.unwrap_err();
        assert_eq!(
            error.code(),
            Code::PasswordResetTokenNotFound,
            "{statement}"
        );
    }
}

#[tokio::test]
async fn an_upgrade_at_login_keeps_the_link() {
    let bench = bench().await;
    let mut ada = user("ada@example.com");
    ada.password_hash = Some(imported_hash().into());
    bench.engine.create_user(ada).await.unwrap();
    let token = bench.token("ada@example.com").await;
    assert!(
        bench
            .accepts("ada@example.com", "correct horse battery staple")
            .await
    );
    let users = bench.dump("reset_password_users").await;
    assert!(
        users.contains("$argon2id$") && users.contains("'nfc'"),
        "not upgraded"
    );
    bench.engine.reset_password(&token, NEW).await.unwrap();
}

/// Argon2id at less than the present cost, from another system.
fn imported_hash() -> String {
    use reset_password_core::password::hash::{Arena, compute};
    let params = reset_password::Argon2Params::new(12_288, 3).unwrap();
    compute(
        params,
        &mut Arena::new(),
        b"correct horse battery staple",
        &[7; 16],
    )
    .unwrap()
}

#[tokio::test]
async fn sec12_expiry_boundary() {
    let bench = bench().await;
    bench.ada().await;
    let token = bench.token("ada@example.com").await;
    bench.clock.advance(Duration::from_mins(30));
    let error = bench.engine.reset_password(&token, NEW).await.unwrap_err();
    assert_eq!(
        error.code(),
        Code::PasswordResetTokenExpired,
        "at its expiry"
    );
    let token = bench.token("ada@example.com").await;
    bench.clock.advance(Duration::from_millis(1_799_999));
    bench.engine.reset_password(&token, NEW).await.unwrap();

    let token = bench.token("ada@example.com").await;
    let now = reset_password_core::Clock::now(&bench.clock);
    bench.clock.set(now.before(Duration::from_millis(60_001)));
    let error = bench.engine.reset_password(&token, NEW).await.unwrap_err();
    assert_eq!(
        error.code(),
        Code::PasswordResetTokenNotFound,
        "dated in the future"
    );
}

#[tokio::test]
async fn sec12_lifetimes_out_of_range_are_refused() {
    for (seconds, good) in [(299, false), (300, true), (86_400, true), (86_401, false)] {
        let options = reset_password::Options {
            token_lifetime: seconds,
            ..support::cheap()
        };
        let opened = reset_password::UserManagement::open(":memory:", options).await;
        assert_eq!(opened.is_ok(), good, "{seconds}");
        if let Err(error) = opened {
            assert_eq!(error.code(), Code::ConfigInvalid);
            assert!(error.message().contains("token_lifetime"), "{error}");
        }
    }
}

/// Other tenants wait: there is one. Expired tokens say so, by contract decision 7.
#[tokio::test]
async fn sec23_uniform_invalid() {
    let bench = bench().await;
    bench.ada().await;
    bench
        .engine
        .create_user(user_with("bob@example.com", OLD))
        .await
        .unwrap();
    let used = bench.token("ada@example.com").await;
    bench.engine.reset_password(&used, NEW).await.unwrap();
    let replaced = bench.token("ada@example.com").await;
    let tampered = bench.token("ada@example.com").await;
    let revoked = bench.token("bob@example.com").await;
    bench.engine.revoke_password_resets(None).await.unwrap();
    let mut answers = Vec::new();
    for token in [
        used,
        replaced,
        tampered,
        revoked,
        "A".repeat(43),
        "malformed".into(),
    ] {
        let error = bench.engine.reset_password(&token, NEW).await.unwrap_err();
        answers.push(serde_json::to_string(&error.info()).unwrap());
        assert!(
            !answers.last().unwrap().contains(&token),
            "the token is echoed"
        );
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
}

/// Dead beats expired: the age of a replaced or used token is nobody's business.
#[tokio::test]
async fn a_dead_token_never_says_that_it_expired() {
    let bench = bench().await;
    bench.ada().await;
    let replaced = bench.token("ada@example.com").await;
    let used = bench.token("ada@example.com").await;
    bench.engine.reset_password(&used, NEW).await.unwrap();
    bench.clock.advance(Duration::from_hours(1));
    for token in [replaced, used] {
        let error = bench.engine.reset_password(&token, NEW).await.unwrap_err();
        assert_eq!(error.code(), Code::PasswordResetTokenNotFound);
    }
}

/// The account comes from the token alone: the operation takes nothing else.
#[tokio::test]
async fn sec21_no_user_parameter() {
    let bench = bench().await;
    bench.ada().await;
    let bob = bench
        .engine
        .create_user(user_with("bob@example.com", OLD))
        .await
        .unwrap();
    let token = bench.token("ada@example.com").await;
    let user = bench.engine.reset_password(&token, NEW).await.unwrap();
    assert_eq!(user.email, "ada@example.com");
    assert_eq!(bench.engine.get_user(&bob.id).await.unwrap(), bob);
    assert!(bench.accepts("bob@example.com", OLD).await);
}

#[tokio::test]
async fn sec31_request_is_inert() {
    let bench = bench().await;
    bench.ada().await;
    let before = bench.dump("reset_password_users").await;
    for _ in 0..if support::long() { 1_000 } else { 100 } {
        bench
            .engine
            .request_password_reset("ada@example.com")
            .await
            .unwrap();
        bench
            .engine
            .create_password_reset("ada@example.com")
            .await
            .unwrap();
    }
    assert_eq!(bench.dump("reset_password_users").await, before);
    assert!(bench.accepts("ada@example.com", OLD).await);
}

#[tokio::test]
async fn requests_are_limited_alike_for_known_and_unknown_addresses() {
    let bench = bench().await;
    bench.ada().await;
    let mut made = 0;
    for minute in 0..26 * 60 {
        let known = bench
            .engine
            .request_password_reset("Ada@Example.com")
            .await
            .unwrap();
        let unknown = bench
            .engine
            .request_password_reset("eve@example.com")
            .await
            .unwrap();
        assert!(unknown.is_none());
        made += u32::from(known.is_some());
        match minute {
            0 => assert_eq!(made, 1),
            59 => assert_eq!(made, 3, "three an hour"),
            1_439 => assert_eq!(made, 10, "ten a day"),
            _ => {}
        }
        bench.clock.advance(Duration::from_mins(1));
    }
    let count = |table: &'static str| {
        let database = bench.folder.path().join("app.db");
        async move {
            support::value(
                &database,
                &format!("SELECT CAST(count(*) AS TEXT) FROM {table}"),
            )
            .await
        }
    };
    assert_ne!(count("reset_password_requests").await, "0");
    let feed = bench.engine.events(None, 100).await.unwrap();
    assert!(
        feed.data
            .iter()
            .all(|event| !event.data.to_string().contains("eve@"))
    );
}

#[tokio::test]
async fn a_request_in_the_cooldown_voids_nothing() {
    let bench = bench().await;
    bench.ada().await;
    let first = bench
        .engine
        .request_password_reset("ada@example.com")
        .await
        .unwrap()
        .unwrap();
    bench.clock.advance(Duration::from_secs(59));
    for _ in 0..100 {
        assert!(
            bench
                .engine
                .request_password_reset("ada@example.com")
                .await
                .unwrap()
                .is_none()
        );
    }
    bench.clock.advance(Duration::from_secs(1));
    let token = text(&first.password_reset_token);
    bench.engine.reset_password(token, NEW).await.unwrap();
}

#[tokio::test]
async fn a_link_can_be_read_again_while_it_lives() {
    let bench = bench().await;
    bench.ada().await;
    let reset = bench
        .engine
        .create_password_reset("ada@example.com")
        .await
        .unwrap();
    let again = bench.engine.get_password_reset(&reset.id).await.unwrap();
    assert_eq!(
        text(&again.password_reset_token),
        text(&reset.password_reset_token)
    );
    let token = text(&reset.password_reset_token);
    assert_eq!(
        text(&again.password_reset_url),
        format!("https://example.com/reset?token={token}")
    );
    let gone = async |id: &str| {
        let error = bench.engine.get_password_reset(id).await.unwrap_err();
        assert_eq!(error.code(), Code::PasswordResetNotFound);
    };
    gone("password_reset_none").await;
    let newer = bench
        .engine
        .create_password_reset("ada@example.com")
        .await
        .unwrap();
    gone(&reset.id).await;
    bench.clock.advance(Duration::from_mins(30));
    gone(&newer.id).await;
    let used = bench
        .engine
        .create_password_reset("ada@example.com")
        .await
        .unwrap();
    bench
        .engine
        .reset_password(text(&used.password_reset_token), NEW)
        .await
        .unwrap();
    gone(&used.id).await;
}

#[tokio::test]
async fn without_sealing_no_link_is_kept() {
    let bench = bench_with(|config| config.seal_tokens = false).await;
    bench.ada().await;
    let reset = bench
        .engine
        .create_password_reset("ada@example.com")
        .await
        .unwrap();
    assert!(bench.engine.get_password_reset(&reset.id).await.is_err());
    assert!(bench.dump("reset_password_resets").await.contains("NULL"));
    bench
        .engine
        .reset_password(text(&reset.password_reset_token), NEW)
        .await
        .unwrap();
}

/// Another algorithm in a row fails closed.
#[tokio::test]
async fn sec11_crypto_agility() {
    let bench = bench().await;
    bench.ada().await;
    let old = bench.token("ada@example.com").await;
    bench
        .engine
        .create_user(user("bob@example.com"))
        .await
        .unwrap();
    let engine = |current: u8, previous: Option<u8>| {
        support::engine(bench.folder.path(), &bench.clock, move |config| {
            let previous = previous.map(key).into_iter().collect();
            config.keys = reset_password_core::Keyring::new(key(current), previous).unwrap();
        })
    };
    let rotated = engine(2, Some(1)).await;
    let reset = rotated
        .create_password_reset("bob@example.com")
        .await
        .unwrap();
    let new = text(&reset.password_reset_token);
    assert_eq!(
        text(
            &rotated
                .get_password_reset(&reset.id)
                .await
                .unwrap()
                .password_reset_token
        ),
        new
    );
    let forgetful = engine(2, None).await;
    let error = forgetful.reset_password(&old, NEW).await.unwrap_err();
    assert_eq!(
        error.code(),
        Code::PasswordResetTokenNotFound,
        "the old key is gone"
    );
    rotated.reset_password(&old, NEW).await.unwrap();
    rotated.reset_password(new, NEW).await.unwrap();

    let token = bench.token("ada@example.com").await;
    bench
        .sql("UPDATE reset_password_resets SET version = 99")
        .await;
    let error = bench.engine.reset_password(&token, NEW).await.unwrap_err();
    assert_eq!(
        error.code(),
        Code::PasswordResetTokenNotFound,
        "unknown version"
    );
}

/// Tenants wait: there is one. Each altered row also gives one `integrity_failure` in the log.
#[tokio::test]
async fn sec09_row_tamper_detected() {
    let bench = bench().await;
    bench.ada().await;
    bench
        .engine
        .create_user(user_with("mallory@example.com", OLD))
        .await
        .unwrap();
    let before = bench.dump("reset_password_users").await;
    for (statement, advance) in [
        (
            "UPDATE reset_password_resets SET user_id = (SELECT id FROM reset_password_users \
             WHERE email LIKE 'ada%') WHERE live = 1",
            0,
        ),
        (
            "UPDATE reset_password_resets SET expires_at = expires_at + 86400000 WHERE live = 1",
            2_000,
        ),
        (
            "UPDATE reset_password_resets SET created_at = created_at - 1 WHERE live = 1",
            0,
        ),
        (
            "UPDATE reset_password_resets SET key_id = 'another' WHERE live = 1",
            0,
        ),
        (
            "UPDATE reset_password_resets SET fingerprint = zeroblob(32) WHERE live = 1",
            0,
        ),
    ] {
        let token = bench.token("mallory@example.com").await;
        assert_eq!(bench.sql(statement).await, 1, "{statement}");
        bench.clock.advance(Duration::from_secs(advance));
        let error = bench.engine.reset_password(&token, NEW).await.unwrap_err();
        assert_eq!(
            error.code(),
            Code::PasswordResetTokenNotFound,
            "{statement}"
        );
        bench.sql("UPDATE reset_password_resets SET live = NULL, voided_at = 1, sealed = NULL WHERE live = 1").await;
    }
    let database = bench.folder.path().join("app.db");
    for end in ["replaced", "revoked"] {
        let reset = bench
            .engine
            .create_password_reset("mallory@example.com")
            .await
            .unwrap();
        if end == "replaced" {
            bench.token("mallory@example.com").await;
        }
        bench.engine.revoke_password_resets(None).await.unwrap();
        let revive = "UPDATE reset_password_resets SET live = 1, voided_at = NULL WHERE id = ?1";
        support::sql_with(&database, revive, &reset.id).await;
        let token = text(&reset.password_reset_token);
        let error = bench.engine.reset_password(token, NEW).await.unwrap_err();
        assert_eq!(
            error.code(),
            Code::PasswordResetTokenNotFound,
            "{end} and revived"
        );
    }
    let _victims = bench.token("ada@example.com").await;
    let token = bench.token("mallory@example.com").await;
    let copied = bench
        .sql(
            "UPDATE reset_password_resets SET fingerprint = (SELECT fingerprint FROM \
             reset_password_resets r JOIN reset_password_users u ON u.id = r.user_id \
             WHERE r.live = 1 AND u.email LIKE 'ada%') \
             WHERE live = 1 AND user_id = (SELECT id FROM reset_password_users WHERE email LIKE 'mall%')",
        )
        .await;
    assert_eq!(copied, 1);
    let error = bench.engine.reset_password(&token, NEW).await.unwrap_err();
    assert_eq!(
        error.code(),
        Code::PasswordResetTokenNotFound,
        "a copied fingerprint"
    );
    assert_eq!(bench.dump("reset_password_users").await, before);
}

#[tokio::test]
async fn an_account_without_a_password_may_reset() {
    let bench = bench().await;
    bench
        .engine
        .create_user(user("ada@example.com"))
        .await
        .unwrap();
    assert!(!bench.accepts("ada@example.com", "").await);
    let token = bench.token("ada@example.com").await;
    bench.engine.reset_password(&token, NEW).await.unwrap();
    assert!(bench.accepts("ada@example.com", NEW).await);
}

#[tokio::test]
async fn dead_rows_go_after_a_day_and_events_after_ninety() {
    let bench = bench().await;
    bench.ada().await;
    let token = bench.token("ada@example.com").await;
    bench.clock.advance(Duration::from_hours(24));
    assert_eq!(bench.engine.purge(100).await.unwrap().password_resets, 0);
    bench.clock.advance(Duration::from_secs(1_801));
    assert_eq!(bench.engine.purge(100).await.unwrap().password_resets, 1);
    let error = bench.engine.reset_password(&token, NEW).await.unwrap_err();
    assert_eq!(error.code(), Code::PasswordResetTokenNotFound);
    assert_eq!(bench.engine.events(None, 100).await.unwrap().data.len(), 2);
    bench.clock.advance(Duration::from_hours(2160));
    assert_eq!(
        bench.engine.purge(1).await.unwrap().events,
        1,
        "in bounded batches"
    );
    assert_eq!(bench.engine.purge(100).await.unwrap().events, 1);
    for limit in [0, 10_001] {
        assert_eq!(
            bench.engine.purge(limit).await.unwrap_err().code(),
            Code::InputInvalid
        );
    }
}
