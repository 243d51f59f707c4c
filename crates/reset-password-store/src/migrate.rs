//! The tables, made and brought up to date, however many processes and machines start at once.

use std::{cmp::Ordering, thread, time::Duration};

use reset_password_core::store::StoreError;

use crate::{
    sql::{Connection, Dialect, SqlError},
    statements::{
        Statements,
        settings::{SCHEMA_VERSION, SettingStatements},
    },
};

/// How often it is tried again when others do the same at the same moment.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(50);

/// Every change to the tables, oldest first. Append only.
fn migrations(dialect: &Dialect) -> &'static [&'static str] {
    match dialect {
        Dialect::Sqlite => &[
            include_str!("migrations/sqlite/0001_initial.sql"),
            include_str!("migrations/sqlite/0002_service.sql"),
            include_str!("migrations/sqlite/0003_audit.sql"),
            include_str!("migrations/sqlite/0004_three_databases.sql"),
            include_str!("migrations/sqlite/0005_trail.sql"),
            include_str!("migrations/sqlite/0006_requests.sql"),
            include_str!("migrations/sqlite/0007_failures.sql"),
            include_str!("migrations/sqlite/0008_user_state.sql"),
            include_str!("migrations/sqlite/0009_messages.sql"),
            include_str!("migrations/sqlite/0010_reports.sql"),
            include_str!("migrations/sqlite/0011_webhooks.sql"),
        ],
        Dialect::Postgres { .. } => &[
            include_str!("migrations/postgres/0001_initial.sql"),
            include_str!("migrations/postgres/0002_requests.sql"),
            include_str!("migrations/postgres/0003_failures.sql"),
            include_str!("migrations/postgres/0004_user_state.sql"),
            include_str!("migrations/postgres/0005_messages.sql"),
            include_str!("migrations/postgres/0006_reports.sql"),
            include_str!("migrations/postgres/0007_webhooks.sql"),
        ],
        Dialect::Mysql => &[
            include_str!("migrations/mysql/0001_initial.sql"),
            include_str!("migrations/mysql/0002_requests.sql"),
            include_str!("migrations/mysql/0003_failures.sql"),
            include_str!("migrations/mysql/0004_user_state.sql"),
            include_str!("migrations/mysql/0005_messages.sql"),
            include_str!("migrations/mysql/0006_reports.sql"),
            include_str!("migrations/mysql/0007_webhooks.sql"),
        ],
    }
}

/// The table that says which migrations were made.
const fn settings_table(dialect: &Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => include_str!("migrations/sqlite/settings.sql"),
        Dialect::Postgres { .. } => include_str!("migrations/postgres/settings.sql"),
        Dialect::Mysql => include_str!("migrations/mysql/settings.sql"),
    }
}

/// The version that this build needs.
fn newest(dialect: &Dialect) -> i64 {
    i64::try_from(migrations(dialect).len()).unwrap_or(i64::MAX)
}

/// Brings the tables up to date. Answers the version before and after.
pub(crate) fn migrate(
    connection: &mut dyn Connection,
    dialect: &Dialect,
    statements: &Statements,
) -> Result<(i64, i64), StoreError> {
    let mut tries = 0;
    loop {
        match attempt(connection, dialect, &statements.settings) {
            // Two that make one table at once: one of them is told that it is there.
            Err(StoreError::Transient(_)) if tries < TRIES && connection.is_usable() => {
                tries += 1;
                thread::park_timeout(PAUSE);
            }
            answer => return answer,
        }
    }
}

fn attempt(
    connection: &mut dyn Connection,
    dialect: &Dialect,
    settings: &SettingStatements,
) -> Result<(i64, i64), StoreError> {
    // The table is looked for before it is made: a user who may not make tables can use those that are there.
    if let Err(SqlError::NoTable) = connection.query(&settings.find, &[SCHEMA_VERSION.into()]) {
        connection.execute(&dialect.render(settings_table(dialect)), &[])?;
    }
    connection.begin()?;
    let made = up_to_date(connection, dialect, settings);
    match made {
        Ok(versions) => connection.commit().map(|()| versions).map_err(Into::into),
        Err(error) => {
            connection.roll_back();
            Err(error)
        }
    }
}

fn up_to_date(
    connection: &mut dyn Connection,
    dialect: &Dialect,
    settings: &SettingStatements,
) -> Result<(i64, i64), StoreError> {
    // Whoever comes second waits here for the first.
    connection.execute(&settings.insert, &[SCHEMA_VERSION.into(), "0".into()])?;
    let mut rows = connection.query(&settings.lock, &[SCHEMA_VERSION.into()])?;
    let present = version(rows.pop())?;
    let newest = newest(dialect);
    if present > newest {
        return Err(newer());
    }
    if present == newest {
        return Ok((present, newest));
    }
    let missing = migrations(dialect)
        .iter()
        .skip(usize::try_from(present).unwrap_or(0));
    for statement in missing.flat_map(|migration| statements_of(migration)) {
        match connection.execute(&dialect.render(statement), &[]) {
            // MySQL commits each change to a table by itself, so another process may have been here.
            Err(SqlError::Duplicate(_)) if *dialect == Dialect::Mysql => {}
            done => {
                done?;
            }
        }
    }
    let newest_text = newest.to_string();
    connection.execute(
        &settings.update,
        &[SCHEMA_VERSION.into(), (&newest_text).into()],
    )?;
    Ok((present, newest))
}

/// Refuses a database whose tables are not those of this build.
pub(crate) fn check(
    connection: &mut dyn Connection,
    dialect: &Dialect,
    statements: &Statements,
) -> Result<(), StoreError> {
    let present = match connection.query(&statements.settings.find, &[SCHEMA_VERSION.into()]) {
        Err(SqlError::NoTable) => 0,
        rows => version(rows?.pop())?,
    };
    match present.cmp(&newest(dialect)) {
        Ordering::Less => Err(StoreError::Config(
            "the database's tables are missing or out of date; run `reset-password migrate`, or leave \
             migrate on"
                .to_owned(),
        )),
        Ordering::Equal => Ok(()),
        Ordering::Greater => Err(newer()),
    }
}

fn version(row: Option<crate::sql::Row>) -> Result<i64, StoreError> {
    let Some(mut row) = row else { return Ok(0) };
    let text = row.text()?;
    text.parse()
        .map_err(|_| StoreError::Damaged("the tables' version"))
}

/// The statements of a migration: each ends with a semicolon at the end of a line.
fn statements_of(migration: &str) -> impl Iterator<Item = &str> {
    migration
        .split(";\n")
        .map(|statement| statement.trim().trim_end_matches(';'))
        .filter(|statement| !statement.is_empty())
}

fn newer() -> StoreError {
    StoreError::Config(
        "the database was made by a newer version of reset-password; upgrade this one".to_owned(),
    )
}
