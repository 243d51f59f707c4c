//! What every language's binding stands on: arguments as a host has them, results that a host can build
//! its own objects from, and a guard between a panic and the host.
//!
//! A binding converts its host's arguments to [`Text`] and the flat types of [`arguments`], releases its
//! host's lock, calls [`UserManagement::call`] or [`UserManagement::spawn`] with one of [`Operations`], and
//! converts the [`Value`] or the [`Error`] that comes back. It holds no rule, no default and no check.

#![forbid(unsafe_code)]

pub mod arguments;

mod cancellation;
mod guard;
mod log;
mod operations;
mod text;
mod user_management;
mod value;

pub use reset_password::{Code, Detail, Error};
pub use secrecy::ExposeSecret;

pub use crate::{
    cancellation::Cancellation,
    guard::guard,
    operations::Operations,
    text::Text,
    user_management::UserManagement,
    value::{Kind, Record, Value},
};
