//! The steps that transactions are made of.

use reset_password_core::{
    Event, Scribe, Timestamp,
    store::{PurgeBefore, Purged, RequestLimit, StoreError, UserRecord},
};
use sqlx::{Connection, Row, Sqlite, SqliteConnection, Transaction};

use super::{SqliteStore, unavailable};
use crate::{
    event_table,
    statements::{Query, Statement},
    user_table,
};

/// Rows that each new reset sweeps away.
const SWEPT: u32 = 16;

type Result<T> = std::result::Result<T, StoreError>;

/// A transaction that holds the write lock from its first statement: one that began with a read could
/// not be upgraded while another writes.
pub(super) async fn begin(writer: &mut SqliteConnection) -> Result<Transaction<'_, Sqlite>> {
    writer
        .begin_with("BEGIN IMMEDIATE")
        .await
        .map_err(unavailable)
}

pub(super) async fn commit(transaction: Transaction<'_, Sqlite>) -> Result<()> {
    transaction.commit().await.map_err(unavailable)
}

impl SqliteStore {
    /// One statement, which is a transaction of its own.
    pub(super) async fn write(&self, query: Query<'_>) -> Result<()> {
        let connections = self.connections()?;
        let mut writer = connections.writer().await?;
        query.execute(&mut *writer).await.map_err(unavailable)?;
        Ok(())
    }

    pub(super) async fn locked_user(
        &self,
        connection: &mut SqliteConnection,
        id: &str,
    ) -> Result<Option<UserRecord>> {
        let query = self.statements.user_by_id.query().bind(id.to_owned());
        let row = query
            .fetch_optional(&mut *connection)
            .await
            .map_err(unavailable)?;
        row.as_ref().map(|row| user_table::read(row, 0)).transpose()
    }

    /// Appends an event to the trail.
    pub(super) async fn append(
        &self,
        connection: &mut SqliteConnection,
        event: &Event,
        scribe: &Scribe<'_>,
    ) -> Result<()> {
        let query = self.statements.events.end.query();
        let row = query
            .fetch_one(&mut *connection)
            .await
            .map_err(unavailable)?;
        let mut link = scribe.join(&event_table::read_end(&row, 0)?, event);
        let anchor = link.anchor.take();
        let query = event_table::bind(self.statements.events.append.query(), event, link);
        query.execute(&mut *connection).await.map_err(unavailable)?;
        self.set_anchor(connection, anchor).await
    }

    /// Moves the mark of the trail's beginning, if it is to be moved.
    pub(super) async fn set_anchor(
        &self,
        connection: &mut SqliteConnection,
        anchor: Option<String>,
    ) -> Result<()> {
        let Some(anchor) = anchor else { return Ok(()) };
        self.set(connection, event_table::ANCHOR, anchor).await
    }

    /// Signs the trail's marks under the key in force, where they are not.
    pub(super) async fn renew_marks_within(
        &self,
        connection: &mut SqliteConnection,
        scribe: &Scribe<'_>,
    ) -> Result<()> {
        let query = self.statements.events.marks.query();
        let row = query
            .fetch_one(&mut *connection)
            .await
            .map_err(unavailable)?;
        for (mark, value) in scribe.renew(&event_table::read_marks(&row)?) {
            self.set(&mut *connection, mark, value).await?;
        }
        Ok(())
    }

    /// Writes a setting that is there.
    pub(super) async fn set(
        &self,
        connection: &mut SqliteConnection,
        name: &'static str,
        value: String,
    ) -> Result<()> {
        let query = self.statements.update_setting.query();
        let query = query.bind(name).bind(value);
        query.execute(&mut *connection).await.map_err(unavailable)?;
        Ok(())
    }

    pub(super) async fn void_resets(
        &self,
        connection: &mut SqliteConnection,
        user_id: &str,
        now: Timestamp,
    ) -> Result<u64> {
        let query = self.statements.void_of_user.query();
        let query = query.bind(user_id.to_owned()).bind(now.unix_millis());
        let done = query.execute(&mut *connection).await.map_err(unavailable)?;
        Ok(done.rows_affected())
    }

    pub(super) fn write_error(&self, error: sqlx::Error) -> StoreError {
        let taken = error
            .as_database_error()
            .filter(|error| error.is_unique_violation())
            .and_then(|error| self.statements.users.taken(error.message()));
        taken.unwrap_or_else(|| unavailable(error))
    }

