//! What the audit trail tells of failed logins, spent tokens and altered rows: each of them, while they are few.

use std::time::Duration;

use reset_password::{Caller, Code};
use reset_password_core::AuditRecord;
use serde_json::json;

use crate::{
    failed_logins::{ADA, INVALID, NOBODY, fail, fail_times, log_in},
    faults::Fault,
    support::{Captured, Fixture, NEW, OLD},
};

on_each_database!(
    sec83_each_failed_login_is_recorded_with_its_number,
    sec83_a_block_is_recorded_once,
    sec64_a_client_that_fails_often_is_recorded_so_often_and_then_summed_up,
    sec64_an_account_that_fails_often_is_recorded_so_often,
    sec64_a_spent_token_is_recorded_each_time_until_it_is_often,
    sec64_an_altered_row_is_recorded,
    sec64_a_sign_that_cannot_be_recorded_changes_no_answer,
);

const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);
const FAILED: &str = "authentication.failed";
const REUSED: &str = "password_reset.token_reused";

fn records(fixture: &Fixture, kind: &str) -> Vec<AuditRecord> {
    let mut records = fixture.engine.audit(i64::MIN, 1_000).unwrap();
    assert!(records.len() < 1_000);
    records.retain(|record| record.event == kind);
    assert!(records.iter().all(|record| !record.listed), "{records:?}");
    records
}

/// The records that stand for one thing each, and how many others are told of.
fn recorded(fixture: &Fixture, kind: &str) -> (usize, u64) {
    let all = records(fixture, kind);
    let others = all
        .iter()
        .filter_map(|record| record.data["not_recorded"].as_u64());
    (all.len() - others.clone().count(), others.sum())
}

fn client(name: &str) -> Caller {
    Caller {
        actor: "api_key_1".into(),
        request_id: Some("req_1".into()),
        client: Some(name.into()),
    }
}

/// A number of accounts fail once each.
fn fail_each(fixture: &Fixture, name: &str, accounts: std::ops::Range<usize>) {
    client(name).scope(|| {
        for n in accounts {
            assert_eq!(fail(fixture, &format!("user{n}@example.com")), INVALID);
        }
    });
}

fn sec83_each_failed_login_is_recorded_with_its_number(fixture: &Fixture) {
    let id = fixture.ada();
    let fail = |email| client("c1").scope(|| assert_eq!(fail(fixture, email), INVALID));
    for email in [
        ADA,
        ADA,
        NOBODY,
        "ADA@example.com",
        "Nobody@Example.com",
        "no address",
    ] {
        fail(email);
    }
    let records = records(fixture, FAILED);
    let of = |n: usize| records[n].data["user_id"].as_str().unwrap();
    let told: Vec<_> = records
        .iter()
        .map(|record| record.data["failures"].as_i64().unwrap())
        .collect();
    assert_eq!(told, [1, 2, 1, 3, 2, 1]);
    assert_eq!([of(0), of(1), of(3)], [id.as_str(); 3]);
    assert_eq!(of(2), of(4), "it can be told apart");
    assert!(of(2).starts_with("nobody_") && of(5).starts_with("nobody_") && of(2) != of(5));
    for record in &records {
        let context = json!({ "actor": "api_key_1", "request_id": "req_1", "client": "c1" });
        assert_eq!(record.context, context);
        assert_eq!(record.data.as_object().unwrap().len(), 2);
    }
    // A request for a reset has the same pseudonym.
    fixture.engine.request_password_reset(NOBODY).unwrap();
    let requested = self::records(fixture, "password_reset.requested");
    assert_eq!(requested[0].data["user_id"], of(2));
    assert!(fixture.engine.verify_audit().unwrap().is_whole());
    let feed = serde_json::to_string(&fixture.engine.events(None, 100).unwrap()).unwrap();
    assert!(!feed.contains("authentication"), "{feed}");
    let dump = fixture.dump("reset_password_events").to_lowercase();
    assert!(
        !dump.contains("nobody@") && !dump.contains("no address"),
        "{dump}"
    );
    assert!(!dump.contains("not the password"), "{dump}");
    // A login writes none, and neither does what is refused within a delay.
    assert!(fixture.accepts(ADA, OLD));
    fail_times(fixture, ADA, 6);
    assert_eq!(self::fail(fixture, ADA).0, Code::RateLimited);
    assert_eq!(recorded(fixture, FAILED), (12, 0));
}

