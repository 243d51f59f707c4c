//! The databases that the engine runs on: SQLite, PostgreSQL, MySQL and MariaDB.
//!
//! The core's `Store` is written once, on SQL, and passes one body of tests on each. The users' table and
//! its columns are named in one module, `statements::users`; no statement elsewhere assumes them.

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

pub use crate::{
    database_url::DatabaseUrl, mysql::MysqlUrl, postgres::PostgresUrl, sqlite::Location,
    store::SqlStore, transaction::SqlTransaction,
};
