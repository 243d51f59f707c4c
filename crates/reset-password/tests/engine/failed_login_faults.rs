//! A database in which failed logins cannot be counted or recorded: whoever guesses has nothing of it.

use std::time::Duration;

use reset_password::Code;

use crate::{
    failed_logins::{ADA, INVALID, NOBODY, Told, WRONG, delayed, fail, fail_times, log_in},
    faults::Fault,
    support::{Fixture, OLD},
};

on_each_database!(
    sec22_a_failure_that_cannot_be_counted_is_not_told,
    sec22_a_failure_that_cannot_be_recorded_is_counted_all_the_same,
    sec22_a_row_that_cannot_be_read_lets_nobody_in,
    sec22_a_right_password_that_cannot_be_noted_is_not_counted,
);

const UNAVAILABLE: Told = (Code::StorageUnavailable, Some(1));
const FAILURES: &str = "reset_password_failures";

/// One guess may have been looked at; from then on none is, not even the right one.
fn sec22_a_failure_that_cannot_be_counted_is_not_told(fixture: &Fixture) {
    fixture.ada();
    for fault in Fault::triggers(fixture, FAILURES, "INSERT", "BEFORE") {
        let hashes = fixture.engine.hashes_started();
        fault.during(fixture, || {
            for (email, password) in [(ADA, WRONG), (NOBODY, WRONG), (ADA, WRONG), (ADA, OLD)] {
                assert_eq!(log_in(&fixture.engine, email, password), Err(UNAVAILABLE));
            }
        });
        assert_eq!(
            fixture.engine.hashes_started() - hashes,
            1,
            "{:?}",
            fault.put
        );
        assert_eq!(fixture.count(FAILURES), 0);
        // It goes on by itself.
        assert_eq!(fail(fixture, ADA), INVALID);
        assert!(fixture.accepts(ADA, OLD));
        assert_eq!(fixture.count(FAILURES), 0);
    }
    fail_times(fixture, ADA, 5);
    let before = (fixture.engine.hashes_started(), fixture.dump(FAILURES));
    for fault in Fault::triggers(fixture, FAILURES, "UPDATE", "AFTER") {
        fault.during(fixture, || {
            for password in [WRONG, OLD] {
                assert_eq!(log_in(&fixture.engine, ADA, password), Err(UNAVAILABLE));
            }
        });
        let after = (fixture.engine.hashes_started(), fixture.dump(FAILURES));
        assert_eq!(after, before, "{:?}", fault.put);
    }
    assert!(fixture.accepts(ADA, OLD));
}

/// Nothing is told while the trail cannot be written, but the hundred are the same hundred.
fn sec22_a_failure_that_cannot_be_recorded_is_counted_all_the_same(fixture: &Fixture) {
    fixture.ada();
    for fault in Fault::triggers(fixture, "reset_password_events", "INSERT", "BEFORE") {
        fault.during(fixture, || {
            // The first is neither: counter and record are one.
            for counted in [0, 1, 2, 3, 4, 5, 6] {
                assert_eq!(fail(fixture, ADA), UNAVAILABLE);
                let failures = "SELECT coalesce(max(failures), 0) FROM reset_password_failures";
                assert_eq!(fixture.database.value(failures), counted.to_string());
            }
            assert_eq!(fail(fixture, ADA), delayed(1));
        });
        fixture.clock.advance(Duration::from_secs(1));
        assert_eq!(fail(fixture, ADA), INVALID);
        // In another minute there is room for records of the account again.
        fixture.clock.advance(Duration::from_mins(1));
        assert!(fixture.accepts(ADA, OLD));
        assert_eq!(fixture.count(FAILURES), 0);
    }
    assert!(fixture.engine.verify_audit().unwrap().is_whole());
}

fn sec22_a_row_that_cannot_be_read_lets_nobody_in(fixture: &Fixture) {
    fixture.ada();
    let hashes = fixture.engine.hashes_started();
    fixture
        .database
        .rows("ALTER TABLE reset_password_failures RENAME TO gone");
    for (email, password) in [(ADA, WRONG), (NOBODY, WRONG), (ADA, OLD)] {
        assert_eq!(log_in(&fixture.engine, email, password), Err(UNAVAILABLE));
    }
    assert_eq!(fixture.engine.hashes_started(), hashes);
    // The reset does not need it.
    let token = fixture.token(ADA);
    fixture.engine.reset_password(&token, OLD).unwrap();
    fixture
        .database
        .rows("ALTER TABLE gone RENAME TO reset_password_failures");
    assert!(fixture.accepts(ADA, OLD));

    fail_times(fixture, ADA, 1);
    let short = fixture.bytes(&[7; 3]);
    fixture.database.rows(&format!(
        "UPDATE reset_password_failures SET credential = {short}"
    ));
    assert_eq!(
        log_in(&fixture.engine, ADA, OLD),
        Err((Code::Internal, None))
    );
}

fn sec22_a_right_password_that_cannot_be_noted_is_not_counted(fixture: &Fixture) {
    fixture.ada();
    fail_times(fixture, ADA, 6);
    fixture.clock.advance(Duration::from_secs(1));
    let before = fixture.dump(FAILURES);
    for fault in Fault::triggers(fixture, "reset_password_users", "UPDATE", "AFTER") {
        fault.during(fixture, || {
            assert_eq!(log_in(&fixture.engine, ADA, OLD), Err(UNAVAILABLE));
        });
        assert_eq!(fixture.dump(FAILURES), before, "{:?}", fault.put);
    }
    assert!(fixture.accepts(ADA, OLD));
}
