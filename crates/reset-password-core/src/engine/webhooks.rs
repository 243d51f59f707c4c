//! The endpoints of webhooks.

use std::time::Duration;

use secrecy::SecretString;

use super::Engine;
use crate::{
    clock::Timestamp,
    error::Error,
    event::{Event, EventKind, WebhookChange},
    id,
    key::Key,
    store::{EventSteps, Store, StoreError, WebhookSteps},
    webhook::{
        self, LONGEST_OVERLAP, MOST, NewWebhookEndpoint, SealedSecrets, UpdateWebhookEndpoint,
        WebhookEndpoint, WebhookRecord, WebhookSecrets, WebhookStatus,
    },
};

impl<S: Store> Engine<S> {
    /// Makes an endpoint, which events that happen from now on are sent to: those of some kinds, or of every kind, where
    /// none is named. Its secret is answered here and never again. Only where private addresses are allowed may it be
    /// reached by `http://` or be an address that is not public.
    ///
    /// # Errors
    ///
    /// `input_invalid` for what is no such address, and where there are 100 endpoints already.
    pub fn create_webhook_endpoint(
        &self,
        endpoint_url: &str,
        events: &[EventKind],
        allow_private: bool,
    ) -> Result<NewWebhookEndpoint, Error> {
        webhook::check_url(endpoint_url, allow_private)?;
        if self.store.list_webhook_endpoints()?.len() >= MOST {
            let message = format!("there are {MOST} endpoints already; delete one first");
            return Err(Error::field("webhook_endpoint", "too_many", message));
        }
        let secret = webhook::new_secret(self.random())?;
        // A trail that is damaged may say that it ends sooner than it does.
        let last = self.store.last_records()?;
        let last = last.iter().filter_map(|record| record.sequence).max();
        let endpoint = self.transact(|transaction| {
            // Everything up to there has been committed, and what will be is behind it.
            let through = transaction.level_chains()?;
            let now = self.now();
            let id = id::new("we", now, self.random()).map_err(Error::from)?;
            let endpoint = WebhookEndpoint {
                id,
                endpoint_url: endpoint_url.to_owned(),
                status: WebhookStatus::Enabled,
                events: in_order(events),
                failing_since: None,
                last_failure: None,
                previous_secret_ends_at: None,
                created_at: now,
                updated_at: now,
            };
            let record = WebhookRecord {
                secrets: self.seal(&endpoint.id, &secret, None)?,
                endpoint,
                cursor: last.unwrap_or(i64::MIN).max(through),
                attempts: 0,
                due_at: now,
                lease: None,
            };
            transaction.insert_webhook_endpoint(&record)?;
            let change = WebhookChange::Created(&record.endpoint.events);
            self.tell(transaction, change, &record.endpoint, now)?;
            Ok(record.endpoint)
        })?;
        Ok(NewWebhookEndpoint { endpoint, secret })
    }

    /// Every endpoint, oldest first.
    ///
    /// # Errors
    ///
    /// `storage_unavailable`.
    pub fn list_webhook_endpoints(&self) -> Result<Vec<WebhookEndpoint>, Error> {
        let records = self.store.list_webhook_endpoints()?;
        Ok(records.into_iter().map(|record| record.endpoint).collect())
    }

    /// An endpoint, without its secret.
    ///
    /// # Errors
    ///
    /// `input_invalid` (`webhook_endpoint_unknown`) when there is no such endpoint.
    pub fn get_webhook_endpoint(&self, id: &str) -> Result<WebhookEndpoint, Error> {
        let record = self.store.find_webhook_endpoint(id)?.ok_or_else(unknown)?;
        Ok(record.endpoint)
    }

    /// Changes an endpoint. One that is enabled, or has another address, is sent to at once, from where it stopped, as far as
    /// events are kept.
    ///
    /// # Errors
    ///
    /// `input_invalid` for what is no address, as with
    /// [`create_webhook_endpoint`](Self::create_webhook_endpoint), and when there is no such endpoint.
    pub fn update_webhook_endpoint(
        &self,
        id: &str,
        change: &UpdateWebhookEndpoint,
        allow_private: bool,
    ) -> Result<WebhookEndpoint, Error> {
        if let Some(url) = &change.endpoint_url {
            webhook::check_url(url, allow_private)?;
        }
        self.transact(|transaction| {
            let mut record = transaction.lock_webhook_endpoint(id)?.ok_or_else(unknown)?;
            let now = self.now();
            if let Some(events) = &change.events {
                record.endpoint.events = in_order(events);
            }
            let was_enabled = record.endpoint.status;
            record.endpoint.status = change.status.unwrap_or(was_enabled);
            let is_moved = match &change.endpoint_url {
                Some(url) => {
                    std::mem::replace(&mut record.endpoint.endpoint_url, url.clone()) != *url
                }
                None => false,
            };
            let is_enabled = change.status == Some(WebhookStatus::Enabled);
            if is_enabled || (is_moved && record.endpoint.status == WebhookStatus::Enabled) {
                record.enable(now);
            }
            record.endpoint.updated_at = now;
            transaction.update_webhook_endpoint(&record)?;
            let endpoint = record.endpoint;
            let change = WebhookChange::Updated {
                status: endpoint.status.as_str(),
                events: &endpoint.events,
            };
            self.tell(transaction, change, &endpoint, now)?;
            Ok(endpoint)
        })
    }

