//! Failed logins.

use std::{sync::Barrier, thread};

use reset_password_core::{
    Timestamp,
    failed_logins::FailedLogins,
    store::{FailureReads, FailureSteps, SignIn, StoreError, UserReads, UserSteps},
};
use reset_password_store::SqlStore;

use crate::fixture::{Fixture, NOW, commit, later};

on_every_database!(
    failed_logins_are_kept_for_each_address,
    an_address_is_counted_from_one_once,
    many_that_count_at_once_lose_nothing,
    sec22_a_login_is_noted_while_few_have_failed_against_its_credential,
    sec22_a_login_and_the_end_of_its_failures_are_one,
    purging_failed_logins_is_bounded_and_leaves_those_that_wait_for_ever,
);

const ADDRESS: [u8; 32] = [1; 32];
const ANOTHER: [u8; 32] = [2; 32];
const CREDENTIAL: [u8; 32] = [0xff; 32];

fn failed(count: i64, seconds: u64) -> FailedLogins {
    FailedLogins {
        count,
        failed_at: NOW,
        retry_at: later(seconds),
        credential: CREDENTIAL,
    }
}

fn insert(fixture: &Fixture, address: &[u8; 32], failed: &FailedLogins) {
    let inserted = fixture.commit(|transaction| transaction.insert_failed_logins(address, failed));
    inserted.unwrap();
}

fn find(fixture: &Fixture, address: &[u8; 32]) -> Option<FailedLogins> {
    fixture.store.find_failed_logins(address).unwrap()
}

fn failed_logins_are_kept_for_each_address(fixture: &Fixture) {
    assert_eq!(find(fixture, &ADDRESS), None);
    let for_ever = FailedLogins {
        retry_at: Timestamp::MAX,
        ..failed(i64::MAX, 0)
    };
    insert(fixture, &ADDRESS, &failed(1, 0));
    insert(fixture, &ANOTHER, &for_ever);
    assert_eq!(find(fixture, &ADDRESS), Some(failed(1, 0)));
    assert_eq!(find(fixture, &ANOTHER), Some(for_ever.clone()));

    let other = FailedLogins {
        credential: [3; 32],
        failed_at: later(7),
        ..failed(2, 9)
    };
    let before = fixture.commit(|transaction| {
        let before = transaction.lock_failed_logins(&ADDRESS)?;
        transaction.update_failed_logins(&ADDRESS, &other)?;
        Ok(before)
    });
    assert_eq!(before.unwrap(), Some(failed(1, 0)));
    assert_eq!(find(fixture, &ADDRESS), Some(other.clone()));

    let undone = fixture.commit(|transaction| {
        transaction.delete_failed_logins(&ADDRESS)?;
        Err::<(), _>(StoreError::Damaged("on purpose"))
    });
    assert!(undone.is_err());
    assert_eq!(find(fixture, &ADDRESS), Some(other));
    fixture
        .commit(|transaction| transaction.delete_failed_logins(&ADDRESS))
        .unwrap();
    assert_eq!(find(fixture, &ADDRESS), None);
    assert_eq!(find(fixture, &ANOTHER), Some(for_ever));
}

fn an_address_is_counted_from_one_once(fixture: &Fixture) {
    insert(fixture, &ADDRESS, &failed(1, 0));
    let again =
        fixture.commit(|transaction| transaction.insert_failed_logins(&ADDRESS, &failed(1, 5)));
    assert!(matches!(again, Err(StoreError::Transient(_))), "{again:?}");
    assert_eq!(find(fixture, &ADDRESS), Some(failed(1, 0)));
}

