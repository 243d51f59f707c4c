//! A confirm whose answer was lost, and that is sent again.

mod support;

use std::{sync::Arc, time::Duration};

use reset_password::Code;
use reset_password_core::RequestIdentity;
use support::{Bench, NEW, bench, user};

const REQUEST: RequestIdentity<'static> = RequestIdentity {
    idempotency_key: b"retry-1",
    api_key_id: "api_key_1",
    path: "/user_management/password_reset/confirm",
    body: b"{}",
};

async fn confirm(bench: &Bench, token: &str, request: &RequestIdentity<'_>) -> Result<(), Code> {
    bench
        .engine
        .reset_password_idempotently(token, NEW, request)
        .await
        .map(drop)
        .map_err(|error| error.code())
}

#[tokio::test]
async fn the_same_request_gets_the_same_success_for_a_minute() {
    let bench = bench().await;
    bench.ada().await;
    let token = bench.token("ada@example.com").await;
    assert_eq!(confirm(&bench, &token, &REQUEST).await, Ok(()));
    let hashes = bench.engine.hashes_started();
    let users = bench.dump("reset_password_users").await;
    bench.clock.advance(Duration::from_millis(59_999));
    assert_eq!(confirm(&bench, &token, &REQUEST).await, Ok(()));
    assert_eq!(bench.engine.hashes_started(), hashes);
    assert_eq!(bench.dump("reset_password_users").await, users);
    let events = bench.engine.events(None, 100).await.unwrap();
    let succeeded = |event: &&reset_password::Event| event.event == "password_reset.succeeded";
    assert_eq!(events.data.iter().filter(succeeded).count(), 1);
    bench.clock.advance(Duration::from_millis(1));
    let late = confirm(&bench, &token, &REQUEST).await;
    assert_eq!(late, Err(Code::PasswordResetTokenNotFound));
}

#[tokio::test]
async fn another_request_gets_nothing() {
    let bench = bench().await;
    bench.ada().await;
    let token = bench.token("ada@example.com").await;
    assert_eq!(confirm(&bench, &token, &REQUEST).await, Ok(()));
    let others = [
        RequestIdentity {
            idempotency_key: b"retry-2",
            ..REQUEST
        },
        RequestIdentity {
            api_key_id: "api_key_2",
            ..REQUEST
        },
        RequestIdentity {
            path: "/auth/reset-password/x",
            ..REQUEST
        },
        RequestIdentity {
            body: b"{ }",
            ..REQUEST
        },
        // The same octets, cut elsewhere.
        RequestIdentity {
            idempotency_key: b"retry-1a",
            api_key_id: "pi_key_1",
            ..REQUEST
        },
    ];
    for other in others {
        let refused = confirm(&bench, &token, &other).await;
        assert_eq!(refused, Err(Code::PasswordResetTokenNotFound));
    }
    let plain = bench.engine.reset_password(&token, NEW).await.unwrap_err();
    assert_eq!(plain.code(), Code::PasswordResetTokenNotFound);
    assert_eq!(confirm(&bench, &token, &REQUEST).await, Ok(()));
}

#[tokio::test]
async fn a_reset_without_a_key_is_never_answered_again() {
    let bench = bench().await;
    bench.ada().await;
    let token = bench.token("ada@example.com").await;
    bench.engine.reset_password(&token, NEW).await.unwrap();
    let refused = confirm(&bench, &token, &REQUEST).await;
    assert_eq!(refused, Err(Code::PasswordResetTokenNotFound));
}

/// By the engine's own path, and by the host application in its own table.
#[tokio::test]
async fn a_password_that_is_no_longer_in_force_is_no_success() {
    for by_the_host in [false, true] {
        let bench = bench().await;
        let id = bench.ada().await;
        let token = bench.token("ada@example.com").await;
        assert_eq!(confirm(&bench, &token, &REQUEST).await, Ok(()));
        if by_the_host {
            let statement = "UPDATE reset_password_users SET password_hash = '$2b$10$changed'";
            bench.sql(statement).await;
        } else {
            let change = reset_password::UpdateUser {
                password: Some("another password altogether".into()),
                ..Default::default()
            };
            bench.engine.update_user(&id, change).await.unwrap();
        }
        let refused = confirm(&bench, &token, &REQUEST).await;
        assert_eq!(refused, Err(Code::PasswordResetTokenNotFound));
    }
}

/// The client hung up while the first was hashing and tries again at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_request_twice_at_once_is_one_change() {
    let bench = Arc::new(bench().await);
    bench.ada().await;
    for round in 0..10 {
        let token = bench.token("ada@example.com").await;
        let callers: Vec<_> = (0..3)
            .map(|_| {
                let (bench, token) = (Arc::clone(&bench), token.clone());
                tokio::spawn(async move { confirm(&bench, &token, &REQUEST).await })
            })
            .collect();
        for caller in callers {
            assert_eq!(caller.await.unwrap(), Ok(()), "round {round}");
        }
        let events = bench.engine.events(None, 100).await.unwrap();
        let succeeded = |event: &&reset_password::Event| event.event == "password_reset.succeeded";
        assert_eq!(events.data.iter().filter(succeeded).count(), round + 1);
        bench.clock.advance(Duration::from_mins(2));
    }
}

#[tokio::test]
async fn what_knows_the_request_is_removed() {
    let bench = bench().await;
    bench.ada().await;
    let token = bench.token("ada@example.com").await;
    assert_eq!(confirm(&bench, &token, &REQUEST).await, Ok(()));
    let known = "SELECT cast(count(request) AS TEXT) FROM reset_password_resets";
    let database = bench.folder.path().join("app.db");
    assert_eq!(support::value(&database, known).await, "1");
    bench.clock.advance(Duration::from_mins(1));
    bench
        .engine
        .create_user(user("grace@example.com"))
        .await
        .unwrap();
    bench.token("grace@example.com").await;
    assert_eq!(support::value(&database, known).await, "0");
}
