//! The table of failed logins.

use reset_password_core::{Timestamp, failed_logins::FailedLogins, key::Digest, store::StoreError};

use crate::sql::{Dialect, Param, Row, Statement};

/// The condition that an account with these failed logins may log in without having been counted before. Takes the
/// address, the credential and a number as its parameters `?4` to `?6`.
pub(crate) const FEWER: &str = r#"NOT EXISTS (SELECT 1 FROM "reset_password_failures" WHERE "address" = ?4 AND "credential" = ?5 AND "failures" >= ?6)"#;

/// The statements on the table of failed logins.
pub(crate) struct FailureStatements {
    /// Takes the address.
    pub(crate) find: Statement,
    /// The same, and locks the row.
    pub(crate) lock: Statement,
    /// Takes what [`values`] gives.
    pub(crate) insert: Statement,
    /// Takes what [`values`] gives.
    pub(crate) update: Statement,
    /// Takes the address.
    pub(crate) delete: Statement,
    /// Takes a moment and how many rows at the most.
    pub(crate) purge: Statement,
}

impl FailureStatements {
    pub(crate) fn new(dialect: &Dialect) -> Self {
        let find = r#"SELECT "failures", "failed_at", "retry_at", "credential" FROM "reset_password_failures" WHERE "address" = ?1"#;
        let old = dialect.first(
            r#""reset_password_failures""#,
            r#""address""#,
            r#""retry_at" < ?1"#,
            r#""retry_at""#,
        );
        Self {
            find: dialect.render(find),
            lock: dialect.render(&format!("{find}{}", dialect.locking())),
            insert: dialect.render(
                r#"INSERT INTO "reset_password_failures" ("address", "failures", "failed_at", "retry_at", "credential") VALUES (?1, ?2, ?3, ?4, ?5)"#,
            ),
            update: dialect.render(
                r#"UPDATE "reset_password_failures" SET "failures" = ?2, "failed_at" = ?3, "retry_at" = ?4, "credential" = ?5 WHERE "address" = ?1"#,
            ),
            delete: dialect
                .render(r#"DELETE FROM "reset_password_failures" WHERE "address" = ?1"#),
            purge: dialect.render(&format!(r#"DELETE FROM "reset_password_failures" WHERE {old}"#)),
        }
    }
}

/// The values of the statements that write.
pub(crate) fn values<'a>(address: &'a Digest, failed: &'a FailedLogins) -> [Param<'a>; 5] {
    [
        address.into(),
        failed.count.into(),
        failed.failed_at.unix_millis().into(),
        failed.retry_at.unix_millis().into(),
        (&failed.credential).into(),
    ]
}

pub(crate) fn read(mut row: Row) -> Result<FailedLogins, StoreError> {
    row.of("the count of failed logins");
    Ok(FailedLogins {
        count: row.integer()?,
        failed_at: Timestamp::from_unix_millis(row.integer()?),
        retry_at: Timestamp::from_unix_millis(row.integer()?),
        credential: row.bytes()?.try_into().map_err(|_| row.damaged())?,
    })
}
