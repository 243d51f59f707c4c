//! An endpoint as it is stored: who sends to it, how far it has come, and how it fails.

use std::{fmt, time::Duration};

use super::{
    delivery::WebhookFailure,
    endpoint::{WebhookEndpoint, WebhookStatus},
};
use crate::{clock::Timestamp, event::EventKind, message};

/// How long an endpoint is held by whoever took it, from the last event that was sent. Nobody else sends to it meanwhile.
pub const LEASE: Duration = Duration::from_mins(1);

/// For how long an endpoint may fail before it is disabled.
pub const FAILING_FOR: Duration = Duration::from_hours(3 * 24);

/// The secrets of an endpoint, sealed under a key.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedSecrets {
    /// The key that they are sealed under.
    pub key_id: String,
    /// The secret.
    pub current: Vec<u8>,
    /// The one before it, while both sign.
    pub previous: Option<Vec<u8>>,
}

/// An endpoint as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookRecord {
    /// What an operator sees.
    pub endpoint: WebhookEndpoint,
    /// What its events are signed with.
    pub secrets: SealedSecrets,
    /// The place in the trail up to which everything that it was to be sent has been taken.
    pub cursor: i64,
    /// How often it has failed in a row.
    pub attempts: i64,
    /// When something is to be sent to it again, or its lease ends.
    pub due_at: Timestamp,
    /// Who sends to it, by a text that nobody can guess; `None` if nobody does.
    pub lease: Option<String>,
}

impl WebhookRecord {
    /// Whether something may be sent to it now.
    #[must_use]
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.endpoint.status == WebhookStatus::Enabled && self.due_at <= now
    }

    /// Whether the endpoint is to be told of this event.
    #[must_use]
    pub fn is_for(&self, kind: &str) -> bool {
        let chosen = &self.endpoint.events;
        EventKind::parse(kind).is_some_and(|kind| chosen.is_empty() || chosen.contains(&kind))
    }

    /// Gives it to whoever will send to it. False if it is not due: another has it, or nothing may be sent.
    pub(crate) fn take(&mut self, lease: &str, now: Timestamp) -> bool {
        if !self.is_due(now) {
            return false;
        }
        self.lease = Some(lease.to_owned());
        self.due_at = now + LEASE;
        true
    }

    /// Whether it is held by that lease.
    pub(crate) fn is_held_by(&self, lease: &str) -> bool {
        self.lease.as_deref() == Some(lease)
    }

    /// Moves the cursor: what stands up to that place has been taken, or was not to be sent.
    pub(crate) fn pass(&mut self, through: i64) {
        self.cursor = self.cursor.max(through);
    }

    /// Notes that it took what was sent, and holds it further.
    pub(crate) fn note_taken(&mut self, through: i64, now: Timestamp) {
        self.pass(through);
        self.attempts = 0;
        self.endpoint.failing_since = None;
        self.endpoint.last_failure = None;
        self.due_at = now + LEASE;
        self.forget_previous(now);
    }

    /// Lets go of it: it is due again at once.
    pub(crate) fn give_back(&mut self, now: Timestamp) {
        self.lease = None;
        self.due_at = now;
    }

    /// Notes that it did not take what was sent, and lets it rest. Answers whether it is disabled by that.
    pub(crate) fn note_failed(
        &mut self,
        failure: WebhookFailure,
        now: Timestamp,
        drawn: u8,
    ) -> bool {
        let since = *self.endpoint.failing_since.get_or_insert(now);
        self.endpoint.last_failure = Some(failure.to_string());
        self.attempts = self.attempts.saturating_add(1);
        self.lease = None;
        self.due_at = now + message::pause(self.attempts, drawn);
        self.forget_previous(now);
        let is_over = failure.is_gone() || since + FAILING_FOR <= now;
        let is_disabled = is_over && self.endpoint.status == WebhookStatus::Enabled;
        if is_disabled {
            self.endpoint.status = WebhookStatus::Disabled;
            self.endpoint.updated_at = now;
        }
        is_disabled
    }

    /// Has something sent to it again, from where it stopped. Who sends at this moment goes on to hold it.
    pub(crate) fn enable(&mut self, now: Timestamp) {
        self.endpoint.status = WebhookStatus::Enabled;
        self.endpoint.failing_since = None;
        self.endpoint.last_failure = None;
        self.attempts = 0;
        if self.lease.is_none() {
            self.due_at = now;
        }
    }

    /// Takes a new secret in the place of the present one, which signs beside it until that moment; from now on alone, where
    /// there is no such moment.
    pub(crate) fn replace_secret(
        &mut self,
        new: SealedSecrets,
        previous_ends_at: Option<Timestamp>,
    ) {
        self.endpoint.previous_secret_ends_at = previous_ends_at;
        self.secrets = new;
    }

    /// The sealed secret before the present one, if it signs at that moment.
    pub(crate) fn previous(&self, now: Timestamp) -> Option<&[u8]> {
        let ends_at = self.endpoint.previous_secret_ends_at?;
        (now < ends_at).then_some(self.secrets.previous.as_deref())?
    }

    fn forget_previous(&mut self, now: Timestamp) {
        if self.previous(now).is_none() {
            self.secrets.previous = None;
            self.endpoint.previous_secret_ends_at = None;
        }
    }
}

