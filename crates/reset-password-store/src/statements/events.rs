//! The table of events, which are the records of the audit trail.

use reset_password_core::{
    Event, Timestamp,
    audit::{AuditRow, Checkpoints, LastRecord},
    event::EventKind,
    store::StoreError,
};

use crate::sql::{Dialect, Row, Statement};

/// The setting that is the checkpoint of the trail's beginning.
pub(crate) const ANCHOR: &str = "audit_anchor";
/// The setting that is the checkpoint of the trail's end.
pub(crate) const HEAD: &str = "audit_head";

/// What [`read_last`] takes.
const LAST: &str = r#"(SELECT max("sequence") FROM "reset_password_events"), (SELECT "chain" FROM "reset_password_events" ORDER BY "sequence" DESC LIMIT 1)"#;

/// What [`read_row`] takes, and its table.
const ROW: &str = r#"SELECT "sequence", "id", "event", "data", "created_at", "listed", "context", "chain" FROM "reset_password_events""#;

const INSERT: &str = r#"INSERT INTO "reset_password_events" ("sequence", "id", "event", "data", "created_at", "listed", "context", "chain") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"#;

/// Takes a new checkpoint as its ninth parameter.
const MOVE_HEAD: &str =
    r#"UPDATE "reset_password_settings" SET "value" = ?9 WHERE "name" = 'audit_head'"#;

/// The statements on the table of events.
pub(crate) struct EventStatements {
    /// Adds a record and moves the checkpoint of the end to it. Each changes one row, unless there is such a
    /// record already.
    pub(crate) append_and_sign: Vec<Statement>,
    /// Adds a record.
    pub(crate) append: Statement,
    /// The last record, whatever the checkpoint says.
    pub(crate) last: Statement,
    pub(crate) checkpoints: Statement,
    /// Takes a place and how many records.
    pub(crate) trail: Statement,
    /// Takes a moment and how many records.
    pub(crate) oldest: Statement,
    /// Takes a place: removes what is not beyond it.
    pub(crate) remove: Statement,
    /// Takes the id of an event of the feed.
    pub(crate) sequence: Statement,
    /// Takes the id of any event.
    pub(crate) exists: Statement,
    /// Takes a place, how many events, whether every kind is meant, and the kinds.
    pub(crate) page: Statement,
    pub(crate) newest: Statement,
}

impl EventStatements {
    pub(crate) fn new(dialect: &Dialect) -> Self {
        let kinds: Vec<_> = (0..EventKind::ALL.len())
            .map(|n| format!("?{}", n + 4))
            .collect();
        let setting = |name: &str| {
            format!(r#"(SELECT "value" FROM "reset_password_settings" WHERE "name" = '{name}')"#)
        };
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
            last: dialect.render(&format!("SELECT {LAST}")),
            checkpoints: dialect.render(&format!(
                "SELECT {}, {}, {LAST}",
                setting(ANCHOR),
                setting(HEAD)
            )),
            trail: dialect.render(&format!(
                r#"{ROW} WHERE "sequence" > ?1 ORDER BY "sequence" LIMIT ?2"#
            )),
            // Nothing is read while the very first record is young enough.
            oldest: dialect.render(&format!(
                r#"{ROW} WHERE (SELECT "created_at" FROM "reset_password_events" ORDER BY "sequence" LIMIT 1) < ?1 ORDER BY "sequence" LIMIT ?2"#
            )),
            remove: dialect.render(r#"DELETE FROM "reset_password_events" WHERE "sequence" <= ?1"#),
            sequence: dialect.render(
                r#"SELECT "sequence" FROM "reset_password_events" WHERE "id" = ?1 AND "listed" = 1"#,
            ),
            exists: dialect.render(r#"SELECT 1 FROM "reset_password_events" WHERE "id" = ?1"#),
            page: dialect.render(&format!(
                r#"SELECT "id", "event", "data", "created_at" FROM "reset_password_events" WHERE "listed" = 1 AND "sequence" > ?1 AND (?3 = 1 OR "event" IN ({})) ORDER BY "sequence" LIMIT ?2"#,
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

pub(crate) fn read_last(row: &mut Row) -> Result<LastRecord, StoreError> {
    row.of("an event");
    Ok(LastRecord {
        sequence: row.optional_integer()?,
        chain: row.optional_bytes()?,
    })
}

pub(crate) fn read_checkpoints(mut row: Row) -> Result<Checkpoints, StoreError> {
    row.of("a checkpoint of the audit trail");
    Ok(Checkpoints {
        anchor: row.optional_text()?,
        head: row.optional_text()?,
        last: read_last(&mut row)?,
    })
}
