//! Changes that were not the owner's: what a report ends, who may report, and what locks an account.

use std::{
    sync::{Barrier, Mutex, mpsc},
    thread,
    time::Duration,
};

use reset_password::{Code, Error, MessageKind, Options, User, blocking};
use reset_password_core::{Clock as _, Engine, store::StoreError};
use reset_password_store::SqlStore;
use secrecy::SecretString;

use super::messages::{
    ADA, EVE, HOUR, given, mailing, new_address, new_password, one, reset, sent, told, watched,
};
use crate::support::{Fixture, NEW, OLD, observed::Moment, text, user_with};

on_each_database!(
    sec63_a_report_ends_the_password_the_links_and_the_sessions,
    sec63_a_notice_reports_once_and_for_seven_days,
    sec63_a_report_needs_the_address_that_the_notice_went_to,
    sec63_a_report_from_the_address_before_locks_the_account,
    sec63_an_address_that_is_set_unlocks,
    sec63_many_reports_of_one_notice_at_once_do_one,
    sec63_a_request_that_waits_for_a_report_makes_no_link,
    a_token_of_another_database_reports_nothing,
    a_report_that_fails_can_be_made_again,
    the_reports_of_a_user_go_with_the_user,
);

on_each_database!(
    sec63_a_report_on_another_systems_table: on_another_systems_table,
);

/// An engine with an outbox and one user, whose password somebody has changed to [`NEW`]; and what the notice brings.
fn changed(fixture: &Fixture) -> (Engine<SqlStore>, String, SecretString) {
    let engine = mailing(fixture);
    let id = engine.create_user(user_with(ADA, OLD)).unwrap().id;
    engine.update_user(&id, new_password(NEW)).unwrap();
    let notice = one(&engine);
    engine.message_sent(&notice.id).unwrap();
    (engine, id, notice.report_token.unwrap())
}

/// The same where somebody has changed the address to Eve's.
fn moved(fixture: &Fixture) -> (Engine<SqlStore>, String, SecretString) {
    let engine = mailing(fixture);
    let id = engine.create_user(user_with(ADA, OLD)).unwrap().id;
    engine.update_user(&id, new_address(EVE)).unwrap();
    let mut brought = None;
    for notice in given(&engine) {
        engine.message_sent(&notice.id).unwrap();
        assert_eq!(notice.kind, MessageKind::EmailChanged);
        match notice.to.as_str() {
            ADA => brought = notice.report_token,
            _ => assert!(notice.report_token.is_none(), "{}", notice.to),
        }
    }
    (engine, id, brought.unwrap())
}

fn refusal<T: std::fmt::Debug>(refused: Result<T, Error>) -> String {
    let error = refused.unwrap_err();
    assert_eq!(error.code(), Code::InputInvalid);
    error.errors()[0].code.to_string()
}

fn can_log_in(engine: &Engine<SqlStore>, email: &str, password: &str) -> bool {
    engine.authenticate_with_password(email, password).is_ok()
}

fn sec63_a_report_ends_the_password_the_links_and_the_sessions(fixture: &Fixture) {
    let (engine, id, notice) = changed(fixture);
    let session = engine.authenticate_with_password(ADA, NEW).unwrap();
    let link = engine.create_password_reset(ADA).unwrap();
    let reported = engine.report_change(text(&notice), ADA).unwrap();
    assert!(reported.credentials_changed_at > session.last_sign_in_at);
    assert_eq!(engine.get_user(&id).unwrap(), reported);
    for password in [NEW, OLD, ""] {
        assert!(!can_log_in(&engine, ADA, password), "{password}");
    }
    let dead = engine.reset_password(text(&link.password_reset_token), OLD);
    assert_eq!(dead.unwrap_err().code(), Code::PasswordResetTokenNotFound);
    // The owner is sent a new one, in the same transaction.
    let message = one(&engine);
    assert_eq!(
        (message.kind.as_str(), message.to.as_str()),
        ("password_reset", ADA)
    );
    assert!(message.report_token.is_none());
    let url = text(message.url.as_ref().unwrap());
    let token = url.rsplit_once("token=").unwrap().1;
    engine.reset_password(token, OLD).unwrap();
    assert!(can_log_in(&engine, ADA, OLD));

    let events = engine.events(None, 100).unwrap().data;
    let told = events
        .iter()
        .find(|event| event.event == "user.change_reported")
        .unwrap();
    assert_eq!(told.data["id"], id);
    assert_eq!(told.data["locked"], false);
    let all = serde_json::to_string(&events).unwrap();
    assert!(!all.contains(text(&notice)));
}

