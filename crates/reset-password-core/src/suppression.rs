//! What keeps whoever fails from filling the audit trail: of what one source causes, so many records in a time are
//! written. The others are counted, and told of in one record.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::{clock::Timestamp, key::Digest};

/// Most sources, and most accounts, that are told apart at a time. Sources beyond that share one.
const TOLD_APART: usize = 4_096;

/// Records of failed logins of one account in a minute. Delays let no more come, unless good logins are among them.
const MOST_OF_AN_ACCOUNT: u32 = 10;

/// What causes records that nobody should be able to cause without end.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// Failed logins from a client, where the application names it.
    FailedLogins(Option<String>),
    /// A reset whose row or credential is not what it was, by its id.
    IntegrityFailure(String),
    /// A spent token that is presented again, by the id of its reset.
    TokenReuse(String),
}

/// Records that were not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppressed {
    /// What would have caused them.
    pub source: Source,
    /// How many.
    pub count: u32,
    /// When the time in which there were too many began.
    pub since: Timestamp,
    /// When the last of them was not written.
    pub until: Timestamp,
}

/// What is to be written of something that has happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// Whether it is recorded.
    pub is_recorded: bool,
    /// What its source was not allowed before, and has to be told of now.
    pub suppressed: Option<Suppressed>,
}

/// The counts of one process.
#[derive(Default)]
pub struct Suppression(Mutex<Counts>);

#[derive(Default)]
struct Counts {
    accounts: HashMap<Digest, Window>,
    sources: HashMap<Source, Window>,
}

/// A time that began with a record.
#[derive(Clone, Copy)]
struct Window {
    began: Timestamp,
    length: Duration,
    recorded: u32,
    suppressed: u32,
    suppressed_at: Timestamp,
}

impl Source {
    /// How many records it causes at the most, and in which time.
    const fn limit(&self) -> (u32, Duration) {
        match self {
            Self::FailedLogins(_) => (60, Duration::from_mins(1)),
            Self::IntegrityFailure(_) | Self::TokenReuse(_) => (10, Duration::from_hours(1)),
        }
    }

    /// What stands for all those that are not told apart.
    const fn of_others(&self) -> Self {
        match self {
            Self::FailedLogins(_) => Self::FailedLogins(None),
            Self::IntegrityFailure(_) => Self::IntegrityFailure(String::new()),
            Self::TokenReuse(_) => Self::TokenReuse(String::new()),
        }
    }
}

impl Window {
    const fn new(now: Timestamp, length: Duration) -> Self {
        Self {
            began: now,
            length,
            recorded: 0,
            suppressed: 0,
            suppressed_at: now,
        }
    }

    /// Also when the clock was put back.
    fn is_over(&self, now: Timestamp) -> bool {
        now < self.began || now >= self.began + self.length
    }

    fn has_room(&self, most: u32) -> bool {
        self.recorded < most
    }

    fn suppressed_of(&self, source: Source) -> Option<Suppressed> {
        (self.suppressed > 0).then_some(Suppressed {
            source,
            count: self.suppressed,
            since: self.began,
            until: self.suppressed_at,
        })
    }
}

impl Suppression {
    /// Whether something that a source has done is recorded; an account is named where what was done to it is
    /// bounded, too.
    pub fn share(&self, source: Source, account: Option<&Digest>, now: Timestamp) -> Share {
        let mut counts = self.counts();
        let Counts { accounts, sources } = &mut *counts;
        let (most, length) = source.limit();
        let source = told_apart(sources, source, now);
        let window = sources
            .entry(source.clone())
            .or_insert(Window::new(now, length));
        let suppressed = if window.is_over(now) {
            let before = std::mem::replace(window, Window::new(now, length));
            before.suppressed_of(source)
        } else {
            None
        };
        let account = account.and_then(|account| account_window(accounts, *account, now));
        let has_room = account
            .as_ref()
            .is_none_or(|account| account.has_room(MOST_OF_AN_ACCOUNT));
        let is_recorded = has_room && window.has_room(most);
        if is_recorded {
            window.recorded += 1;
            if let Some(account) = account {
                account.recorded += 1;
            }
        } else {
            window.suppressed = window.suppressed.saturating_add(1);
            window.suppressed_at = now;
        }
        Share {
            is_recorded,
            suppressed,
        }
    }

    /// What has to be told of sources whose time is over, at most of so many. It is not kept here any more.
    pub fn take_over(&self, now: Timestamp, limit: usize) -> Vec<Suppressed> {
        let mut counts = self.counts();
        let mut taken = Vec::new();
        counts.accounts.retain(|_, window| !window.is_over(now));
        counts.sources.retain(|source, window| {
            if !window.is_over(now) {
                return true;
            }
            match window.suppressed_of(source.clone()) {
                None => false,
                Some(_) if taken.len() >= limit => true,
                Some(suppressed) => {
                    taken.push(suppressed);
                    false
                }
            }
        });
        taken
    }

