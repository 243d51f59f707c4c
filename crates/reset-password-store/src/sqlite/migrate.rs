//! The tables, made and brought up to date.

use reset_password_core::store::StoreError;
use sqlx::{Connection, Row, SqliteConnection};

use super::unavailable;

/// Every change to the tables, oldest first. Append only.
const MIGRATIONS: [&str; 3] = [
    include_str!("../migrations/0001_initial.sql"),
    include_str!("../migrations/0002_service.sql"),
    include_str!("../migrations/0003_audit.sql"),
];

/// The version that this build needs.
#[must_use]
pub fn newest() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// Brings the tables up to date, in one transaction that other processes wait for. Answers the
/// version before and after.
pub(super) async fn migrate(connection: &mut SqliteConnection) -> Result<(i64, i64), StoreError> {
    let mut transaction = connection
        .begin_with("BEGIN IMMEDIATE")
        .await
        .map_err(unavailable)?;
    sqlx::raw_sql(
        "CREATE TABLE IF NOT EXISTS reset_password_settings \
         (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT",
    )
    .execute(&mut *transaction)
    .await
    .map_err(unavailable)?;
    let present = version(&mut transaction).await?;
    if present > newest() {
        return Err(newer());
    }
    let missing = MIGRATIONS
        .iter()
        .skip(usize::try_from(present).unwrap_or(0));
    for migration in missing {
        sqlx::raw_sql(*migration)
            .execute(&mut *transaction)
            .await
            .map_err(unavailable)?;
    }
    sqlx::query(
        "INSERT INTO reset_password_settings (name, value) VALUES ('schema_version', ?1) \
         ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE value <> excluded.value",
    )
    .bind(newest().to_string())
    .execute(&mut *transaction)
    .await
    .map_err(unavailable)?;
    transaction.commit().await.map_err(unavailable)?;
    Ok((present, newest()))
}

/// Refuses a database whose tables are not those of this build.
pub(super) async fn check(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let known: i64 = sqlx::query(
        "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'reset_password_settings'",
    )
    .fetch_one(&mut *connection)
    .await
    .and_then(|row| row.try_get(0))
    .map_err(unavailable)?;
    let present = if known == 0 {
        0
    } else {
        version(connection).await?
    };
    match present.cmp(&newest()) {
        std::cmp::Ordering::Less => Err(StoreError::Config(
            "the database's tables are missing or out of date; run `reset-password migrate`, or leave \
             migrate on"
                .to_owned(),
        )),
        std::cmp::Ordering::Equal => Ok(()),
        std::cmp::Ordering::Greater => Err(newer()),
    }
}

async fn version(connection: &mut SqliteConnection) -> Result<i64, StoreError> {
    let text: Option<String> =
        sqlx::query("SELECT value FROM reset_password_settings WHERE name = 'schema_version'")
            .fetch_optional(connection)
            .await
            .and_then(|row| row.map(|row| row.try_get(0)).transpose())
            .map_err(unavailable)?;
    text.map_or(Ok(0), |text| {
        text.parse()
            .map_err(|_| StoreError::Damaged("the tables' version"))
    })
}

fn newer() -> StoreError {
    StoreError::Config(
        "the database was made by a newer version of reset-password; upgrade this one".to_owned(),
    )
}