fn sec63_a_notice_reports_once_and_for_seven_days(fixture: &Fixture) {
    let (engine, id, first) = changed(fixture);
    fixture
        .clock
        .advance((7 * 24 * HOUR).saturating_sub(Duration::from_millis(1)));
    engine.report_change(text(&first), ADA).unwrap();
    assert_eq!(
        refusal(engine.report_change(text(&first), ADA)),
        "token_unknown"
    );
    sent(&engine);
    // Its record outlives it.
    engine.update_user(&id, new_password(NEW)).unwrap();
    engine.purge(1_000).unwrap();
    assert_eq!(
        refusal(engine.report_change(text(&first), ADA)),
        "token_unknown"
    );
    assert!(can_log_in(&engine, ADA, NEW));

    let second = one(&engine).report_token.unwrap();
    fixture.clock.advance(7 * 24 * HOUR);
    assert_eq!(
        refusal(engine.report_change(text(&second), ADA)),
        "token_unknown"
    );
    assert!(can_log_in(&engine, ADA, NEW));
    assert_eq!(fixture.count("reset_password_reports"), 1);
    fixture.clock.advance(2 * 24 * HOUR);
    engine.purge(1_000).unwrap();
    assert_eq!(fixture.count("reset_password_reports"), 0);
}

fn sec63_a_report_needs_the_address_that_the_notice_went_to(fixture: &Fixture) {
    let (engine, _, notice) = changed(fixture);
    let notice = text(&notice);
    for (email, refused) in [
        ("", "email_required"),
        ("ada", "email_invalid"),
        (EVE, "email_mismatch"),
        ("ada@example.co", "email_mismatch"),
    ] {
        assert_eq!(refusal(engine.report_change(notice, email)), refused);
    }
    let longer = format!("{notice}A");
    let long = "A".repeat(10_000);
    let mut other = notice.to_owned();
    let last = if other.ends_with('A') { "E" } else { "A" };
    other.replace_range(40..41, last);
    for token in ["", "x", &longer, &long, &other, &notice[1..]] {
        assert_eq!(refusal(engine.report_change(token, ADA)), "token_unknown");
    }
    assert!(can_log_in(&engine, ADA, NEW), "nothing has changed");
    engine.report_change(notice, " ADA@Example.com ").unwrap();
    assert!(!can_log_in(&engine, ADA, NEW));
}

fn sec63_a_report_from_the_address_before_locks_the_account(fixture: &Fixture) {
    let (engine, id, notice) = moved(fixture);
    let taken = engine.create_password_reset(EVE).unwrap();
    let reported = engine.report_change(text(&notice), ADA).unwrap();
    assert!(!reported.email_verified, "nobody has read mail at Eve's");
    assert!(!can_log_in(&engine, EVE, OLD));
    let code = |email: &str| engine.create_password_reset(email).unwrap_err().code();
    assert_eq!(
        (code(EVE), code(ADA)),
        (Code::UserLocked, Code::UserNotFound)
    );
    let refused = engine.send_password_reset(EVE).unwrap_err();
    assert_eq!(refused.code(), Code::UserLocked);
    let dead = engine.reset_password(text(&taken.password_reset_token), NEW);
    assert_eq!(dead.unwrap_err().code(), Code::PasswordResetTokenNotFound);
    // A public form is answered as for nobody, and a form that waits has the same work.
    let before = fixture.count("reset_password_messages");
    assert!(engine.request_password_reset(EVE).unwrap().is_none());
    assert_eq!(fixture.count("reset_password_messages"), before + 1);
    assert_eq!(sent(&engine), []);

    assert_eq!(
        engine.unlock_user("user_none").unwrap_err().code(),
        Code::UserNotFound
    );
    engine.unlock_user(&id).unwrap();
    engine.unlock_user(&id).unwrap();
    reset(&engine, EVE, NEW);
    assert!(can_log_in(&engine, EVE, NEW));
    let feed = engine.events(None, 100).unwrap().data;
    let told = feed
        .iter()
        .filter(|event| event.event == "user.change_reported");
    assert_eq!(
        told.map(|event| event.data["locked"].clone())
            .collect::<Vec<_>>(),
        [true]
    );
    let unlocked = "SELECT count(*) || '' FROM reset_password_events WHERE event = 'user.unlocked'";
    assert_eq!(
        fixture.database.value(unlocked),
        "1",
        "once, and not in the feed"
    );
}

fn sec63_an_address_that_is_set_unlocks(fixture: &Fixture) {
    let (engine, id, notice) = moved(fixture);
    engine.report_change(text(&notice), ADA).unwrap();
    let code = || engine.create_password_reset(EVE).unwrap_err().code();
    engine.update_user(&id, new_password(NEW)).unwrap();
    assert_eq!(code(), Code::UserLocked);
    engine.update_user(&id, new_address(ADA)).unwrap();
    sent(&engine);
    engine.request_password_reset(ADA).unwrap().unwrap();
    assert_eq!(sent(&engine), [told("password_reset", ADA)]);
}

fn sec63_many_reports_of_one_notice_at_once_do_one(fixture: &Fixture) {
    let (engine, _, notice) = changed(fixture);
    let together = Barrier::new(8);
    let done = thread::scope(|scope| {
        let report = || {
            together.wait();
            engine.report_change(text(&notice), ADA)
        };
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(report)).collect();
        let ended: Vec<Result<User, Error>> =
            threads.into_iter().map(|it| it.join().unwrap()).collect();
        ended
    });
    let (done, refused): (Vec<_>, Vec<_>) = done.into_iter().partition(Result::is_ok);
    assert_eq!((done.len(), refused.len()), (1, 7));
    for error in refused {
        assert_eq!(refusal(error), "token_unknown");
    }
    assert_eq!(fixture.count("reset_password_reports"), 1);
    assert_eq!(sent(&engine), [told("password_reset", ADA)]);
}