impl fmt::Debug for WebhookRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookRecord")
            .field("endpoint", &self.endpoint)
            .field("cursor", &self.cursor)
            .field("attempts", &self.attempts)
            .field("due_at", &self.due_at)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix_millis(1_800_000_000_000);
    const MINUTE: Duration = Duration::from_mins(1);

    fn record() -> WebhookRecord {
        WebhookRecord {
            endpoint: WebhookEndpoint {
                id: "we_1".into(),
                endpoint_url: "https://example.com/a-secret-path".into(),
                status: WebhookStatus::Enabled,
                events: Vec::new(),
                failing_since: None,
                last_failure: None,
                previous_secret_ends_at: None,
                created_at: NOW,
                updated_at: NOW,
            },
            secrets: SealedSecrets {
                key_id: "k".into(),
                current: vec![1],
                previous: None,
            },
            cursor: 10,
            attempts: 0,
            due_at: NOW,
            lease: None,
        }
    }

    #[test]
    fn one_at_a_time_has_the_lease() {
        let mut record = record();
        assert!(!record.take("a", NOW.before(MINUTE)), "not due yet");
        assert!(record.take("a", NOW));
        assert!(!record.take("b", NOW), "another has it");
        assert!(record.is_held_by("a") && !record.is_held_by("b"));
        let end = NOW + LEASE;
        assert!(!record.take("b", end.before(Timestamp::RESOLUTION)));
        record.note_taken(11, NOW + MINUTE / 2);
        assert!(!record.take("b", end), "it was renewed");
        assert!(
            record.take("b", end + MINUTE / 2),
            "nothing was heard of it"
        );
        assert!(!record.is_held_by("a"));
        record.give_back(end);
        assert!(!record.is_held_by("b") && record.take("c", end));
    }

    #[test]
    fn a_cursor_never_goes_back() {
        let mut record = record();
        record.note_taken(20, NOW);
        record.pass(15);
        assert_eq!(record.cursor, 20);
        record.note_failed(WebhookFailure::Timeout, NOW, 0);
        assert_eq!(record.cursor, 20);
    }

    #[test]
    fn what_fails_rests_as_a_message_does_and_is_disabled_after_three_days() {
        let mut record = record();
        let failure = WebhookFailure::Answered(500);
        let mut now = NOW;
        for attempt in 1..=7 {
            assert!(record.take("a", now));
            assert!(!record.note_failed(failure, now, 3));
            assert_eq!(record.due_at, now + message::pause(attempt, 3));
            assert_eq!(record.endpoint.failing_since, Some(NOW));
            assert!(record.lease.is_none());
            now = record.due_at;
        }
        let reason = record.endpoint.last_failure.clone();
        assert_eq!(reason.as_deref(), Some("it answered 500"));
        let end = NOW + FAILING_FOR;
        assert!(!record.note_failed(failure, end.before(Timestamp::RESOLUTION), 0));
        assert!(record.note_failed(failure, end, 0));
        assert_eq!(record.endpoint.status, WebhookStatus::Disabled);
        assert_eq!(record.endpoint.updated_at, end);
        assert!(!record.take("a", end + FAILING_FOR));
        assert!(!record.note_failed(failure, end, 0), "it is told once");
        record.enable(end);
        assert!(record.endpoint.failing_since.is_none() && record.attempts == 0);
        assert!(record.take("a", end) && !record.note_failed(failure, end, 0));
    }

    #[test]
    fn a_success_forgets_every_failure() {
        let mut record = record();
        record.note_failed(WebhookFailure::NoConnection, NOW, 0);
        record.note_taken(11, NOW + MINUTE);
        assert!(record.endpoint.failing_since.is_none());
        assert!(record.endpoint.last_failure.is_none());
        let later = NOW + FAILING_FOR + MINUTE;
        assert!(!record.note_failed(WebhookFailure::NoConnection, later, 0));
        assert_eq!(record.attempts, 1);
    }

    #[test]
    fn who_is_gone_is_disabled_at_once() {
        let mut record = record();
        assert!(record.note_failed(WebhookFailure::Answered(410), NOW, 0));
        assert_eq!(record.endpoint.status, WebhookStatus::Disabled);
        for status in [301, 400, 404, 411, 500] {
            assert!(!WebhookFailure::Answered(status).is_gone());
        }
    }

    #[test]
    fn enabling_takes_nothing_from_whoever_sends() {
        let mut record = record();
        assert!(record.take("a", NOW));
        record.endpoint.status = WebhookStatus::Disabled;
        record.enable(NOW);
        assert!(record.is_held_by("a") && !record.take("b", NOW));
    }

    #[test]
    fn the_secret_before_signs_until_it_ends() {
        let mut record = record();
        let new = SealedSecrets {
            previous: Some(vec![1]),
            current: vec![2],
            ..record.secrets.clone()
        };
        let end = NOW + 60 * MINUTE;
        record.replace_secret(new, Some(end));
        let before = end.before(Timestamp::RESOLUTION);
        assert_eq!(record.previous(before), Some(&[1][..]));
        assert_eq!(record.previous(end), None);
        record.note_taken(11, before);
        assert!(record.secrets.previous.is_some());
        record.note_taken(12, end);
        assert!(
            record.secrets.previous.is_none(),
            "it is not kept for longer"
        );
        assert!(record.endpoint.previous_secret_ends_at.is_none());
    }

    #[test]
    fn an_endpoint_is_told_what_it_chose() {
        let mut record = record();
        assert!(record.is_for("user.created") && record.is_for("user.deleted"));
        assert!(
            !record.is_for("api_key.created"),
            "the feed does not show it"
        );
        record.endpoint.events = vec![EventKind::UserCreated];
        assert!(record.is_for("user.created") && !record.is_for("user.deleted"));
    }
}
