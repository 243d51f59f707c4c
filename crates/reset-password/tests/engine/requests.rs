//! What a public form asks for: how often, for whom, and what it cannot take from anybody.

use std::{
    num::NonZero,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use reset_password::{Code, PasswordReset, UpdateUser};
use reset_password_core::Clock as _;

use crate::support::{
    Fixture, NEW, OLD, engine_on,
    observed::{Moment, Observed},
    store, text, user, user_with,
};

on_each_database!(
    sec19_a_clock_that_was_ahead_keeps_nobody_waiting,
    sec19_a_request_ends_no_link,
    sec19_a_link_of_the_trusted_server_is_sent_again,
    sec19_who_asks_all_day_keeps_nobody_from_a_reset,
    sec19_a_dead_link_is_not_sent_again,
    a_request_is_one_transaction_whatever_became_of_the_link,
    sec19_without_a_sealed_copy_a_living_link_stays,
    sec27_limits_are_alike_for_known_and_unknown_addresses,
    sec27_a_limit_is_decided_without_a_look_at_accounts,
    sec29_a_process_answers_so_many,
    sec31_request_is_inert,
);

const ADA: &str = "ada@example.com";
const EVE: &str = "eve@example.com";
const MINUTE: Duration = Duration::from_mins(1);

fn request(fixture: &Fixture, email: &str) -> Option<PasswordReset> {
    fixture.engine.request_password_reset(email).unwrap()
}

/// Whether two are one link, to the octet.
fn assert_same(one: &PasswordReset, other: &PasswordReset) {
    let told = |reset: &PasswordReset| serde_json::to_value(reset).unwrap();
    assert_eq!(told(one), told(other));
}

fn sec19_a_request_ends_no_link(fixture: &Fixture) {
    fixture.ada();
    let first = request(fixture, ADA).unwrap();
    fixture.clock.advance(Duration::from_secs(59));
    for _ in 0..100 {
        assert!(request(fixture, ADA).is_none(), "in the cooldown");
    }
    fixture.clock.advance(Duration::from_secs(1));
    assert_same(&request(fixture, ADA).unwrap(), &first);
    assert_eq!(fixture.told("password_reset.created"), 1);
    let token = text(&first.password_reset_token);
    fixture.engine.reset_password(token, NEW).unwrap();
    // It is used: the next one is another.
    fixture.clock.advance(MINUTE);
    let next = request(fixture, ADA).unwrap();
    assert_ne!(next.id, first.id);
    let token = text(&next.password_reset_token);
    fixture.engine.reset_password(token, OLD).unwrap();
}

fn sec19_a_link_of_the_trusted_server_is_sent_again(fixture: &Fixture) {
    fixture.ada();
    let made = fixture.engine.create_password_reset(ADA).unwrap();
    assert_same(&request(fixture, ADA).unwrap(), &made);
    // The trusted server itself replaces.
    let newer = fixture.engine.create_password_reset(ADA).unwrap();
    assert_ne!(newer.id, made.id);
    fixture.clock.advance(MINUTE);
    assert_same(&request(fixture, ADA).unwrap(), &newer);
}

/// Every minute, for more than a day. Whoever has the mailbox has a link that works, at every moment.
fn sec19_who_asks_all_day_keeps_nobody_from_a_reset(fixture: &Fixture) {
    fixture.ada();
    let mut links: Vec<PasswordReset> = Vec::new();
    let mut again = 0;
    for minute in 0..26 * 60 {
        if let Some(reset) = request(fixture, ADA) {
            if links.last().is_some_and(|last| last.id == reset.id) {
                again += 1;
            } else {
                links.push(reset);
            }
        }
        let newest = links.last().unwrap();
        let read = fixture.engine.get_password_reset(&newest.id);
        assert!(
            read.is_ok(),
            "in minute {minute} no link works and none is made"
        );
        match minute {
            59 => assert_eq!((links.len(), again), (2, 2), "in the first hour"),
            1_439 => assert!(again <= 10, "{again} in the first day"),
            _ => {}
        }
        fixture.clock.advance(MINUTE);
    }
    assert_eq!(links.len(), 26 * 2, "one for each lifetime");
    let next = request(fixture, ADA).unwrap();
    let token = text(&next.password_reset_token);
    fixture.engine.reset_password(token, NEW).unwrap();
}

fn sec19_a_dead_link_is_not_sent_again(fixture: &Fixture) {
    let id = fixture.ada();
    let works = |reset: &PasswordReset| fixture.engine.get_password_reset(&reset.id).is_ok();
    let change = |change: UpdateUser| drop(fixture.engine.update_user(&id, change).unwrap());
    let ends: [&dyn Fn(); 6] = [
        &|| fixture.clock.advance(Duration::from_mins(30)),
        &|| assert_eq!(fixture.engine.revoke_password_resets(None).unwrap(), 1),
        &|| {
            change(UpdateUser {
                password: Some(NEW.into()),
                ..UpdateUser::default()
            });
        },
        &|| fixture.alter("UPDATE reset_password_users SET password_hash = NULL"),
        &|| fixture.alter("UPDATE reset_password_resets SET expires_at = expires_at + 1"),
        // What does not open was altered, and what was altered is not trusted.
        &|| {
            let sealed = fixture.bytes(&[7; 72]);
            fixture.alter(&format!(
                "UPDATE reset_password_resets SET sealed = {sealed} WHERE live = 1"
            ));
        },
    ];
    for (n, end) in ends.iter().enumerate() {
        let first = request(fixture, ADA).unwrap();
        assert!(works(&first), "{n}");
        end();
        fixture.clock.advance(MINUTE);
        let next = request(fixture, ADA).unwrap();
        assert_ne!(next.id, first.id, "{n}");
        assert!(works(&next) && !works(&first), "{n}");
        fixture.clock.advance(Duration::from_hours(25));
    }
}

/// Also where the row or the credential was altered behind the engine: a second one would wait for the first.
fn a_request_is_one_transaction_whatever_became_of_the_link(fixture: &Fixture) {
    fixture.ada();
    let begun = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&begun);
    let store = store(fixture.database.url(), &fixture.clock);
    let observed = Observed::new(store, move |step, moment| {
        count.fetch_add(
            u32::from((step, moment) == ("begin", Moment::Before)),
            Ordering::SeqCst,
        );
        Ok(())
    });
    let engine = engine_on(observed, &fixture.clock, |_| {});
    // The first one sweeps.
    engine.request_password_reset(EVE).unwrap();
    let transactions = || {
        fixture.clock.advance(MINUTE);
        let before = begun.load(Ordering::SeqCst);
        assert!(engine.request_password_reset(ADA).unwrap().is_some());
        begun.load(Ordering::SeqCst) - before
    };
    assert_eq!(transactions(), 1, "a new link");
    assert_eq!(transactions(), 1, "the same link");
    fixture.alter("UPDATE reset_password_users SET password_hash = NULL");
    assert_eq!(transactions(), 1, "another one");
}

