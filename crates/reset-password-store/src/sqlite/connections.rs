//! One process's connections: a single writer, because SQLite has one at a time and waiting in line
//! beats polling for its lock, and a few readers, which the writer never blocks.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use reset_password_core::store::StoreError;
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::{
    sync::{MappedMutexGuard, Mutex, MutexGuard},
    time,
};

use super::{fork, open, unavailable};

/// Readers of a file.
const READERS: usize = 4;
/// How long a call waits for a connection.
const WAIT: Duration = Duration::from_secs(5);

/// A connection, if it has been made.
pub(super) type Connected = Option<SqliteConnection>;
pub(super) type Slot = Mutex<Connected>;
pub(super) type Guard<'a> = MappedMutexGuard<'a, SqliteConnection>;

pub(super) struct Connections {
    options: SqliteConnectOptions,
    writer: Arc<Slot>,
    readers: Vec<Arc<Slot>>,
    next: AtomicUsize,
}

impl Connections {
    /// None yet: each is made when it is first needed, and again after a fork.
    pub(super) fn to_file(options: SqliteConnectOptions) -> Self {
        let connections = Self::new(options, READERS);
        for slot in connections.slots() {
            fork::watch(slot);
        }
        connections
    }

    /// The one connection that a database in memory has.
    pub(super) fn to_memory(options: SqliteConnectOptions) -> Self {
        Self::new(options, 0)
    }

    fn new(options: SqliteConnectOptions, readers: usize) -> Self {
        let readers = (0..readers).map(|_| Arc::default()).collect();
        Self {
            options,
            writer: Arc::default(),
            readers,
            next: AtomicUsize::new(0),
        }
    }

    fn slots(&self) -> impl Iterator<Item = &Arc<Slot>> {
        self.readers.iter().chain([&self.writer])
    }

    pub(super) async fn writer(&self) -> Result<Guard<'_>, StoreError> {
        self.acquire(&self.writer).await
    }

    /// A reader that is free, or else the next in turn.
    pub(super) async fn reader(&self) -> Result<Guard<'_>, StoreError> {
        for slot in &self.readers {
            if let Ok(guard) = slot.try_lock()
                && let Ok(connected) = MutexGuard::try_map(guard, Option::as_mut)
            {
                return Ok(connected);
            }
        }
        let turn = self.next.fetch_add(1, Ordering::Relaxed) % self.readers.len().max(1);
        self.acquire(self.readers.get(turn).unwrap_or(&self.writer))
            .await
    }

    /// Closes every connection when the call that uses it has ended.
    pub(super) async fn close(&self) {
        for slot in self.slots() {
            if let Some(connection) = slot.lock().await.take()
                && let Err(error) = connection.close().await
            {
                tracing::warn!(%error, "a connection did not close well");
            }
        }
    }

    async fn acquire<'a>(&self, slot: &'a Slot) -> Result<Guard<'a>, StoreError> {
        let waited = time::timeout(WAIT, slot.lock()).await;
        let mut guard = waited.map_err(|late| StoreError::Unavailable(Box::new(late)))?;
        if guard.is_none() {
            *guard = Some(open::connected(&self.options).await.map_err(unavailable)?);
        }
        MutexGuard::try_map(guard, Option::as_mut)
            .map_err(|_| StoreError::Damaged("a connection that was just made"))
    }
}
