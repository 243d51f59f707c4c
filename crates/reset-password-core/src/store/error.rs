//! Why a database did not do as it was asked.

use std::{error::Error as StdError, path::PathBuf};

use thiserror::Error;

use crate::error::{Code, Error};

/// Why a database did not do as it was asked.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The connection ended while the transaction was being committed, so that nobody knows whether it was.
    #[error("the connection ended during a commit")]
    CommitUnknown {
        /// An event that the transaction appended; `None` if it appended none, and is safe to run again.
        event_id: Option<String>,
        /// What the driver says.
        source: Box<dyn StdError + Send + Sync>,
    },
    /// The store cannot be used so; the sentence says how to mend it.
    #[error("{0}")]
    Config(String),
    /// A stored value makes no sense.
    #[error("{0} is damaged")]
    Damaged(&'static str),
    /// The database itself is damaged, in its own words; nothing will mend that but a backup.
    #[error("the database is damaged: {0}")]
    DatabaseDamaged(String),
    /// The database's file, or one that belongs to it, is not the one that was opened.
    #[error("{0} was replaced, moved or removed while it was open")]
    DatabaseReplaced(PathBuf),
    /// Another user has the address.
    #[error("the e-mail address is taken")]
    EmailTaken,
    /// Another user has the external id.
    #[error("the external id is taken")]
    ExternalIdTaken,
    /// There is no room left where the database is. Nothing was done.
    #[error("there is no room left")]
    Full(#[source] Box<dyn StdError + Send + Sync>),
    /// The key that this process signs with has been replaced, and nothing more is signed with it. Nothing was done.
    #[error("the key was replaced")]
    KeyReplaced,
    /// Another transaction kept a lock for too long. Nothing was done.
    #[error("another transaction kept a lock for too long")]
    LockTimeout(#[source] Box<dyn StdError + Send + Sync>),
    /// A rule of the core refused.
    #[error(transparent)]
    Refused(#[from] Error),
    /// Nothing was done, and the same transaction may succeed if all of it is run again: a deadlock, a
    /// conflict, a connection that ended, a server that gave its place to another.
    #[error("the transaction must be run again")]
    Transient(#[source] Box<dyn StdError + Send + Sync>),
    /// The database failed or was busy too long.
    #[error("the database failed")]
    Unavailable(#[source] Box<dyn StdError + Send + Sync>),
}

impl From<Code> for StoreError {
    fn from(code: Code) -> Self {
        Self::Refused(code.into())
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Config(sentence) => Self::config(sentence),
            StoreError::EmailTaken => Self::new(Code::EmailNotAvailable),
            StoreError::ExternalIdTaken => Self::new(Code::ExternalIdAlreadyUsed),
            StoreError::KeyReplaced => {
                Self::config("the database's key was replaced again meanwhile; try again")
            }
            StoreError::Refused(error) => error,
            StoreError::CommitUnknown { source, .. }
            | StoreError::LockTimeout(source)
            | StoreError::Transient(source)
            | StoreError::Unavailable(source) => {
                tracing::error!(error = %source, "the database failed");
                Self::storage(source)
            }
            StoreError::Full(source) => {
                tracing::error!(error = %source, "there is no room left for the database");
                Self::full(source)
            }
            StoreError::Damaged(what) => {
                tracing::error!(what, "a stored value is damaged");
                Self::internal(format!("{what} is damaged"))
            }
            StoreError::DatabaseReplaced(path) => {
                let error = StoreError::DatabaseReplaced(path);
                tracing::error!(%error, "the database's file is not the one that was opened");
                Self::replaced(error.to_string())
            }
            StoreError::DatabaseDamaged(what) => {
                tracing::error!(what, "the database is damaged");
                Self::damaged(what)
            }
        }
    }
}
