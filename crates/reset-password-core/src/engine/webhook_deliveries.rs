//! What is to be sent to the endpoints of webhooks, and how far each has come.

use secrecy::SecretString;
use serde_json::json;

use super::{Engine, webhooks::unknown};
use crate::{
    audit::AuditRow,
    clock::Timestamp,
    error::Error,
    event::{Event, WebhookChange},
    id, random,
    store::{Store, StoreError, WebhookSteps},
    webhook::{WebhookBatch, WebhookEvent, WebhookFailure, WebhookRecord, WebhookSecrets},
};

/// Records of the trail that are looked at together, chosen or not.
const PAGE: u32 = 100;

/// What stands in the trail behind a cursor.
struct News {
    /// What the endpoint is to be told of it.
    events: Vec<WebhookEvent>,
    /// The place of the last record that was looked at, if there may be more behind it.
    passed: Option<i64>,
}

impl News {
    /// What an endpoint is to be told of the records behind its cursor, of which these are at most a page.
    fn of(record: &WebhookRecord, rows: &[AuditRow]) -> Self {
        let is_full = u32::try_from(rows.len()).is_ok_and(|count| count >= PAGE);
        let end = rows.last().map(|row| row.sequence);
        let mut events: Vec<_> = rows
            .iter()
            .filter(|row| row.listed)
            .filter_map(|row| Some((read(row)?, row.sequence)))
            .filter(|(event, _)| record.is_for(&event.event))
            .map(|(event, through)| WebhookEvent { event, through })
            .collect();
        // Behind the last that is sent, the others of the page are passed too.
        if let (Some(last), Some(end)) = (events.last_mut(), end) {
            last.through = end;
        }
        Self {
            events,
            passed: end.filter(|_| is_full),
        }
    }

    const fn is_some(&self) -> bool {
        !self.events.is_empty() || self.passed.is_some()
    }
}

impl<S: Store> Engine<S> {
    /// The endpoints that something is to be sent to now, those first that have waited for longest.
    ///
    /// # Errors
    ///
    /// `storage_unavailable`.
    pub fn due_webhooks(&self) -> Result<Vec<String>, Error> {
        let now = self.now();
        let mut due = self.store.list_webhook_endpoints()?;
        due.retain(|record| record.is_due(now));
        if due.is_empty() {
            return Ok(Vec::new());
        }
        due.sort_by_key(|record| record.due_at);
        // For all of them at once: to level the chains takes locks that everybody needs.
        let settled = self.settled(u32::MAX, |through| Ok(Some(vec![through])))?;
        let through = settled.into_iter().flatten().next().unwrap_or(i64::MIN);
        let mut ids = Vec::new();
        for record in due {
            let rows = self.store.trail(record.cursor, through, PAGE)?;
            if News::of(&record, &rows).is_some() {
                ids.push(record.endpoint.id);
            }
        }
        Ok(ids)
    }

    /// Events that are to be sent to an endpoint now, one after the other; `None` where there is nothing, or another sends
    /// to it. The endpoint is held for a minute by whoever was given them, and for another with each event that was taken:
    /// say [`webhook_taken`](Self::webhook_taken) of each, or [`webhook_failed`](Self::webhook_failed) and send no further,
    /// or [`webhook_given_back`](Self::webhook_given_back). Of whom nothing is heard, the same events are given out again, so
    /// each is sent at least once, under one id.
    ///
    /// # Errors
    ///
    /// `storage_unavailable`.
    pub fn lease_webhook(&self, id: &str) -> Result<Option<WebhookBatch>, Error> {
        loop {
            let found = self.store.find_webhook_endpoint(id)?;
            let Some(found) = found.filter(|record| record.is_due(self.now())) else {
                return Ok(None);
            };
            let rows = self.settled(PAGE, |through| {
                self.store.trail(found.cursor, through, PAGE).map(Some)
            })?;
            let news = News::of(&found, &rows.unwrap_or_default());
            if !news.is_some() {
                return Ok(None);
            }
            // Whoever has not the key that they are sealed under leaves the endpoint to others.
            let secrets = self.open_secrets(&found, self.now())?;
            let lease = base16ct::lower::encode_string(&random::bytes::<16>(self.random())?);
            let leased = self.transact(|transaction| {
                let now = self.now();
                let record = transaction.lock_webhook_endpoint(id)?;
                // What was read is what stands behind that cursor, of that choice, to be signed with those.
                let is_same = |record: &WebhookRecord| {
                    let is_where = record.cursor == found.cursor;
                    let is_of_key = record.secrets.key_id == found.secrets.key_id;
                    let is_what = record.endpoint.updated_at == found.endpoint.updated_at;
                    is_where && is_of_key && is_what
                };
                let Some(mut record) = record.filter(is_same) else {
                    return Ok(None);
                };
                if !record.take(&lease, now) {
                    return Ok(None);
                }
                if news.events.is_empty() {
                    record.pass(news.passed.unwrap_or(i64::MIN));
                    record.give_back(now);
                }
                transaction.update_webhook_endpoint(&record)?;
                Ok(Some(record))
            })?;
            let Some(record) = leased else {
                return Ok(None);
            };
            if news.events.is_empty() {
                continue;
            }
            let is_open = secrets.is_some();
            let nothing = WebhookSecrets {
                current: SecretString::default(),
                previous: None,
            };
            let batch = batch(record, secrets.unwrap_or(nothing), news.events, lease);
            if is_open {
                return Ok(Some(batch));
            }
            tracing::error!(
                webhook_endpoint_id = id,
                "integrity_failure: the secret of an endpoint of webhooks cannot be read; give it another one"
            );
            self.webhook_failed(&batch, WebhookFailure::NoSecret)?;
            return Ok(None);
        }
    }

