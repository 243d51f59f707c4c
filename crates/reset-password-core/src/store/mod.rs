//! What the engine needs of a database.
//!
//! A [`Store`] reads, and begins a [`Transaction`], which has one method for each row that is locked,
//! written or removed. No rule stands in a store: the use cases say in which order the steps are taken and
//! what is decided between them. A part of the port for each concept: users, resets, failed logins, messages,
//! reports, webhooks, events, API keys, settings.

mod api_keys;
mod error;
mod events;
mod failures;
mod messages;
mod reports;
mod resets;
mod settings;
mod users;
mod webhooks;

pub use self::{
    api_keys::{ApiKeyReads, ApiKeySteps},
    error::StoreError,
    events::{EventPage, EventReads, EventSteps},
    failures::{FailureReads, FailureSteps},
    messages::{MessageReads, MessageSteps},
    reports::ReportSteps,
    resets::{Ended, Redeem, RequestCounts, ResetReads, ResetSteps},
    settings::{SettingReads, SettingSteps},
    users::{SignIn, UserKey, UserPage, UserReads, UserSteps},
    webhooks::{WebhookReads, WebhookSteps},
};
use crate::audit::AuditWriter;

/// A database, as the engine sees it. Every call blocks until the database has answered.
pub trait Store:
    ApiKeyReads
    + EventReads
    + FailureReads
    + MessageReads
    + ResetReads
    + SettingReads
    + UserReads
    + WebhookReads
    + Send
    + Sync
    + 'static
{
    /// A unit of work on this database.
    type Transaction<'a>: Transaction
    where
        Self: 'a;

    /// Begins a unit of work, whose events `audit` writes to the trail.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`], [`StoreError::Config`].
    fn begin(&self, audit: AuditWriter) -> Result<Self::Transaction<'_>, StoreError>;

    /// Whether the transaction that appended this event was committed. Waits until no transaction is under
    /// way that could still commit it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    fn has_committed(&self, event_id: &str) -> Result<bool, StoreError>;
}

/// A unit of work: it happens as a whole, durably, or not at all. Dropping it rolls it back.
///
/// Rows are locked in one order, so that two transactions rarely wait for each other in a circle: the user,
/// its resets, its failed logins, messages, reports, endpoints of webhooks, the trail's end, which is locked as late as can be,
/// because it is everybody's.
pub trait Transaction:
    ApiKeySteps
    + EventSteps
    + FailureSteps
    + MessageSteps
    + ReportSteps
    + ResetSteps
    + SettingSteps
    + UserSteps
    + WebhookSteps
{
    /// Makes it last. When this returns, the change survives the end of the process and of the machine.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`]: nothing was done; [`StoreError::CommitUnknown`]: the connection ended
    /// before the database had answered.
    fn commit(self) -> Result<(), StoreError>;
}
