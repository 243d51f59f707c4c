//! The native library for Kotlin and Swift.
//!
//! An operation runs on the engine's own threads, and the host's coroutine or task is woken when it has
//! ended. A host that stops waiting does not stop the operation.

mod arguments;
mod errors;
mod from_value;
mod into_argument;
mod json;
mod results;
mod text;
mod user_management;

pub use crate::{
    arguments::{CreateUser, ListUsers, Options, UpdateUser},
    errors::{Failure, ResetPasswordError},
    json::JsonValue,
    results::{
        Detail, Event, EventCursor, EventList, Message, MessageList, PasswordCheck, PasswordReset,
        Purged, TokenCheck, User, UserCursors, UserList,
    },
    text::InputText,
    user_management::UserManagement,
};

uniffi::setup_scaffolding!("reset_password");