    /// Gives an endpoint a new secret, which is answered here and never again. The one before it signs as well for so long
    /// (at most 7 days), so that the receiver can take the new one meanwhile.
    ///
    /// # Errors
    ///
    /// `input_invalid` for a longer time, and when there is no such endpoint.
    pub fn rotate_webhook_secret(
        &self,
        id: &str,
        keep_previous: Duration,
    ) -> Result<NewWebhookEndpoint, Error> {
        if keep_previous > LONGEST_OVERLAP {
            let message = "keep_previous must be at most 604,800 seconds (7 days)";
            return Err(Error::field("keep_previous", "invalid", message));
        }
        let secret = webhook::new_secret(self.random())?;
        let endpoint = self.transact(|transaction| {
            let mut record = transaction.lock_webhook_endpoint(id)?.ok_or_else(unknown)?;
            let now = self.now();
            let keys = self.keys();
            let previous = unseal(keys.current(), &record, &record.secrets.current)
                .filter(|_| keep_previous > Duration::ZERO);
            let ends_at = previous.is_some().then(|| now + keep_previous);
            let sealed = self.seal(id, &secret, previous.as_ref())?;
            record.replace_secret(sealed, ends_at);
            record.endpoint.updated_at = now;
            transaction.update_webhook_endpoint(&record)?;
            let change = WebhookChange::SecretRotated(ends_at);
            self.tell(transaction, change, &record.endpoint, now)?;
            Ok(record.endpoint)
        })?;
        Ok(NewWebhookEndpoint { endpoint, secret })
    }

    /// Removes an endpoint. Nothing more is sent to it.
    ///
    /// # Errors
    ///
    /// `input_invalid` when there is no such endpoint.
    pub fn delete_webhook_endpoint(&self, id: &str) -> Result<WebhookEndpoint, Error> {
        self.transact(|transaction| {
            let record = transaction.lock_webhook_endpoint(id)?.ok_or_else(unknown)?;
            transaction.delete_webhook_endpoint(id)?;
            self.tell(
                transaction,
                WebhookChange::Deleted,
                &record.endpoint,
                self.now(),
            )?;
            Ok(record.endpoint)
        })
    }

    /// Seals every endpoint's secrets under another key, in the transaction in which that one takes the place of the one
    /// before.
    pub(super) fn reseal_webhooks(
        &self,
        transaction: &mut S::Transaction<'_>,
        key: &Key,
        before: &Key,
    ) -> Result<(), StoreError> {
        for mut record in transaction.lock_webhook_endpoints()? {
            let Some(current) = unseal(before, &record, &record.secrets.current) else {
                tracing::error!(
                    webhook_endpoint_id = record.endpoint.id,
                    "integrity_failure: the secret of an endpoint of webhooks cannot be read; give it another one"
                );
                continue;
            };
            let previous = record.secrets.previous.as_deref();
            let previous = previous.and_then(|sealed| unseal(before, &record, sealed));
            if previous.is_none() {
                record.endpoint.previous_secret_ends_at = None;
            }
            record.secrets =
                self.seal_under(key, &record.endpoint.id, &current, previous.as_ref())?;
            transaction.update_webhook_endpoint(&record)?;
        }
        Ok(())
    }

    /// The secrets that sign now; `None` if they cannot be read.
    pub(super) fn open_secrets(
        &self,
        record: &WebhookRecord,
        now: Timestamp,
    ) -> Result<Option<WebhookSecrets>, Error> {
        let mut keys = self.keys();
        if record.secrets.key_id != keys.current().id() && self.follow_key()? {
            keys = self.keys();
        }
        let open = |sealed: &[u8]| unseal(keys.current(), record, sealed);
        Ok(open(&record.secrets.current).map(|current| WebhookSecrets {
            current,
            previous: record.previous(now).and_then(open),
        }))
    }

    fn seal(
        &self,
        id: &str,
        current: &SecretString,
        previous: Option<&SecretString>,
    ) -> Result<SealedSecrets, Error> {
        self.seal_under(self.keys().current(), id, current, previous)
    }

    fn seal_under(
        &self,
        key: &Key,
        id: &str,
        current: &SecretString,
        previous: Option<&SecretString>,
    ) -> Result<SealedSecrets, Error> {
        let seal = |secret: &SecretString| key.seal_webhook_secret(secret, id, self.random());
        Ok(SealedSecrets {
            key_id: key.id().to_owned(),
            current: seal(current)?,
            previous: previous.map(seal).transpose()?,
        })
    }

    /// Tells the trail what happened to an endpoint.
    pub(super) fn tell(
        &self,
        transaction: &mut S::Transaction<'_>,
        change: WebhookChange<'_>,
        endpoint: &WebhookEndpoint,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (id, origin) = (&endpoint.id, endpoint.origin());
        transaction.append(&Event::of_webhook(change, id, origin, now, self.random())?)
    }
}

/// A secret of an endpoint, if that key sealed it.
fn unseal(key: &Key, record: &WebhookRecord, sealed: &[u8]) -> Option<SecretString> {
    key.unseal_webhook_secret(sealed, &record.endpoint.id)
}

/// Kinds in the order in which they are listed, each once.
fn in_order(kinds: &[EventKind]) -> Vec<EventKind> {
    let all = EventKind::ALL.iter().copied();
    all.filter(|kind| kinds.contains(kind)).collect()
}

pub(super) fn unknown() -> Error {
    Error::field("webhook_endpoint", "unknown", "there is no such endpoint")
}
