//! A trail of several chains: each is guarded like the only one, and the feed is one.

use std::{collections::BTreeMap, thread};

use reset_password::{AuditFault, CheckpointState, Options, blocking::UserManagement};
use reset_password_core::{
    audit::{Chain, Checkpoint},
    store::EventReads,
};

use crate::support::{Fixture, cheap_with_key, user};

on_each_database!(
    sec86_a_record_of_any_chain_is_guarded,
    sec86_the_end_of_any_chain_is_guarded,
    sec86_a_mark_belongs_to_its_chain,
    the_feed_is_in_the_order_in_which_things_happened,
    the_feed_skips_nothing_while_many_write,
);

const USERS: usize = 48;

fn fill(fixture: &Fixture) {
    for n in 0..USERS {
        let email = format!("user{n}@example.com");
        fixture.engine.create_user(user(&email)).unwrap();
    }
    let verdict = fixture.engine.verify_audit().unwrap();
    assert!(
        verdict.is_whole() && verdict.records == USERS as u64,
        "{verdict:?}"
    );
}

/// The places of the records of each chain.
fn places(fixture: &Fixture) -> BTreeMap<usize, Vec<i64>> {
    let store = fixture.engine.store();
    let mut places = BTreeMap::<_, Vec<_>>::new();
    for row in store.trail(i64::MIN, i64::MAX, 1_000).unwrap() {
        let id = String::from_utf8(row.id).unwrap();
        let chain = Chain::of_event(&id, store.chains());
        places.entry(chain.index()).or_default().push(row.sequence);
    }
    places
}

/// Does something to the rows, looks, and puts them back.
fn harmed(fixture: &Fixture, statement: &str) -> (Option<i64>, Option<AuditFault>) {
    let rows = |statements: &str| fixture.database.rows(statements);
    rows("CREATE TABLE kept_events AS SELECT * FROM reset_password_events");
    rows("CREATE TABLE kept_settings AS SELECT * FROM reset_password_settings");
    fixture.alter(statement);
    let verdict = fixture.engine.verify_audit().unwrap();
    for table in ["events", "settings"] {
        rows(&format!(
            "DELETE FROM reset_password_{table}; \
             INSERT INTO reset_password_{table} SELECT * FROM kept_{table}; DROP TABLE kept_{table}"
        ));
    }
    assert!(fixture.engine.verify_audit().unwrap().is_whole());
    (verdict.first_bad, verdict.reason)
}

fn sec86_a_record_of_any_chain_is_guarded(fixture: &Fixture) {
    fill(fixture);
    for places in places(fixture).into_values().step_by(5) {
        let first = places[0];
        let alter =
            format!("UPDATE reset_password_events SET data = '{{}}' WHERE sequence = {first}");
        assert_eq!(
            harmed(fixture, &alter),
            (Some(first), Some(AuditFault::Altered))
        );
        if let [first, second, ..] = places[..] {
            let remove = format!("DELETE FROM reset_password_events WHERE sequence = {first}");
            let expected = match fixture.engine.store().chains() {
                1 => (Some(first), Some(AuditFault::Missing)),
                _ => (Some(second), Some(AuditFault::Altered)),
            };
            assert_eq!(harmed(fixture, &remove), expected);
        }
    }
}

fn sec86_the_end_of_any_chain_is_guarded(fixture: &Fixture) {
    fill(fixture);
    // Also where the ends have been moved up behind the last records.
    for is_levelled in [false, true] {
        if is_levelled {
            fixture.engine.events(None, 1).unwrap();
            fixture.engine.events(None, 100).unwrap();
        }
        for places in places(fixture).into_values().step_by(5) {
            let last = places.last().unwrap();
            let cut = format!("DELETE FROM reset_password_events WHERE sequence = {last}");
            let (first_bad, fault) = harmed(fixture, &cut);
            assert_eq!(fault, Some(AuditFault::Missing));
            assert!(first_bad >= Some(*last));
        }
    }
}

