//! The table of messages that wait for a mailer.

use reset_password_core::{
    Timestamp,
    message::{MessageKind, MessageRecord, WaitingMessages},
    store::StoreError,
};

use crate::sql::{Dialect, Param, Row, Statement};

/// The columns that [`values`] gives and [`read`] takes.
const COLUMNS: &str = r#""id", "kind", "user_id", "reset_id", "email", "created_at", "attempts""#;

/// The statements on the table of messages.
pub(crate) struct MessageStatements {
    /// Takes what [`values`] gives.
    pub(crate) insert: Statement,
    /// Takes now and how many rows at the most. Locks the rows, but for those that another has locked.
    pub(crate) due: Statement,
    /// Takes the id, the lease and its end.
    pub(crate) lease: Statement,
    /// Takes the id and the lease. Locks the row.
    pub(crate) lock: Statement,
    /// Takes the id, the lease and when the message is due again.
    pub(crate) postpone: Statement,
    /// Takes the id and the lease.
    pub(crate) finish: Statement,
    /// Takes the user.
    pub(crate) delete_of_user: Statement,
    /// Takes a moment and how many rows at the most.
    pub(crate) purge: Statement,
    /// Takes nothing.
    pub(crate) waiting: Statement,
}

impl MessageStatements {
    pub(crate) fn new(dialect: &Dialect) -> Self {
        let table = r#""reset_password_messages""#;
        let held = r#""id" = ?1 AND "lease" = ?2"#;
        let render = |text: String| dialect.render(&text);
        let old = dialect.first(table, r#""id""#, r#""created_at" < ?1"#, r#""created_at""#);
        Self {
            insert: render(format!(
                r#"INSERT INTO {table} ({COLUMNS}, "due_at") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?6)"#
            )),
            due: render(format!(
                r#"SELECT {COLUMNS} FROM {table} WHERE "due_at" <= ?1 ORDER BY "due_at" LIMIT ?2{}"#,
                dialect.locking_what_is_free()
            )),
            lease: render(format!(
                r#"UPDATE {table} SET "lease" = ?2, "due_at" = ?3, "attempts" = "attempts" + 1 WHERE "id" = ?1"#
            )),
            lock: render(format!(
                "SELECT {COLUMNS} FROM {table} WHERE {held}{}",
                dialect.locking()
            )),
            postpone: render(format!(
                r#"UPDATE {table} SET "lease" = NULL, "due_at" = ?3 WHERE {held}"#
            )),
            finish: render(format!("DELETE FROM {table} WHERE {held}")),
            delete_of_user: render(format!(r#"DELETE FROM {table} WHERE "user_id" = ?1"#)),
            purge: render(format!("DELETE FROM {table} WHERE {old}")),
            waiting: render(format!(
                r#"SELECT count(*), min("created_at") FROM {table}"#
            )),
        }
    }
}

/// The values of the insert statement.
pub(crate) fn values(message: &MessageRecord) -> [Param<'_>; 7] {
    [
        (&message.id).into(),
        message.kind.as_str().into(),
        (&message.user_id).into(),
        message.reset_id.as_deref().into(),
        message.email.as_deref().into(),
        message.created_at.unix_millis().into(),
        message.attempts.into(),
    ]
}

pub(crate) fn read(mut row: Row) -> Result<MessageRecord, StoreError> {
    row.of("a message's row");
    Ok(MessageRecord {
        id: row.text()?,
        kind: MessageKind::parse(&row.text()?).ok_or_else(|| row.damaged())?,
        user_id: row.text()?,
        reset_id: row.optional_text()?,
        email: row.optional_text()?,
        created_at: Timestamp::from_unix_millis(row.integer()?),
        attempts: row.integer()?,
    })
}

pub(crate) fn read_waiting(mut row: Row) -> Result<WaitingMessages, StoreError> {
    row.of("the count of messages");
    let count = row.integer()?;
    let oldest = row.optional_integer()?;
    Ok(WaitingMessages {
        count,
        oldest_created_at: oldest.map(Timestamp::from_unix_millis),
    })
}
