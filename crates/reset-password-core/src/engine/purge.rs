//! Removing what nobody needs any more, in batches that hold no one up.

use super::{Engine, page::check_limit};
use crate::{
    error::{Code, Error},
    retention::{PurgeBefore, Purged},
    store::{EventSteps, FailureSteps, MessageSteps, ReportSteps, ResetSteps, Store},
};

/// Most rows of each kind that one purge removes.
const MOST: u32 = 10_000;

impl<S: Store> Engine<S> {
    /// Wipes sealed tokens that have expired, and removes resets that expired 24 hours ago, records of the
    /// audit trail older than 90 days (the feed's events are among them), counted requests older than 24
    /// hours, and failed logins of addresses where none has failed for 90 days, unless no password is looked at there
    /// any more, messages older than 48 hours, and reports of notices older than 8 days that lock nothing; at most `limit` rows of each kind (1 to 10,000). Tells the trail of records that were not written
    /// because there were too many of them. The trail stays as it is where the database lets this user add to it and no
    /// more: then another user shortens it.
    ///
    /// # Errors
    ///
    /// `input_invalid` for a limit out of range, `storage_unavailable`.
    pub fn purge(&self, limit: u32) -> Result<Purged, Error> {
        check_limit(limit, MOST)?;
        let before = PurgeBefore::at(self.now());
        // A transaction for each kind: no lock is held longer than its own rows need.
        self.transact(|transaction| transaction.wipe_secrets(before.secrets, limit))?;
        let password_resets =
            self.transact(|transaction| transaction.purge_resets(before.password_resets, limit))?;
        let requests =
            self.transact(|transaction| transaction.purge_requests(before.requests, limit))?;
        let failed_logins = self
            .transact(|transaction| transaction.purge_failed_logins(before.failed_logins, limit))?;
        let (messages, reports) = self.transact(|transaction| {
            let messages = transaction.purge_messages(before.messages, limit)?;
            let reports = transaction.purge_reports(before.reports, limit)?;
            Ok((messages, reports))
        })?;
        if messages > 0 {
            tracing::warn!(
                messages,
                "messages that nobody sent within two days are gone"
            );
        }
        let shortened =
            self.transact(|transaction| transaction.shorten_trail(before.events, limit));
        let events = match shortened {
            // The database refuses it to this user, on purpose.
            Err(error) if error.code() == Code::ConfigInvalid => 0,
            shortened => shortened?,
        };
        self.record_suppressed(limit)?;
        Ok(Purged {
            password_resets,
            events,
            requests: requests
                .saturating_add(failed_logins)
                .saturating_add(messages)
                .saturating_add(reports),
        })
    }
}
