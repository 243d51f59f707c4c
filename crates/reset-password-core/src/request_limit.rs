//! How often a reset may be asked for on a public form: for one address, and in one process.
//!
//! The limit of an address is decided before anybody looks whether the address is known, by what was asked
//! for with it alone (CWE-204). A stranger who uses it up keeps nobody from a reset: while it is used up a
//! link that was sent still works, and when that has ended the next request is answered.

use std::{
    num::NonZero,
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

use crate::{clock::Timestamp, error::Error, store::RequestCounts};

/// The windows that requests for one address are counted in, the shortest first.
pub(crate) const WINDOWS: [Duration; 3] = [
    Duration::from_mins(1),
    Duration::from_hours(1),
    Duration::from_hours(24),
];
/// How far another clock may be ahead. What is noted beyond it counts for nothing, so that one that was wrong for a while
/// keeps nobody waiting.
pub(crate) const AHEAD: Duration = Duration::from_mins(1);
/// How many are answered in each. In the shortest there is no exception.
const MOST: [i64; 3] = [1, 3, 10];

/// Whether one more request for an address is answered.
pub(crate) fn allows(counts: &RequestCounts, now: Timestamp) -> bool {
    let [a_minute, others @ ..] = counts.since;
    let [most_a_minute, most @ ..] = MOST;
    let is_within = others
        .into_iter()
        .zip(most)
        .all(|(count, most)| count < most);
    a_minute < most_a_minute && (is_within || counts.link_expires_at <= now)
}

/// How many requests one process answers, whatever their addresses: so many a minute, those that were not used
/// come back evenly.
pub(crate) struct RequestBudget {
    /// What one of them takes, in microseconds.
    each: i64,
    /// The moment at which all of them will have come back, in microseconds since 1970.
    whole_at: AtomicI64,
}

/// What the budget is counted over, in microseconds.
const MINUTE: i64 = 60_000_000;

impl RequestBudget {
    pub(crate) fn new(per_minute: NonZero<u32>) -> Self {
        Self {
            each: MINUTE / i64::from(per_minute.get()),
            whole_at: AtomicI64::new(i64::MIN),
        }
    }

    /// Whether there is room for one more.
    ///
    /// # Errors
    ///
    /// `rate_limited`, with the seconds until there is.
    pub(crate) fn check(&self, now: Timestamp) -> Result<(), Error> {
        let now = micros(now);
        let latest = now + MINUTE;
        let order = Ordering::Relaxed;
        // Only a clock that was ahead leaves more than callers at once may; one that was a little ahead costs a minute.
        let is_from_ahead = |whole_at| (whole_at > latest + MINUTE).then_some(now);
        // It declines where the clock is right.
        let _ = self.whole_at.fetch_update(order, order, is_from_ahead);
        let whole_at = self.whole_at.fetch_min(latest, order);
        let wait = whole_at
            .min(latest)
            .saturating_add(self.each)
            .saturating_sub(latest);
        if wait <= 0 {
            return Ok(());
        }
        let seconds = u32::try_from(wait.div_euclid(1_000_000)).unwrap_or(60);
        Err(Error::rate_limited(seconds.saturating_add(1)))
    }

    /// Takes one.
    pub(crate) fn take(&self, now: Timestamp) {
        let now = micros(now);
        let taken = |whole_at: i64| Some(whole_at.clamp(now, now + MINUTE) + self.each);
        let order = Ordering::Relaxed;
        // It never declines.
        let _ = self.whole_at.fetch_update(order, order, taken);
    }
}

fn micros(moment: Timestamp) -> i64 {
    // The years in which this saturates are beyond what a moment can be shown as.
    moment
        .unix_millis()
        .saturating_mul(1_000)
        .clamp(-MINUTE, i64::MAX - 4 * MINUTE)
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, proptest};

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix_millis(1_800_000_000_000 + seconds * 1_000)
    }

    /// What has been answered, and how the store counts it.
    #[derive(Default)]
    struct Answered(Vec<i64>);

    impl Answered {
        fn counts(&self, now: i64, link_expires_at: i64) -> RequestCounts {
            let since = WINDOWS.map(|window| {
                let length = i64::try_from(window.as_secs()).unwrap();
                let count = self.0.iter().filter(|at| **at > now - length).count();
                i64::try_from(count).unwrap()
            });
            RequestCounts {
                last: i64::try_from(self.0.len()).unwrap(),
                since,
                link_expires_at: at(link_expires_at),
            }
        }
    }

    proptest! {
        /// However often and whenever a stranger asks: whoever asks later than a minute after the last answer
        /// is answered, or holds a link that works. And links are sent again at most three times an hour and ten
        /// times a day.
        #[test]
        fn sec19_nobody_is_kept_from_a_reset(
            pauses in prop::collection::vec(prop_oneof![0_i64..70, 0_i64..2_000, 0_i64..40_000], 1..200),
            lifetime in prop_oneof![Just(300_i64), Just(1_800), Just(86_400)],
        ) {
            let (mut now, mut link, mut answered) = (0, i64::MIN / 4_000, Answered::default());
            let mut again = Vec::new();
            for pause in pauses {
                now += pause;
                let counts = answered.counts(now, link);
                let is_answered = allows(&counts, at(now));
                let is_new = link <= now;
                if counts.since[0] == 0 {
                    prop_assert!(is_answered || link > now);
                } else {
                    prop_assert!(!is_answered);
                }
                if is_answered {
                    answered.0.push(now);
                    if is_new { link = now + lifetime } else { again.push(now) }
                }
                let recent = |length| again.iter().filter(|at| **at > now - length).count();
                prop_assert!(recent(3_600) <= 3 && recent(86_400) <= 10);
            }
        }

        #[test]
        fn a_process_answers_so_many_a_minute(
            per_minute in 1_u32..10_000,
            pauses in prop::collection::vec(0_i64..3_000, 1..300),
        ) {
            let budget = RequestBudget::new(NonZero::new(per_minute).unwrap());
            let (mut now, mut taken) = (0_i64, Vec::new());
            for pause in pauses {
                now += pause;
                let moment = Timestamp::from_unix_millis(1_800_000_000_000 + now);
                if budget.check(moment).is_ok() {
                    budget.take(moment);
                    taken.push(now);
                }
                let recent = taken.iter().filter(|at| **at > now - 60_000).count();
                // A full budget, and what comes back in that minute.
                prop_assert!(recent <= 2 * per_minute as usize);
            }
        }
    }

    #[test]
    fn what_is_used_up_comes_back() {
        let budget = RequestBudget::new(NonZero::new(2).unwrap());
        for _ in 0..2 {
            budget.check(at(0)).unwrap();
            budget.take(at(0));
        }
        let error = budget.check(at(0)).unwrap_err();
        assert_eq!(error.code(), crate::Code::RateLimited);
        let wait = i64::from(error.retry_after().unwrap());
        assert!((30..=31).contains(&wait), "{wait}");
        budget.check(at(wait)).unwrap();
        budget.take(at(wait));
        assert!(budget.check(at(wait)).is_err());
    }

    #[test]
    fn a_clock_that_is_set_back_costs_a_minute_at_the_most() {
        let ahead = |seconds| {
            let budget = RequestBudget::new(NonZero::new(10).unwrap());
            for _ in 0..10 {
                budget.take(at(seconds));
            }
            budget
        };
        let by_a_minute = ahead(60);
        assert!(by_a_minute.check(at(0)).is_err());
        assert!(by_a_minute.check(at(5)).is_err());
        by_a_minute.check(at(6)).unwrap();

        let by_a_day = ahead(86_400);
        for _ in 0..10 {
            by_a_day.check(at(0)).unwrap();
            by_a_day.take(at(0));
        }
        assert!(by_a_day.check(at(0)).is_err());
    }

    #[test]
    fn no_moment_overflows() {
        let budget = RequestBudget::new(NonZero::<u32>::MIN);
        for moment in [i64::MIN, -1, 0, i64::MAX] {
            let moment = Timestamp::from_unix_millis(moment);
            let _ = budget.check(moment);
            budget.take(moment);
        }
    }
}
