//! What the engine needs of the table of messages that wait for a mailer.

use super::StoreError;
use crate::{
    clock::Timestamp,
    message::{MessageRecord, WaitingMessages},
};

/// Reads of messages.
pub trait MessageReads {
    /// How many messages wait, and since when.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    fn waiting_messages(&self) -> Result<WaitingMessages, StoreError>;
}

/// Steps on messages. Whoever was given one holds it by a lease, a text that nobody can guess.
pub trait MessageSteps {
    /// Adds a message, which is due at once.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`].
    fn enqueue(&mut self, message: &MessageRecord) -> Result<(), StoreError>;

    /// Leases messages that are due at `now` until another moment, those first that have been due for longest, at most
    /// `limit`; answers them with this attempt counted. Nothing is waited for: what another transaction has locked is passed
    /// over.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`], [`StoreError::Damaged`].
    fn lease_messages(
        &mut self,
        lease: &str,
        now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<MessageRecord>, StoreError>;

    /// The message that is held by that lease, locked; `None` when there is none: it is gone, or another has leased it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`], [`StoreError::Damaged`].
    fn lock_message(&mut self, id: &str, lease: &str) -> Result<Option<MessageRecord>, StoreError>;

    /// Gives a message back that is held by that lease: it is due again at that moment. False when there is none.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`].
    fn postpone_message(
        &mut self,
        id: &str,
        lease: &str,
        due_at: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Removes the message that is held by that lease. False when there is none.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`].
    fn finish_message(&mut self, id: &str, lease: &str) -> Result<bool, StoreError>;

    /// Removes every message of a user, held by somebody or not.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`].
    fn delete_messages(&mut self, user_id: &str) -> Result<(), StoreError>;

    /// Removes messages that were made before that moment, at most `limit`; answers how many.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`].
    fn purge_messages(&mut self, before: Timestamp, limit: u32) -> Result<u64, StoreError>;
}
