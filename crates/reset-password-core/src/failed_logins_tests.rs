//! The delays, and random guesses held against a model that remembers each of them.

use proptest::prelude::*;

use super::{Refusal::*, *};

const OLD: Digest = [1; 32];
const NEW: Digest = [2; 32];
const START: Timestamp = Timestamp::from_unix_millis(1_800_000_000_000);

fn at(millis: u64) -> Timestamp {
    START + Duration::from_millis(millis)
}

/// So many, all at the start.
fn failed(count: i64) -> FailedLogins {
    (0..count).fold(FailedLogins::none(OLD), |failed, _| failed.and_one(START))
}

/// Whole seconds that an account waits after so many.
fn waits(count: i64) -> u64 {
    match failed(count).refusal(START) {
        Some(Delayed(seconds)) => seconds.into(),
        other => panic!("{count}: {other:?}"),
    }
}

#[test]
fn sec22_five_are_free_and_each_later_one_costs_twice_as_much_up_to_an_hour() {
    for count in 0..=5 {
        assert_eq!(failed(count).refusal(START), None, "{count}");
    }
    let delays: Vec<_> = (6..=19).map(waits).collect();
    let expected = [
        1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 3_600, 3_600,
    ];
    assert_eq!(delays, expected);
    assert_eq!(waits(99), 3_600);
    assert!(failed(4).leave_one_free() && !failed(5).leave_one_free());
}

#[test]
fn sec22_after_a_hundred_no_password_is_looked_at() {
    let failed = failed(100);
    for now in [START, at(1 << 40), Timestamp::MAX] {
        assert_eq!(failed.refusal(now), Some(Blocked));
    }
    assert_eq!(failed.retry_at, Timestamp::MAX, "no purge takes it");
    assert_eq!(failed.and_one(START).refusal(START), Some(Blocked));
}

#[test]
fn sec22_what_was_counted_against_another_credential_is_nothing() {
    let found = || Some(failed(100));
    assert_eq!(FailedLogins::against(OLD, found()), failed(100));
    assert_eq!(FailedLogins::against(NEW, found()), FailedLogins::none(NEW));
    assert_eq!(FailedLogins::against(OLD, None), FailedLogins::none(OLD));
}

#[test]
fn sec22_a_delay_is_told_in_whole_seconds_that_are_enough() {
    let failed = failed(8);
    for (now, left) in [(0, 4), (1, 4), (1_000, 3), (3_001, 1), (3_999, 1)] {
        assert_eq!(failed.refusal(at(now)), Some(Delayed(left)), "{now}");
    }
    assert_eq!(failed.refusal(at(4_000)), None);
}

/// A machine whose clock is a little behind waits no longer than the number is worth. One that is far behind, because
/// the clock was put right, does not wait for the moment that never was.
#[test]
fn sec22_another_clock_makes_no_delay_longer() {
    let failed = failed(8);
    let before = |seconds| START.before(Duration::from_secs(seconds));
    for behind in [0, 1, 60] {
        assert_eq!(failed.refusal(before(behind)), Some(Delayed(4)), "{behind}");
    }
    for behind in [61, 3_600, 1 << 30] {
        let now = before(behind);
        assert_eq!(failed.refusal(now), None, "{behind}");
        let again = failed.and_one(now);
        assert_eq!(again.refusal(now), Some(Delayed(8)), "it is dated anew");
    }
    assert_eq!(
        super::FailedLogins::none(OLD).refusal(before(1 << 40)),
        None
    );
}

#[derive(Clone, Debug)]
enum Step {
    Wait(u64),
    Guess,
    LogIn,
    ChangePassword,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let hour = 3_600_000;
    let wait = prop_oneof![
        1 => 0..3_000_u64,
        1 => Just(60_000),
        1 => Just(hour - 1),
        4 => Just(hour),
    ];
    let step = prop_oneof![
        200 => Just(Step::Guess),
        200 => wait.prop_map(Step::Wait),
        1 => Just(Step::LogIn),
        1 => Just(Step::ChangePassword),
    ];
    prop::collection::vec(step, 0..600)
}

/// When it may be tried again after guesses at these moments, in milliseconds; `None` for never.
fn may_be_tried_at(guesses: &[u64]) -> Option<u64> {
    let last = guesses.last().copied().unwrap_or(0);
    let mut delay = 0;
    for _ in guesses.iter().skip(5) {
        delay = if delay == 0 { 1 } else { delay * 2 }.min(3_600);
    }
    (guesses.len() < 100).then_some(last + delay * 1_000)
}

proptest! {
    #[test]
    fn sec22_guesses_are_refused_as_the_model_says(steps in steps()) {
        let (mut now, mut credential, mut stored) = (0, 0, None);
        let mut guesses: Vec<u64> = Vec::new();
        for step in steps {
            let digest = [credential; 32];
            let failed = FailedLogins::against(digest, stored.clone());
            let refusal = failed.refusal(at(now));
            let expected = match may_be_tried_at(&guesses) {
                None => Some(Blocked),
                Some(moment) if moment <= now => None,
                Some(moment) => Some(Delayed(u32::try_from((moment - now).div_ceil(1_000)).unwrap())),
            };
            prop_assert_eq!(refusal, expected, "{} guesses", guesses.len());
            match step {
                Step::Wait(millis) => now += millis,
                Step::Guess if refusal.is_none() => {
                    guesses.push(now);
                    stored = Some(failed.and_one(at(now)));
                }
                Step::LogIn if refusal.is_none() => {
                    guesses.clear();
                    stored = None;
                }
                Step::ChangePassword => {
                    guesses.clear();
                    credential += 1;
                }
                Step::Guess | Step::LogIn => {}
            }
            prop_assert!(guesses.len() <= 100);
        }
    }
}
