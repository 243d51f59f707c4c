//! The audit trail: feed and trail are one; what the feed does not show is chained too.

use std::{sync::Barrier, thread};

use reset_password_core::{
    Caller, Event,
    audit::Checkpoint,
    reset::ResetRecord,
    store::{EventReads, EventSteps, ResetSteps, StoreError, UserSteps},
};

use crate::fixture::{Fixture, append, event, later, reset, user};

on_every_database!(
    sec86_records_are_chained,
    sec86_a_record_stands_or_falls_with_its_change,
    sec86_the_trail_is_shortened_from_its_beginning,
    sec86_writers_at_once_keep_one_chain,
    sec86_a_row_beyond_the_signed_end_stops_no_change,
);

fn sec86_records_are_chained(fixture: &Fixture) {
    let fixture = &fixture.with_one_chain();
    let caller = Caller {
        actor: "api_key_1".into(),
        request_id: Some("req_1".into()),
        client: None,
    };
    assert!(fixture.checkpoint(Checkpoint::Head).starts_with("0 "));
    caller.scope(|| fixture.add("ada"));
    fixture.make_reset(&reset("ada", 1));
    let nobody = ResetRecord {
        user_id: "nobody_1".into(),
        ..reset("ada", 2)
    };
    let requested = Event {
        event: "password_reset.requested".into(),
        ..event("nobody")
    };
    let made = fixture.commit(|transaction| {
        transaction.insert_reset(&nobody)?;
        transaction.append(&requested)
    });
    made.unwrap();
    assert!(fixture.redeem(1, "new", later(1)));
    let rows = fixture.store.trail(0, i64::MAX, 1_000).unwrap();
    assert_eq!(rows.len(), 4);
    let mut chain = [0; 32];
    for (row, sequence) in rows.iter().zip(1..) {
        assert_eq!(row.sequence, sequence);
        assert_eq!(row.listed, row.id != b"event_nobody");
        chain = row.chain_after(&chain);
        assert_eq!(row.chain.as_deref(), Some(&chain[..]));
        let actor: &[u8] = match sequence {
            1 => br#"{"actor":"api_key_1","request_id":"req_1"}"#,
            _ => br#"{"actor":"process"}"#,
        };
        assert_eq!(row.context.as_deref(), Some(actor));
    }
    assert_eq!(fixture.store.trail(1, 3, 9).unwrap(), rows[1..3]);
    assert_eq!(fixture.store.trail(1, i64::MAX, 2).unwrap(), rows[1..3]);
    assert!(fixture.checkpoint(Checkpoint::Head).starts_with("4 "));
    assert!(fixture.checkpoint(Checkpoint::Anchor).starts_with("0 "));
}

fn sec86_a_record_stands_or_falls_with_its_change(fixture: &Fixture) {
    let fixture = &fixture.with_one_chain();
    fixture.add("ada");
    fixture.make_reset(&reset("ada", 1));
    let before = fixture.store.checkpoints().unwrap();
    // The address is taken; the token has lost; a record of this id is there.
    let mut same = user("ada");
    same.user.id = "user_2".into();
    same.user.external_id = None;
    let taken = fixture.commit(|transaction| {
        transaction.append(&event("taken"))?;
        transaction.insert_user(&same)
    });
    assert!(matches!(taken, Err(StoreError::EmailTaken)));
    assert!(!fixture.redeem(1, "late", later(1_800)));
    assert!(fixture.insert(&user("bob"), &event("ada")).is_err());
    assert!(fixture.user("bob").is_none(), "not rolled back");
    assert!(before == fixture.store.checkpoints().unwrap());
    assert_eq!(fixture.records().len(), 2);
    fixture.add("bob");
    assert_eq!(fixture.store.trail(2, 9, 10).unwrap()[0].sequence, 3);
}

/// A record that is old stays as long as one before it does.
fn sec86_the_trail_is_shortened_from_its_beginning(fixture: &Fixture) {
    let fixture = &fixture.with_one_chain();
    for (name, seconds) in [("a", 1), ("b", 9), ("c", 1), ("d", 1)] {
        let created = Event {
            created_at: later(seconds),
            ..event(name)
        };
        fixture.insert(&user(name), &created).unwrap();
    }
    let shorten = |seconds, limit| {
        fixture
            .commit(|transaction| transaction.shorten_trail(later(seconds), limit))
            .unwrap()
    };
    assert_eq!(shorten(1, 10), 0);
    assert_eq!(shorten(5, 10), 1);
    assert_eq!(fixture.records(), ["event_b", "event_c", "event_d"]);
    let anchor = fixture.checkpoint(Checkpoint::Anchor);
    assert!(anchor.starts_with("1 "), "{anchor}");
    assert_eq!(shorten(10, 2), 2);
    assert_eq!(shorten(10, 10), 1);
    // Nothing is left, and the numbers go on.
    let [head, anchor] = [Checkpoint::Head, Checkpoint::Anchor].map(|at| fixture.checkpoint(at));
    assert_eq!(head[..66], anchor[..66], "number and chain");
    fixture.add("e");
    assert_eq!(fixture.store.trail(0, 9, 10).unwrap()[0].sequence, 5);
}

/// The first record of all among them.
fn sec86_writers_at_once_keep_one_chain(fixture: &Fixture) {
    const EACH: usize = 5;
    let fixture = &fixture.with_one_chain();
    let other = fixture.other();
    let stores = [&fixture.store, other.as_ref().unwrap_or(&fixture.store)];
    let together = Barrier::new(stores.len());
    thread::scope(|scope| {
        for (n, store) in stores.into_iter().enumerate() {
            let together = &together;
            scope.spawn(move || {
                together.wait();
                for round in 0..EACH {
                    append(store, &event(&format!("{n}_{round}")));
                }
            });
        }
    });
    let rows = fixture.store.trail(i64::MIN, i64::MAX, 1_000).unwrap();
    assert_eq!(rows.len(), 2 * EACH);
    let mut chain = [0; 32];
    for (row, sequence) in rows.iter().zip(1..) {
        chain = row.chain_after(&chain);
        assert_eq!(
            (row.sequence, row.chain.as_deref()),
            (sequence, Some(&chain[..]))
        );
    }
}

/// Somebody wrote to the table who did not lock the trail's end. What is recorded matters more.
fn sec86_a_row_beyond_the_signed_end_stops_no_change(fixture: &Fixture) {
    let fixture = &fixture.with_one_chain();
    fixture.add("ada");
    if fixture.is_in_memory() {
        return;
    }
    for (sequence, next) in [(2, 3), (9, 4)] {
        fixture.database.rows(&format!(
            "INSERT INTO reset_password_events (sequence, id, event, data, created_at, listed) \
             VALUES ({sequence}, 'event_x{sequence}', 'user.created', '{{}}', 1, 1)"
        ));
        fixture
            .insert(&user(&format!("u{next}")), &event(&format!("u{next}")))
            .unwrap();
        let head = fixture.checkpoint(Checkpoint::Head);
        assert!(head.starts_with(&format!("{next} ")), "{head}");
        assert!(fixture.records().contains(&format!("event_u{next}")));
    }
}
