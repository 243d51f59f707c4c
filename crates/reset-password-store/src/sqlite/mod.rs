//! SQLite, embedded: one file, write-ahead log, safe across threads, processes and fork.

mod connection;
mod driver;
mod file;
pub(crate) mod fork;
pub(crate) mod health;
mod location;
mod locks;
mod open_files;

pub use self::location::Location;
pub(crate) use self::{driver::SqliteDriver, file::prepare_file};
