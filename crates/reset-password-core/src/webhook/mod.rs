//! Webhooks: the endpoints that the feed's events are sent to, and how far each of them has come.
//!
//! An endpoint is a cursor over the audit trail, in which the feed's events are. Whoever sends takes it by a lease, sends
//! what stands behind the cursor, one event after the other, and moves the cursor past each that was taken.

mod delivery;
mod endpoint;
mod record;
mod secret;
mod url;

pub use self::{
    delivery::{WebhookBatch, WebhookEvent, WebhookFailure, WebhookSecrets},
    endpoint::{NewWebhookEndpoint, UpdateWebhookEndpoint, WebhookEndpoint, WebhookStatus},
    record::{FAILING_FOR, LEASE, SealedSecrets, WebhookRecord},
    secret::{LONGEST_OVERLAP, OVERLAP, SECRET_PREFIX},
};
pub(crate) use self::{secret::new_secret, url::check_url};

/// Most endpoints that there may be.
pub const MOST: usize = 100;
