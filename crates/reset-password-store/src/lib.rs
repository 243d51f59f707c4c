//! The databases that the engine runs on.
//!
//! Each implements the core's `Store` trait and passes one body of tests. The users' table and its
//! columns are named in one module, `user_table`; no statement elsewhere assumes them.

pub mod file;
pub mod sqlite;

mod api_key_table;
mod event_table;
mod reset_table;
mod statements;
mod user_table;

pub use crate::sqlite::{Location, SqliteStore};
