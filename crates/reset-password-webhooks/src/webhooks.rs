//! From the feed to the endpoints.

use std::{path::PathBuf, time::Duration};

use reset_password::{
    Error,
    blocking::UserManagement,
    webhook::{WebhookBatch, WebhookEvent, WebhookFailure},
};

use crate::{sender::Sender, signature};

/// How events are sent.
#[derive(Clone, Debug)]
pub struct WebhookConfig {
    /// Whether endpoints may be at addresses that are not public, and be reached without TLS.
    pub allow_private: bool,
    /// A file of certificates in PEM that an endpoint's may be signed by, besides those that the system trusts.
    pub ca: Option<PathBuf>,
    /// How long a request may take, from the look-up of the name to the answer's head. Less than
    /// [`LEASE`](reset_password::webhook::LEASE).
    pub timeout: Duration,
}

impl Default for WebhookConfig {
    fn default() -> Self {
        Self {
            allow_private: false,
            ca: None,
            timeout: Duration::from_secs(15),
        }
    }
}

/// Sends events to endpoints.
pub struct Webhooks(Sender);

/// What became of some events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// How many the endpoint has taken.
    pub sent: u32,
    /// How many it has not: one at the most, for the others wait behind it.
    pub failed: u32,
}

impl Webhooks {
    /// Whatever sends by this configuration. Nothing is asked of an endpoint yet.
    ///
    /// # Errors
    ///
    /// `config_invalid` for a file that holds no certificate.
    pub fn new(config: &WebhookConfig) -> Result<Self, Error> {
        Sender::new(config).map(Self)
    }

    /// Sends an endpoint what it is to be told now, one event after the other, as long as it takes them and `goes_on` says
    /// so before each of them but the first. What it does not take is tried again later, and what stands behind it waits.
    ///
    /// # Errors
    ///
    /// Those of the engine: what goes wrong between here and the endpoint is none, it is counted and logged.
    pub fn deliver(
        &self,
        engine: &UserManagement,
        endpoint_id: &str,
        goes_on: impl Fn() -> bool,
    ) -> Result<Delivered, Error> {
        let mut delivered = Delivered::default();
        let Some(batch) = engine.lease_webhook(endpoint_id)? else {
            return Ok(delivered);
        };
        for (place, event) in batch.events.iter().enumerate() {
            if place > 0 && !goes_on() {
                engine.webhook_given_back(&batch)?;
                break;
            }
            let sent = self.send(engine, &batch, event);
            let noted = match sent {
                Ok(()) => engine.webhook_taken(&batch, place),
                Err(failure) => engine.webhook_failed(&batch, failure).map(|()| false),
            };
            log(&batch, event, sent);
            match sent {
                Ok(()) => delivered.sent += 1,
                Err(_) => delivered.failed += 1,
            }
            if !noted? {
                break;
            }
        }
        Ok(delivered)
    }

    /// Sends an endpoint an event that is none of the feed, `webhook.test`, whatever its status. Answers the event's id.
    ///
    /// # Errors
    ///
    /// `input_invalid` when there is no such endpoint; `config_invalid`, with what went wrong, where it does not take it.
    pub fn test(&self, engine: &UserManagement, endpoint_id: &str) -> Result<String, Error> {
        let batch = engine.webhook_test(endpoint_id)?;
        for event in &batch.events {
            let sent = self.send(engine, &batch, event);
            log(&batch, event, sent);
            sent.map_err(|failure| {
                Error::config(format!("the endpoint did not take the event: {failure}"))
            })?;
        }
        let first = batch.events.into_iter().next();
        Ok(first.map(|first| first.event.id).unwrap_or_default())
    }

    fn send(
        &self,
        engine: &UserManagement,
        batch: &WebhookBatch,
        event: &WebhookEvent,
    ) -> Result<(), WebhookFailure> {
        let id = &event.event.id;
        let body = serde_json::to_vec(&event.event).map_err(|_| WebhookFailure::Garbled)?;
        let now = engine.config().clock.now();
        let signed = signature::sign(&batch.secrets, id, &body, now);
        let signed = signed.ok_or(WebhookFailure::NoSecret)?;
        self.0.send(&batch.endpoint_url, id, &signed, &body)
    }
}

/// Says what became of an event. Where the endpoint is, is not told: its address may let whoever knows it in.
fn log(batch: &WebhookBatch, event: &WebhookEvent, sent: Result<(), WebhookFailure>) {
    let (endpoint_id, event_id, kind) = (&batch.id, &event.event.id, &event.event.event);
    match sent {
        Ok(()) => tracing::info!(
            event = "webhook_sent",
            kind,
            webhook_endpoint_id = endpoint_id,
            event_id,
            "sent"
        ),
        Err(failure) => tracing::warn!(
            event = "webhook_failed",
            kind,
            webhook_endpoint_id = endpoint_id,
            event_id,
            reason = %failure,
            "an endpoint did not take an event; it is tried again"
        ),
    }
}
