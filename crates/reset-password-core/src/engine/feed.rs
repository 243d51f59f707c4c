//! The event feed, the policy's verdict, and cleaning up.

use super::Engine;
use crate::{
    error::Error,
    event::{EventCursor, EventKind, EventList},
    password::{PasswordCheck, policy::Account},
    store::{EventPage, PurgeBefore, Purged, Store, UserKey},
};

/// Most rows of each kind that one purge removes.
const MOST_PURGED: u32 = 10_000;

impl<S: Store> Engine<S> {
    /// The policy's verdict on a password, with every rule that it breaks; nothing is set. With a user
    /// the password is also held against that user's address and names.
    ///
    /// # Errors
    ///
    /// `user_not_found`, `storage_unavailable`.
    pub async fn check_password(
        &self,
        password: &str,
        user_id: Option<&str>,
    ) -> Result<PasswordCheck, Error> {
        let verdict = match user_id {
            Some(id) => {
                let user = self.user(UserKey::Id(id)).await?.user;
                self.judge(password, &user)
                    .map(drop)
                    .map_err(|error| error.errors().to_vec())
            }
            None => self
                .config
                .policy
                .judge(password, &Account::default())
                .map(drop),
        };
        Ok(PasswordCheck::of(verdict))
    }

    /// What happened since the event `after`, oldest first, at most `limit` events (1 to 100).
    ///
    /// # Errors
    ///
    /// `input_invalid` for a limit out of range or an event that is not in the feed.
    pub async fn events(&self, after: Option<&str>, limit: u32) -> Result<EventList, Error> {
        self.events_of(&[], after, limit).await
    }

    /// The same for some kinds of event; for all, where none is named.
    ///
    /// # Errors
    ///
    /// Those of [`Engine::events`].
    pub async fn events_of(
        &self,
        kinds: &[EventKind],
        after: Option<&str>,
        limit: u32,
    ) -> Result<EventList, Error> {
        check_limit(limit, 100)?;
        let page = EventPage {
            kinds,
            after,
            limit: limit + 1,
        };
        let mut data =
            self.store.events(page).await?.ok_or_else(|| {
                Error::field("after", "unknown", "after must be the id of an event")
            })?;
        let more = data.len() > limit as usize;
        data.truncate(limit as usize);
        let after = data.last().filter(|_| more).map(|event| event.id.clone());
        Ok(EventList {
            data,
            list_metadata: EventCursor { after },
        })
    }

    /// Removes resets that expired 24 hours ago, records of the audit trail older than 90 days (the
    /// feed's events are among them) and counted requests older than 24 hours; at most `limit` rows of
    /// each kind (1 to 10,000).
    ///
    /// # Errors
    ///
    /// `input_invalid` for a limit out of range.
    pub async fn purge(&self, limit: u32) -> Result<Purged, Error> {
        check_limit(limit, MOST_PURGED)?;
        let before = PurgeBefore::at(self.now());
        Ok(self.store.purge(before, limit, &self.scribe()).await?)
    }
}

pub(super) fn check_limit(limit: u32, most: u32) -> Result<(), Error> {
    if (1..=most).contains(&limit) {
        return Ok(());
    }
    Err(Error::field(
        "limit",
        "invalid",
        format!("limit must be from 1 to {most}"),
    ))
}
