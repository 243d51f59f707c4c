//! An endpoint, as an operator sees it.

use std::fmt;

use secrecy::SecretString;
use serde::{Serialize, Serializer};

use super::url;
use crate::{clock::Timestamp, event::EventKind, token};

/// Whether events are sent to an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebhookStatus {
    /// None are; those that happen meanwhile wait for it.
    Disabled,
    /// They are.
    Enabled,
}

impl WebhookStatus {
    /// The status of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let both = [Self::Disabled, Self::Enabled];
        both.into_iter().find(|status| status.as_str() == name)
    }

    /// `enabled` or `disabled`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Disabled => "disabled",
            Self::Enabled => "enabled",
        }
    }
}

impl Serialize for WebhookStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// An endpoint, without its secret. `Debug` does not show its address, which may let whoever knows it in.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "object", rename = "webhook_endpoint")]
pub struct WebhookEndpoint {
    /// `we_…`
    pub id: String,
    /// Where events are sent.
    pub endpoint_url: String,
    /// Whether they are.
    pub status: WebhookStatus,
    /// Which kinds of event; every one, where none is named.
    pub events: Vec<EventKind>,
    /// Since when it has taken nothing of what was sent; `None` where it took the last.
    pub failing_since: Option<Timestamp>,
    /// What became of the last that it did not take.
    pub last_failure: Option<String>,
    /// Until when the secret before the present one signs as well.
    pub previous_secret_ends_at: Option<Timestamp>,
    /// When it was made. What happened before is not sent to it.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
}

impl WebhookEndpoint {
    /// Its scheme, host and port, which is what the trail and the log may tell of its address.
    #[must_use]
    pub fn origin(&self) -> &str {
        url::origin(&self.endpoint_url)
    }
}

impl fmt::Debug for WebhookEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookEndpoint")
            .field("id", &self.id)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// A new endpoint, or one with a new secret, which is shown once.
#[derive(Clone, Debug, Serialize)]
pub struct NewWebhookEndpoint {
    /// The endpoint.
    #[serde(flatten)]
    pub endpoint: WebhookEndpoint,
    /// What its events are signed with: `whsec_` and 32 bytes in base64.
    #[serde(serialize_with = "token::expose")]
    pub secret: SecretString,
}

/// What is to be changed of an endpoint; what is left out stays.
#[derive(Clone, Debug, Default)]
pub struct UpdateWebhookEndpoint {
    /// Where events are sent.
    pub endpoint_url: Option<String>,
    /// Which kinds of event; every one, where the list is empty.
    pub events: Option<Vec<EventKind>>,
    /// Whether events are sent. An endpoint that is enabled goes on where it stopped.
    pub status: Option<WebhookStatus>,
}
