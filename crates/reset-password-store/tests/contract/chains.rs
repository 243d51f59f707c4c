//! The chains that the audit trail is made of on a server.

use std::{sync::Barrier, thread, time::Duration};

use reset_password_core::{
    Event, Store,
    audit::{AuditRow, Chain, Checkpoint},
    store::{EventReads, EventSteps, Transaction},
};

use crate::fixture::{Fixture, append, commit, event, later, user, writer};

on_every_database!(
    sec86_every_chain_is_signed_from_the_beginning,
    sec86_an_event_is_chained_to_those_of_its_chain,
    sec86_writers_at_once_keep_every_chain,
    sec86_records_are_in_the_order_in_which_they_were_made,
    sec86_nothing_is_recorded_before_the_place_that_was_levelled,
    sec86_every_chain_is_shortened_from_its_beginning,
);

fn rows(fixture: &Fixture) -> Vec<AuditRow> {
    fixture.store.trail(i64::MIN, i64::MAX, 1_000).unwrap()
}

fn chain_of(row: &AuditRow, count: u8) -> Chain {
    Chain::of_event(std::str::from_utf8(&row.id).unwrap(), count)
}

/// Each record is the one that follows in its chain.
fn assert_chained(fixture: &Fixture, rows: &[AuditRow]) {
    let checkpoints = fixture.store.checkpoints().unwrap();
    let count = checkpoints.count();
    assert_eq!(count, if fixture.locks_rows() { 16 } else { 1 });
    for chain in Chain::all(count) {
        let mut value = [0; 32];
        for row in rows.iter().filter(|row| chain_of(row, count) == chain) {
            value = row.chain_after(&value);
            assert_eq!(row.chain.as_deref(), Some(&value[..]));
        }
        let hex = value.map(|byte| format!("{byte:02x}")).concat();
        let head = checkpoints.get(chain, Checkpoint::Head).unwrap();
        assert!(head.contains(&format!(" {hex} ")), "{chain:?}: {head}");
    }
}

fn sec86_every_chain_is_signed_from_the_beginning(fixture: &Fixture) {
    let checkpoints = fixture.store.checkpoints().unwrap();
    assert!(!checkpoints.are_blank());
    for chain in Chain::all(fixture.store.chains()) {
        for checkpoint in [Checkpoint::Anchor, Checkpoint::Head] {
            let text = checkpoints.get(chain, checkpoint).unwrap();
            assert!(text.contains(':'), "{chain:?}: {text}");
        }
    }
}

fn sec86_an_event_is_chained_to_those_of_its_chain(fixture: &Fixture) {
    for n in 0..40 {
        fixture.add(&format!("user{n}"));
    }
    let rows = rows(fixture);
    assert_eq!(rows.len(), 40);
    assert_chained(fixture, &rows);
}

fn sec86_writers_at_once_keep_every_chain(fixture: &Fixture) {
    const EACH: usize = 20;
    let other = fixture.other();
    let stores = [&fixture.store, other.as_ref().unwrap_or(&fixture.store)];
    let together = Barrier::new(2 * stores.len());
    thread::scope(|scope| {
        for (n, store) in stores.into_iter().cycle().take(4).enumerate() {
            let together = &together;
            scope.spawn(move || {
                together.wait();
                for round in 0..EACH {
                    append(store, &event(&format!("{n}_{round}")));
                }
            });
        }
    });
    let rows = rows(fixture);
    assert_eq!(rows.len(), 4 * EACH);
    assert_chained(fixture, &rows);
}

/// Whatever chain they are in, and whatever the application's clock says.
fn sec86_records_are_in_the_order_in_which_they_were_made(fixture: &Fixture) {
    let names: Vec<_> = (0..40).rev().map(|n| format!("user{n}")).collect();
    for (name, seconds) in names.iter().zip((0..9).cycle()) {
        let created = Event {
            created_at: later(seconds),
            ..event(name)
        };
        fixture.insert(&user(name), &created).unwrap();
    }
    let ids: Vec<_> = names.iter().map(|name| format!("event_{name}")).collect();
    assert_eq!(fixture.feed(), ids);
    assert_eq!(fixture.records(), ids);
}

/// A transaction that has its place in the trail already is waited for.
fn sec86_nothing_is_recorded_before_the_place_that_was_levelled(fixture: &Fixture) {
    const AHEAD: Duration = Duration::from_millis(200);
    let level = |store| commit(store, |transaction| transaction.level_chains());
    fixture.add("first");
    let through = level(&fixture.store).unwrap();
    assert_eq!(rows(fixture)[0].sequence, through);
    assert_eq!(
        level(&fixture.store).unwrap(),
        through,
        "nothing was recorded since"
    );
    let through = match fixture.other() {
        Some(other) => {
            let mut slow = other.begin(writer()).unwrap();
            slow.append(&event("slow")).unwrap();
            thread::scope(|scope| {
                let levelling = scope.spawn(|| level(&fixture.store).unwrap());
                thread::park_timeout(AHEAD);
                slow.commit().unwrap();
                levelling.join().unwrap()
            })
        }
        None => through,
    };
    assert!(rows(fixture).iter().all(|row| row.sequence <= through));
    for n in 0..40 {
        let name = format!("user{n}");
        fixture.add(&name);
        let row = rows(fixture)
            .into_iter()
            .find(|row| row.id == format!("event_{name}").into_bytes());
        assert!(row.unwrap().sequence > through);
    }
    assert_chained(fixture, &rows(fixture));
}

fn sec86_every_chain_is_shortened_from_its_beginning(fixture: &Fixture) {
    for n in 0..40 {
        let name = format!("user{n}");
        let created = Event {
            created_at: later(u64::from(n >= 30)),
            ..event(&name)
        };
        fixture.insert(&user(&name), &created).unwrap();
    }
    let before = rows(fixture);
    let shorten = |limit| {
        fixture
            .commit(|transaction| transaction.shorten_trail(later(1), limit))
            .unwrap()
    };
    assert_eq!([shorten(7), shorten(100), shorten(100)], [7, 23, 0]);
    assert_eq!(rows(fixture), before[30..]);
    let checkpoints = fixture.store.checkpoints().unwrap();
    let count = checkpoints.count();
    for chain in Chain::all(count) {
        let mut removed = before[..30]
            .iter()
            .filter(|row| chain_of(row, count) == chain);
        let Some(last) = removed.next_back() else {
            continue;
        };
        let anchor = checkpoints.get(chain, Checkpoint::Anchor).unwrap();
        assert!(
            anchor.starts_with(&format!("{} ", last.sequence)),
            "{anchor}"
        );
    }
}
