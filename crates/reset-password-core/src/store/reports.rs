//! What the engine needs of the table of reported changes.

use super::StoreError;
use crate::{clock::Timestamp, report::ReportRecord};

/// Steps on reported changes.
pub trait ReportSteps {
    /// Whether a notice has reported its change.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`].
    fn is_reported(&mut self, message_id: &str) -> Result<bool, StoreError>;

    /// Adds a report.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`] when the notice has reported meanwhile, [`StoreError::Unavailable`].
    fn insert_report(&mut self, report: &ReportRecord) -> Result<(), StoreError>;

    /// Whether a report locks this user's account.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`].
    fn is_locked(&mut self, user_id: &str) -> Result<bool, StoreError>;

    /// Has no report lock this user's account any more. False when none did.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`].
    fn unlock(&mut self, user_id: &str) -> Result<bool, StoreError>;

    /// Removes every report of a user.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`].
    fn delete_reports(&mut self, user_id: &str) -> Result<(), StoreError>;

    /// Removes reports of notices that were made before that moment and lock nothing, at most `limit`; answers how many.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`].
    fn purge_reports(&mut self, before: Timestamp, limit: u32) -> Result<u64, StoreError>;
}
