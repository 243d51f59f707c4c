//! Bounded memory, bounded work: nobody without a live token starts a hash.

mod support;

use std::{thread, time::Duration};

use reset_password::{Code, Options, blocking::UserManagement};
use support::{Fixture, NEW, run_worker, text, user, worker_role};

const CALLERS: usize = 500;
const BUDGET_KIB: u64 = 256 * 1_024;

/// A clean process, so that its memory is its own.
#[test]
fn sec99_500_callers_stay_within_the_budget() {
    let said = run_worker("crowd", "crowd", "crowd: done");
    println!("{said}");
}

#[test]
fn crowd() {
    let Some(role) = worker_role() else { return };
    let options = Options {
        memory_budget_kib: 256 * 1_024,
        ..Options::default()
    };
    let users = UserManagement::open(&role.database, options).unwrap();
    let resets: Vec<_> = (0..CALLERS)
        .map(|n| {
            let email = format!("user{n}@example.com");
            users.create_user(user(&email)).unwrap();
            let reset = users.create_password_reset(&email).unwrap();
            (email, reset)
        })
        .collect();
    // One of the accounts has an imported hash that asks for 1 GiB.
    let hungry = "$argon2id$v=19$m=1048576,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$\
                  AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    let mut import = user("hungry@example.com");
    import.password_hash = Some(hungry.into());
    users.create_user(import).unwrap();
    let login = || {
        let login = users.authenticate_with_password("hungry@example.com", "anything at all");
        login.unwrap_err().code()
    };

    let answers: Vec<_> = thread::scope(|scope| {
        let callers: Vec<_> = resets
            .iter()
            .map(|(_, reset)| {
                scope.spawn(|| users.reset_password(text(&reset.password_reset_token), NEW))
            })
            .collect();
        assert!([Code::InvalidCredentials, Code::Overloaded].contains(&login()));
        callers
            .into_iter()
            .map(|caller| caller.join().unwrap())
            .collect()
    });
    let mut waiting = Vec::new();
    for (answer, reset) in answers.into_iter().zip(&resets) {
        if let Err(error) = answer {
            assert_eq!(error.code(), Code::Overloaded);
            assert!(error.retry_after().is_some());
            waiting.push(reset);
        }
    }
    let done = CALLERS - waiting.len();
    assert!(done > 0 && done < CALLERS, "{done} were served at once");
    for (_, reset) in &waiting {
        let alive = users.get_password_reset(&reset.id).unwrap();
        assert_eq!(
            text(&alive.password_reset_token),
            text(&reset.password_reset_token)
        );
    }
    let late = if support::long() { waiting.len() } else { 12 };
    for (email, reset) in waiting.into_iter().take(late) {
        users
            .reset_password(text(&reset.password_reset_token), NEW)
            .unwrap();
        assert!(users.authenticate_with_password(email, NEW).is_ok());
    }
    assert_eq!(login(), Code::InvalidCredentials);
    let peak = status_kib("VmHWM:");
    println!("\npeak resident memory: {peak} KiB, {done} of {CALLERS} served at once");
    assert!(peak <= BUDGET_KIB + 64 * 1_024, "{peak} KiB");
    let mut looks = 0;
    while status_kib("VmRSS:") >= 64 * 1_024 {
        looks += 1;
        assert!(
            looks < 600,
            "working memory was not freed: {} KiB",
            status_kib("VmRSS:")
        );
        thread::park_timeout(Duration::from_millis(100));
    }
    println!("crowd: done");
}

fn status_kib(field: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(field)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Limits by client address and the stages of pages wait for HTTP.
#[test]
fn sec36_no_hash_without_token() {
    let fixture = Fixture::new();
    fixture.ada();
    let expired = fixture.token("ada@example.com");
    fixture.clock.advance(Duration::from_mins(30));
    let hashes = fixture.engine.hashes_started();
    for n in 0..10_000_u32 {
        let token = match n % 3 {
            0 => text(
                &reset_password_core::Token::generate(&support::OsRandom)
                    .unwrap()
                    .reveal(),
            )
            .to_owned(),
            1 => expired.clone(),
            _ => format!("garbage {n}"),
        };
        assert!(fixture.engine.reset_password(&token, NEW).is_err());
    }
    assert_eq!(fixture.engine.hashes_started(), hashes);
}
