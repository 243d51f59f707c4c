//! A confirm whose answer was lost, and that is sent again.

use std::{thread, time::Duration};

use crate::support::{Fixture, NEW, user};
use reset_password::Code;
use reset_password_core::RequestIdentity;

on_each_database!(
    a_password_that_was_changed_is_no_success,
    a_password_that_the_host_changed_in_its_table_is_no_success,
    the_same_request_thrice_at_once_is_one_change,
    the_same_request_gets_the_same_success_for_a_minute,
    another_request_gets_nothing,
    a_reset_without_a_key_is_never_answered_again,
    what_knows_the_request_is_removed,
);

const REQUEST: RequestIdentity<'static> = RequestIdentity {
    idempotency_key: b"retry-1",
    api_key_id: "api_key_1",
    path: "/user_management/password_reset/confirm",
    body: b"{}",
};

fn confirm(fixture: &Fixture, token: &str, request: &RequestIdentity<'_>) -> Result<(), Code> {
    fixture
        .engine
        .reset_password_idempotently(token, NEW, request)
        .map(drop)
        .map_err(|error| error.code())
}

fn the_same_request_gets_the_same_success_for_a_minute(fixture: &Fixture) {
    fixture.ada();
    let token = fixture.token("ada@example.com");
    assert_eq!(confirm(fixture, &token, &REQUEST), Ok(()));
    let hashes = fixture.engine.hashes_started();
    let users = fixture.dump("reset_password_users");
    fixture.clock.advance(Duration::from_millis(59_999));
    assert_eq!(confirm(fixture, &token, &REQUEST), Ok(()));
    assert_eq!(fixture.engine.hashes_started(), hashes);
    assert_eq!(fixture.dump("reset_password_users"), users);
    assert_eq!(fixture.told("password_reset.succeeded"), 1);
    fixture.clock.advance(Duration::from_millis(1));
    let late = confirm(fixture, &token, &REQUEST);
    assert_eq!(late, Err(Code::PasswordResetTokenNotFound));
}

fn another_request_gets_nothing(fixture: &Fixture) {
    fixture.ada();
    let token = fixture.token("ada@example.com");
    assert_eq!(confirm(fixture, &token, &REQUEST), Ok(()));
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
        let refused = confirm(fixture, &token, &other);
        assert_eq!(refused, Err(Code::PasswordResetTokenNotFound));
    }
    let plain = fixture.engine.reset_password(&token, NEW).unwrap_err();
    assert_eq!(plain.code(), Code::PasswordResetTokenNotFound);
    assert_eq!(confirm(fixture, &token, &REQUEST), Ok(()));
}

fn a_reset_without_a_key_is_never_answered_again(fixture: &Fixture) {
    fixture.ada();
    let token = fixture.token("ada@example.com");
    fixture.engine.reset_password(&token, NEW).unwrap();
    let refused = confirm(fixture, &token, &REQUEST);
    assert_eq!(refused, Err(Code::PasswordResetTokenNotFound));
}

fn a_password_that_was_changed_is_no_success(fixture: &Fixture) {
    let id = fixture.ada();
    let token = fixture.token("ada@example.com");
    assert_eq!(confirm(fixture, &token, &REQUEST), Ok(()));
    let change = reset_password::UpdateUser {
        password: Some("another password altogether".into()),
        ..Default::default()
    };
    fixture.engine.update_user(&id, change).unwrap();
    let refused = confirm(fixture, &token, &REQUEST);
    assert_eq!(refused, Err(Code::PasswordResetTokenNotFound));
}

fn a_password_that_the_host_changed_in_its_table_is_no_success(fixture: &Fixture) {
    fixture.ada();
    let token = fixture.token("ada@example.com");
    assert_eq!(confirm(fixture, &token, &REQUEST), Ok(()));
    fixture.alter("UPDATE reset_password_users SET password_hash = '$2b$10$changed'");
    let refused = confirm(fixture, &token, &REQUEST);
    assert_eq!(refused, Err(Code::PasswordResetTokenNotFound));
}

/// The client hung up while the first was hashing and tries again at once.
fn the_same_request_thrice_at_once_is_one_change(fixture: &Fixture) {
    fixture.ada();
    for round in 0..10 {
        let token = fixture.token("ada@example.com");
        thread::scope(|scope| {
            let callers = [(); 3].map(|()| scope.spawn(|| confirm(fixture, &token, &REQUEST)));
            for caller in callers {
                assert_eq!(caller.join().unwrap(), Ok(()), "round {round}");
            }
        });
        assert_eq!(fixture.told("password_reset.succeeded"), round + 1);
        fixture.clock.advance(Duration::from_mins(2));
    }
}

fn what_knows_the_request_is_removed(fixture: &Fixture) {
    fixture.ada();
    let token = fixture.token("ada@example.com");
    assert_eq!(confirm(fixture, &token, &REQUEST), Ok(()));
    let known = "SELECT count(request) FROM reset_password_resets";
    assert_eq!(fixture.database.value(known), "1");
    fixture.clock.advance(Duration::from_millis(59_999));
    fixture.engine.purge(100).unwrap();
    assert_eq!(fixture.database.value(known), "1");
    fixture.clock.advance(Duration::from_millis(1));
    // Whoever makes resets sweeps now and then.
    for n in 0..16 {
        let email = format!("user{n}@example.com");
        fixture.engine.create_user(user(&email)).unwrap();
        fixture.token(&email);
    }
    assert_eq!(fixture.database.value(known), "0");
}