fn sec83_a_block_is_recorded_once(fixture: &Fixture) {
    let id = fixture.ada();
    let log = Captured::default();
    let _guard = log.listen(tracing::Level::INFO);
    for email in [ADA, NOBODY] {
        fail_times(fixture, email, 6);
    }
    fixture
        .database
        .rows("UPDATE reset_password_failures SET failures = 98");
    fixture.clock.advance(HOUR);
    for email in [ADA, NOBODY] {
        fail_times(fixture, email, 1);
    }
    assert_eq!(records(fixture, "authentication.blocked"), []);
    for email in [ADA, NOBODY] {
        fail_times(fixture, email, 1);
        for _ in 0..3 {
            assert_eq!(fail(fixture, email), (Code::RateLimited, None));
        }
    }
    let blocked = records(fixture, "authentication.blocked");
    let [known, nobody] = &blocked[..] else {
        panic!("{blocked:?}")
    };
    assert_eq!(known.data, json!({ "user_id": id, "failures": 100 }));
    let [.., last] = &records(fixture, FAILED)[..] else {
        panic!()
    };
    assert_eq!(nobody.data, last.data);
    assert_eq!(last.data["failures"], 100);
    assert_eq!(log.count("no password of this account is looked at"), 2);
    assert_eq!(log.count("@example.com"), 0);
}

fn sec64_a_client_that_fails_often_is_recorded_so_often_and_then_summed_up(fixture: &Fixture) {
    fail_each(fixture, "c1", 0..66);
    assert_eq!(recorded(fixture, FAILED), (60, 0));
    fail_each(fixture, "c2", 66..67);
    assert_eq!(fail(fixture, "user67@example.com"), INVALID);
    assert_eq!(recorded(fixture, FAILED), (62, 0), "others are recorded");
    // All of them are counted.
    assert_eq!(fixture.count("reset_password_failures"), 68);

    fixture.clock.advance(MINUTE);
    fail_each(fixture, "c2", 68..69);
    assert_eq!(recorded(fixture, FAILED), (63, 0));
    fail_each(fixture, "c1", 69..70);
    assert_eq!(recorded(fixture, FAILED), (64, 6));
    fail_each(fixture, "c1", 70..71);
    let all = records(fixture, FAILED);
    let sum = all
        .iter()
        .find(|record| !record.data["not_recorded"].is_null())
        .unwrap();
    let began = all[0].data["since"].as_str();
    assert_eq!(began, None);
    assert_eq!(sum.data["client"], "c1");
    assert_eq!(sum.data["since"], json!(all[0].created_at));
    assert_eq!(sum.data["until"], json!(all[0].created_at));

    // One that does not come again is told of by a purge.
    fail_each(fixture, "c3", 71..133);
    fixture.engine.purge(100).unwrap();
    assert_eq!(
        recorded(fixture, FAILED),
        (125, 6),
        "its minute is not over"
    );
    fixture.clock.advance(MINUTE);
    fixture.engine.purge(100).unwrap();
    fixture.engine.purge(100).unwrap();
    assert_eq!(recorded(fixture, FAILED), (125, 8));
    assert!(fixture.engine.verify_audit().unwrap().is_whole());
}

/// Delays alone do not bound somebody who knows the password of an account.
fn sec64_an_account_that_fails_often_is_recorded_so_often(fixture: &Fixture) {
    fixture.ada();
    for n in 0..4 {
        client(&n.to_string()).scope(|| {
            for _ in 0..4 {
                assert_eq!(fail(fixture, ADA), INVALID);
            }
            assert!(fixture.accepts(ADA, OLD));
        });
    }
    assert_eq!(recorded(fixture, FAILED), (10, 0));
    fixture.clock.advance(MINUTE);
    fixture.engine.purge(100).unwrap();
    assert_eq!(recorded(fixture, FAILED), (10, 6));
}

