//! The outbox: what waits there after each change, who is given it, and when it goes.

use std::{
    collections::BTreeSet,
    sync::{Arc, Barrier, Mutex},
    thread,
    time::Duration,
};

use reset_password::{
    Code, CreateUser, Message, MessageKind, Options, Timestamp, UpdateUser, blocking,
};
use reset_password_core::{Clock as _, Config, Engine, store::StoreError};
use reset_password_store::SqlStore;
use secrecy::ExposeSecret;
use tracing::Level;

use crate::support::{
    Captured, Fixture, NEW, OLD, cheap, engine_on,
    observed::{Moment, Observed},
    store_with,
    table::Table,
    text, user, user_with,
};

on_each_database!(
    a_link_is_given_out_with_all_that_a_mailer_needs,
    nothing_waits_without_an_outbox,
    the_trusted_server_says_whether_a_link_is_sent,
    sec24_a_request_leaves_one_message_whosever_the_address_is,
    sec26_a_flood_of_unknown_addresses_keeps_no_link_from_being_sent,
    sec28_a_request_beyond_the_limit_leaves_no_message,
    sec33_a_link_goes_to_the_stored_address,
    sec61_an_undone_change_leaves_no_message,
    sec61_messages_are_written_before_the_trail_is_locked,
    sec63_a_dead_link_is_not_given_out,
    sec63_a_change_of_address_is_told_at_the_old_one_and_the_new_one,
    sec63_a_change_of_password_is_told,
    sec63_a_notice_is_exempt_from_the_limits,
    sec63_a_notice_is_tried_for_a_day,
    a_link_that_fails_is_tried_while_it_works,
    a_link_that_works_for_days_is_tried_for_longer_than_a_notice,
    engines_are_given_different_messages,
    who_lost_a_message_has_no_say_in_it,
    an_id_that_names_no_message_is_refused,
    one_message_that_cannot_be_read_keeps_no_other,
    the_messages_to_a_user_go_with_the_user,
    messages_older_than_two_days_are_purged,
);

on_each_database!(
    sec63_on_another_systems_table: on_another_systems_table,
);

pub(super) const ADA: &str = "ada@example.com";
pub(super) const EVE: &str = "eve@example.com";
const MINUTE: Duration = Duration::from_mins(1);
pub(super) const HOUR: Duration = Duration::from_hours(1);

/// An engine with an outbox.
pub(super) fn mailing(fixture: &Fixture) -> Engine<SqlStore> {
    let store = store_with(fixture.table, fixture.database.url(), &fixture.clock);
    engine_on(store, &fixture.clock, with_outbox(fixture.table))
}

fn with_outbox(table: Table) -> impl Fn(&mut Config) {
    move |config| {
        table.configure(config);
        config.messages = true;
    }
}

