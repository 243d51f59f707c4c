//! The command `reset-password` and its service in tests: each in a folder of its own, with a client that says exactly
//! what it is told to.
//!
//! All that is started ends with the program that started it, however that ends. What fails panics.

#![forbid(unsafe_code)]
#![expect(
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test can do nothing without its service"
)]

mod command;
mod database;
mod engine;
mod fixture;
mod guard;
mod http;
mod namespace;
mod service;
mod time;

pub use command::{binary, command};
pub use database::Database;
pub use engine::{cheap, new_user, secret};
pub use fixture::{Fixture, JSON, refused};
pub use http::{Connection, Reply, percent_encoded, request};
pub use namespace::with_mounts;
pub use service::Service;
pub use time::{long, now, pause};

/// Whose password is reset.
pub const EMAIL: &str = "ada@example.com";
/// The password before.
pub const OLD: &str = "a long walk by the sea";
/// The password after.
pub const NEW: &str = "seven green boats at dusk";
/// Where a reset is made.
pub const RESETS: &str = "/user_management/password_reset";
/// Where a token sets a password.
pub const CONFIRM: &str = "/user_management/password_reset/confirm";
/// Where users are.
pub const USERS: &str = "/user_management/users";
/// Everything that an API key may be allowed.
pub const EVERY_SCOPE: &str = "events:read,resets:confirm,resets:create,resets:read,users:read,users:write,webhooks:read,webhooks:write";
