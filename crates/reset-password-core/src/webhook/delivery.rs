//! What is to be sent to an endpoint, and what became of it.

use std::fmt;

use secrecy::SecretString;

use crate::{clock::Timestamp, event::Event};

/// Why an endpoint did not take what was sent to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebhookFailure {
    /// It answered with that status, which is none of success. A redirect is one of them, and is not followed.
    Answered(u16),
    /// It answered what is no HTTP, or more of it than is read.
    Garbled,
    /// There is no connection to it, or it ended.
    NoConnection,
    /// Nobody knows its name.
    NoSuchName,
    /// It leads to an address that is not public, or is reached without TLS, and may not.
    NotPublic,
    /// Its secret cannot be read.
    NoSecret,
    /// Its certificate is not good, or its TLS.
    Tls,
    /// It did not answer in time.
    Timeout,
}

impl WebhookFailure {
    /// Whether it says that nothing is to be sent to it any more.
    #[must_use]
    pub const fn is_gone(self) -> bool {
        matches!(self, Self::Answered(410))
    }
}

impl fmt::Display for WebhookFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answered(status) => write!(f, "it answered {status}"),
            Self::Garbled => f.write_str("it answered what is no HTTP"),
            Self::NoConnection => f.write_str("there is no connection to it"),
            Self::NoSuchName => f.write_str("nobody knows its name"),
            Self::NotPublic => f.write_str("its address is not public"),
            Self::NoSecret => f.write_str("its secret cannot be read"),
            Self::Tls => f.write_str("its certificate or its TLS is not good"),
            Self::Timeout => f.write_str("it did not answer in time"),
        }
    }
}

/// The secrets that sign at this moment.
#[derive(Clone, Debug)]
pub struct WebhookSecrets {
    /// The secret.
    pub current: SecretString,
    /// The one before it, while both sign.
    pub previous: Option<SecretString>,
}

/// An event that is to be sent, and the place that the cursor moves to when it was taken.
#[derive(Clone, Debug)]
pub struct WebhookEvent {
    /// The event.
    pub event: Event,
    pub(crate) through: i64,
}

/// Events that are to be sent to an endpoint now, one after the other. `Debug` shows neither its address nor its secrets.
#[derive(Clone)]
pub struct WebhookBatch {
    /// The endpoint.
    pub id: String,
    /// Where to send them.
    pub endpoint_url: String,
    /// What to sign them with.
    pub secrets: WebhookSecrets,
    /// The events, in the order of the feed.
    pub events: Vec<WebhookEvent>,
    pub(crate) lease: String,
    /// How the endpoint was when it was read: what is changed meanwhile, is read again.
    pub(crate) updated_at: Timestamp,
}

impl fmt::Debug for WebhookBatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookBatch")
            .field("id", &self.id)
            .field("events", &self.events.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec62_no_text_for_people_holds_an_address_or_a_secret() {
        let batch = WebhookBatch {
            id: "we_1".into(),
            endpoint_url: "https://example.com/a-secret-path".into(),
            secrets: WebhookSecrets {
                current: "whsec_x".into(),
                previous: Some("whsec_y".into()),
            },
            events: Vec::new(),
            lease: "l".into(),
            updated_at: Timestamp::from_unix_millis(0),
        };
        let shown = format!("{batch:?} {:?}", batch.secrets);
        for hidden in ["a-secret-path", "whsec_", "example.com"] {
            assert!(!shown.contains(hidden), "{shown}");
        }
    }
}
