//! What the engine needs of the table of endpoints that events are sent to.

use super::StoreError;
use crate::webhook::WebhookRecord;

/// Reads of endpoints.
pub trait WebhookReads {
    /// Finds an endpoint; `None` when there is no such endpoint.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`], [`StoreError::Damaged`].
    fn find_webhook_endpoint(&self, id: &str) -> Result<Option<WebhookRecord>, StoreError>;

    /// Reads every endpoint, in the order of their creation.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`], [`StoreError::Damaged`].
    fn list_webhook_endpoints(&self) -> Result<Vec<WebhookRecord>, StoreError>;
}

/// Steps on endpoints.
pub trait WebhookSteps {
    /// Adds an endpoint.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`].
    fn insert_webhook_endpoint(&mut self, record: &WebhookRecord) -> Result<(), StoreError>;

    /// Reads an endpoint and locks it; `None` when there is none.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`], [`StoreError::Damaged`].
    fn lock_webhook_endpoint(&mut self, id: &str) -> Result<Option<WebhookRecord>, StoreError>;

    /// Reads every endpoint and locks it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`], [`StoreError::Damaged`].
    fn lock_webhook_endpoints(&mut self) -> Result<Vec<WebhookRecord>, StoreError>;

    /// Writes all of an endpoint that can change.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`].
    fn update_webhook_endpoint(&mut self, record: &WebhookRecord) -> Result<(), StoreError>;

    /// Removes an endpoint.
    ///
    /// # Errors
    ///
    /// [`StoreError::Transient`], [`StoreError::Unavailable`].
    fn delete_webhook_endpoint(&mut self, id: &str) -> Result<(), StoreError>;
}