fn sec64_a_spent_token_is_recorded_each_time_until_it_is_often(fixture: &Fixture) {
    let id = fixture.ada();
    let (first, second) = (fixture.token(ADA), fixture.token(ADA));
    fixture.engine.reset_password(&second, NEW).unwrap();
    let reuse = |token: &str, times: usize| {
        for _ in 0..times {
            let error = fixture.engine.reset_password(token, OLD).unwrap_err();
            assert_eq!(error.code(), Code::PasswordResetTokenNotFound);
        }
    };
    reuse(&first, 3);
    assert_eq!(
        recorded(fixture, REUSED),
        (0, 0),
        "it was replaced, not spent"
    );
    client("c1").scope(|| reuse(&second, 1));
    let told = records(fixture, REUSED);
    let [told] = &told[..] else {
        panic!("{told:?}")
    };
    assert_eq!(told.data["user_id"], id.as_str());
    assert_eq!(told.data["object"], "password_reset");
    assert_eq!(told.context["client"], "c1");
    let reset = told.data["id"].clone();
    reuse(&second, 14);
    assert_eq!(recorded(fixture, REUSED), (10, 0));
    fixture.clock.advance(HOUR);
    reuse(&second, 1);
    assert_eq!(recorded(fixture, REUSED), (11, 5));
    let told = records(fixture, REUSED);
    let sum = told
        .iter()
        .find(|record| record.data["not_recorded"] == 5)
        .unwrap();
    assert_eq!(sum.data["id"], reset);
    assert!(fixture.accepts(ADA, NEW));
}

fn sec64_an_altered_row_is_recorded(fixture: &Fixture) {
    const KIND: &str = "password_reset.integrity_failure";
    fixture.ada();
    let reset = fixture.engine.create_password_reset(ADA).unwrap();
    let token = crate::support::text(&reset.password_reset_token);
    fixture.alter("UPDATE reset_password_resets SET expires_at = expires_at + 1 WHERE live = 1");
    for _ in 0..12 {
        let error = fixture.engine.reset_password(token, NEW).unwrap_err();
        assert_eq!(error.code(), Code::PasswordResetTokenNotFound);
    }
    assert_eq!(recorded(fixture, KIND), (10, 0));
    assert_eq!(records(fixture, KIND)[0].data["id"], reset.id.as_str());
    fixture.clock.advance(HOUR);
    fixture.engine.purge(100).unwrap();
    assert_eq!(recorded(fixture, KIND), (10, 2));
    let dump = fixture.dump("reset_password_events");
    assert!(!dump.contains(token));
}

fn sec64_a_sign_that_cannot_be_recorded_changes_no_answer(fixture: &Fixture) {
    fixture.ada();
    let token = fixture.token(ADA);
    fixture.engine.reset_password(&token, NEW).unwrap();
    let altered = fixture.token(ADA);
    fixture.alter("UPDATE reset_password_resets SET created_at = created_at - 1 WHERE live = 1");
    let faults = Fault::triggers(fixture, "reset_password_events", "INSERT", "BEFORE");
    for fault in &faults {
        fault.during(fixture, || {
            for token in [&token, &altered] {
                let error = fixture.engine.reset_password(token, OLD).unwrap_err();
                assert_eq!(error.code(), Code::PasswordResetTokenNotFound);
            }
        });
    }
    assert_eq!(recorded(fixture, REUSED), (0, 0));
    assert_eq!(log_in(&fixture.engine, ADA, NEW).err(), None);
    // It is told of later.
    fixture.clock.advance(HOUR);
    fixture.engine.purge(100).unwrap();
    let times = u64::try_from(faults.len()).unwrap();
    assert_eq!(recorded(fixture, REUSED), (0, times));
    assert_eq!(
        recorded(fixture, "password_reset.integrity_failure"),
        (0, times)
    );
}
