//! What every language's binding stands on: arguments as a host has them, results that a host can build
//! its own objects from, and a guard between a panic and the host.
//!
//! A binding converts its host's arguments to [`Arguments`] by the description of an [`Operation`], releases its
//! host's lock, calls [`UserManagement::call`] or [`UserManagement::spawn`], and converts the [`Value`] or the
//! [`Error`] that comes back. It holds no rule, no default and no check.

#![forbid(unsafe_code)]

mod argument;
mod cancellation;
mod checks;
mod guard;
mod json_arguments;
mod json_values;
mod log;
mod operations;
mod options;
mod text;
mod user_management;
mod value;

pub use reset_password::{Code, Detail, Error};
pub use reset_password_api as api;
pub use secrecy::ExposeSecret;

pub use crate::{
    argument::{Argument, Arguments},
    cancellation::Cancellation,
    guard::guard,
    json_arguments::arguments_from_json,
    operations::Operation,
    text::Text,
    user_management::UserManagement,
    value::{Record, Value},
};