fn sec19_without_a_sealed_copy_a_living_link_stays(fixture: &Fixture) {
    fixture.ada();
    let engine = fixture.another(|config| config.seal_tokens = false);
    let first = engine.request_password_reset(ADA).unwrap().unwrap();
    for email in [ADA, EVE, EVE] {
        fixture.clock.advance(MINUTE);
        assert!(engine.request_password_reset(email).unwrap().is_none());
    }
    fixture.clock.advance(Duration::from_mins(27));
    let next = engine.request_password_reset(ADA).unwrap().unwrap();
    assert_ne!(next.id, first.id);
    let refused = engine.reset_password(text(&first.password_reset_token), NEW);
    assert_eq!(
        refused.unwrap_err().code(),
        Code::PasswordResetTokenNotFound
    );
    engine
        .reset_password(text(&next.password_reset_token), NEW)
        .unwrap();
}

/// The same rows, index by index, whatever is asked when.
fn sec27_limits_are_alike_for_known_and_unknown_addresses(fixture: &Fixture) {
    fixture.ada();
    let tables = ["requests", "resets", "events"];
    let counts = || tables.map(|table| fixture.count(&format!("reset_password_{table}")));
    let done_for = |email: &str, answered: &mut Vec<bool>| {
        let before = counts();
        answered.push(request(fixture, email).is_some());
        let after = counts();
        [0, 1, 2].map(|n| after[n] - before[n])
    };
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    let mut written = 0;
    for round in 0..50_u64 {
        let for_known = done_for("Ada@Example.com", &mut known);
        let for_unknown = done_for("Eve@Example.com", &mut unknown);
        assert_eq!(for_known, for_unknown, "{round}");
        written += for_known[0];
        fixture
            .clock
            .advance(Duration::from_secs(20 + round * 7 % 90));
    }
    assert!(unknown.iter().all(|answered| !answered));
    let answered = known.iter().filter(|answered| **answered).count();
    assert_eq!(i64::try_from(answered).unwrap(), written);
    assert!((3..50).contains(&answered), "{answered}");
    let feed = fixture.engine.events(None, 100).unwrap();
    let feed = serde_json::to_string(&feed).unwrap().to_lowercase();
    assert!(feed.contains("ada@") && !feed.contains("eve@"), "{feed}");
}

