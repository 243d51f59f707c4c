//! What a database answers instead of doing what it was asked.

use std::{error::Error as StdError, path::PathBuf};

use reset_password_core::store::StoreError;

/// What a driver says of a failure. It goes to the log, never to a caller.
pub(crate) type Source = Box<dyn StdError + Send + Sync>;

/// Why a statement failed, in words that every database can be put in.
#[derive(Debug)]
pub(crate) enum SqlError {
    /// A unique index would be broken: its name, or its columns, as the database says it.
    Duplicate(String),
    /// The transaction was rolled back, or must be, and may succeed if all of it is run again.
    Transient(Source),
    /// Another transaction kept a lock for too long; this one must be rolled back.
    LockTimeout(Source),
    /// The connection is gone, or leads to a server that does not write any more. Whatever was not committed
    /// is rolled back.
    Lost(Source),
    /// The database's file is damaged, in the words of the database.
    Damaged(String),
    /// The database's file, or one that belongs to it, is not the one that was opened: the name of that.
    Replaced(PathBuf),
    /// There is no room left where the database is.
    Full(Source),
    /// The engine's tables are not there.
    NoTable,
    /// It cannot be used so; the sentence says how to mend it.
    Config(String),
    /// Anything else.
    Failed(Source),
}

impl From<SqlError> for StoreError {
    fn from(error: SqlError) -> Self {
        match error {
            SqlError::Config(sentence) => Self::Config(sentence),
            SqlError::Damaged(what) => Self::DatabaseDamaged(what),
            SqlError::Replaced(path) => Self::DatabaseReplaced(path),
            SqlError::Duplicate(index) => {
                Self::Transient(format!("another transaction was faster: {index}").into())
            }
            SqlError::NoTable => Self::Unavailable("the engine's tables are not there".into()),
            SqlError::Failed(source) => Self::Unavailable(source),
            SqlError::Full(source) => Self::Full(source),
            SqlError::LockTimeout(source) => Self::LockTimeout(source),
            SqlError::Lost(source) | SqlError::Transient(source) => Self::Transient(source),
        }
    }
}
