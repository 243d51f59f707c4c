//! How long dead rows are kept, and what a purge removed.

use std::time::Duration;

use serde::Serialize;

use crate::{clock::Timestamp, report::REPORTED_WITHIN};

/// How long a used reset knows the request that used it: the same request gets the same answer.
pub const REQUEST_KNOWN_FOR: Duration = Duration::from_mins(1);

const DAY: Duration = Duration::from_hours(24);
const EVENTS_KEPT: Duration = Duration::from_hours(90 * 24);
const MESSAGES_KEPT: Duration = Duration::from_hours(48);
const FAILED_LOGINS_KEPT: Duration = Duration::from_hours(90 * 24);

/// What a purge removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Purged {
    /// Resets that had expired a day ago.
    pub password_resets: u64,
    /// Records of the audit trail older than 90 days, which the feed's events are among.
    pub events: u64,
    /// What was counted of requests: of those for a reset older than a day, of failed logins older than 90. Messages
    /// older than two days and reports older than eight are among them.
    pub requests: u64,
}

impl Purged {
    /// Rows of the kind of which most were removed: fewer than were allowed mean that none is left.
    #[must_use]
    pub fn most(&self) -> u64 {
        self.password_resets.max(self.events).max(self.requests)
    }
}

/// What is older than these moments may go.
#[derive(Clone, Copy)]
pub struct PurgeBefore {
    /// Secrets of rows that should have been wiped by then.
    pub secrets: Timestamp,
    /// Resets that expired before.
    pub password_resets: Timestamp,
    /// Events made before.
    pub events: Timestamp,
    /// Requests counted before.
    pub requests: Timestamp,
    /// Failed logins of addresses that might have been tried again before.
    pub failed_logins: Timestamp,
    /// Messages made before.
    pub messages: Timestamp,
    /// Reports of notices made before.
    pub reports: Timestamp,
}

impl PurgeBefore {
    /// How long each kind is kept: sealed tokens until they expire, what knows a request for as long as
    /// it is answered again, resets for a day after they expired, counted requests for a day, messages
    /// for two, reports for eight, failed logins and events for 90 days.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self {
            secrets: now,
            password_resets: now.before(DAY),
            events: now.before(EVENTS_KEPT),
            requests: now.before(DAY),
            failed_logins: now.before(FAILED_LOGINS_KEPT),
            messages: now.before(MESSAGES_KEPT),
            reports: now.before(REPORTED_WITHIN + DAY),
        }
    }
}