/// An engine with an outbox whose every step is told and may be made to fail.
pub(super) fn watched(
    fixture: &Fixture,
    observer: impl Fn(&'static str, Moment) -> Result<(), StoreError> + Send + Sync + 'static,
) -> Engine<Observed> {
    let store = store_with(fixture.table, fixture.database.url(), &fixture.clock);
    let store = Observed::new(store, observer);
    engine_on(store, &fixture.clock, with_outbox(fixture.table))
}

/// How many messages wait.
fn waiting(fixture: &Fixture) -> i64 {
    fixture.count("reset_password_messages")
}

pub(super) fn given(engine: &Engine<SqlStore>) -> Vec<Message> {
    engine.messages(100).unwrap().data
}

/// What is given out, as kinds and addresses in their order, and is then sent.
pub(super) fn sent(engine: &Engine<SqlStore>) -> Vec<(&'static str, String)> {
    let finish = |message: Message| {
        engine.message_sent(&message.id).unwrap();
        (message.kind.as_str(), message.to)
    };
    let mut sent: Vec<_> = given(engine).into_iter().map(finish).collect();
    sent.sort();
    sent
}

/// The one message that is given out.
pub(super) fn one(engine: &Engine<SqlStore>) -> Message {
    let mut all = given(engine);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

pub(super) fn told(kind: &'static str, address: &str) -> (&'static str, String) {
    (kind, address.to_owned())
}

pub(super) fn reset(engine: &Engine<SqlStore>, email: &str, password: &str) {
    let reset = engine.create_password_reset(email).unwrap();
    let token = text(&reset.password_reset_token);
    engine.reset_password(token, password).unwrap();
}

pub(super) fn new_password(password: &str) -> UpdateUser {
    UpdateUser {
        password: Some(password.into()),
        ..UpdateUser::default()
    }
}

pub(super) fn new_address(email: &str) -> UpdateUser {
    UpdateUser {
        email: Some(email.into()),
        ..UpdateUser::default()
    }
}

fn a_link_is_given_out_with_all_that_a_mailer_needs(fixture: &Fixture) {
    let engine = mailing(fixture);
    let create = CreateUser {
        first_name: Some("Ada".into()),
        name: Some("Ada Lovelace".into()),
        locale: Some("pt-BR".into()),
        ..user_with(ADA, OLD)
    };
    let id = engine.create_user(create).unwrap().id;
    let link = engine.request_password_reset(ADA).unwrap().unwrap();
    let asked_at = fixture.clock.now();
    fixture.clock.advance(MINUTE);
    let message = one(&engine);
    assert_eq!(message.kind, MessageKind::PasswordReset);
    assert_eq!((message.to.as_str(), &message.user_id), (ADA, &id));
    assert_eq!(message.first_name.as_deref(), Some("Ada"));
    assert_eq!(message.name.as_deref(), Some("Ada Lovelace"));
    assert_eq!(message.locale.as_deref(), Some("pt-BR"));
    let url = message.url.as_ref().unwrap().expose_secret();
    assert_eq!(url, link.password_reset_url.expose_secret());
    assert_eq!(message.expires_at, Some(link.expires_at));
    assert_eq!((message.created_at, message.attempt), (asked_at, 1));
    assert!(message.message_id.starts_with("message_"));
    assert_ne!(message.id, message.message_id);
    assert!(!format!("{message:?}").contains(url));
    let shown = serde_json::to_value(&message).unwrap();
    assert_eq!(
        (&shown["object"], &shown["kind"], &shown["url"]),
        (&"message".into(), &"password_reset".into(), &url.into())
    );
    // Whoever says nothing more has it taken away, and whoever is given it then knows it again.
    fixture.clock.advance(Duration::from_mins(5));
    let again = one(&engine);
    assert_eq!((&again.message_id, again.attempt), (&message.message_id, 2));
    engine.message_sent(&again.id).unwrap();
    assert_eq!(waiting(fixture), 0);
    let oldest = engine.waiting_messages().unwrap().oldest_created_at;
    assert_eq!(oldest, None);
}

fn nothing_waits_without_an_outbox(fixture: &Fixture) {
    let (engine, id) = (&fixture.engine, fixture.ada());
    engine.request_password_reset(ADA).unwrap().unwrap();
    engine.request_password_reset(EVE).unwrap();
    reset(engine, ADA, NEW);
    engine.update_user(&id, new_password(OLD)).unwrap();
    engine.update_user(&id, new_address(EVE)).unwrap();
    assert_eq!(waiting(fixture), 0);
    let before = fixture.state();
    let refused = [
        engine.messages(1).map(drop),
        engine.message_sent("message_1.1"),
        engine.message_failed("message_1.1"),
        engine.send_password_reset(EVE).map(drop),
    ];
    for refused in refused {
        assert_eq!(refused.unwrap_err().code(), Code::ConfigInvalid);
    }
    assert_eq!(fixture.state(), before);
}

#[test]
fn an_outbox_needs_sealed_tokens() {
    let open = |messages, seal_tokens| {
        let options = Options {
            messages,
            seal_tokens,
            ..cheap()
        };
        blocking::UserManagement::open("sqlite::memory:", options)
    };
    let Err(error) = open(true, false) else {
        panic!("it was opened");
    };
    assert_eq!(error.code(), Code::ConfigInvalid);
    assert!(error.message().starts_with("messages need seal_tokens"));
    for (messages, seal_tokens) in [(false, false), (false, true), (true, true)] {
        let users = open(messages, seal_tokens).unwrap();
        users.create_user(user(ADA)).unwrap();
        users.request_password_reset(ADA).unwrap();
        let waiting = users.waiting_messages().unwrap().count;
        assert_eq!(waiting, i64::from(messages));
    }
}

fn the_trusted_server_says_whether_a_link_is_sent(fixture: &Fixture) {
    fixture.ada();
    let engine = mailing(fixture);
    engine.create_password_reset(ADA).unwrap();
    assert_eq!(waiting(fixture), 0);
    let reset = engine.send_password_reset("Ada@Example.com").unwrap();
    let message = one(&engine);
    let url = message.url.unwrap();
    assert_eq!(text(&url), text(&reset.password_reset_url));
    let unknown = engine.send_password_reset(EVE).unwrap_err();
    assert_eq!(unknown.code(), Code::UserNotFound);
    assert_eq!(waiting(fixture), 1, "nobody's is none");
}

/// The same steps and the same row, of which nothing tells what was typed.
fn sec24_a_request_leaves_one_message_whosever_the_address_is(fixture: &Fixture) {
    fixture.ada();
    let steps = Arc::new(Mutex::new(Vec::new()));
    let taken = Arc::clone(&steps);
    let engine = watched(fixture, move |step, _| {
        taken.lock().unwrap().push(step);
        Ok(())
    });
    // The first one sweeps.
    engine.request_password_reset("no-one@example.com").unwrap();
    fixture.database.rows("DELETE FROM reset_password_messages");
    let done_for = |email: &str| {
        steps.lock().unwrap().clear();
        let before = waiting(fixture);
        let link = engine.request_password_reset(email).unwrap();
        let steps = steps.lock().unwrap().clone();
        (link.is_some(), steps, waiting(fixture) - before)
    };
    // A new link, a request beyond the limit, and the same link once more.
    for written in [1, 0, 1] {
        let (is_known, for_known, known) = done_for(ADA);
        let (is_found, for_unknown, unknown) = done_for(EVE);
        assert_eq!((is_known, is_found), (written == 1, false));
        assert_eq!((known, unknown), (written, written));
        assert_eq!(for_known, for_unknown);
        if written == 0 {
            fixture.clock.advance(MINUTE);
        }
    }
    let mut rows = Vec::new();
    for column in ["kind", "attempts", "due_at - created_at"] {
        let value = |comparison: &str| {
            fixture.database.value(&format!(
                "SELECT min({column}) FROM reset_password_messages WHERE user_id {comparison} 'nobody_%'"
            ))
        };
        rows.push((value("LIKE"), value("NOT LIKE")));
    }
    for (nobodys, adas) in rows {
        assert_eq!(nobodys, adas);
    }
    let dump = fixture.dump("reset_password_messages").to_lowercase();
    assert!(!dump.contains("eve") && !dump.contains("ada@"), "{dump}");

    let engine = mailing(fixture);
    let link = told("password_reset", ADA);
    assert_eq!(sent(&engine), [link.clone(), link]);
    assert_eq!(waiting(fixture), 0, "nobody's are dropped");
}

fn sec26_a_flood_of_unknown_addresses_keeps_no_link_from_being_sent(fixture: &Fixture) {
    fixture.ada();
    let engine = mailing(fixture);
    for n in 0..25 {
        let email = format!("nobody{n}@example.com");
        engine.request_password_reset(&email).unwrap();
    }
    fixture.clock.advance(MINUTE);
    engine.request_password_reset(ADA).unwrap();
    let messages = engine.messages(10).unwrap().data;
    assert_eq!(messages.len(), 1, "an empty answer says that none is due");
    assert_eq!(waiting(fixture), 1);
}

fn sec28_a_request_beyond_the_limit_leaves_no_message(fixture: &Fixture) {
    fixture.ada();
    let engine = mailing(fixture);
    let mut all = 0;
    for _ in 0..60 {
        let ask = |email| engine.request_password_reset(email).unwrap();
        let answers = [ADA, "Ada@Example.com", " ada@example.com", EVE].map(ask);
        fixture.clock.advance(MINUTE);
        let sent = sent(&engine).len();
        assert_eq!(sent, answers.iter().flatten().count());
        all += sent;
    }
    assert_eq!(all, 4, "two links, and each of them once more");
}

fn sec33_a_link_goes_to_the_stored_address(fixture: &Fixture) {
    let engine = mailing(fixture);
    engine.create_user(user("Ada@Example.com")).unwrap();
    for email in ["ADA@EXAMPLE.COM", "ada@example.com "] {
        engine.request_password_reset(email).unwrap().unwrap();
        fixture.clock.advance(MINUTE);
    }
    for strange in ["ada@example.com.evil.example", "\u{e4}da@example.com"] {
        engine.request_password_reset(strange).unwrap();
    }
    let stored = told("password_reset", "Ada@Example.com");
    assert_eq!(sent(&engine), [stored.clone(), stored]);
}

/// The trail cannot be written, after everything else was.
fn sec61_an_undone_change_leaves_no_message(fixture: &Fixture) {
    let id = fixture.ada();
    let token = fixture.token(ADA);
    let enqueued = Arc::new(Mutex::new(0));
    let count = Arc::clone(&enqueued);
    let engine = watched(fixture, move |step, moment| {
        if (step, moment) == ("enqueue", Moment::After) {
            *count.lock().unwrap() += 1;
        }
        if step == "append" {
            return Err(StoreError::Unavailable("on purpose".into()));
        }
        Ok(())
    });
    let before = fixture.state();
    let undone = [
        engine.request_password_reset(ADA).map(drop),
        engine.request_password_reset(EVE).map(drop),
        engine.send_password_reset(ADA).map(drop),
        engine.reset_password(&token, NEW).map(drop),
        engine.update_user(&id, new_password(NEW)).map(drop),
        engine.update_user(&id, new_address(EVE)).map(drop),
    ];
    for undone in undone {
        assert_eq!(undone.unwrap_err().code(), Code::StorageUnavailable);
    }
    assert_eq!(*enqueued.lock().unwrap(), 7, "one, and two of an address");
    assert_eq!(waiting(fixture), 0);
    assert_eq!(fixture.state(), before);
}

/// Everybody waits for the end of the trail: it is locked last.
fn sec61_messages_are_written_before_the_trail_is_locked(fixture: &Fixture) {
    let id = fixture.ada();
    let steps = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&steps);
    let engine = watched(fixture, move |step, moment| {
        if moment == Moment::Before {
            seen.lock().unwrap().push(step);
        }
        Ok(())
    });
    let reset = engine.send_password_reset(ADA).unwrap();
    engine.request_password_reset(ADA).unwrap();
    engine.request_password_reset(EVE).unwrap();
    let token = text(&reset.password_reset_token);
    engine.reset_password(token, NEW).unwrap();
    engine.update_user(&id, new_password(OLD)).unwrap();
    engine.delete_user(&id).unwrap();
    let steps = steps.lock().unwrap();
    let mut transactions = 0;
    for transaction in steps.split(|step| *step == "begin") {
        let place = |name: &str| transaction.iter().position(|step| *step == name);
        let written = place("enqueue").or(place("delete_messages"));
        let (Some(written), Some(appended)) = (written, place("append")) else {
            continue;
        };
        assert!(written < appended, "{transaction:?}");
        transactions += 1;
    }
    assert_eq!(transactions, 6);
}

fn sec63_a_dead_link_is_not_given_out(fixture: &Fixture) {
    let id = fixture.ada();
    let engine = mailing(fixture);
    let change = |change: UpdateUser| drop(engine.update_user(&id, change).unwrap());
    let ends: [&dyn Fn(); 8] = [
        &|| reset(&engine, ADA, NEW),
        &|| drop(engine.create_password_reset(ADA).unwrap()),
        &|| assert_eq!(engine.revoke_password_resets(None).unwrap(), 1),
        &|| fixture.clock.advance(Duration::from_mins(30)),
        &|| change(new_password(OLD)),
        // By somebody who does not ask the engine.
        &|| fixture.alter("UPDATE reset_password_users SET password_hash = NULL"),
        &|| fixture.alter("UPDATE reset_password_resets SET expires_at = expires_at + 1"),
        &|| fixture.alter("UPDATE reset_password_resets SET sealed = NULL WHERE live = 1"),
    ];
    for (n, end) in ends.iter().enumerate() {
        engine.request_password_reset(ADA).unwrap().unwrap();
        assert_eq!(waiting(fixture), 1, "{n}");
        end();
        let sent = sent(&engine);
        let is_link = |(kind, _): &(&str, String)| *kind == "password_reset";
        assert!(!sent.iter().any(is_link), "{n}: {sent:?}");
        assert_eq!(waiting(fixture), 0, "{n}");
        engine.revoke_password_resets(None).unwrap();
        fixture.clock.advance(25 * HOUR);
    }
    // It lives, and is given out.
    engine.request_password_reset(ADA).unwrap().unwrap();
    assert_eq!(sent(&engine), [told("password_reset", ADA)]);
}

fn sec63_a_change_of_address_is_told_at_the_old_one_and_the_new_one(fixture: &Fixture) {
    let id = fixture.ada();
    let engine = mailing(fixture);
    engine
        .update_user(&id, new_address("Ada@New.example"))
        .unwrap();
    let (old, new) = (ADA, "Ada@New.example");
    assert_eq!(
        sent(&engine),
        [told("email_changed", new), told("email_changed", old)]
    );
    // Another spelling is no other address.
    engine
        .update_user(&id, new_address("ADA@new.example"))
        .unwrap();
    assert_eq!(sent(&engine), []);
    let both = UpdateUser {
        password: Some(NEW.into()),
        ..new_address(ADA)
    };
    engine.update_user(&id, both).unwrap();
    let old = "ADA@new.example";
    let kinds = ["email_changed", "password_changed"];
    let all = kinds.map(|kind| [told(kind, old), told(kind, ADA)]);
    assert_eq!(sent(&engine), all.concat());
}

fn sec63_a_change_of_password_is_told(fixture: &Fixture) {
    let engine = mailing(fixture);
    let id = engine.create_user(user_with(ADA, OLD)).unwrap().id;
    let password_hash = "SELECT max(password_hash) FROM reset_password_users";
    let hash = || fixture.database.value(password_hash);
    let imported = hash();
    let create = CreateUser {
        password_hash: Some(imported.as_str().into()),
        ..user(EVE)
    };
    let eve = engine.create_user(create).unwrap().id;
    engine.delete_user(&eve).unwrap();
    let other = UpdateUser {
        first_name: Some("Ada".into()),
        email_verified: Some(true),
        ..new_address(ADA)
    };
    engine.update_user(&id, other).unwrap();
    // Its hash is made anew, of the same password.
    let dearer = fixture.another(|config| {
        config.messages = true;
        config.argon2 = reset_password::Argon2Params::new(19_456, 3).unwrap();
    });
    let before = hash();
    dearer.authenticate_with_password(ADA, OLD).unwrap();
    assert_ne!(hash(), before);
    assert_eq!(sent(&engine), [], "nothing has changed");

    reset(&engine, ADA, NEW);
    let message = one(&engine);
    assert_eq!(message.kind, MessageKind::PasswordChanged);
    assert_eq!((message.to.as_str(), &message.user_id), (ADA, &id));
    assert_eq!(message.first_name.as_deref(), Some("Ada"));
    assert!(message.url.is_none() && message.expires_at.is_none());
    engine.message_sent(&message.id).unwrap();

    engine.update_user(&id, new_password(OLD)).unwrap();
    assert_eq!(sent(&engine), [told("password_changed", ADA)]);
    let import = UpdateUser {
        password_hash: Some(imported.as_str().into()),
        ..UpdateUser::default()
    };
    engine.update_user(&id, import).unwrap();
    assert_eq!(sent(&engine), [told("password_changed", ADA)]);
    let refused = engine.reset_password(&fixture.token(ADA), "short");
    assert_eq!(refused.unwrap_err().code(), Code::PasswordRejected);
    assert_eq!(sent(&engine), []);
}

fn sec63_a_notice_is_exempt_from_the_limits(fixture: &Fixture) {
    fixture.ada();
    let engine = mailing(fixture);
    let mut last = None;
    for _ in 0..120 {
        last = engine.request_password_reset(ADA).unwrap().or(last);
        fixture.clock.advance(Duration::from_secs(20));
    }
    sent(&engine);
    assert!(engine.request_password_reset(ADA).unwrap().is_none());
    for password in [NEW, OLD, NEW, OLD, NEW] {
        reset(&engine, ADA, password);
    }
    assert_eq!(sent(&engine), vec![told("password_changed", ADA); 5]);
}

fn sec63_a_notice_is_tried_for_a_day(fixture: &Fixture) {
    let log = Captured::default();
    let _listening = log.listen(Level::WARN);
    fixture.ada();
    let engine = mailing(fixture);
    reset(&engine, ADA, NEW);
    let began = fixture.clock.now();
    let mut pauses = Vec::new();
    while waiting(fixture) > 0 {
        let due_at = fixture
            .database
            .value("SELECT due_at FROM reset_password_messages");
        let due_at = Timestamp::from_unix_millis(due_at.parse().unwrap());
        pauses.push(due_at.since(fixture.clock.now()).as_secs());
        fixture.clock.set(due_at.before(Duration::from_millis(1)));
        assert_eq!(given(&engine).len(), 0, "it is not due");
        fixture.clock.set(due_at);
        let message = one(&engine);
        assert_eq!(message.attempt, i64::try_from(pauses.len()).unwrap());
        engine.message_failed(&message.id).unwrap();
    }
    let least = [0, 10, 60, 300, 900, 3_600, 14_400, 14_400, 14_400];
    for (pause, least) in pauses.iter().zip(least) {
        assert!((least..=least * 5 / 4).contains(pause), "{pauses:?}");
    }
    let tried_for = fixture.clock.now().since(began);
    assert!((24 * HOUR..30 * HOUR).contains(&tried_for), "{tried_for:?}");
    assert_eq!(log.count("given up"), 1);
    assert_eq!(log.count("example.com"), 0, "an address is in the log");
}

fn a_link_that_fails_is_tried_while_it_works(fixture: &Fixture) {
    fixture.ada();
    let engine = mailing(fixture);
    engine.request_password_reset(ADA).unwrap().unwrap();
    let mut tried = 0;
    for _ in 0..30 {
        for message in given(&engine) {
            engine.message_failed(&message.id).unwrap();
            tried += 1;
        }
        fixture.clock.advance(MINUTE);
    }
    assert_eq!(
        tried, 5,
        "at once, and after 10 seconds, 1, 5 and 15 minutes"
    );
    fixture.clock.advance(2 * HOUR);
    assert_eq!(given(&engine).len(), 0);
    assert_eq!(waiting(fixture), 0);
}

/// One that sets a first password.
fn a_link_that_works_for_days_is_tried_for_longer_than_a_notice(fixture: &Fixture) {
    let engine = fixture.another(|config| {
        config.messages = true;
        config.first_password_lifetime = 7 * 24 * HOUR;
    });
    engine.create_user(user(ADA)).unwrap();
    engine.send_password_reset(ADA).unwrap();
    fixture.clock.advance(40 * HOUR);
    engine.message_failed(&one(&engine).id).unwrap();
    fixture.clock.advance(2 * MINUTE);
    assert_eq!(sent(&engine), [told("password_reset", ADA)]);
}

fn engines_are_given_different_messages(fixture: &Fixture) {
    const EACH: usize = 20;
    let engines = [mailing(fixture), mailing(fixture)];
    for n in 0..2 * EACH {
        let email = format!("user{n}@example.com");
        engines[0].create_user(user(&email)).unwrap();
        engines[0].send_password_reset(&email).unwrap();
    }
    let together = Barrier::new(4);
    let given = thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|n| {
                let (together, engine) = (&together, &engines[n % 2]);
                scope.spawn(move || {
                    together.wait();
                    let mut all = Vec::new();
                    loop {
                        let some = engine.messages(3).unwrap().data;
                        if some.is_empty() {
                            return all;
                        }
                        all.extend(some);
                    }
                })
            })
            .collect();
        let ended = threads.into_iter().map(|thread| thread.join().unwrap());
        ended.flatten().collect::<Vec<_>>()
    });
    let different: BTreeSet<_> = given.iter().map(|message| &message.message_id).collect();
    assert_eq!(different.len(), given.len(), "one was given out twice");
    // What one was leasing while another looked is left, and nothing else.
    let left = engines[0].messages(100).unwrap().data;
    assert_eq!(given.len() + left.len(), 2 * EACH);
    for message in given.iter().chain(&left) {
        engines[1].message_sent(&message.id).unwrap();
    }
    assert_eq!(waiting(fixture), 0);
}

