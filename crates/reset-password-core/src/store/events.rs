//! What the engine needs of the table of events, which are the records of the audit trail.

use super::StoreError;
use crate::{
    audit::{AuditRow, Checkpoints},
    clock::Timestamp,
    event::{Event, EventKind},
};

/// A page of the feed to read.
pub struct EventPage<'a> {
    /// Only these kinds; all, where none is named.
    pub kinds: &'a [EventKind],
    /// Beyond this event; `None` from the beginning.
    pub after: Option<&'a str>,
    /// At most so many.
    pub limit: u32,
}

/// Reads of events.
pub trait EventReads {
    /// Reads the feed in the order of commits; `None` when `after` names no event.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`], [`StoreError::Damaged`].
    fn events(&self, page: EventPage<'_>) -> Result<Option<Vec<Event>>, StoreError>;

    /// Reads the trail's end and its beginning as they are at one moment.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`], [`StoreError::Damaged`].
    fn checkpoints(&self) -> Result<Checkpoints, StoreError>;

    /// Reads the records beyond a place in the trail, at most `limit`, in its order.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`], [`StoreError::Damaged`].
    fn trail(&self, after: i64, limit: u32) -> Result<Vec<AuditRow>, StoreError>;

    /// When the last event of the trail was made; `None` if there is none.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    fn newest_event_at(&self) -> Result<Option<Timestamp>, StoreError>;
}

/// Steps on events.
pub trait EventSteps {
    /// Appends an event to the trail: locks the trail's end, chains the record to it and signs the new end.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`], [`StoreError::Damaged`].
    fn append(&mut self, event: &Event) -> Result<(), StoreError>;

    /// Signs the trail's end and beginning under the key in force, where they are not.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`], [`StoreError::Damaged`].
    fn renew_checkpoints(&mut self) -> Result<(), StoreError>;

    /// Removes the beginning of the trail: the records before the first that is not older, at most `limit`;
    /// answers how many. The signed beginning moves with it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`], [`StoreError::Damaged`].
    fn shorten_trail(&mut self, before: Timestamp, limit: u32) -> Result<u64, StoreError>;
}
