//! The table of counted requests.

use reset_password_core::{
    Timestamp,
    store::{RequestCounts, StoreError},
};

use crate::sql::{Dialect, Row, Statement};

/// The statements on the table of counted requests.
pub(crate) struct RequestStatements {
    /// Takes an address, three moments, and one beyond which nothing counts.
    pub(crate) count: Statement,
    /// Takes an address, a number, the moment, and when the link has ended.
    pub(crate) insert: Statement,
    /// Takes a moment and how many rows at the most.
    pub(crate) purge: Statement,
}

impl RequestStatements {
    pub(crate) fn new(dialect: &Dialect) -> Self {
        let since = |place: u8| {
            format!(
                r#"count(CASE WHEN "requested_at" > ?{place} AND "requested_at" <= ?5 THEN 1 END)"#
            )
        };
        let old = dialect.first(
            r#""reset_password_requests""#,
            r#""address", "number""#,
            r#""requested_at" < ?1"#,
            r#""requested_at""#,
        );
        Self {
            count: dialect.render(&format!(
                r#"SELECT coalesce(max("number"), 0), {}, {}, {}, coalesce(max(CASE WHEN "requested_at" <= ?5 THEN "link_expires_at" END), 0) FROM "reset_password_requests" WHERE "address" = ?1"#,
                since(2),
                since(3),
                since(4),
            )),
            insert: dialect.render(
                r#"INSERT INTO "reset_password_requests" ("address", "number", "requested_at", "link_expires_at") VALUES (?1, ?2, ?3, ?4)"#,
            ),
            purge: dialect.render(&format!(r#"DELETE FROM "reset_password_requests" WHERE {old}"#)),
        }
    }
}

pub(crate) fn read_counts(mut row: Row) -> Result<RequestCounts, StoreError> {
    row.of("the count of requests");
    Ok(RequestCounts {
        last: row.integer()?,
        since: [row.integer()?, row.integer()?, row.integer()?],
        link_expires_at: Timestamp::from_unix_millis(row.integer()?),
    })
}