fn who_lost_a_message_has_no_say_in_it(fixture: &Fixture) {
    fixture.ada();
    let (slow, quick) = (mailing(fixture), mailing(fixture));
    reset(&slow, ADA, NEW);
    let lost = one(&slow);
    fixture
        .clock
        .advance(Duration::from_mins(5) - Duration::from_millis(1));
    assert_eq!(given(&quick).len(), 0, "it is held");
    fixture.clock.advance(Duration::from_millis(1));
    let taken = one(&quick);
    assert_eq!(taken.message_id, lost.message_id);
    let before = fixture.dump("reset_password_messages");
    for refused in [slow.message_sent(&lost.id), slow.message_failed(&lost.id)] {
        assert_eq!(refused.unwrap_err().errors()[0].code, "id_unknown");
    }
    assert_eq!(fixture.dump("reset_password_messages"), before);
    quick.message_sent(&taken.id).unwrap();
    // One that ran out and that nobody has taken is still its holder's.
    reset(&slow, ADA, OLD);
    let late = one(&slow);
    fixture.clock.advance(HOUR);
    slow.message_sent(&late.id).unwrap();
    assert_eq!(waiting(fixture), 0);
}

fn an_id_that_names_no_message_is_refused(fixture: &Fixture) {
    fixture.ada();
    let engine = mailing(fixture);
    reset(&engine, ADA, NEW);
    let message = one(&engine);
    let (name, lease) = message.id.split_once('.').unwrap();
    assert_eq!((name, lease.len()), (message.message_id.as_str(), 32));
    let wrong = [
        String::new(),
        ".".into(),
        name.into(),
        lease.into(),
        format!("{name}."),
        format!("{name}.{}", &lease[1..]),
        format!("{name}.{lease} "),
        format!("{name}.{}", "0".repeat(32)),
        format!("{}.{lease}", message.user_id),
        format!("{name}.' OR '1' = '1"),
        format!("{name}.{}", "x".repeat(100_000)),
        format!("{name}\0.{lease}"),
    ];
    for id in &wrong {
        for refused in [engine.message_sent(id), engine.message_failed(id)] {
            let error = refused.unwrap_err();
            assert_eq!(error.code(), Code::InputInvalid, "{id:.99}");
            assert_eq!(error.errors()[0].code, "id_unknown", "{id:.99}");
        }
    }
    engine.message_failed(&message.id).unwrap();
    let twice = engine.message_failed(&message.id).unwrap_err();
    assert_eq!(twice.code(), Code::InputInvalid);
    assert_eq!(waiting(fixture), 1);
    for limit in [0, 101, u32::MAX] {
        let error = engine.messages(limit).unwrap_err();
        assert_eq!(error.code(), Code::InputInvalid);
    }
}