    /// Notes that an endpoint took the event of that place in the batch, counted from 0. Answers whether to go on with the
    /// next: not behind the last, and not where the endpoint is another's by now, was disabled, changed or removed.
    ///
    /// # Errors
    ///
    /// `storage_unavailable`: the event is sent once more.
    pub fn webhook_taken(&self, batch: &WebhookBatch, place: usize) -> Result<bool, Error> {
        let Some(event) = batch.events.get(place) else {
            return Ok(false);
        };
        self.transact(|transaction| {
            let Some(mut record) = held(transaction, batch)? else {
                return Ok(false);
            };
            let now = self.now();
            record.note_taken(event.through, now);
            let is_last = place + 1 == batch.events.len();
            let is_same = record.endpoint.updated_at == batch.updated_at;
            let goes_on = !is_last && is_same;
            if !goes_on {
                record.give_back(now);
            }
            transaction.update_webhook_endpoint(&record)?;
            Ok(goes_on)
        })
    }

    /// Notes that an endpoint did not take what was sent to it, and lets it rest: for 10 seconds, 1, 5, 15 and 60 minutes,
    /// then for 4 hours each time, and up to a quarter longer. One that has failed for 3 days, or says that it is gone, is
    /// disabled, and the feed tells that. Nothing happens where the endpoint is another's by now.
    ///
    /// # Errors
    ///
    /// `storage_unavailable`.
    pub fn webhook_failed(
        &self,
        batch: &WebhookBatch,
        failure: WebhookFailure,
    ) -> Result<(), Error> {
        let [drawn] = random::bytes(self.random())?;
        let is_disabled = self.transact(|transaction| {
            let Some(mut record) = held(transaction, batch)? else {
                return Ok(false);
            };
            let now = self.now();
            let is_disabled = record.note_failed(failure, now, drawn);
            transaction.update_webhook_endpoint(&record)?;
            if is_disabled {
                let reason = failure.to_string();
                let change = WebhookChange::Disabled(&reason);
                self.tell(transaction, change, &record.endpoint, now)?;
            }
            Ok(is_disabled)
        })?;
        if is_disabled {
            tracing::warn!(
                event = "webhook_endpoint_disabled",
                webhook_endpoint_id = batch.id,
                reason = %failure,
                "an endpoint of webhooks is disabled: it is gone, or has failed for three days"
            );
        }
        Ok(())
    }

    /// Gives an endpoint back, to go on with it later.
    ///
    /// # Errors
    ///
    /// `storage_unavailable`: it is given out again when the lease ends.
    pub fn webhook_given_back(&self, batch: &WebhookBatch) -> Result<(), Error> {
        self.transact(|transaction| {
            if let Some(mut record) = held(transaction, batch)? {
                record.give_back(self.now());
                transaction.update_webhook_endpoint(&record)?;
            }
            Ok(())
        })
    }

    /// An event that is none of the feed, to try an endpoint with, whatever its status.
    ///
    /// # Errors
    ///
    /// `input_invalid` when there is no such endpoint, `config_invalid` when its secret cannot be read.
    pub fn webhook_test(&self, id: &str) -> Result<WebhookBatch, Error> {
        let record = self.store.find_webhook_endpoint(id)?.ok_or_else(unknown)?;
        let now = self.now();
        let secrets = self.open_secrets(&record, now)?.ok_or_else(|| {
            Error::config("the endpoint's secret cannot be read; give it another one")
        })?;
        let event = Event {
            id: id::new("event", now, self.random())?,
            event: "webhook.test".to_owned(),
            data: json!({ "object": "webhook_endpoint", "id": id }),
            created_at: now,
        };
        let through = record.cursor;
        let events = vec![WebhookEvent { event, through }];
        Ok(batch(record, secrets, events, String::new()))
    }
}

fn batch(
    record: WebhookRecord,
    secrets: WebhookSecrets,
    events: Vec<WebhookEvent>,
    lease: String,
) -> WebhookBatch {
    let endpoint = record.endpoint;
    WebhookBatch {
        id: endpoint.id,
        endpoint_url: endpoint.endpoint_url,
        secrets,
        events,
        lease,
        updated_at: endpoint.updated_at,
    }
}

/// The endpoint of a batch, locked, if it is still held by whoever was given the batch.
fn held(
    transaction: &mut impl WebhookSteps,
    batch: &WebhookBatch,
) -> Result<Option<WebhookRecord>, StoreError> {
    let record = transaction.lock_webhook_endpoint(&batch.id)?;
    Ok(record.filter(|record| record.is_held_by(&batch.lease)))
}

/// The event of a record. One that cannot be read holds up none behind it.
fn read(row: &AuditRow) -> Option<Event> {
    let text = |bytes: &[u8]| std::str::from_utf8(bytes).ok().map(str::to_owned);
    let event = || {
        Some(Event {
            id: text(&row.id)?,
            event: text(&row.event)?,
            data: serde_json::from_slice(&row.data).ok()?,
            created_at: Timestamp::from_unix_millis(row.created_at),
        })
    };
    let event = event();
    if event.is_none() {
        tracing::error!(
            sequence = row.sequence,
            "integrity_failure: an event cannot be read and is sent to nobody; run `reset-password audit verify`"
        );
    }
    event
}
