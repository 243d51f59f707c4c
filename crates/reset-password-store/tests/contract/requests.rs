//! Counted requests.

use std::{sync::Barrier, thread};

use reset_password_core::{
    Timestamp,
    store::{RequestCounts, ResetSteps, StoreError},
};

use crate::fixture::{Fixture, commit, later};

on_every_database!(
    requests_are_counted_by_address_and_time,
    what_a_clock_that_was_ahead_noted_counts_for_nothing,
    the_last_link_that_ends_counts,
    a_number_is_taken_once,
    two_racers_for_one_number_have_one_winner,
    purging_is_bounded,
);

const ADDRESS: [u8; 32] = [1; 32];
const ANOTHER: [u8; 32] = [2; 32];

fn insert(fixture: &Fixture, address: &[u8; 32], number: i64, seconds: u64) {
    insert_until(fixture, address, number, seconds, seconds + 1_800);
}

fn insert_until(fixture: &Fixture, address: &[u8; 32], number: i64, seconds: u64, end: u64) {
    let inserted = fixture.commit(|transaction| {
        transaction.insert_request(address, number, later(seconds), later(end))
    });
    inserted.unwrap();
}

/// What is noted beyond it counts for nothing.
const UNTIL: u64 = 1_000_000;

fn count(fixture: &Fixture, address: &[u8; 32], since: [u64; 3]) -> RequestCounts {
    fixture
        .commit(|transaction| transaction.count_requests(address, since.map(later), later(UNTIL)))
        .unwrap()
}

fn what_a_clock_that_was_ahead_noted_counts_for_nothing(fixture: &Fixture) {
    insert(fixture, &ADDRESS, 1, UNTIL);
    insert(fixture, &ADDRESS, 2, UNTIL + 1);
    let counts = RequestCounts {
        last: 2,
        since: [1, 1, 1],
        link_expires_at: later(UNTIL + 1_800),
    };
    assert_eq!(count(fixture, &ADDRESS, [0, 0, 0]), counts);
}

fn requests_are_counted_by_address_and_time(fixture: &Fixture) {
    assert_eq!(
        count(fixture, &ADDRESS, [0, 0, 0]),
        RequestCounts {
            last: 0,
            since: [0, 0, 0],
            link_expires_at: Timestamp::from_unix_millis(0),
        }
    );
    for (number, seconds) in [(1, 10), (2, 20), (3, 30)] {
        insert(fixture, &ADDRESS, number, seconds);
    }
    insert(fixture, &ANOTHER, 1, 25);
    assert_eq!(
        count(fixture, &ADDRESS, [20, 19, 0]),
        RequestCounts {
            last: 3,
            since: [1, 2, 3],
            link_expires_at: later(1_830),
        },
        "a moment itself is not since it"
    );
    assert_eq!(count(fixture, &ANOTHER, [20, 24, 25]).since, [1, 1, 0]);
    assert_eq!(count(fixture, &[3; 32], [0, 0, 0]).last, 0);
}

/// A link that is sent again ends when it did.
fn the_last_link_that_ends_counts(fixture: &Fixture) {
    for (number, end) in [(1, 500), (2, 500), (3, 400)] {
        insert_until(fixture, &ADDRESS, number, 10, end);
    }
    insert_until(fixture, &ANOTHER, 1, 10, 900);
    let ends = |address| count(fixture, address, [0, 0, 0]).link_expires_at;
    assert_eq!((ends(&ADDRESS), ends(&ANOTHER)), (later(500), later(900)));
}

fn a_number_is_taken_once(fixture: &Fixture) {
    insert(fixture, &ADDRESS, 1, 10);
    let again =
        fixture.commit(|transaction| transaction.insert_request(&ADDRESS, 1, later(20), later(30)));
    assert!(matches!(again, Err(StoreError::Transient(_))), "{again:?}");
    insert(fixture, &ANOTHER, 1, 20);
    insert(fixture, &ADDRESS, 2, 20);
    assert_eq!(count(fixture, &ADDRESS, [0, 10, 20]).since, [2, 1, 0]);
}

/// The loser is told to run its whole transaction again, in which it counts again.
fn two_racers_for_one_number_have_one_winner(fixture: &Fixture) {
    let other = fixture.other();
    for round in 1..=20 {
        let address = [100 + round; 32];
        let together = Barrier::new(2);
        let stores = [&fixture.store, other.as_ref().unwrap_or(&fixture.store)];
        let won: usize = thread::scope(|scope| {
            let racers = stores.map(|store| {
                let together = &together;
                scope.spawn(move || {
                    together.wait();
                    let insert = commit(store, |transaction| {
                        transaction.insert_request(&address, 1, later(1), later(2))
                    });
                    match insert {
                        Ok(()) => true,
                        Err(StoreError::Transient(_)) => false,
                        Err(error) => panic!("{error:?}"),
                    }
                })
            });
            racers
                .into_iter()
                .map(|racer| usize::from(racer.join().unwrap()))
                .sum()
        });
        assert_eq!(won, 1, "round {round}");
        assert_eq!(count(fixture, &address, [0, 0, 0]).since, [1, 1, 1]);
    }
}

fn purging_is_bounded(fixture: &Fixture) {
    for number in 1..=5 {
        insert(fixture, &ADDRESS, number, number.unsigned_abs());
    }
    let purge = |seconds, limit| {
        fixture
            .commit(|transaction| transaction.purge_requests(later(seconds), limit))
            .unwrap()
    };
    assert_eq!(purge(1, 10), 0);
    assert_eq!(purge(9, 2), 2);
    assert_eq!(
        count(fixture, &ADDRESS, [2, 3, 0]).since,
        [3, 2, 3],
        "the oldest go first"
    );
    assert_eq!(purge(9, 10), 3);
    assert_eq!(count(fixture, &ADDRESS, [0, 0, 0]).last, 0);
}