    /// Keeps what could not be written, to be told of later.
    pub fn give_back(&self, suppressed: Suppressed) {
        let mut counts = self.counts();
        let Suppressed {
            source,
            count,
            since,
            until,
        } = suppressed;
        let (_, length) = source.limit();
        let source = told_apart(&mut counts.sources, source, until);
        let window = counts
            .sources
            .entry(source)
            .or_insert(Window::new(since, length));
        window.began = window.began.min(since);
        window.suppressed = window.suppressed.saturating_add(count);
        window.suppressed_at = window.suppressed_at.max(until);
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The source, or the one that stands for all that are not told apart.
fn told_apart(sources: &mut HashMap<Source, Window>, source: Source, now: Timestamp) -> Source {
    if sources.contains_key(&source) || has_place(sources, now) {
        source
    } else {
        source.of_others()
    }
}

/// The account's window; `None` where there are too many accounts to look at each.
fn account_window(
    accounts: &mut HashMap<Digest, Window>,
    account: Digest,
    now: Timestamp,
) -> Option<&mut Window> {
    const LENGTH: Duration = Duration::from_mins(1);
    if !accounts.contains_key(&account) && !has_place(accounts, now) {
        return None;
    }
    let new = Window::new(now, LENGTH);
    let window = accounts.entry(account).or_insert(new);
    if window.is_over(now) {
        *window = new;
    }
    Some(window)
}

/// Whether there is a place for one more, once nothing is kept that says nothing any more.
fn has_place<K: Eq + Hash>(windows: &mut HashMap<K, Window>, now: Timestamp) -> bool {
    if windows.len() >= TOLD_APART {
        windows.retain(|_, window| !window.is_over(now) || window.suppressed > 0);
    }
    windows.len() < TOLD_APART
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_unix_millis(1_800_000_000_000);

    fn later(seconds: u64) -> Timestamp {
        START + Duration::from_secs(seconds)
    }

    fn client(name: &str) -> Source {
        Source::FailedLogins(Some(name.to_owned()))
    }

    /// How many of so many are recorded.
    fn recorded(suppression: &Suppression, source: &Source, times: u32, now: Timestamp) -> usize {
        let shares = (0..times).map(|_| suppression.share(source.clone(), None, now));
        shares.filter(|share| share.is_recorded).count()
    }

    #[test]
    fn sec64_a_source_has_its_number_of_records_and_others_do_not_notice() {
        let suppression = Suppression::default();
        assert_eq!(recorded(&suppression, &client("a"), 200, START), 60);
        assert_eq!(recorded(&suppression, &client("a"), 1, later(59)), 0);
        assert_eq!(recorded(&suppression, &client("b"), 61, START), 60);
        assert_eq!(
            recorded(&suppression, &Source::FailedLogins(None), 61, START),
            60
        );
        for sign in [Source::TokenReuse, Source::IntegrityFailure] {
            let reset = sign("password_reset_1".to_owned());
            assert_eq!(recorded(&suppression, &reset, 20, START), 10);
            assert_eq!(recorded(&suppression, &reset, 20, later(3_599)), 0);
            assert_eq!(recorded(&suppression, &reset, 20, later(3_600)), 10);
            assert_eq!(recorded(&suppression, &sign("2".to_owned()), 20, START), 10);
        }
    }

    #[test]
    fn sec64_an_account_has_its_number_of_records_whoever_fails() {
        let suppression = Suppression::default();
        let of = |n: u8, account: u8, now| {
            let source = client(&n.to_string());
            suppression
                .share(source, Some(&[account; 32]), now)
                .is_recorded
        };
        assert_eq!((0..50).filter(|n| of(*n, 7, START)).count(), 10);
        assert!(of(0, 8, START), "another account");
        assert!(of(0, 7, later(60)), "another minute");
    }

    #[test]
    fn sec64_what_was_not_recorded_is_told_once() {
        let suppression = Suppression::default();
        recorded(&suppression, &client("a"), 62, START);
        recorded(&suppression, &client("a"), 3, later(30));
        assert_eq!(
            suppression.take_over(later(59), 10),
            [],
            "its time is not over"
        );
        let share = suppression.share(client("a"), None, later(61));
        let told = Suppressed {
            source: client("a"),
            count: 5,
            since: START,
            until: later(30),
        };
        assert_eq!(
            (share.is_recorded, share.suppressed),
            (true, Some(told.clone()))
        );
        assert_eq!(
            suppression.share(client("a"), None, later(61)).suppressed,
            None
        );
        assert_eq!(suppression.take_over(later(200), 10), []);

        suppression.give_back(told.clone());
        assert_eq!(suppression.take_over(later(200), 0), []);
        assert_eq!(suppression.take_over(later(200), 10), [told]);
        assert_eq!(suppression.take_over(later(200), 10), []);
    }

    #[test]
    fn sec64_so_many_sources_are_told_apart_and_the_others_share_one() {
        let suppression = Suppression::default();
        let count = |suppression: &Suppression| {
            let counts = suppression.counts();
            (counts.sources.len(), counts.accounts.len())
        };
        let mut all = 0;
        for n in 0..3 * TOLD_APART as u64 {
            let mut account = [0; 32];
            account[..8].copy_from_slice(&n.to_be_bytes());
            let source = client(&n.to_string());
            all += usize::from(suppression.share(source, Some(&account), START).is_recorded);
        }
        assert_eq!(all, TOLD_APART + 60);
        assert_eq!(count(&suppression), (TOLD_APART + 1, TOLD_APART));
        let told = suppression.take_over(later(60), 10);
        let [others] = &told[..] else {
            panic!("{told:?}")
        };
        assert_eq!(others.source, Source::FailedLogins(None));
        assert_eq!(others.count as usize, 2 * TOLD_APART - 60);
        assert_eq!(count(&suppression), (0, 0));
    }

    #[test]
    fn a_clock_that_is_put_back_silences_nobody() {
        let suppression = Suppression::default();
        assert_eq!(
            recorded(&suppression, &client("a"), 100, later(1 << 30)),
            60
        );
        assert_eq!(recorded(&suppression, &client("a"), 100, START), 60);
    }
}