/// The user's row is locked by the report; whoever waits for it must see what the report has done.
fn sec63_a_request_that_waits_for_a_report_makes_no_link(fixture: &Fixture) {
    let (engine, _, notice) = moved(fixture);
    let (tell_reported, is_reported) = mpsc::channel();
    let (tell_waiting, is_waiting) = mpsc::channel();
    let is_waiting = Mutex::new(is_waiting);
    let reporting = watched(fixture, move |at, moment| {
        if (at, moment) == ("insert_report", Moment::Before) {
            tell_reported.send(()).unwrap();
            let patience = Duration::from_secs(30);
            is_waiting.lock().unwrap().recv_timeout(patience).unwrap();
        }
        Ok(())
    });
    // SQLite has one writer at a time, which waits to begin.
    let waits_at = match fixture.database.server() {
        Some(_) => "lock_recipient",
        None => "begin",
    };
    let requesting = watched(fixture, move |at, moment| {
        if (at, moment) == (waits_at, Moment::Before) {
            // Whoever reports may have gone on.
            let _ = tell_waiting.send(());
        }
        Ok(())
    });
    thread::scope(|scope| {
        let report = scope.spawn(|| reporting.report_change(text(&notice), ADA));
        is_reported.recv().unwrap();
        let request = scope.spawn(|| requesting.request_password_reset(EVE));
        report.join().unwrap().unwrap();
        assert!(
            request.join().unwrap().unwrap().is_none(),
            "a link was made"
        );
    });
    assert_eq!(sent(&engine), []);
}

fn a_token_of_another_database_reports_nothing(fixture: &Fixture) {
    let (engine, ..) = changed(fixture);
    let options = Options {
        messages: true,
        argon2_memory_kib: 19_456,
        argon2_iterations: 2,
        ..Options::default()
    };
    let other = blocking::UserManagement::open(":memory:", options).unwrap();
    let id = other.create_user(user_with(ADA, OLD)).unwrap().id;
    other.update_user(&id, new_password(NEW)).unwrap();
    let notice = other.messages(1).unwrap().data.remove(0);
    let token = notice.report_token.unwrap();
    assert_eq!(
        refusal(engine.report_change(text(&token), ADA)),
        "token_unknown"
    );
    other.report_change(text(&token), ADA).unwrap();
}

fn a_report_that_fails_can_be_made_again(fixture: &Fixture) {
    let (engine, _, notice) = changed(fixture);
    for step in [
        "void_resets",
        "insert_reset",
        "redeem",
        "enqueue",
        "insert_report",
        "append",
        "commit",
    ] {
        let failing = watched(fixture, move |at, _| {
            if at == step {
                return Err(StoreError::Damaged("on purpose"));
            }
            Ok(())
        });
        assert!(failing.report_change(text(&notice), ADA).is_err(), "{step}");
        assert!(can_log_in(&engine, ADA, NEW), "{step}");
        assert_eq!(fixture.count("reset_password_reports"), 0, "{step}");
    }
    engine.report_change(text(&notice), ADA).unwrap();
    assert!(!can_log_in(&engine, ADA, NEW));
}

fn the_reports_of_a_user_go_with_the_user(fixture: &Fixture) {
    let (engine, id, notice) = moved(fixture);
    engine.report_change(text(&notice), ADA).unwrap();
    assert_eq!(fixture.count("reset_password_reports"), 1);
    engine.delete_user(&id).unwrap();
    assert_eq!(fixture.count("reset_password_reports"), 0);
    assert_eq!(
        refusal(engine.report_change(text(&notice), ADA)),
        "token_unknown"
    );
}

fn on_another_systems_table(fixture: &Fixture) {
    fixture.add(ADA, OLD);
    let engine = mailing(fixture);
    reset(&engine, ADA, NEW);
    let notice = one(&engine);
    engine.message_sent(&notice.id).unwrap();
    let token = notice.report_token.unwrap();
    // The address is changed by the other system, which tells nobody.
    fixture
        .database
        .rows("UPDATE auth_user SET email = 'eve@example.com'");
    engine.report_change(text(&token), ADA).unwrap();
    assert!(!can_log_in(&engine, EVE, NEW));
    let code = |email: &str| engine.create_password_reset(email).unwrap_err().code();
    assert_eq!(code(EVE), Code::UserLocked);
    fixture
        .database
        .rows("UPDATE auth_user SET email = 'ada@example.com'");
    assert_eq!(code(ADA), Code::UserLocked);
    engine.unlock_user(&notice.user_id).unwrap();
    reset(&engine, ADA, OLD);
    assert!(can_log_in(&engine, ADA, OLD));
    let now = fixture.clock.now();
    assert!(now >= notice.created_at);
}
