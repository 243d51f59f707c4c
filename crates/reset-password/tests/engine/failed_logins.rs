//! Failed logins: what they cost whoever guesses, alike for every address, and what ends it.

use std::time::Duration;

use reset_password::{Code, Error, UpdateUser};
use reset_password_core::{Clock, Engine};
use reset_password_store::SqlStore;

use crate::support::{Fixture, NEW, OLD, user};

on_each_database!(
    sec22_delays_grow_alike_for_every_address,
    sec22_within_a_delay_no_password_is_looked_at,
    sec22_a_hundred_failures_in_a_row_close_an_account_until_its_password_is_reset,
    sec22_a_changed_password_ends_the_row,
    sec22_a_good_login_ends_the_row,
    sec22_two_processes_count_together,
    sec22_a_clock_that_is_put_back_closes_nobody_out,
    sec22_failures_are_kept_for_ninety_days_and_a_block_until_it_ends,
);

pub const ADA: &str = "ada@example.com";
pub const NOBODY: &str = "nobody@example.com";
pub const WRONG: &str = "not the password of this account";
const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

/// A code, and how many seconds to wait.
pub type Told = (Code, Option<u32>);

pub const INVALID: Told = (Code::InvalidCredentials, None);
const BLOCKED: Told = (Code::RateLimited, None);

pub const fn delayed(seconds: u32) -> Told {
    (Code::RateLimited, Some(seconds))
}

fn told(error: &Error) -> Told {
    (error.code(), error.retry_after())
}

pub fn log_in(engine: &Engine<SqlStore>, email: &str, password: &str) -> Result<String, Told> {
    let login = engine.authenticate_with_password(email, password);
    login.map(|user| user.id).map_err(|error| told(&error))
}

pub fn fail(fixture: &Fixture, email: &str) -> Told {
    log_in(&fixture.engine, email, WRONG).unwrap_err()
}

/// So many wrong passwords, each as soon as it is looked at.
pub fn fail_times(fixture: &Fixture, email: &str, times: usize) {
    for time in 0..times {
        let mut answer = fail(fixture, email);
        while let (Code::RateLimited, Some(seconds)) = answer {
            fixture.clock.advance(Duration::from_secs(seconds.into()));
            answer = fail(fixture, email);
        }
        assert_eq!(answer, INVALID, "{time}");
    }
}

/// As if so many had failed already.
fn set_failures(fixture: &Fixture, failures: u32) {
    fixture.database.rows(&format!(
        "UPDATE reset_password_failures SET failures = {failures}"
    ));
}

fn rows(fixture: &Fixture) -> i64 {
    fixture.count("reset_password_failures")
}

/// Known or not, with a password or without, an address or none: the same answers after the same hashes, and one
/// row for each of them.
fn sec22_delays_grow_alike_for_every_address(fixture: &Fixture) {
    fixture.ada();
    let no_password = user("no-password@example.com");
    fixture.engine.create_user(no_password).unwrap();
    let story = |emails: &[&str]| {
        let before = fixture.engine.hashes_started();
        let mut answers = Vec::new();
        let mut spellings = emails.iter().cycle();
        let mut answer = || fail(fixture, spellings.next().unwrap());
        for _ in 0..6 {
            answers.push(answer());
        }
        for seconds in [1, 2, 4, 8, 16, 32] {
            answers.push(answer());
            fixture
                .clock
                .advance(Duration::from_millis(seconds * 1_000 - 1));
            answers.push(answer());
            fixture.clock.advance(Duration::from_millis(1));
            answers.push(answer());
        }
        (answers, fixture.engine.hashes_started() - before)
    };
    let known = story(&[ADA, "Ada@Example.COM", " ada@example.com\t"]);
    let mut expected = vec![INVALID; 6];
    for seconds in [1, 2, 4, 8, 16, 32] {
        expected.extend([delayed(seconds), delayed(1), INVALID]);
    }
    assert_eq!(known, (expected, 12));
    let others: [&[&str]; 5] = [
        &[NOBODY, "NOBODY@example.com"],
        &["no-password@example.com"],
        &["not an address"],
        &[""],
        &["ada@example.com, "],
    ];
    for other in others {
        assert_eq!(story(other), known, "{other:?}");
    }
    assert_eq!(rows(fixture), 6);
    let sizes = "SELECT DISTINCT concat(failures, ' ', length(address), ' ', length(credential)) \
                 FROM reset_password_failures";
    assert_eq!(fixture.database.value(sizes), "12 32 32");
    let dump = fixture.dump("reset_password_failures").to_lowercase();
    for address in ["example", "6578616d706c65"] {
        assert!(!dump.contains(address), "{dump}");
    }
}

fn sec22_within_a_delay_no_password_is_looked_at(fixture: &Fixture) {
    let id = fixture.ada();
    fail_times(fixture, ADA, 8);
    let before = (
        fixture.engine.hashes_started(),
        fixture.dump("reset_password_failures"),
    );
    for password in [OLD, WRONG, "", OLD] {
        assert_eq!(log_in(&fixture.engine, ADA, password), Err(delayed(4)));
    }
    let after = (
        fixture.engine.hashes_started(),
        fixture.dump("reset_password_failures"),
    );
    assert_eq!(after, before, "something was looked at, or written");
    fixture.clock.advance(Duration::from_secs(4));
    assert_eq!(log_in(&fixture.engine, ADA, OLD), Ok(id));
}

/// What is told of a closed account; nothing is looked at for it.
fn is_closed(fixture: &Fixture, email: &str) {
    let before = fixture.engine.hashes_started();
    for password in [OLD, NEW, WRONG] {
        let error = fixture.engine.authenticate_with_password(email, password);
        let error = error.unwrap_err();
        assert_eq!(told(&error), BLOCKED);
        assert!(!error.retryable());
        assert!(error.message().contains("reset the password"), "{error}");
    }
    assert_eq!(fixture.engine.hashes_started(), before);
}

