//! Making connections to a SQLite database.

use std::{fs, path::Path, sync::Arc, thread, time::Duration};

use rusqlite::{Connection as Sqlite, OpenFlags, config::DbConfig, ffi};

use super::{
    Location,
    connection::SqliteConnection,
    locks,
    open_files::{Known, OpenFiles, inode},
};
use crate::sql::{Access, Connection, Driver, SqlError};

/// Readers of a file: they never wait for the writer. They read what is in memory, so that more of them than there are
/// cores would take those from whoever hashes.
fn readers() -> usize {
    thread::available_parallelism().map_or(2, |cores| cores.get().clamp(2, 8))
}

/// How long a writer waits for another process's transaction.
const BUSY: Duration = Duration::from_secs(5);
/// How often whoever waits looks again, where SQLite does not wait by itself.
const STEP: Duration = Duration::from_millis(10);
/// Statements that a connection keeps ready: all that there are.
const STATEMENTS: usize = 64;

/// How often the file is opened: one in layers, such as a container's, may become another when it is first written to.
const OPENINGS: u32 = 3;

/// How every connection is set up. A commit is on disk before it is acknowledged (`FULL`: a lost commit
/// would bring a used token back to life), and what is deleted is overwritten.
const SETTINGS: &str = "PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF; \
    PRAGMA synchronous = FULL;";

/// A SQLite database.
pub(crate) struct SqliteDriver {
    location: Location,
    known: Arc<Known>,
}

impl SqliteDriver {
    pub(crate) fn new(location: Location) -> Self {
        locks::install();
        Self {
            location,
            known: Arc::default(),
        }
    }

    /// A connection, and whether it writes a write-ahead log.
    pub(super) fn open(&self) -> rusqlite::Result<(Sqlite, bool)> {
        let Location::File(path) = &self.location else {
            return Ok((set_up(Sqlite::open_in_memory()?)?, false));
        };
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Sqlite::open_with_flags(path, flags)?;
        // Turning a new file to write-ahead logging wants it for itself for a moment and does not honour the
        // busy timeout, so whoever comes second tries again for as long.
        let mut waited = Duration::ZERO;
        let mode: String = loop {
            match connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)) {
                Err(error) if is_busy(&error) && waited < BUSY => {
                    thread::park_timeout(STEP);
                    waited += STEP;
                }
                result => break result?,
            }
        };
        let connection = set_up(connection)?;
        // The log is opened with the first read.
        connection.query_row("PRAGMA user_version", [], |_| Ok(()))?;
        Ok((connection, mode == "wal"))
    }

    /// A connection to the file, which had its name before and after it was opened.
    fn connect_to(&self, path: &Path) -> Result<SqliteConnection, SqlError> {
        for _ in 0..OPENINGS {
            self.known.check(path)?;
            let before = inode(path).ok();
            let (connection, has_log) = self.open().map_err(|error| self.explain(error))?;
            if before.is_some() && before == inode(path).ok() {
                let real = connection.path().map_or(path, Path::new).to_owned();
                let files = OpenFiles::new(&self.known, path, &real, has_log)?;
                return Ok(SqliteConnection::new(connection, Some(files)));
            }
        }
        Err(SqlError::Replaced(path.to_owned()))
    }

    fn explain(&self, error: rusqlite::Error) -> SqlError {
        let Location::File(path) = &self.location else {
            return error.into();
        };
        let shown = path.display();
        match error.sqlite_error_code() {
            Some(ffi::ErrorCode::NotADatabase) => SqlError::Config(format!(
                "cannot open database {shown}: the file is not a SQLite database; give another --database"
            )),
            Some(ffi::ErrorCode::ReadOnly | ffi::ErrorCode::CannotOpen)
                if fs::metadata(path).is_ok_and(|data| data.permissions().readonly()) =>
            {
                SqlError::Config(format!(
                    "cannot open database {shown}: the file is read-only; make it writable (chmod u+w)"
                ))
            }
            _ => error.into(),
        }
    }
}

fn set_up(connection: Sqlite) -> rusqlite::Result<Sqlite> {
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    // A plan holds for every value. Without this many a statement would be prepared again each time that it is used,
    // in case other values make for a better plan, at several times the cost of its work.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.execute_batch(SETTINGS)?;
    Ok(connection)
}

fn is_busy(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ffi::ErrorCode::DatabaseBusy)
}

impl Driver for SqliteDriver {
    /// A file has one writer, because SQLite has one at a time and waiting in line beats polling for its
    /// lock; memory has one connection.
    fn lanes(&self) -> Vec<usize> {
        match self.location {
            Location::File(_) => vec![readers(), 1],
            Location::Memory => vec![1],
        }
    }

    fn lane(&self, access: Access) -> usize {
        match (&self.location, access) {
            (Location::Memory, _) | (Location::File(_), Access::Read) => 0,
            (Location::File(_), Access::Write | Access::Transaction) => 1,
        }
    }

    fn connect(&self, _lane: usize) -> Result<Box<dyn Connection>, SqlError> {
        let connection = match &self.location {
            Location::File(path) => self.connect_to(path)?,
            Location::Memory => SqliteConnection::new(self.open()?.0, None),
        };
        Ok(Box::new(connection))
    }
}
