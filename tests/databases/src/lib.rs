//! Database servers for tests, each in a folder of its own, and a [`Proxy`] to put before them.
//!
//! Nothing here uses a server that is there already, unless a test command started it and says so. All that
//! is started ends with the program that started it, however that ends. What fails panics.

#![forbid(unsafe_code)]
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "a test can do nothing without its server"
)]

mod certificates;
mod database;
mod galera;
mod guard;
mod kind;
mod mariadb;
mod pgbouncer;
mod ports;
mod postgresql;
mod programs;
mod proxy;
mod random;
mod server;
mod session;
mod shared;
mod standby;
mod time;
mod url;
mod user;

pub use certificates::{AUTHORITY, STRANGER};
pub use database::{Backend, Database};
pub use galera::Galera;
pub use kind::{Family, Kind};
pub use pgbouncer::PgBouncer;
pub use ports::free as free_port;
pub use proxy::{Proxy, When};
pub use server::{Rows, Server};
pub use session::Session;
pub use shared::{given, shared};
pub use standby::Standby;
pub use url::through;