fn one_message_that_cannot_be_read_keeps_no_other(fixture: &Fixture) {
    let engine = mailing(fixture);
    for email in [ADA, EVE] {
        engine.create_user(user(email)).unwrap();
        engine.send_password_reset(email).unwrap();
    }
    let metadata = |text: &str| {
        fixture.alter(&format!(
            "UPDATE reset_password_users SET metadata = '{text}' WHERE email = '{ADA}'"
        ));
    };
    metadata("no JSON");
    assert_eq!(sent(&engine), [told("password_reset", EVE)]);
    assert_eq!(given(&engine).len(), 0);
    metadata("{}");
    fixture.clock.advance(Duration::from_mins(5));
    assert_eq!(sent(&engine), [told("password_reset", ADA)]);
}

fn the_messages_to_a_user_go_with_the_user(fixture: &Fixture) {
    let id = fixture.ada();
    let engine = mailing(fixture);
    engine.create_user(user("grace@example.com")).unwrap();
    engine.send_password_reset("grace@example.com").unwrap();
    engine.send_password_reset(ADA).unwrap();
    engine.update_user(&id, new_address(EVE)).unwrap();
    assert_eq!(waiting(fixture), 4);
    engine.delete_user(&id).unwrap();
    assert_eq!(waiting(fixture), 1);
    // And where somebody else has removed the user.
    let id = engine.create_user(user_with(ADA, OLD)).unwrap().id;
    engine.update_user(&id, new_password(NEW)).unwrap();
    fixture.alter("DELETE FROM reset_password_users");
    assert_eq!(given(&engine).len(), 0);
    assert_eq!(waiting(fixture), 0);
}

