//! The table of events, which are the records of the audit trail.

use reset_password_core::{
    Event, Timestamp,
    audit::{AuditRow, LastRecord},
    event::EventKind,
    store::StoreError,
};

use crate::sql::{Dialect, Row, Statement};

/// What [`read_row`] takes, and its table.
const ROW: &str = r#"SELECT "sequence", "id", "event", "data", "created_at", "listed", "context", "chain" FROM "reset_password_events""#;

const INSERT: &str = r#"INSERT INTO "reset_password_events" ("sequence", "id", "event", "data", "created_at", "listed", "context", "chain") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"#;

/// Takes a new checkpoint as its ninth parameter, and the setting that keeps it.
const MOVE_HEAD: &str = r#"UPDATE "reset_password_settings" SET "value" = ?9 WHERE "name" = ?10"#;

/// The statements on the table of events.
pub(crate) struct EventStatements {
    /// Adds a record and moves the checkpoint of the end to it. Each changes one row, unless there is such a
    /// record already.
    pub(crate) append_and_sign: Vec<Statement>,
    /// Adds a record.
    pub(crate) append: Statement,
    /// Takes how many chains there are and the remainder of one of them: its last record, whatever the
    /// checkpoint says.
    pub(crate) last: Statement,
    /// Takes a place, how many records, and the last place.
    pub(crate) trail: Statement,
    /// Takes a moment and how many records.
    pub(crate) oldest: Statement,
    /// Takes a place: removes what is not beyond it.
    pub(crate) remove: Statement,
    /// Takes the id of an event of the feed.
    pub(crate) sequence: Statement,
    /// Takes the id of an event that is gone. Answers a place before all whose id says that they are later; null where
    /// there is none.
    pub(crate) place: Statement,
    /// Takes the id of any event.
    pub(crate) exists: Statement,
    /// Takes a place, how many events, the last place, whether every kind is meant, and the kinds.
    pub(crate) page: Statement,
    pub(crate) newest: Statement,
}

impl EventStatements {
    pub(crate) fn new(dialect: &Dialect) -> Self {
        let kinds: Vec<_> = (0..EventKind::ALL.len())
            .map(|n| format!("?{}", n + 5))
            .collect();
        Self {
            append_and_sign: match dialect {
                Dialect::Mysql | Dialect::Sqlite => {
                    vec![dialect.render(INSERT), dialect.render(MOVE_HEAD)]
                }
                // One trip instead of two. A record that is there already ends nothing but this statement.
                Dialect::Postgres { .. } => vec![dialect.render(&format!(
                    r#"WITH "record" AS ({INSERT} ON CONFLICT DO NOTHING RETURNING 1) {MOVE_HEAD} AND EXISTS (SELECT 1 FROM "record")"#
                ))],
            },
            append: dialect.render(INSERT),
            last: dialect.render(
                r#"SELECT "sequence", "chain" FROM "reset_password_events" WHERE "sequence" % ?1 = ?2 ORDER BY "sequence" DESC LIMIT 1"#,
            ),
            trail: dialect.render(&format!(
                r#"{ROW} WHERE "sequence" > ?1 AND "sequence" <= ?3 ORDER BY "sequence" LIMIT ?2"#
            )),
            // Nothing is read while the very first record is young enough.
            oldest: dialect.render(&format!(
                r#"{ROW} WHERE (SELECT "created_at" FROM "reset_password_events" ORDER BY "sequence" LIMIT 1) < ?1 ORDER BY "sequence" LIMIT ?2"#
            )),
            remove: dialect.render(r#"DELETE FROM "reset_password_events" WHERE "sequence" <= ?1"#),
            sequence: dialect.render(
                r#"SELECT "sequence" FROM "reset_password_events" WHERE "id" = ?1 AND "listed" = 1"#,
            ),
            place: dialect.render(
                r#"SELECT min(place) - 1 FROM (SELECT "sequence" AS place FROM "reset_password_events" WHERE "id" > ?1 ORDER BY "id" LIMIT 100) AS near"#,
            ),
            exists: dialect.render(r#"SELECT 1 FROM "reset_password_events" WHERE "id" = ?1"#),
            page: dialect.render(&format!(
                r#"SELECT "id", "event", "data", "created_at" FROM "reset_password_events" WHERE "listed" = 1 AND "sequence" > ?1 AND "sequence" <= ?3 AND (?4 = 1 OR "event" IN ({})) ORDER BY "sequence" LIMIT ?2"#,
                kinds.join(", ")
            )),
            newest: dialect.render(
                r#"SELECT "created_at" FROM "reset_password_events" ORDER BY "sequence" DESC LIMIT 1"#,
            ),
        }
    }
}

pub(crate) fn read(mut row: Row) -> Result<Event, StoreError> {
    row.of("an event");
    let (id, event, data) = (row.text()?, row.text()?, row.text()?);
    Ok(Event {
        id,
        event,
        data: serde_json::from_str(&data).map_err(|_| row.damaged())?,
        created_at: Timestamp::from_unix_millis(row.integer()?),
    })
}

/// Reads a record as bytes, so that one whose text was damaged can be read too.
pub(crate) fn read_row(mut row: Row) -> Result<AuditRow, StoreError> {
    row.of("an event");
    Ok(AuditRow {
        sequence: row.integer()?,
        id: row.bytes()?,
        event: row.bytes()?,
        data: row.bytes()?,
        created_at: row.integer()?,
        listed: row.truth()?,
        context: row.optional_bytes()?,
        chain: row.optional_bytes()?,
    })
}

pub(crate) fn read_last(row: Option<Row>) -> Result<LastRecord, StoreError> {
    let Some(mut row) = row else {
        return Ok(LastRecord::default());
    };
    row.of("an event");
    Ok(LastRecord {
        sequence: Some(row.integer()?),
        chain: row.optional_bytes()?,
    })
}
