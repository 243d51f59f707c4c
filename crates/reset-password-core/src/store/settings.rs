//! What the engine needs of the table of settings: the secret key that the database belongs to.

use super::StoreError;

/// Reads of settings.
pub trait SettingReads {
    /// The id of the key that the database was last used with; `None` if it has never been used.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    fn key_id(&self) -> Result<Option<String>, StoreError>;

    /// What is recorded of keys that were replaced, by their ids.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    fn retirements(&self) -> Result<Vec<(String, String)>, StoreError>;
}

/// Steps on settings.
pub trait SettingSteps {
    /// The id of the key that the database was last used with, locked.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`], [`StoreError::Damaged`] if there is none.
    fn lock_key_id(&mut self) -> Result<String, StoreError>;

    /// Records a key in the place of the one before.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`].
    fn set_key_id(&mut self, id: &str) -> Result<(), StoreError>;

    /// What is recorded of keys that were replaced, by their ids, locked.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`].
    fn lock_retirements(&mut self) -> Result<Vec<(String, String)>, StoreError>;

    /// Records that a key was replaced, in the place of what was recorded of it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`].
    fn set_retirement(&mut self, key_id: &str, text: &str) -> Result<(), StoreError>;

    /// Records the first key that the database is used with. False where there is one already.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`].
    fn record_first_key_id(&mut self, id: &str) -> Result<bool, StoreError>;
}