/// One more, as often as it takes.
fn count(store: &SqlStore) {
    loop {
        let counted = commit(store, |transaction| {
            match transaction.lock_failed_logins(&ADDRESS)? {
                None => transaction.insert_failed_logins(&ADDRESS, &failed(1, 0)),
                Some(found) => {
                    transaction.update_failed_logins(&ADDRESS, &failed(found.count + 1, 0))
                }
            }
        });
        match counted {
            Ok(()) => return,
            Err(StoreError::Transient(_)) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
}

fn many_that_count_at_once_lose_nothing(fixture: &Fixture) {
    const EACH: i64 = 15;
    let other = fixture.other();
    let stores = [&fixture.store, other.as_ref().unwrap_or(&fixture.store)];
    let together = Barrier::new(4);
    thread::scope(|scope| {
        for n in 0..4 {
            let (together, store) = (&together, stores[n % 2]);
            scope.spawn(move || {
                together.wait();
                (0..EACH).for_each(|_| count(store));
            });
        }
    });
    assert_eq!(find(fixture, &ADDRESS), Some(failed(4 * EACH, 0)));
}

/// A login of the user with that hash.
fn sign_in<'a>(hash: &'a str, credential: &'a [u8; 32], fewer_than: i64) -> SignIn<'a> {
    SignIn {
        user_id: "user_ada",
        verified_hash: hash,
        at: later(60),
        address: &ADDRESS,
        credential,
        fewer_than,
    }
}

fn sec22_a_login_is_noted_while_few_have_failed_against_its_credential(fixture: &Fixture) {
    fixture.add("ada");
    let hash = "hash of old";
    let noted = |sign_in: &SignIn<'_>| fixture.store.note_sign_in(sign_in).unwrap();
    let signed_in_at = || fixture.user("ada").unwrap().user.last_sign_in_at;
    insert(fixture, &ANOTHER, &failed(100, 0));
    assert!(noted(&sign_in(hash, &CREDENTIAL, 0)), "none at all");
    insert(fixture, &ADDRESS, &failed(5, 0));
    assert!(noted(&sign_in(hash, &CREDENTIAL, 6)));
    assert!(noted(&sign_in(hash, &CREDENTIAL, i64::MAX)));
    assert!(noted(&sign_in(hash, &[3; 32], 1)), "another credential");
    assert_eq!(signed_in_at(), Some(later(60)));

    for fewer_than in [5, 4, 0] {
        let late = SignIn {
            at: later(120),
            ..sign_in(hash, &CREDENTIAL, fewer_than)
        };
        assert!(!noted(&late), "{fewer_than}");
    }
    assert!(!noted(&sign_in("hash of another", &CREDENTIAL, 6)));
    assert_eq!(signed_in_at(), Some(later(60)), "what was refused is noted");
}

fn sec22_a_login_and_the_end_of_its_failures_are_one(fixture: &Fixture) {
    fixture.add("ada");
    insert(fixture, &ADDRESS, &failed(9, 0));
    let log_in = |hash: &str, ends_well: bool| {
        let done = fixture.commit(|transaction| {
            let noted = transaction.note_sign_in(&sign_in(hash, &CREDENTIAL, i64::MAX))?;
            if noted {
                transaction.delete_failed_logins(&ADDRESS)?;
            }
            if ends_well {
                Ok(noted)
            } else {
                Err(StoreError::Damaged("on purpose"))
            }
        });
        done.ok()
    };
    assert_eq!(log_in("hash of another", true), Some(false));
    assert_eq!(log_in("hash of old", false), None);
    assert_eq!(find(fixture, &ADDRESS), Some(failed(9, 0)));
    assert_eq!(fixture.user("ada").unwrap().user.last_sign_in_at, None);
    assert_eq!(log_in("hash of old", true), Some(true));
    assert_eq!(find(fixture, &ADDRESS), None);
    let signed_in_at = fixture.user("ada").unwrap().user.last_sign_in_at;
    assert_eq!(signed_in_at, Some(later(60)));
}

fn purging_failed_logins_is_bounded_and_leaves_those_that_wait_for_ever(fixture: &Fixture) {
    for n in 1..=5 {
        insert(fixture, &[n; 32], &failed(1, n.into()));
    }
    let for_ever = FailedLogins {
        retry_at: Timestamp::MAX,
        ..failed(100, 0)
    };
    insert(fixture, &[6; 32], &for_ever);
    let purge = |seconds, limit| {
        fixture
            .commit(|transaction| transaction.purge_failed_logins(later(seconds), limit))
            .unwrap()
    };
    assert_eq!(purge(1, 10), 0, "a moment itself is not before it");
    assert_eq!(purge(9, 2), 2);
    let left: Vec<u8> = (1..=6)
        .filter(|n| find(fixture, &[*n; 32]).is_some())
        .collect();
    assert_eq!(left, [3, 4, 5, 6], "the oldest go first");
    assert_eq!(purge(1 << 40, 10), 3);
    assert_eq!(purge(1 << 40, 10), 0);
    assert_eq!(find(fixture, &[6; 32]), Some(for_ever));
}
