//! Changes that were reported.

use reset_password_core::{
    report::ReportRecord,
    store::{ReportSteps, StoreError},
};
use reset_password_store::SqlTransaction;

use crate::fixture::{Fixture, later};

on_every_database!(
    a_notice_reports_once,
    what_locks_an_account_is_unlocked,
    the_reports_of_a_user_go,
    purging_reports_is_bounded_and_leaves_what_locks,
);

/// A report of a notice that was made so many seconds later.
fn report(id: &str, user: &str, locks: bool, seconds: u64) -> ReportRecord {
    ReportRecord {
        message_id: format!("message_{id}"),
        user_id: format!("user_{user}"),
        locks,
        created_at: later(seconds),
    }
}

fn insert(fixture: &Fixture, report: &ReportRecord) -> Result<(), StoreError> {
    fixture.commit(|transaction| transaction.insert_report(report))
}

fn ask<T>(
    fixture: &Fixture,
    what: impl FnOnce(&mut SqlTransaction<'_>) -> Result<T, StoreError>,
) -> T {
    fixture.commit(what).unwrap()
}

fn a_notice_reports_once(fixture: &Fixture) {
    let is_reported = |id: &str| ask(fixture, |transaction| transaction.is_reported(id));
    assert!(!is_reported("message_1"));
    insert(fixture, &report("1", "ada", false, 0)).unwrap();
    assert!(is_reported("message_1"));
    assert!(!is_reported("message_2") && !is_reported("MESSAGE_1"));
    let again = insert(fixture, &report("1", "eve", true, 1)).unwrap_err();
    assert!(matches!(again, StoreError::Transient(_)), "{again:?}");
}

fn what_locks_an_account_is_unlocked(fixture: &Fixture) {
    let is_locked = |id: &str| ask(fixture, |transaction| transaction.is_locked(id));
    let unlock = |id: &str| ask(fixture, |transaction| transaction.unlock(id));
    insert(fixture, &report("1", "ada", false, 0)).unwrap();
    assert!(!is_locked("user_ada") && !unlock("user_ada"));
    insert(fixture, &report("2", "ada", true, 0)).unwrap();
    insert(fixture, &report("3", "ada", true, 0)).unwrap();
    insert(fixture, &report("4", "eve", true, 0)).unwrap();
    assert!(is_locked("user_ada") && is_locked("user_eve") && !is_locked("user_bob"));
    assert!(unlock("user_ada"), "both");
    assert!(!is_locked("user_ada") && !unlock("user_ada"));
    assert!(is_locked("user_eve"));
    assert!(ask(fixture, |transaction| transaction.is_reported("message_2")));
}

fn the_reports_of_a_user_go(fixture: &Fixture) {
    for (id, user) in [("1", "ada"), ("2", "ada"), ("3", "eve")] {
        insert(fixture, &report(id, user, true, 0)).unwrap();
    }
    ask(fixture, |transaction| {
        transaction.delete_reports("user_ada")
    });
    let is_reported = |id: &str| ask(fixture, |transaction| transaction.is_reported(id));
    assert!(!is_reported("message_1") && !is_reported("message_2"));
    assert!(is_reported("message_3"));
}

fn purging_reports_is_bounded_and_leaves_what_locks(fixture: &Fixture) {
    for n in 1..=5 {
        insert(fixture, &report(&n.to_string(), "ada", n == 2, n)).unwrap();
    }
    let purge = |seconds, limit| {
        ask(fixture, |transaction| {
            transaction.purge_reports(later(seconds), limit)
        })
    };
    assert_eq!(purge(1, 10), 0, "a moment itself is not before it");
    assert_eq!(purge(9, 2), 2);
    let is_reported = |id: &str| ask(fixture, |transaction| transaction.is_reported(id));
    let left: Vec<_> = (1..=5)
        .filter(|n| is_reported(&format!("message_{n}")))
        .collect();
    assert_eq!(left, [2, 4, 5]);
    assert_eq!(purge(9, 10), 2);
    assert!(ask(fixture, |transaction| transaction.is_locked("user_ada")));
}
