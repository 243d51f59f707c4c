//! What the tests of the field's failures share: the service as a process, the engine in this one, and the
//! database behind both. What fails panics.

#![forbid(unsafe_code)]
#![expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test can do nothing without what it tests"
)]

pub mod corpus;

mod clock;
mod command;
mod database;
mod guard;
mod http;
mod in_process;
mod service;
mod service_fixture;
mod time;

pub use clock::{TestClock, Timed};
pub use command::command;
pub use database::Database;
pub use http::{Connection, Reply, percent_encoded, request};
pub use in_process::{InProcess, cheap, new_user, secret};
pub use service::Service;
pub use service_fixture::{Fixture, JSON, refused};
pub use time::{long, medians};

/// Whose password is reset.
pub const EMAIL: &str = "ada@example.com";
/// The password before.
pub const OLD: &str = "a long walk by the sea";
/// The password after.
pub const NEW: &str = "seven green boats at dusk";
/// The page that links lead to.
pub const RESET_URL: &str = "https://example.com/reset-password";
/// Where a reset is made.
pub const RESETS: &str = "/user_management/password_reset";
/// Where a token sets a password.
pub const CONFIRM: &str = "/user_management/password_reset/confirm";
/// Where users are.
pub const USERS: &str = "/user_management/users";
/// Everything that an API key may be allowed.
pub const EVERY_SCOPE: &str =
    "events:read,resets:confirm,resets:create,resets:read,users:read,users:write";
