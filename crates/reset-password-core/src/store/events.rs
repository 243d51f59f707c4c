//! What the engine needs of the table of events, which are the records of the audit trail.

use super::StoreError;
use crate::{
    audit::{AuditRow, Checkpoints, LastRecord},
    clock::Timestamp,
    event::{Event, EventKind},
};

/// A page of the feed to read.
pub struct EventPage<'a> {
    /// Only these kinds; all, where none is named.
    pub kinds: &'a [EventKind],
    /// Beyond this event; `None` from the beginning.
    pub after: Option<&'a str>,
    /// Beyond which id instead, if that event is gone: it goes on where that stood.
    pub or_near: Option<&'a str>,
    /// Not beyond this place in the trail.
    pub through: i64,
    /// At most so many.
    pub limit: u32,
}

/// Reads of events.
pub trait EventReads {
    /// How many chains the trail is made of.
    fn chains(&self) -> u8;

    /// Reads the feed in the order of the trail; `None` when `after` names no event and there is
    /// nothing instead.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`], [`StoreError::Damaged`].
    fn events(&self, page: EventPage<'_>) -> Result<Option<Vec<Event>>, StoreError>;

    /// Reads the checkpoints of all chains as they are at one moment.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`], [`StoreError::Damaged`].
    fn checkpoints(&self) -> Result<Checkpoints, StoreError>;

    /// Reads the records beyond a place in the trail and not beyond another one, at most `limit`, in its
    /// order.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`], [`StoreError::Damaged`].
    fn trail(&self, after: i64, through: i64, limit: u32) -> Result<Vec<AuditRow>, StoreError>;

    /// The last record of each chain, in the order of the chains.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`], [`StoreError::Damaged`].
    fn last_records(&self) -> Result<Vec<LastRecord>, StoreError>;

    /// When the last event of the trail was made; `None` if there is none.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    fn newest_event_at(&self) -> Result<Option<Timestamp>, StoreError>;
}

/// Steps on events.
pub trait EventSteps {
    /// Appends an event to the trail: locks the end of a chain, chains the record to it and signs the new
    /// end. All events of one transaction are in one chain.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`], [`StoreError::Damaged`].
    fn append(&mut self, event: &Event) -> Result<(), StoreError>;

    /// Begins the trail of a new database: signs all its checkpoints. Nothing happens where one of them is there,
    /// or anything has been recorded.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`], [`StoreError::Damaged`].
    fn begin_trail(&mut self) -> Result<(), StoreError>;

    /// Signs the checkpoints that verify under the key in force, where they are not.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`], [`StoreError::Damaged`].
    fn renew_checkpoints(&mut self) -> Result<(), StoreError>;

    /// Moves the ends of all chains up to the furthest of them and answers its place: every record that is
    /// not beyond it has been committed, and none will be added.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`], [`StoreError::Damaged`].
    fn level_chains(&mut self) -> Result<i64, StoreError>;

    /// Removes the beginning of the trail: the records before the first that is not older, at most `limit`;
    /// answers how many. The signed beginnings move with it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`], [`StoreError::Damaged`].
    fn shorten_trail(&mut self, before: Timestamp, limit: u32) -> Result<u64, StoreError>;
}
