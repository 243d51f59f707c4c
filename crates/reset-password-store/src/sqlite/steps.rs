//! The steps that transactions are made of.

use reset_password_core::{
    Event, RequestIdentity, Timestamp,
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

    pub(super) async fn append(
        &self,
        connection: &mut SqliteConnection,
        event: &Event,
        listed: bool,
    ) -> Result<()> {
        let query = event_table::bind(self.statements.events.insert.query(), event);
        query
            .bind(listed)
            .execute(&mut *connection)
            .await
            .map_err(unavailable)?;
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
    ) -> Result<()> {
        let forgotten = [
            (&self.statements.forget_sealed, now),
            (
                &self.statements.forget_requests,
                now.before(RequestIdentity::KNOWN_FOR),
            ),
        ];
        for (statement, before) in forgotten {
            let query = statement.query().bind(before.unix_millis()).bind(SWEPT);
            query.execute(&mut *connection).await.map_err(unavailable)?;
        }
        self.remove(connection, PurgeBefore::at(now), SWEPT).await?;
        Ok(())
    }

    /// Removes what is older, at most `limit` rows of each kind.
    pub(super) async fn remove(
        &self,
        connection: &mut SqliteConnection,
        before: PurgeBefore,
        limit: u32,
    ) -> Result<Purged> {
        let statements = &self.statements;
        let mut removed = [0; 4];
        let batches = [
            (&statements.purge_resets, before.password_resets),
            (&statements.events.purge_listed, before.events),
            (&statements.purge_requests, before.requests),
            (&statements.events.purge_hidden, before.requests),
        ];
        for ((statement, before), removed) in batches.into_iter().zip(&mut removed) {
            let query = statement.query().bind(before.unix_millis()).bind(limit);
            let done = query.execute(&mut *connection).await.map_err(unavailable)?;
            *removed = done.rows_affected();
        }
        let [password_resets, events, requests, _] = removed;
        Ok(Purged {
            password_resets,
            events,
            requests,
        })
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
