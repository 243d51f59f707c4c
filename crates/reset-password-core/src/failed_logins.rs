//! Failed logins in a row: how long an account waits after them, and when it is closed (NIST SP 800-63B-4,
//! section 3.2.2; CWE-307).

use std::time::Duration;

use crate::{
    clock::{CLOCK_SKEW, Timestamp},
    error::Error,
    key::Digest,
};

/// Failed logins of one account in a row, as they are stored. The account may be nobody's: what is counted
/// is an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedLogins {
    /// How many there are.
    pub count: i64,
    /// When the last one was counted.
    pub failed_at: Timestamp,
    /// The moment before which no password is looked at; [`Timestamp::MAX`] where none is looked at any more.
    pub retry_at: Timestamp,
    /// The credential that they were counted against. With another one the row has ended.
    pub credential: Digest,
}

/// Why no password is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There were [`FailedLogins::MOST`] in a row: the account waits for another password.
    Blocked,
    /// It may be tried again after so many seconds.
    Delayed(u32),
}

impl FailedLogins {
    /// So many in a row keep nobody waiting.
    pub const FREE: i64 = 5;
    /// After so many in a row no password is looked at any more.
    pub const MOST: i64 = 100;
    /// How long the account waits after the first that is not free; after each later one twice as long.
    const SHORTEST_DELAY: Duration = Duration::from_secs(1);
    /// How long it waits at the most.
    const LONGEST_DELAY: Duration = Duration::from_hours(1);

    /// None yet.
    #[must_use]
    pub const fn none(credential: Digest) -> Self {
        Self {
            count: 0,
            failed_at: Timestamp::from_unix_millis(0),
            retry_at: Timestamp::from_unix_millis(0),
            credential,
        }
    }

    /// Those that were counted against this credential: none, if the row that was found is about another one.
    #[must_use]
    pub fn against(credential: Digest, found: Option<Self>) -> Self {
        found
            .filter(|found| found.credential == credential)
            .unwrap_or_else(|| Self::none(credential))
    }

    /// Whether one more is free: then a password may be looked at before the attempt is counted.
    #[must_use]
    pub const fn leave_one_free(&self) -> bool {
        self.count < Self::FREE
    }

    /// Whether the last one has closed the account.
    #[must_use]
    pub const fn are_most(&self) -> bool {
        self.count >= Self::MOST
    }

    /// Why no password is looked at now; `None` if one is.
    #[must_use]
    pub fn refusal(&self, now: Timestamp) -> Option<Refusal> {
        if self.are_most() {
            return Some(Refusal::Blocked);
        }
        let delay = self.delay();
        // What is dated later was dated by a clock that has been put right since: it keeps nobody waiting, and the
        // attempt that is let through dates it anew.
        if self.retry_at > now + delay + CLOCK_SKEW {
            return None;
        }
        let left = self.retry_at.since(now).min(delay);
        let seconds = u32::try_from(left.as_millis().div_ceil(1_000)).unwrap_or(u32::MAX);
        (seconds > 0).then_some(Refusal::Delayed(seconds))
    }

    /// These and one more.
    #[must_use]
    pub fn and_one(&self, now: Timestamp) -> Self {
        let mut more = Self {
            count: self.count.saturating_add(1),
            failed_at: now,
            ..*self
        };
        more.retry_at = if more.are_most() {
            Timestamp::MAX
        } else {
            now + more.delay()
        };
        more
    }

    /// How long the account waits after them.
    fn delay(&self) -> Duration {
        let Ok(dear) = u32::try_from(self.count.saturating_sub(Self::FREE)) else {
            return Duration::ZERO;
        };
        let factor = match dear.checked_sub(1) {
            None => 0,
            Some(doublings) => 1_u32.checked_shl(doublings).unwrap_or(u32::MAX),
        };
        let delay = Self::SHORTEST_DELAY.saturating_mul(factor);
        delay.min(Self::LONGEST_DELAY)
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Blocked => Self::blocked(),
            Refusal::Delayed(seconds) => Self::rate_limited(seconds),
        }
    }
}

#[cfg(test)]
#[path = "failed_logins_tests.rs"]
mod tests;
