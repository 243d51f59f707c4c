//! The table of reported changes.

use reset_password_core::report::ReportRecord;

use crate::sql::{Dialect, Param, Statement};

/// The statements on the table of reports.
pub(crate) struct ReportStatements {
    /// Takes the notice's id.
    pub(crate) find: Statement,
    /// Takes what [`values`] gives.
    pub(crate) insert: Statement,
    /// Takes the user.
    pub(crate) locking: Statement,
    /// Takes the user.
    pub(crate) unlock: Statement,
    /// Takes the user.
    pub(crate) delete_of_user: Statement,
    /// Takes a moment and how many rows at the most.
    pub(crate) purge: Statement,
}

impl ReportStatements {
    pub(crate) fn new(dialect: &Dialect) -> Self {
        let table = r#""reset_password_reports""#;
        let locking = r#""user_id" = ?1 AND "locks" = 1"#;
        let render = |text: String| dialect.render(&text);
        let old = dialect.first(
            table,
            r#""message_id""#,
            r#""created_at" < ?1 AND "locks" = 0"#,
            r#""created_at""#,
        );
        Self {
            find: render(format!(r#"SELECT 1 FROM {table} WHERE "message_id" = ?1"#)),
            insert: render(format!(
                r#"INSERT INTO {table} ("message_id", "user_id", "locks", "created_at") VALUES (?1, ?2, ?3, ?4)"#
            )),
            locking: render(format!("SELECT 1 FROM {table} WHERE {locking} LIMIT 1")),
            unlock: render(format!(r#"UPDATE {table} SET "locks" = 0 WHERE {locking}"#)),
            delete_of_user: render(format!(r#"DELETE FROM {table} WHERE "user_id" = ?1"#)),
            purge: render(format!("DELETE FROM {table} WHERE {old}")),
        }
    }
}

/// The values of the insert statement.
pub(crate) fn values(report: &ReportRecord) -> [Param<'_>; 4] {
    [
        (&report.message_id).into(),
        (&report.user_id).into(),
        i64::from(report.locks).into(),
        report.created_at.unix_millis().into(),
    ]
}
