//! Settings: the secret key that the database belongs to.

use std::{sync::Barrier, thread};

use reset_password_core::store::{SettingReads, SettingSteps, StoreError};

use crate::fixture::{Fixture, record_first_key_id};

on_every_database!(
    the_first_key_is_recorded_once,
    a_key_takes_the_place_of_another,
    many_that_record_at_once_agree,
);

fn the_first_key_is_recorded_once(fixture: &Fixture) {
    assert_eq!(fixture.store.key_id().unwrap(), None);
    let none = fixture.commit(|transaction| transaction.lock_key_id());
    assert!(matches!(none, Err(StoreError::Damaged(_))), "{none:?}");
    assert_eq!(record_first_key_id(&fixture.store, "first"), "first");
    assert_eq!(record_first_key_id(&fixture.store, "second"), "first");
    assert_eq!(fixture.store.key_id().unwrap().as_deref(), Some("first"));
}

fn a_key_takes_the_place_of_another(fixture: &Fixture) {
    record_first_key_id(&fixture.store, "first");
    let replaced = fixture.commit(|transaction| {
        let before = transaction.lock_key_id()?;
        transaction.set_key_id("second")?;
        Ok(before)
    });
    assert_eq!(replaced.unwrap(), "first");
    let refused = fixture.commit(|transaction| {
        transaction.set_key_id("third")?;
        Err::<(), _>(StoreError::Damaged("on purpose"))
    });
    assert!(refused.is_err());
    assert_eq!(fixture.store.key_id().unwrap().as_deref(), Some("second"));
}

fn many_that_record_at_once_agree(fixture: &Fixture) {
    const MANY: usize = 6;
    let together = Barrier::new(MANY);
    let mut recorded: Vec<String> = thread::scope(|scope| {
        let racers: Vec<_> = (0..MANY)
            .map(|n| {
                let together = &together;
                scope.spawn(move || {
                    together.wait();
                    record_first_key_id(&fixture.store, &format!("key {n}"))
                })
            })
            .collect();
        racers
            .into_iter()
            .map(|racer| racer.join().unwrap())
            .collect()
    });
    recorded.dedup();
    assert_eq!(recorded.len(), 1, "{recorded:?}");
    assert_eq!(fixture.store.key_id().unwrap().as_ref(), recorded.first());
}
