//! A unit of work is run again when nothing was done, and never when it may have been.

mod scripted;

use std::sync::Arc;

use reset_password_core::{Code, Random, RandomError, store::StoreError};
use scripted::{Answer, Scripted, engine};

struct Counting;

impl Random for Counting {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), RandomError> {
        buffer.fill(7);
        Ok(())
    }
}

fn transient<T>() -> Answer<T> {
    Err(StoreError::Transient("a deadlock".into()))
}

fn waited_for_a_lock<T>() -> Answer<T> {
    Err(StoreError::LockTimeout("another has it".into()))
}

fn unknown<T>(event_id: Option<&str>) -> Answer<T> {
    Err(StoreError::CommitUnknown {
        event_id: event_id.map(str::to_owned),
        source: "cut".into(),
    })
}

/// What the caller is told, and how many transactions that took.
fn run(commits: Vec<Answer<()>>, outcomes: Vec<Answer<bool>>) -> (Result<u64, Code>, u32) {
    let engine = engine(Scripted::new(commits, outcomes), Arc::new(Counting));
    let done = engine.revoke_password_resets(None);
    assert_eq!(
        engine.store().left(),
        0,
        "it was not asked for all that was expected"
    );
    (done.map_err(|error| error.code()), engine.store().begun())
}

#[test]
fn what_was_not_done_is_run_again() {
    assert_eq!(run(vec![Ok(())], vec![]), (Ok(1), 1));
    assert_eq!(
        run(vec![transient(), transient(), Ok(())], vec![]),
        (Ok(1), 3)
    );
}

#[test]
fn it_is_run_again_a_few_times() {
    let always = (0..7).map(|_| transient()).collect();
    assert_eq!(run(always, vec![]), (Err(Code::StorageUnavailable), 7));
}

#[test]
fn what_waited_for_a_lock_in_vain_is_run_again_once() {
    assert_eq!(run(vec![waited_for_a_lock(), Ok(())], vec![]), (Ok(1), 2));
    let twice = vec![waited_for_a_lock(), waited_for_a_lock()];
    assert_eq!(run(twice, vec![]), (Err(Code::StorageUnavailable), 2));
}

#[test]
fn what_failed_for_a_reason_is_not_run_again() {
    let failed = Err(StoreError::Unavailable("a full disk".into()));
    assert_eq!(
        run(vec![failed], vec![]),
        (Err(Code::StorageUnavailable), 1)
    );
    let refused = Err(StoreError::EmailTaken);
    assert_eq!(
        run(vec![refused], vec![]),
        (Err(Code::EmailNotAvailable), 1)
    );
}

#[test]
fn an_outcome_that_nobody_told_is_read() {
    let lost = || unknown(Some("event_1"));
    assert_eq!(run(vec![lost()], vec![Ok(true)]), (Ok(1), 1));
    assert_eq!(run(vec![lost(), Ok(())], vec![Ok(false)]), (Ok(1), 2));
    // What changes nothing that is told may be done twice.
    assert_eq!(run(vec![unknown(None), Ok(())], vec![]), (Ok(1), 2));
}

#[test]
fn an_outcome_is_asked_for_until_it_is_known() {
    let away = || Err(StoreError::Unavailable("starting up".into()));
    let outcomes = vec![away(), transient(), waited_for_a_lock(), Ok(true)];
    assert_eq!(run(vec![unknown(Some("event_1"))], outcomes), (Ok(1), 1));
}

/// It may have been committed, so it is neither run again nor called done.
#[test]
fn an_outcome_that_stays_unknown_is_no_success_and_not_run_again() {
    let gone = Err(StoreError::Unavailable("gone".into()));
    for last in [transient(), waited_for_a_lock(), gone] {
        let mut outcomes: Vec<Answer<bool>> = (0..6).map(|_| transient()).collect();
        outcomes.push(last);
        let told = run(vec![unknown(Some("event_1"))], outcomes);
        assert_eq!(told, (Err(Code::StorageUnavailable), 1));
    }
}
