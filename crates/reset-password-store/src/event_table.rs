//! Reading and writing the rows of events, which are the records of the audit trail.

use reset_password_core::{
    Event, Timestamp,
    audit::{AuditRow, Link, TrailEnd, TrailMarks},
    store::StoreError,
};
use sqlx::{Row, sqlite::SqliteRow};

use crate::statements::{Query, Statement};

/// The setting that marks the trail's beginning.
pub(crate) const ANCHOR: &str = "audit_anchor";

/// What [`read_end`] takes: the mark of the trail's end, and its last record.
pub(crate) const END: &str = "(SELECT value FROM reset_password_settings WHERE name = 'audit_head'), \
     (SELECT max(sequence) FROM reset_password_events), \
     (SELECT chain FROM reset_password_events ORDER BY sequence DESC LIMIT 1)";

/// Appends a record and moves the mark of the trail's end to it, if there is one to move. Takes what
/// [`bind`] binds.
pub(crate) const APPEND: &str = "INSERT INTO reset_password_events \
     (sequence, id, event, data, created_at, listed, context, chain) \
     VALUES (?, ?, ?, ?, ?, ?, ?, ?); \
     UPDATE reset_password_settings SET value = coalesce(?, value) WHERE name = 'audit_head'";

/// What [`read_row`] takes, and its table.
const ROW: &str = "SELECT sequence, id, event, data, created_at, listed, context, chain \
     FROM reset_password_events";

/// The statements on the table of events.
pub(crate) struct EventStatements {
    pub(crate) append: Statement,
    pub(crate) end: Statement,
    pub(crate) marks: Statement,
    pub(crate) trail: Statement,
    pub(crate) oldest: Statement,
    pub(crate) remove: Statement,
    pub(crate) sequence: Statement,
    pub(crate) page: Statement,
    pub(crate) newest: Statement,
}

impl EventStatements {
    pub(crate) fn new() -> Self {
        Self {
            append: Statement::new(APPEND),
            end: Statement::new(format!("SELECT {END}")),
            marks: Statement::new(format!(
                "SELECT {END}, (SELECT value FROM reset_password_settings WHERE name = '{ANCHOR}')"
            )),
            trail: Statement::new(format!(
                "{ROW} WHERE sequence > ?1 ORDER BY sequence LIMIT ?2"
            )),
            // Nothing is read while the very first record is young enough.
            oldest: Statement::new(format!(
                "{ROW} WHERE (SELECT created_at FROM reset_password_events ORDER BY sequence LIMIT 1) \
                 < ?1 ORDER BY sequence LIMIT ?2"
            )),
            remove: Statement::new("DELETE FROM reset_password_events WHERE sequence <= ?1"),
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
        }
    }
}

pub(crate) fn bind<'q>(query: Query<'q>, event: &Event, link: Link) -> Query<'q> {
    query
        .bind(link.sequence)
        .bind(event.id.clone())
        .bind(event.event.clone())
        .bind(link.data)
        .bind(event.created_at.unix_millis())
        .bind(event.is_listed())
        .bind(link.context)
        .bind(link.chain.to_vec())
        .bind(link.head)
}

pub(crate) fn read(row: &SqliteRow) -> Result<Event, StoreError> {
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

/// Reads a record as bytes, so that one whose text was damaged can be read too.
pub(crate) fn read_row(row: &SqliteRow) -> Result<AuditRow, StoreError> {
    Ok(AuditRow {
        sequence: row.try_get(0).map_err(unreadable)?,
        id: row.try_get(1).map_err(unreadable)?,
        event: row.try_get(2).map_err(unreadable)?,
        data: row.try_get(3).map_err(unreadable)?,
        created_at: row.try_get(4).map_err(unreadable)?,
        listed: row.try_get(5).map_err(unreadable)?,
        context: row.try_get(6).map_err(unreadable)?,
        chain: row.try_get(7).map_err(unreadable)?,
    })
}

/// Reads the columns of [`END`], the first of which is at `first`.
pub(crate) fn read_end(row: &SqliteRow, first: usize) -> Result<TrailEnd, StoreError> {
    Ok(TrailEnd {
        head: row.try_get(first).map_err(unreadable)?,
        sequence: row.try_get(first + 1).map_err(unreadable)?,
        chain: row.try_get(first + 2).map_err(unreadable)?,
    })
}

pub(crate) fn read_marks(row: &SqliteRow) -> Result<TrailMarks, StoreError> {
    Ok(TrailMarks {
        end: read_end(row, 0)?,
        anchor: row.try_get(3).map_err(unreadable)?,
    })
}

fn unreadable(_: sqlx::Error) -> StoreError {
    StoreError::Damaged("an event")
}
