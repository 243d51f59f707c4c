//! The database itself, past everything that guards it.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags, Params, Result};

/// How long it waits for whoever writes.
const PATIENCE: Duration = Duration::from_secs(5);

/// A connection to a database that a surface may be using. SQLite alone, so far.
pub struct Backdoor(Connection);

impl Backdoor {
    /// Opens a database that is there already.
    ///
    /// # Errors
    ///
    /// Those of SQLite.
    pub fn open(database: &Path) -> Result<Self> {
        let connection = Connection::open_with_flags(
            database,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        connection.busy_timeout(PATIENCE)?;
        Ok(Self(connection))
    }

    /// Executes a statement, and answers how many rows it changed.
    ///
    /// # Errors
    ///
    /// Those of SQLite.
    pub fn execute(&self, statement: &str, parameters: impl Params) -> Result<usize> {
        self.0.execute(statement, parameters)
    }

    /// Takes the write lock, until this is dropped.
    ///
    /// # Errors
    ///
    /// Those of SQLite.
    pub fn lock(&self) -> Result<()> {
        self.0.execute_batch("BEGIN IMMEDIATE")
    }
}
