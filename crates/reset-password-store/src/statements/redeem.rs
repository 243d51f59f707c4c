//! Spending a token: what every users' table does for it.

use crate::sql::{Dialect, Statement};

/// Spends a token and sets a password. The whole predicate of each update is on the row that it updates,
/// and the row counts decide who wins. Every statement takes, in this order: now, the request, when to wipe
/// it, no fingerprint; of the reset as it was read its digest, expiry, creation, user and fingerprint;
/// the new hash, its form, the moment of the change; and of the user as it was read its address, the form
/// that it is found by, its hash and its last login.
pub(crate) struct Redeem(pub(crate) Vec<(Statement, RowCount)>);

/// How many rows a statement must change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RowCount {
    Any,
    /// Any, and it is told that they were in that table.
    Ended(String),
    Exactly(u64),
}

/// That a row which is found by its digest, its id or its user is live. PostgreSQL would take the index of all
/// live rows for that, and read all of them, as long as it has not counted how many there are: so it is said in
/// words that this index does not know.
pub(super) fn is_live(dialect: &Dialect, alias: &str) -> String {
    match dialect {
        Dialect::Postgres { .. } => format!(r#"{alias}"live" IS NOT NULL"#),
        Dialect::Mysql | Dialect::Sqlite => format!(r#"{alias}"live" = 1"#),
    }
}

/// What the update of a spent token sets and asks, in columns of that alias.
pub(crate) fn spend(dialect: &Dialect, alias: &str, column: &str) -> String {
    let live = is_live(dialect, alias);
    format!(
        r#"{column}"used_at" = ?1, {column}"request" = ?2, {column}"wipe_at" = ?3, {column}"fingerprint" = ?4, {column}"live" = NULL, {column}"sealed" = NULL WHERE {alias}"digest" = ?5 AND {live} AND {alias}"used_at" IS NULL AND {alias}"expires_at" > ?1 AND {alias}"expires_at" = ?6 AND {alias}"created_at" = ?7 AND {alias}"user_id" = ?8 AND {alias}"fingerprint" = ?9"#
    )
}