fn sec22_a_hundred_failures_in_a_row_close_an_account_until_its_password_is_reset(
    fixture: &Fixture,
) {
    let id = fixture.ada();
    let hashes = fixture.engine.hashes_started();
    for email in [ADA, NOBODY] {
        fail_times(fixture, email, 100);
        is_closed(fixture, email);
        fixture.clock.advance(1_000 * DAY);
        is_closed(fixture, email);
    }
    assert_eq!(fixture.engine.hashes_started() - hashes, 200);

    // The reset knows nothing of it, for either of them.
    let reset = fixture.engine.request_password_reset(NOBODY).unwrap();
    assert!(reset.is_none());
    let reset = fixture.engine.request_password_reset(ADA).unwrap();
    assert!(reset.is_some());
    is_closed(fixture, ADA);
    let token = fixture.token(ADA);
    is_closed(fixture, ADA);
    fixture.engine.reset_password(&token, NEW).unwrap();
    assert_eq!(log_in(&fixture.engine, ADA, OLD), Err(INVALID));
    assert_eq!(log_in(&fixture.engine, ADA, NEW), Ok(id));
    is_closed(fixture, NOBODY);
}

/// By whatever path; but not what changes something else.
fn sec22_a_changed_password_ends_the_row(fixture: &Fixture) {
    let id = fixture.ada();
    let other = UpdateUser {
        name: Some("Ada".into()),
        ..UpdateUser::default()
    };
    let password = UpdateUser {
        password: Some(NEW.into()),
        ..UpdateUser::default()
    };
    let same_password = password.clone();
    let hash = UpdateUser {
        password_hash: Some("$2b$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i".into()),
        ..UpdateUser::default()
    };
    for (change, right) in [
        (password, NEW),
        (same_password, NEW),
        (hash, &"x".repeat(72)),
    ] {
        fail_times(fixture, ADA, 6);
        set_failures(fixture, 100);
        is_closed(fixture, ADA);
        fixture.engine.update_user(&id, other.clone()).unwrap();
        is_closed(fixture, ADA);
        fixture.engine.update_user(&id, change).unwrap();
        let answers: Vec<_> = (0..6).map(|_| fail(fixture, ADA)).collect();
        assert_eq!(answers, [INVALID; 6], "they are not counted from one");
        assert_eq!(fail(fixture, ADA), delayed(1));
        fixture.clock.advance(HOUR);
        assert!(fixture.accepts(ADA, right));
    }
    // The application changes its own table.
    fail_times(fixture, ADA, 6);
    fixture.alter("UPDATE reset_password_users SET password_hash = 'x'");
    assert_eq!(fail(fixture, ADA), INVALID);
}

fn sec22_a_good_login_ends_the_row(fixture: &Fixture) {
    fixture.ada();
    assert!(fixture.accepts(ADA, OLD));
    assert_eq!(rows(fixture), 0, "a good login alone is not counted");
    for failures in [1, 4, 5, 6, 9] {
        fail_times(fixture, ADA, failures);
        assert_eq!(rows(fixture), 1);
        fixture.clock.advance(HOUR);
        assert!(fixture.accepts(ADA, OLD), "{failures}");
        assert_eq!(rows(fixture), 0, "{failures}");
    }
    // One that is refused ends nothing, and what is counted for others stays.
    fail_times(fixture, NOBODY, 2);
    fail_times(fixture, ADA, 99);
    fixture.clock.advance(HOUR);
    assert!(fixture.accepts(ADA, OLD), "the hundredth may be right");
    assert_eq!(rows(fixture), 1);
}

fn sec22_two_processes_count_together(fixture: &Fixture) {
    fixture.ada();
    let other = fixture.another(|_| {});
    let engines = [&fixture.engine, &other];
    for n in 0..6 {
        assert_eq!(log_in(engines[n % 2], ADA, WRONG), Err(INVALID));
    }
    for engine in engines {
        assert_eq!(log_in(engine, ADA, OLD), Err(delayed(1)));
    }
    fixture.clock.advance(HOUR);
    log_in(&other, ADA, OLD).unwrap();
    for _ in 0..5 {
        assert_eq!(fail(fixture, ADA), INVALID);
    }
    log_in(&other, ADA, OLD).unwrap();
}

fn sec22_a_clock_that_is_put_back_closes_nobody_out(fixture: &Fixture) {
    fixture.ada();
    fail_times(fixture, ADA, 20);
    assert_eq!(fail(fixture, ADA), delayed(3_600));
    let right = fixture.clock.now().before(1_000 * DAY);
    fixture.clock.set(right);
    assert_eq!(fail(fixture, ADA), INVALID, "it waits for what never was");
    assert_eq!(fail(fixture, ADA), delayed(3_600), "it is counted on");
    fixture.clock.advance(HOUR);
    assert!(fixture.accepts(ADA, OLD));
}

fn sec22_failures_are_kept_for_ninety_days_and_a_block_until_it_ends(fixture: &Fixture) {
    fixture.ada();
    fail_times(fixture, NOBODY, 3);
    fail_times(fixture, ADA, 99);
    fixture.clock.advance(90 * DAY);
    let purged = || fixture.engine.purge(1_000).unwrap().requests;
    assert_eq!(
        purged(),
        1,
        "nobody's are older than 90 days, Ada's are not"
    );
    fixture.clock.advance(HOUR);
    assert_eq!(fail(fixture, ADA), INVALID);
    is_closed(fixture, ADA);
    fixture.clock.advance(1_000 * DAY);
    assert_eq!(purged(), 0);
    is_closed(fixture, ADA);
}