/// With the users' table out of reach, what is beyond the limit is answered as ever.
fn sec27_a_limit_is_decided_without_a_look_at_accounts(fixture: &Fixture) {
    fixture.ada();
    request(fixture, ADA).unwrap();
    assert!(request(fixture, EVE).is_none());
    let rename = |from: &str, to: &str| {
        fixture
            .database
            .rows(&format!("ALTER TABLE {from} RENAME TO {to}"));
    };
    rename("reset_password_users", "away");
    for email in [ADA, EVE] {
        assert!(request(fixture, email).is_none());
    }
    fixture.clock.advance(MINUTE);
    for email in [ADA, EVE] {
        let error = fixture.engine.request_password_reset(email).unwrap_err();
        assert_eq!(error.code(), Code::StorageUnavailable, "{email}");
    }
    rename("away", "reset_password_users");
    // Nothing was counted that was not answered.
    assert!(request(fixture, ADA).is_some());
}

fn sec29_a_process_answers_so_many(fixture: &Fixture) {
    let engine = fixture.another(|config| {
        config.requests_per_minute = NonZero::new(5).unwrap();
    });
    for n in 0..3 {
        let email = format!("user{n}@example.com");
        engine.create_user(user_with(&email, OLD)).unwrap();
        assert!(engine.request_password_reset(&email).unwrap().is_some());
        // What is not answered takes nothing of it.
        for _ in 0..10 {
            assert!(engine.request_password_reset(&email).unwrap().is_none());
        }
    }
    for n in 3..5 {
        let email = format!("user{n}@example.com");
        assert!(engine.request_password_reset(&email).unwrap().is_none());
    }
    engine.create_user(user("late@example.com")).unwrap();
    let before = fixture.count("reset_password_requests");
    for email in [
        "late@example.com",
        "no-one@example.com",
        "user0@example.com",
    ] {
        let error = engine.request_password_reset(email).unwrap_err();
        assert_eq!(error.code(), Code::RateLimited, "{email}");
        assert_eq!(error.retry_after(), Some(13), "{email}");
    }
    assert_eq!(fixture.count("reset_password_requests"), before);
    // The trusted server, and other processes, are not concerned.
    engine.create_password_reset("user1@example.com").unwrap();
    assert!(request(fixture, "user4@example.com").is_none());
    fixture.clock.advance(Duration::from_secs(13));
    let late = engine.request_password_reset("late@example.com").unwrap();
    assert!(late.is_some());
    assert!(engine.request_password_reset("x@example.com").is_err());
}

fn sec31_request_is_inert(fixture: &Fixture) {
    fixture.ada();
    let before = fixture.dump("reset_password_users");
    for _ in 0..if crate::support::long() { 1_000 } else { 100 } {
        fixture.engine.request_password_reset(ADA).unwrap();
        fixture.engine.create_password_reset(ADA).unwrap();
    }
    assert_eq!(fixture.dump("reset_password_users"), before);
    assert!(fixture.accepts(ADA, OLD));
}

/// Two days ahead for one request: the next one, by the right clock, is answered with a link that works.
fn sec19_a_clock_that_was_ahead_keeps_nobody_waiting(fixture: &Fixture) {
    fixture.ada();
    let right = fixture.clock.now();
    fixture.clock.advance(Duration::from_hours(48));
    assert!(request(fixture, ADA).is_some());
    fixture.clock.set(right);
    let reset = request(fixture, ADA).expect("the clock is right again");
    fixture.clock.advance(Duration::from_secs(30));
    assert!(request(fixture, ADA).is_none(), "this one is counted");
    let token = text(&reset.password_reset_token);
    fixture.engine.reset_password(token, NEW).unwrap();
}