fn messages_older_than_two_days_are_purged(fixture: &Fixture) {
    let log = Captured::default();
    let _listening = log.listen(Level::WARN);
    fixture.ada();
    let engine = mailing(fixture);
    reset(&engine, ADA, NEW);
    let held = one(&engine);
    fixture.clock.advance(48 * HOUR);
    assert_eq!(engine.purge(100).unwrap().requests, 0);
    assert_eq!(waiting(fixture), 1);
    fixture.clock.advance(Duration::from_millis(1));
    // Also where there is no outbox any more.
    assert_eq!(fixture.engine.purge(100).unwrap().requests, 1);
    assert_eq!(waiting(fixture), 0);
    assert_eq!(log.count("are gone"), 1);
    assert!(engine.message_sent(&held.id).is_err());
}

fn on_another_systems_table(fixture: &Fixture) {
    fixture.add(ADA, OLD);
    let engine = mailing(fixture);
    let link = engine.request_password_reset(ADA).unwrap().unwrap();
    engine.request_password_reset(EVE).unwrap();
    assert_eq!(waiting(fixture), 2);
    let message = one(&engine);
    assert_eq!(
        (message.to.as_str(), message.kind.as_str()),
        (ADA, "password_reset")
    );
    assert_eq!(
        text(message.url.as_ref().unwrap()),
        text(&link.password_reset_url)
    );
    engine.message_sent(&message.id).unwrap();
    assert_eq!(waiting(fixture), 0);
    let token = text(&link.password_reset_token);
    engine.reset_password(token, NEW).unwrap();
    let notice = one(&engine);
    assert_eq!(
        (notice.to.as_str(), notice.kind.as_str()),
        (ADA, "password_changed")
    );
    assert_eq!(notice.user_id, message.user_id);
    engine.message_sent(&notice.id).unwrap();
    // What Django itself does ends the link.
    engine.send_password_reset(ADA).unwrap();
    fixture
        .database
        .rows("UPDATE auth_user SET is_active = NOT is_active");
    assert_eq!(given(&engine).len(), 0);
    assert_eq!(waiting(fixture), 0);
}
