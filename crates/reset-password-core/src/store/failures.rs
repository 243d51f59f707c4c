//! What the engine needs of the table of failed logins.

use super::StoreError;
use crate::{clock::Timestamp, failed_logins::FailedLogins, key::Digest};

/// Reads of failed logins.
pub trait FailureReads {
    /// Finds the failed logins that are counted for an address; `None` when there are none.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`], [`StoreError::Damaged`].
    fn find_failed_logins(&self, address: &Digest) -> Result<Option<FailedLogins>, StoreError>;
}

/// Steps on failed logins.
pub trait FailureSteps {
    /// The failed logins that are counted for an address, locked until the end of the transaction; `None` when
    /// there are none.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`], [`StoreError::Damaged`].
    fn lock_failed_logins(&mut self, address: &Digest) -> Result<Option<FailedLogins>, StoreError>;

    /// Begins to count for an address.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`] when another transaction has begun meanwhile, [`StoreError::Unavailable`].
    fn insert_failed_logins(
        &mut self,
        address: &Digest,
        failed: &FailedLogins,
    ) -> Result<(), StoreError>;

    /// Writes what is counted for an address, which is locked.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`].
    fn update_failed_logins(
        &mut self,
        address: &Digest,
        failed: &FailedLogins,
    ) -> Result<(), StoreError>;

    /// Counts no failed login for an address any more.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`].
    fn delete_failed_logins(&mut self, address: &Digest) -> Result<(), StoreError>;

    /// Removes what might have been tried again before that moment, at most `limit` rows; answers how many.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`].
    fn purge_failed_logins(&mut self, before: Timestamp, limit: u32) -> Result<u64, StoreError>;
}
