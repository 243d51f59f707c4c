//! What a SQLite database's durability and correctness rest on.

use super::Location;
use crate::{
    health::Finding,
    sql::{Connection, SqlError, Statement},
};

/// The commit level that survives a power failure (`PRAGMA synchronous`).
const FULL: i64 = 2;

/// Looks at the file and at how it is written.
pub(crate) fn check(
    connection: &mut dyn Connection,
    location: &Location,
) -> Result<Vec<Finding>, SqlError> {
    let Location::File(path) = location else {
        return Ok(Vec::new());
    };
    let path = path.display();
    let integrity = pragma(connection, "integrity_check(1)", |row| row.text().ok());
    let integrity = match integrity {
        Err(SqlError::Damaged(what)) => what,
        answer => answer?.unwrap_or_default(),
    };
    let soundness = if integrity == "ok" {
        Finding::ok("database", format!("{path} is sound"))
    } else {
        Finding::error(
            "database",
            format!("{path} is damaged: {integrity}"),
            "restore it from a backup, then run `reset-password reset revoke --all`",
        )
    };
    let journal = pragma(connection, "journal_mode", |row| row.text().ok())?.unwrap_or_default();
    let level = pragma(connection, "synchronous", |row| row.integer().ok())?.unwrap_or(0);
    let durability = if journal == "wal" && level >= FULL {
        Finding::ok(
            "durability",
            "a commit is on disk before it is acknowledged (wal, full)",
        )
    } else {
        Finding::error(
            "durability",
            format!(
                "journal mode {journal}, synchronous {level}: a lost commit would revive a token"
            ),
            "put the database on a local file system that supports write-ahead logging",
        )
    };
    Ok(vec![soundness, durability])
}

fn pragma<T>(
    connection: &mut dyn Connection,
    name: &str,
    read: impl Fn(&mut crate::sql::Row) -> Option<T>,
) -> Result<Option<T>, SqlError> {
    let statement = Statement::numbered(format!("PRAGMA {name}"));
    let row = connection.query(&statement, &[])?.pop();
    Ok(row.and_then(|mut row| read(&mut row)))
}
