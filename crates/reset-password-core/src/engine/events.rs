//! The event feed.

use std::time::Duration;

use super::{
    Engine,
    page::{check_limit, cut},
};
use crate::{
    error::Error,
    event::{EventCursor, EventKind, EventList},
    id,
    store::{EventPage, Store},
};

/// How far the clocks of nodes may differ that record events: behind one that is gone some are told twice, and none is
/// left out.
const CLOCKS: Duration = Duration::from_mins(1);

impl<S: Store> Engine<S> {
    /// What happened since the event `after`, oldest first, at most `limit` events (1 to 100).
    ///
    /// # Errors
    ///
    /// `input_invalid` for a limit out of range or what is no event's id. Behind an event that was purged it goes on where
    /// that stood, or up to a minute before.
    pub fn events(&self, after: Option<&str>, limit: u32) -> Result<EventList, Error> {
        self.events_of(&[], after, limit)
    }

    /// The same for some kinds of event; for all, where none is named.
    ///
    /// # Errors
    ///
    /// Those of [`Engine::events`].
    pub fn events_of(
        &self,
        kinds: &[EventKind],
        after: Option<&str>,
        limit: u32,
    ) -> Result<EventList, Error> {
        check_limit(limit, 100)?;
        let near = after.and_then(|id| id::before("event", id, CLOCKS));
        let page = self.settled(limit + 1, |through| {
            self.store.events(EventPage {
                kinds,
                after,
                or_near: near.as_deref(),
                through,
                limit: limit + 1,
            })
        })?;
        let mut data = page
            .ok_or_else(|| Error::field("after", "unknown", "after must be the id of an event"))?;
        let more = cut(&mut data, limit);
        let after = data.last().filter(|_| more).map(|event| event.id.clone());
        Ok(EventList {
            data,
            list_metadata: EventCursor { after },
        })
    }
}
