//! SQLite, embedded: one file, write-ahead log, safe across threads, processes and fork.

mod connections;
mod fork;
mod location;
mod migrate;
mod open;
mod steps;
mod store;

use std::{process, sync::Arc};

use reset_password_core::{
    Error, Event, Scribe, Store, Timestamp, process::PerProcess, store::StoreError,
};
use sqlx::{Connection, Row, SqliteConnection};

use self::{
    connections::Connections,
    steps::{begin, commit},
};
pub use self::{location::Location, migrate::newest as newest_schema_version};
use crate::statements::Statements;

/// Most sealed tokens that opening wipes.
const SEALED_PER_OPEN: i64 = 1_000;

/// A SQLite database.
pub struct SqliteStore {
    location: Location,
    statements: Statements,
    /// The process whose memory holds the database, where it is in memory.
    home: u32,
    connections: PerProcess<Connections>,
}

impl SqliteStore {
    /// Opens a database, making the file if there is none, and brings its tables up to date or checks
    /// that they are.
    ///
    /// A file's connections are closed again before this returns: the process may fork before it uses
    /// the store.
    ///
    /// # Errors
    ///
    /// `Config` with a sentence that names the file and the remedy, `Unavailable`.
    pub async fn open(
        location: Location,
        migrate: bool,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        if let Location::File(path) = &location {
            open::prepare_file(path)?;
        }
        let store = Self {
            location,
            statements: Statements::new(),
            home: process::id(),
            connections: PerProcess::new(),
        };
        match &store.location {
            Location::File(_) => {
                let mut connection = open::connect(&store.location).await?;
                store.prepare(&mut connection, migrate, now).await?;
                connection.close().await.map_err(unavailable)?;
            }
            Location::Memory => {
                let connections = store.connections()?;
                store
                    .prepare(&mut *connections.writer().await?, true, now)
                    .await?;
            }
        }
        Ok(store)
    }

    /// Where the database is.
    #[must_use]
    pub const fn location(&self) -> &Location {
        &self.location
    }

    /// Ends this process's connections, each after its current use. A later call makes new ones.
    pub async fn close(&self) {
        if self.location == Location::Memory {
            return;
        }
        if let Some(connections) = self.connections.take() {
            connections.close().await;
        }
    }

    /// The id of the key that the database was last used with.
    ///
    /// # Errors
    ///
    /// `Unavailable`.
    pub async fn key_id(&self) -> Result<Option<String>, StoreError> {
        let connections = self.connections()?;
        self.setting(&mut *connections.reader().await?, "key_id")
            .await
    }

    /// Records the first key that the database is used with. Answers the id that is recorded now, which
    /// is another's if another process was faster.
    ///
    /// # Errors
    ///
    /// `Unavailable`.
    pub async fn record_first_key_id(&self, id: &str) -> Result<String, StoreError> {
        let connections = self.connections()?;
        let mut writer = connections.writer().await?;
        let query = self.statements.insert_setting.query();
        let query = query.bind("key_id").bind(id.to_owned());
        query.execute(&mut *writer).await.map_err(unavailable)?;
        let recorded = self.setting(&mut writer, "key_id").await?;
        recorded.ok_or(StoreError::Damaged("the key's id"))
    }

    /// Records a key in the place of the one before, and signs the audit trail's marks anew. `event` is
    /// made of the id of the one before.
    ///
    /// # Errors
    ///
    /// `Unavailable`, and `Refused` with whatever `event` answers.
    pub async fn replace_key_id(
        &self,
        id: &str,
        event: &(dyn Fn(&str) -> Result<Event, Error> + Send + Sync),
        scribe: &Scribe<'_>,
    ) -> Result<(), StoreError> {
        let connections = self.connections()?;
        let mut writer = connections.writer().await?;
        let mut transaction = begin(&mut writer).await?;
        let before = self.setting(&mut transaction, "key_id").await?;
        let before = before.ok_or(StoreError::Damaged("the key's id"))?;
        if before == id {
            return Ok(());
        }
        self.set(&mut transaction, "key_id", id.to_owned()).await?;
        let event = event(&before).map_err(StoreError::Refused)?;
        self.append(&mut transaction, &event, scribe).await?;
        self.renew_marks_within(&mut transaction, scribe).await?;
        commit(transaction).await
    }

