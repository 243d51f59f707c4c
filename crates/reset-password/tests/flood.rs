//! Whoever holds a live link sets a password, however many ask who hold nothing.

mod support;

use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use reset_password::{Code, Options, blocking::UserManagement};
use support::{NEW, text, user, user_with};

/// Owners that come one after the other, and those who hold nothing, of either kind.
fn owners_and_strangers() -> (usize, usize) {
    if support::long() { (60, 200) } else { (12, 40) }
}

#[test]
fn sec99_owners_are_served_in_a_flood() {
    let (owners, strangers) = owners_and_strangers();
    let folder = tempfile::tempdir().unwrap();
    let users = UserManagement::open(&support::url(folder.path()), Options::default()).unwrap();
    users
        .create_user(user_with("known@example.com", support::OLD))
        .unwrap();
    let resets: Vec<_> = (0..owners)
        .map(|n| {
            let email = format!("user{n}@example.com");
            users.create_user(user(&email)).unwrap();
            users.create_password_reset(&email).unwrap()
        })
        .collect();

    let (over, refused, hashed) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
    let login = |n: usize| {
        // Failed logins with one address are limited, so most come with another one each time.
        let email = match n % 4 {
            0 => "known@example.com".to_owned(),
            _ => format!("nobody{n}of{}@example.com", refused.load(Ordering::Relaxed)),
        };
        let login = users.authenticate_with_password(&email, "not the password of anybody");
        match login.unwrap_err().code() {
            Code::Overloaded => {
                refused.fetch_add(1, Ordering::Relaxed);
            }
            Code::RateLimited => thread::park_timeout(Duration::from_millis(10)),
            code => {
                assert_eq!(code, Code::InvalidCredentials);
                hashed.fetch_add(1, Ordering::Relaxed);
            }
        }
    };
    let confirm = |n: usize| {
        let token = format!("{n:043}");
        let confirm = users.reset_password(&token, NEW);
        assert_eq!(
            confirm.unwrap_err().code(),
            Code::PasswordResetTokenNotFound
        );
    };
    let slowest = thread::scope(|scope| {
        for n in 0..strangers {
            let (over, login, confirm) = (&over, &login, &confirm);
            scope.spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    login(n);
                }
            });
            scope.spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    confirm(n);
                }
            });
        }
        // The flood is there: some are told to come back.
        while refused.load(Ordering::Relaxed) == 0 {
            thread::yield_now();
        }
        let served = |reset: &reset_password::PasswordReset| {
            let began = now();
            let user = users.reset_password(text(&reset.password_reset_token), NEW);
            (user, began.elapsed())
        };
        let answers: Vec<_> = resets.iter().map(served).collect();
        over.store(true, Ordering::Relaxed);
        let mut slowest = Duration::ZERO;
        for (user, took) in answers {
            assert!(user.unwrap().email_verified);
            slowest = slowest.max(took);
        }
        slowest
    });
    println!(
        "{owners} owners were served, the slowest in {slowest:?}, beside {} logins that hashed and {} that \
         were told to come back",
        hashed.load(Ordering::Relaxed),
        refused.load(Ordering::Relaxed)
    );
    // Logins had their share, too.
    assert!(hashed.load(Ordering::Relaxed) > 0);
    if support::long() {
        assert!(slowest < Duration::from_secs(3), "{slowest:?}");
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long an owner waits is nothing that a test's clock decides"
)]
fn now() -> Instant {
    Instant::now()
}
