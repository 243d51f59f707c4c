//! What refusals cost, counted in the engine itself.

#![cfg(test)]

mod in_process;

use std::time::Duration;

use in_process::InProcess;
use reset_password_test_service::{Connection, EMAIL, NEW, cheap, new_user, secret};

const COUNT: u32 = 10_000;

/// Ten thousand unknown, malformed, expired and spent tokens start not one hash; a good one starts one.
/// Pages and codes wait.
#[test]
fn sec36_no_hash_without_token() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("app.db").to_str().unwrap().to_owned();
    let service = InProcess::new(&database, &cheap());
    service.users.create_user(new_user(EMAIL)).unwrap();
    let reset = || service.users.create_password_reset(EMAIL).unwrap();
    let token = || secret(&reset().password_reset_token).to_owned();
    let hashes = || service.engine().hashes_started();
    let mut client = Connection::to(&service.address);
    let mut confirm = |token: &str| {
        client.send(service.confirm(token, NEW));
        client.read().unwrap().status
    };
    let spent = token();
    assert_eq!((confirm(&spent), hashes()), (200, 1));

    let made = reset();
    let expired = secret(&made.password_reset_token).to_owned();
    let age = Duration::from_mins(31);
    reset_password_test_tools::age_reset(&database, None, None, &made.id, age).unwrap();
    for n in 0..COUNT {
        let (token, expected) = match n % 4 {
            0 => (expired.clone(), 400),
            1 => (spent.clone(), 404),
            2 => (format!("{n:043}"), 404),
            _ => (format!("garbage {n}"), 404),
        };
        assert_eq!(confirm(&token), expected, "{n}");
    }
    // Sizes come before all else, and the policy before the hash: also with a good token.
    let live = token();
    for (password, status) in [
        ("x".repeat(1 << 20), 413),
        ("x".repeat(16_384), 413),
        ("x".repeat(257), 400),
        ("short".to_owned(), 400),
    ] {
        let mut client = Connection::to(&service.address);
        client.send(service.confirm(&live, &password));
        let reply = client.read().unwrap();
        assert_eq!(reply.status, status, "{} characters", password.len());
    }
    assert_eq!(hashes(), 1);
    assert_eq!((confirm(&live), hashes()), (200, 2));
    assert!(service.is_serving());
}
