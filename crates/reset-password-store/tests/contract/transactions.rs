//! What became of a transaction, and what may be run again.

use std::{
    sync::{Barrier, mpsc},
    thread,
};

use reset_password_core::store::{
    EventSteps, SettingReads, SettingSteps, Store, StoreError, Transaction, UserReads, UserSteps,
};

use crate::fixture::{
    Fixture, commit, event, later, open, password, record_first_key_id, sign_in, writer,
};

on_every_database!(
    an_outcome_can_be_read,
    an_outcome_is_read_when_it_is_decided,
    a_dropped_transaction_leaves_nothing,
    a_deadlock_may_be_run_again,
    what_waits_too_long_for_a_lock_does_nothing,
);

fn an_outcome_can_be_read(fixture: &Fixture) {
    fixture.add("ada");
    let mut dropped = fixture.store.begin(writer()).unwrap();
    dropped.append(&event("dropped")).unwrap();
    drop(dropped);
    for (id, committed) in [
        ("event_ada", true),
        ("event_dropped", false),
        ("event_none", false),
    ] {
        assert_eq!(fixture.store.has_committed(id).unwrap(), committed, "{id}");
    }
}

/// Whoever asks while the transaction is still open waits for its end.
fn an_outcome_is_read_when_it_is_decided(fixture: &Fixture) {
    fixture.add("ada");
    for (id, commits) in [("kept", true), ("dropped", false)] {
        let mut transaction = fixture.store.begin(writer()).unwrap();
        transaction.append(&event(id)).unwrap();
        let (asking, asks) = mpsc::channel();
        let committed = thread::scope(|scope| {
            let asked = scope.spawn(move || {
                asking.send(()).unwrap();
                fixture.store.has_committed(&format!("event_{id}")).unwrap()
            });
            asks.recv().unwrap();
            while !asked.is_finished() && !fixture.database.somebody_waits().unwrap_or(true) {}
            if commits {
                transaction.commit().unwrap();
            } else {
                drop(transaction);
            }
            asked.join().unwrap()
        });
        assert_eq!(committed, commits);
    }
}

fn a_dropped_transaction_leaves_nothing(fixture: &Fixture) {
    fixture.add("ada");
    record_first_key_id(&fixture.store, "first");
    for _ in 0..3 {
        let mut transaction = fixture.store.begin(writer()).unwrap();
        let mut ada = transaction.lock_user("user_ada").unwrap().unwrap();
        ada.user.name = Some("another".into());
        transaction.update_user(&ada).unwrap();
        transaction.set_key_id("second").unwrap();
        transaction.append(&event("dropped")).unwrap();
    }
    assert_eq!(fixture.user("ada").unwrap().user.name, None);
    assert_eq!(fixture.store.key_id().unwrap().as_deref(), Some("first"));
    assert_eq!(fixture.records(), ["event_ada"]);
}

/// On SQLite there is none: a transaction locks everything from its first statement on.
fn a_deadlock_may_be_run_again(fixture: &Fixture) {
    fixture.add("ada");
    fixture.add("bob");
    if !fixture.locks_rows() {
        return;
    }
    let both_have_locked = Barrier::new(2);
    let change = |first: &str, second: &str| {
        let mut waited = false;
        let mut tries = 0;
        loop {
            tries += 1;
            let done = fixture.commit(|transaction| {
                transaction.lock_user(first)?;
                if !waited {
                    waited = true;
                    both_have_locked.wait();
                }
                transaction.lock_user(second)?;
                let (old, new) = (password("old").hash, password("old"));
                transaction.replace_hash(second, &old, &new)
            });
            match done {
                Ok(replaced) => return (tries, replaced),
                Err(StoreError::Transient(_)) => {}
                Err(error) => panic!("{error:?}"),
            }
        }
    };
    let [left, right] = thread::scope(|scope| {
        let left = scope.spawn(|| change("user_ada", "user_bob"));
        let right = scope.spawn(|| change("user_bob", "user_ada"));
        [left, right].map(|thread| thread.join().unwrap())
    });
    assert!(left.1 && right.1);
    assert!(
        left.0 + right.0 > 2,
        "they did not wait for each other in a circle"
    );
}

fn what_waits_too_long_for_a_lock_does_nothing(fixture: &Fixture) {
    fixture.add("ada");
    if !fixture.locks_rows() {
        return;
    }
    let impatient = open(&format!("{}?lock_timeout=1000", fixture.database.url())).unwrap();
    let mut holder = fixture.store.begin(writer()).unwrap();
    holder.lock_user("user_ada").unwrap();
    let change = || {
        commit(&impatient, |transaction| {
            transaction.set_key_id("another")?;
            transaction.lock_user("user_ada")?;
            transaction.replace_hash("user_ada", &password("old").hash, &password("new"))
        })
    };
    let note =
        |hash: &str| impatient.note_sign_in(&sign_in("user_ada", &password(hash).hash, later(1)));
    record_first_key_id(&impatient, "key");
    let late = change();
    assert!(late.is_err());
    assert!(note("old").is_err());
    assert_eq!(
        impatient.key_id().unwrap().as_deref(),
        Some("key"),
        "half of it was done"
    );
    drop(holder);
    assert!(change().unwrap());
    assert!(note("new").unwrap());
}