fn sec86_a_mark_belongs_to_its_chain(fixture: &Fixture) {
    fill(fixture);
    let chains: Vec<_> = Chain::all(fixture.engine.store().chains()).collect();
    let checkpoint = (None, Some(AuditFault::Checkpoint));
    for pair in chains.windows(2).step_by(5) {
        let [one, other] = [pair[0], pair[1]].map(|chain| Checkpoint::Head.setting(chain));
        let swap = format!(
            "UPDATE reset_password_settings SET value = (SELECT value FROM (SELECT value FROM \
             reset_password_settings WHERE name = '{one}') AS x) WHERE name = '{other}'"
        );
        assert_eq!(harmed(fixture, &swap), checkpoint);
    }
    for chain in chains.into_iter().step_by(5) {
        for mark in [Checkpoint::Head, Checkpoint::Anchor] {
            let name = mark.setting(chain);
            for harm in [
                "DELETE FROM reset_password_settings",
                "UPDATE reset_password_settings SET value = ''",
            ] {
                assert_eq!(
                    harmed(fixture, &format!("{harm} WHERE name = '{name}'")),
                    checkpoint
                );
            }
        }
    }
    // A chain that is taken away as a whole, and its marks with it.
    let Some((index, places)) = places(fixture).pop_first() else {
        return;
    };
    let number = format!("{:02}_of", index + 1);
    let places: Vec<_> = places.iter().map(ToString::to_string).collect();
    let remove = format!(
        "DELETE FROM reset_password_events WHERE sequence IN ({}); \
         UPDATE reset_password_settings SET value = '' WHERE name LIKE 'audit%{number}%'",
        places.join(", ")
    );
    if fixture.engine.store().chains() > 1 {
        assert_eq!(harmed(fixture, &remove), checkpoint);
    }
    let verdict = fixture.engine.verify_audit().unwrap();
    assert_eq!(
        (verdict.head, verdict.anchor),
        (CheckpointState::Signed, CheckpointState::Signed)
    );
}

fn the_feed_is_in_the_order_in_which_things_happened(fixture: &Fixture) {
    fill(fixture);
    let mut emails = Vec::new();
    let mut after = None;
    loop {
        let page = fixture.engine.events(after.as_deref(), 7).unwrap();
        emails.extend(page.data.iter().map(|event| event.data["email"].clone()));
        after = page.data.last().map(|event| event.id.clone());
        if page.list_metadata.after.is_none() {
            break;
        }
    }
    let expected: Vec<_> = (0..USERS).map(|n| format!("user{n}@example.com")).collect();
    assert_eq!(emails, expected);
    let mut records = Vec::new();
    while let page = fixture
        .engine
        .audit(records.last().copied().unwrap_or(0), 5)
        .unwrap()
        && !page.is_empty()
    {
        records.extend(page.into_iter().map(|record| record.sequence));
    }
    assert_eq!(records.len(), USERS);
}

/// A reader that goes on from the last event that it saw sees every event, also one whose transaction
/// took its place in the trail before others and was committed after them.
fn the_feed_skips_nothing_while_many_write(fixture: &Fixture) {
    const WRITERS: usize = 6;
    const EACH: usize = 15;
    let open = || {
        let options = Options { ..cheap_with_key() };
        UserManagement::open(fixture.database.url(), options).unwrap()
    };
    let handles = [open(), open()];
    let seen = thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let users = &handles[writer % handles.len()];
                scope.spawn(move || {
                    for n in 0..EACH {
                        let email = format!("writer{writer}-{n}@example.com");
                        users.create_user(user(&email)).unwrap();
                    }
                })
            })
            .collect();
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let is_over = writers.iter().all(thread::ScopedJoinHandle::is_finished);
            let page = handles[0].events(after.as_deref(), 10).unwrap().data;
            if page.is_empty() && is_over {
                return seen;
            }
            after = page.last().map(|event| event.id.clone()).or(after);
            seen.extend(page.into_iter().map(|event| event.id));
        }
    });
    let mut distinct = seen.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(
        (seen.len(), distinct.len()),
        (WRITERS * EACH, WRITERS * EACH)
    );
    assert!(handles[1].verify_audit().unwrap().is_whole());
}
