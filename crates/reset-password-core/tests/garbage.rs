//! Garbage is refused before the store is asked anything, and randomness that fails fails everything.

mod scripted;

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use reset_password_core::{Code, CreateUser, Random, RandomError};
use scripted::{KNOWN, Scripted, engine};

#[derive(Default)]
struct Failing(AtomicBool);

impl Random for Failing {
    fn fill(&self, _: &mut [u8]) -> Result<(), RandomError> {
        self.0.store(true, Ordering::SeqCst);
        Err(RandomError("out of order".into()))
    }
}

/// Percent-encoding and form decoding wait for HTTP.
#[test]
fn sec05_garbage_never_reaches_the_store() {
    let engine = engine(Scripted::new([], []), Arc::<Failing>::default());
    let good = "A".repeat(43);
    for token in [
        String::new(),
        "A".repeat(42),
        "A".repeat(44),
        format!("{}B", &good[1..]),
        format!("{}=", &good[1..]),
        format!("{}+", &good[1..]),
        format!("{}/", &good[1..]),
        format!("{} ", &good[1..]),
        format!("{}\0", &good[1..]),
        format!("{}\n", &good[1..]),
        format!("{}\u{7f}", &good[1..]),
        format!("{}é", &good[2..]),
        format!("{good}{good}"),
        "%41".repeat(14) + "A",
        "A".repeat(1 << 20),
        "\0".repeat(43),
    ] {
        let error = engine
            .reset_password(&token, "a good new password")
            .unwrap_err();
        assert_eq!(
            error.code(),
            Code::PasswordResetTokenNotFound,
            "{} octets",
            token.len()
        );
    }
    assert_eq!(engine.hashes_started(), 0);
    assert_eq!(engine.store().begun(), 0);
}

/// Mail waits: no outbox yet. A transaction may begin, and a request may be counted in it; that it would make a
/// reset, a user or a record, or be committed, panics here.
#[test]
fn sec01_rng_failure_is_fatal() {
    let random = Arc::new(Failing::default());
    let engine = engine(Scripted::new([], []), Arc::clone(&random));
    let error = engine.create_password_reset(KNOWN).unwrap_err();
    assert_eq!(error.code(), Code::Internal);
    let error = engine.request_password_reset(KNOWN).unwrap_err();
    assert_eq!(error.code(), Code::Internal);
    let create = CreateUser {
        email: "new@example.com".into(),
        ..CreateUser::default()
    };
    assert_eq!(
        engine.create_user(create).unwrap_err().code(),
        Code::Internal
    );
    assert!(random.0.load(Ordering::SeqCst));
}
