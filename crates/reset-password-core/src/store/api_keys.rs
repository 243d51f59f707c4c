//! What the engine needs of the table of API keys.

use super::StoreError;
use crate::{
    api_key::{ApiKey, ApiKeyRecord},
    clock::Timestamp,
};

/// Reads of API keys.
pub trait ApiKeyReads {
    /// Finds an API key; `None` when there is no such key.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`], [`StoreError::Damaged`].
    fn find_api_key(&self, id: &str) -> Result<Option<ApiKeyRecord>, StoreError>;

    /// Reads every API key, in the order of their creation.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`], [`StoreError::Damaged`].
    fn list_api_keys(&self) -> Result<Vec<ApiKey>, StoreError>;

    /// Notes the use of an API key, unless one was noted since `before`; that alone, in one statement.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    fn note_api_key_use(
        &self,
        id: &str,
        now: Timestamp,
        before: Timestamp,
    ) -> Result<(), StoreError>;
}

/// Steps on API keys.
pub trait ApiKeySteps {
    /// Adds an API key.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`].
    fn insert_api_key(&mut self, record: &ApiKeyRecord) -> Result<(), StoreError>;

    /// Makes an API key end at a moment, if it would not end sooner.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`].
    fn end_api_key(&mut self, id: &str, at: Timestamp) -> Result<(), StoreError>;

    /// Ends an API key now. False when it has been ended before, or there is none.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`].
    fn revoke_api_key(&mut self, id: &str, now: Timestamp) -> Result<bool, StoreError>;
}
