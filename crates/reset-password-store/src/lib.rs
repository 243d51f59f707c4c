//! The databases that the engine runs on: SQLite, PostgreSQL, MySQL and MariaDB.
//!
//! The core's `Store` is written once, on SQL, and passes one body of tests on each. The engine's own users' table and
//! its columns are named in one module, `statements::users`; those of a table that is there already come from what it is
//! told (`users`). No statement elsewhere assumes either.

pub mod file;
pub mod health;

mod async_task;
mod database_url;
mod migrate;
mod mysql;
mod pool;
mod postgres;
mod sql;
mod sqlite;
mod statements;
mod store;
mod transaction;
mod users;

pub use crate::{
    database_url::DatabaseUrl,
    mysql::MysqlUrl,
    pool::Connections,
    postgres::PostgresUrl,
    sqlite::Location,
    store::SqlStore,
    transaction::SqlTransaction,
    users::{Fitting, Grant, UserMapping, UserTables},
};