    /// Signs the audit trail's marks under the key in force, where a process that holds an earlier one has
    /// signed them since.
    ///
    /// # Errors
    ///
    /// `Unavailable`.
    pub async fn renew_marks(&self, scribe: &Scribe<'_>) -> Result<(), StoreError> {
        if scribe.renew(&self.trail_marks().await?).is_empty() {
            return Ok(());
        }
        let connections = self.connections()?;
        let mut writer = connections.writer().await?;
        let mut transaction = begin(&mut writer).await?;
        self.renew_marks_within(&mut transaction, scribe).await?;
        commit(transaction).await
    }

    /// The ids of the keys that live resets were made with.
    ///
    /// # Errors
    ///
    /// `Unavailable`.
    pub async fn key_ids_in_use(&self, now: Timestamp) -> Result<Vec<String>, StoreError> {
        let connections = self.connections()?;
        let mut reader = connections.reader().await?;
        let query = self.statements.key_ids.query().bind(now.unix_millis());
        let rows = query.fetch_all(&mut *reader).await.map_err(unavailable)?;
        rows.iter()
            .map(|row| row.try_get(0).map_err(unavailable))
            .collect()
    }

    /// When the newest event was made.
    ///
    /// # Errors
    ///
    /// `Unavailable`.
    pub async fn newest_event_at(&self) -> Result<Option<Timestamp>, StoreError> {
        let connections = self.connections()?;
        let mut reader = connections.reader().await?;
        let query = self.statements.events.newest.query();
        let row = query.fetch_one(&mut *reader).await.map_err(unavailable)?;
        let newest: Option<i64> = row.try_get(0).map_err(unavailable)?;
        Ok(newest.map(Timestamp::from_unix_millis))
    }

    /// The settings that decide whether a commit survives a power failure, as the database reports
    /// them: journal mode and synchronous level (2 is `FULL`).
    ///
    /// # Errors
    ///
    /// `Unavailable`.
    pub async fn durability(&self) -> Result<(String, i64), StoreError> {
        let connections = self.connections()?;
        let mut connection = connections.writer().await?;
        let journal = sqlx::query("PRAGMA journal_mode")
            .fetch_one(&mut *connection)
            .await;
        let synchronous = sqlx::query("PRAGMA synchronous")
            .fetch_one(&mut *connection)
            .await;
        let journal = journal
            .and_then(|row| row.try_get(0))
            .map_err(unavailable)?;
        let synchronous = synchronous
            .and_then(|row| row.try_get(0))
            .map_err(unavailable)?;
        Ok((journal, synchronous))
    }

    /// What SQLite's own check of the file says: `ok`, or what is wrong.
    ///
    /// # Errors
    ///
    /// `Unavailable`.
    pub async fn integrity(&self) -> Result<String, StoreError> {
        let connections = self.connections()?;
        let mut reader = connections.reader().await?;
        let row = sqlx::query("PRAGMA integrity_check(1)")
            .fetch_one(&mut *reader)
            .await;
        row.and_then(|row| row.try_get(0)).map_err(unavailable)
    }

    async fn setting(
        &self,
        connection: &mut SqliteConnection,
        name: &str,
    ) -> Result<Option<String>, StoreError> {
        let query = self.statements.setting.query().bind(name.to_owned());
        let row = query
            .fetch_optional(connection)
            .await
            .map_err(unavailable)?;
        row.map(|row| row.try_get(0))
            .transpose()
            .map_err(unavailable)
    }

    async fn prepare(
        &self,
        connection: &mut SqliteConnection,
        migrate: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if migrate {
            let (before, after) = migrate::migrate(connection).await?;
            if before != after {
                tracing::info!(
                    before,
                    after,
                    "the database's tables were brought up to date"
                );
            }
        } else {
            migrate::check(connection).await?;
        }
        let forget = self.statements.forget_sealed.query();
        forget
            .bind(now.unix_millis())
            .bind(SEALED_PER_OPEN)
            .execute(connection)
            .await
            .map_err(unavailable)?;
        Ok(())
    }

    /// This process's connections.
    fn connections(&self) -> Result<Arc<Connections>, StoreError> {
        self.connections.get_or_make(|| {
            let options = open::options(&self.location);
            match self.location {
                Location::File(_) => Ok(Connections::to_file(options)),
                Location::Memory if self.home == process::id() => Ok(Connections::to_memory(options)),
                Location::Memory => Err(StoreError::Config(
                    "a database in memory cannot be used after a fork; open one in each process, or \
                     use a file"
                        .to_owned(),
                )),
            }
        })
    }
}

fn unavailable(error: sqlx::Error) -> StoreError {
    StoreError::Unavailable(Box::new(error))
}