    /// Counts a request, unless a window is full.
    pub(super) async fn count_request(
        &self,
        connection: &mut SqliteConnection,
        limit: RequestLimit<'_>,
        now: Timestamp,
    ) -> Result<bool> {
        for (since, most) in limit.windows {
            let query = self.statements.count_requests.query();
            let query = query.bind(limit.address.to_vec()).bind(since.unix_millis());
            let row = query
                .fetch_one(&mut *connection)
                .await
                .map_err(unavailable)?;
            let counted: i64 = row.try_get(0).map_err(unavailable)?;
            if counted >= i64::from(*most) {
                return Ok(false);
            }
        }
        let query = self.statements.insert_request.query();
        query
            .bind(limit.address.to_vec())
            .bind(now.unix_millis())
            .execute(&mut *connection)
            .await
            .map_err(unavailable)?;
        Ok(true)
    }

    /// Wipes some sealed tokens that have expired, and removes some rows that nobody needs.
    pub(super) async fn sweep(
        &self,
        connection: &mut SqliteConnection,
        now: Timestamp,
        scribe: &Scribe<'_>,
    ) -> Result<()> {
        self.remove(connection, PurgeBefore::at(now), SWEPT, scribe)
            .await?;
        Ok(())
    }

    /// Wipes and removes what is older, at most `limit` rows of each kind.
    pub(super) async fn remove(
        &self,
        connection: &mut SqliteConnection,
        before: PurgeBefore,
        limit: u32,
        scribe: &Scribe<'_>,
    ) -> Result<Purged> {
        let statements = &self.statements;
        let mut removed = [0; 2];
        let forgotten = [
            (&statements.forget_sealed, before.sealed_tokens),
            (&statements.forget_requests, before.known_requests),
        ];
        for (statement, before) in forgotten {
            let query = statement.query().bind(before.unix_millis()).bind(limit);
            query.execute(&mut *connection).await.map_err(unavailable)?;
        }
        let batches = [
            (&statements.purge_resets, before.password_resets),
            (&statements.purge_requests, before.requests),
        ];
        for ((statement, before), removed) in batches.into_iter().zip(&mut removed) {
            let query = statement.query().bind(before.unix_millis()).bind(limit);
            let done = query.execute(&mut *connection).await.map_err(unavailable)?;
            *removed = done.rows_affected();
        }
        let [password_resets, requests] = removed;
        Ok(Purged {
            password_resets,
            events: self
                .shorten(connection, before.events, limit, scribe)
                .await?,
            requests,
        })
    }

    /// Removes the beginning of the trail: the records before the first that is not older.
    async fn shorten(
        &self,
        connection: &mut SqliteConnection,
        before: Timestamp,
        limit: u32,
        scribe: &Scribe<'_>,
    ) -> Result<u64> {
        let query = self.statements.events.oldest.query();
        let rows = query
            .bind(before.unix_millis())
            .bind(limit)
            .fetch_all(&mut *connection)
            .await
            .map_err(unavailable)?;
        let mut oldest = Vec::new();
        for row in &rows {
            let record = event_table::read_row(row)?;
            if record.created_at >= before.unix_millis() {
                break;
            }
            oldest.push(record);
        }
        let Some(last) = oldest.last() else {
            return Ok(0);
        };
        let anchor = self.setting(&mut *connection, event_table::ANCHOR).await?;
        let anchor = scribe.shorten(anchor.as_deref(), &oldest);
        self.set_anchor(&mut *connection, anchor).await?;
        let query = self.statements.events.remove.query().bind(last.sequence);
        let done = query.execute(&mut *connection).await.map_err(unavailable)?;
        Ok(done.rows_affected())
    }

    /// The place of a row in its order, by its id.
    pub(super) async fn sequence(
        connection: &mut SqliteConnection,
        statement: &Statement,
        id: &str,
    ) -> Result<Option<i64>> {
        let query = statement.query().bind(id.to_owned());
        let row = query
            .fetch_optional(connection)
            .await
            .map_err(unavailable)?;
        row.map(|row| row.try_get(0).map_err(unavailable))
            .transpose()
    }
}
