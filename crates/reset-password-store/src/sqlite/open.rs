//! Opening a database file: who may read it, how safely it writes, and what to say when it will not.

use std::{
    fs::{self, OpenOptions},
    io,
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::Path,
    time::Duration,
};

use reset_password_core::store::StoreError;
use rustix::fs::{Access, access};
use sqlx::{
    ConnectOptions, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use tracing::log::LevelFilter;

use super::Location;
use crate::file;

/// How long a writer waits for another process's transaction.
const BUSY: Duration = Duration::from_secs(5);

/// How every connection is made. A commit is on disk before it is acknowledged (`FULL`: a lost commit
/// would bring a used token back to life), and what is deleted is overwritten.
pub(super) fn options(location: &Location) -> SqliteConnectOptions {
    let options = SqliteConnectOptions::new()
        .create_if_missing(false)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .pragma("secure_delete", "ON")
        .pragma("trusted_schema", "OFF")
        .log_statements(LevelFilter::Off)
        .log_slow_statements(LevelFilter::Off, Duration::ZERO);
    match location {
        Location::File(path) => options
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full),
        Location::Memory => options.in_memory(true),
    }
}

/// Makes sure that the file is there, ours to write, and closed to other users if it is new.
pub(super) fn prepare_file(path: &Path) -> Result<(), StoreError> {
    let refuse = |error: io::Error| {
        StoreError::Config(file::explain("open database", path, "--database", &error))
    };
    if path.is_dir() {
        return Err(refuse(io::ErrorKind::IsADirectory.into()));
    }
    let folder = path.parent().unwrap_or(path);
    if path.exists() && access(folder, Access::WRITE_OK | Access::EXEC_OK).is_err() {
        return Err(StoreError::Config(format!(
            "cannot open database {}: SQLite keeps its write-ahead log beside it, and the folder belongs \
             to {} and is closed to the current user {}; change its owner or mode, or give another \
             --database",
            path.display(),
            fs::metadata(folder)
                .map_or_else(|_| "another".to_owned(), |data| file::user(data.uid())),
            file::user(rustix::process::geteuid().as_raw()),
        )));
    }
    match OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
    {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => OpenOptions::new()
            .read(true)
            .write(true)
            .open(path)
            .map(drop)
            .map_err(refuse),
        Err(error) => Err(refuse(error)),
    }
}

/// The first connection, whose failures have names.
pub(super) async fn connect(location: &Location) -> Result<SqliteConnection, StoreError> {
    connected(&options(location))
        .await
        .map_err(|error| explain(location, error))
}

/// Connects. Turning a new file to write-ahead logging wants it for itself for a moment and does not
/// honour the busy timeout, so whoever comes second tries again for as long.
pub(super) async fn connected(options: &SqliteConnectOptions) -> sqlx::Result<SqliteConnection> {
    const STEP: Duration = Duration::from_millis(10);
    let mut waited = Duration::ZERO;
    loop {
        match options.connect().await {
            Err(error) if is_busy(&error) && waited < BUSY => {
                tokio::time::sleep(STEP).await;
                waited += STEP;
            }
            result => return result,
        }
    }
}

fn is_busy(error: &sqlx::Error) -> bool {
    /// Another connection has the lock (`SQLITE_BUSY`).
    const LOCKED: &str = "5";
    error
        .as_database_error()
        .is_some_and(|error| error.code().as_deref() == Some(LOCKED))
}

fn explain(location: &Location, error: sqlx::Error) -> StoreError {
    /// The header is not that of a database (`SQLITE_NOTADB`).
    const NOT_A_DATABASE: &str = "26";
    let code = error
        .as_database_error()
        .and_then(|error| error.code().map(std::borrow::Cow::into_owned));
    let Location::File(path) = location else {
        return super::unavailable(error);
    };
    let shown = path.display();
    if code.as_deref() == Some(NOT_A_DATABASE) {
        return StoreError::Config(format!(
            "cannot open database {shown}: the file is not a SQLite database; give another --database"
        ));
    }
    if fs::metadata(path).is_ok_and(|data| data.permissions().readonly()) {
        return StoreError::Config(format!(
            "cannot open database {shown}: the file is read-only; make it writable (chmod u+w)"
        ));
    }
    super::unavailable(error)
}
