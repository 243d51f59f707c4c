//! Reading and writing the rows of events.

use reset_password_core::{Event, Timestamp, store::StoreError};
use sqlx::{Row, sqlite::SqliteRow};

use crate::statements::{Query, Statement};

/// The statements on the table of events.
pub(crate) struct EventStatements {
    pub(crate) insert: Statement,
    pub(crate) sequence: Statement,
    pub(crate) page: Statement,
    pub(crate) newest: Statement,
    pub(crate) purge_listed: Statement,
    pub(crate) purge_hidden: Statement,
}

impl EventStatements {
    pub(crate) fn new() -> Self {
        Self {
            insert: Statement::new(insert("?1, ?2, ?3, ?4, ?5")),
            sequence: Statement::new(
                "SELECT sequence FROM reset_password_events WHERE id = ?1 AND listed = 1",
            ),
            page: Statement::new(
                "SELECT id, event, data, created_at FROM reset_password_events \
                 WHERE listed = 1 AND sequence > ?1 \
                 AND (?3 = '[]' OR event IN (SELECT value FROM json_each(?3))) \
                 ORDER BY sequence LIMIT ?2",
            ),
            newest: Statement::new("SELECT max(created_at) FROM reset_password_events"),
            purge_listed: purge(true),
            purge_hidden: purge(false),
        }
    }
}

/// The statement that appends an event: id, name, data, time, and whether the feed shows it.
pub(crate) fn insert(values: &str) -> String {
    format!(
        "INSERT INTO reset_password_events (id, event, data, created_at, listed) VALUES ({values})"
    )
}

fn purge(listed: bool) -> Statement {
    Statement::new(format!(
        "DELETE FROM reset_password_events WHERE sequence IN (SELECT sequence FROM \
         reset_password_events WHERE listed = {} AND created_at < ?1 ORDER BY created_at LIMIT ?2)",
        u8::from(listed)
    ))
}

pub(crate) fn bind<'q>(query: Query<'q>, event: &Event) -> Query<'q> {
    query
        .bind(event.id.clone())
        .bind(event.event.clone())
        .bind(event.data.to_string())
        .bind(event.created_at.unix_millis())
}

pub(crate) fn read(row: &SqliteRow) -> Result<Event, StoreError> {
    let unreadable = |_: sqlx::Error| StoreError::Damaged("an event");
    let data: String = row.try_get(2).map_err(unreadable)?;
    Ok(Event {
        id: row.try_get(0).map_err(unreadable)?,
        event: row.try_get(1).map_err(unreadable)?,
        data: serde_json::from_str(&data).map_err(|_| StoreError::Damaged("an event"))?,
        created_at: row
            .try_get(3)
            .map(Timestamp::from_unix_millis)
            .map_err(unreadable)?,
    })
}
