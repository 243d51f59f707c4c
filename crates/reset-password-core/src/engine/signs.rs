//! Signs of attack in the audit trail: failed logins, spent tokens that are presented again, rows that were altered.
//! What one source causes is bounded; see [`Suppression`].

use std::{convert::Infallible, sync::Arc};

use super::Engine;
use crate::{
    clock::Timestamp,
    error::Error,
    event::Event,
    reset::ResetRecord,
    store::{EventSteps, Store, StoreError},
    suppression::{Share, Source, Suppressed, Suppression},
};

/// Records that tell at once of others which were not written.
const TOLD: u32 = 100;

impl<S: Store> Engine<S> {
    /// Records what a reset gives away, if there is room. What is about to be answered does not depend on that.
    pub(super) fn record_sign(&self, source: Source, reset: &ResetRecord) {
        let share = self.suppression().share(source.clone(), None, self.now());
        if !share.is_recorded && share.suppressed.is_none() {
            return;
        }
        let recorded = self.transact(|transaction| {
            self.append_share(transaction, &share, |now| {
                Event::of_sign(&source, reset, now, self.random())
            })
        });
        if let Err(error) = recorded {
            let reset_id = &reset.id;
            tracing::error!(reset_id, code = %error.code(), "a sign of attack was not recorded");
            self.owe(source, share);
        }
    }

    /// Tells of records that were not written, of sources that are not bounded any more.
    pub(super) fn record_suppressed(&self, limit: u32) -> Result<(), Error> {
        let limit = usize::try_from(limit.min(TOLD)).unwrap_or(0);
        let suppression = self.suppression();
        let suppressed = suppression.take_over(self.now(), limit);
        if suppressed.is_empty() {
            return Ok(());
        }
        let recorded = self.transact(|transaction| {
            for suppressed in &suppressed {
                let event = Event::of_suppressed(suppressed, self.now(), self.random())?;
                transaction.append(&event)?;
            }
            Ok(())
        });
        if recorded.is_err() {
            for suppressed in suppressed {
                suppression.give_back(suppressed);
            }
        }
        recorded
    }

    /// Records something that has happened, as far as its source has room, and what it had no room for before.
    pub(super) fn append_share(
        &self,
        transaction: &mut S::Transaction<'_>,
        share: &Share,
        event: impl FnOnce(Timestamp) -> Result<Event, Error>,
    ) -> Result<(), StoreError> {
        let now = self.now();
        if let Some(suppressed) = &share.suppressed {
            transaction.append(&Event::of_suppressed(suppressed, now, self.random())?)?;
        }
        if share.is_recorded {
            transaction.append(&event(now)?)?;
        }
        Ok(())
    }

    /// What could not be written is told of later, as what there was no room for.
    pub(super) fn owe(&self, source: Source, share: Share) {
        let (suppression, now) = (self.suppression(), self.now());
        if let Some(suppressed) = share.suppressed {
            suppression.give_back(suppressed);
        }
        if share.is_recorded {
            suppression.give_back(Suppressed {
                source,
                count: 1,
                since: now,
                until: now,
            });
        }
    }

    /// What bounds the records of this process.
    pub(super) fn suppression(&self) -> Arc<Suppression> {
        let suppression = self
            .suppression
            .get_or_make(|| Ok::<_, Infallible>(Suppression::default()));
        match suppression {
            Ok(suppression) => suppression,
            Err(never) => match never {},
        }
    }
}
