#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod blocking;
pub mod doctor;
pub mod secret_file;

mod calls;
mod key_file;
mod key_rotation;
mod options;
mod pepper;
mod replacement;
mod system;
mod threads;
mod trail_mark;
mod user_management;
mod users_table;

pub use reset_password_core::{
    ApiKey, Argon2Params, AuditRecord, AuditVerdict, Caller, Code, CreateUser, Detail, Error,
    ErrorInfo, Event, EventList, ListUsers, Message, MessageKind, MessageList, NewApiKey,
    NewWebhookEndpoint, Order, PasswordCheck, PasswordReset, Random, RequestIdentity, Scope,
    Timestamp, TokenCheck, UpdateUser, UpdateWebhookEndpoint, User, UserList, WaitingMessages,
    WebhookEndpoint, WebhookStatus,
    audit::{AuditFault, CheckpointState},
    event::EventKind,
    password::{from_utf8 as password_from_utf8, not_unicode as password_not_unicode},
    public_address::is_public,
    retention::Purged,
    webhook,
};

pub use reset_password_store::{DatabaseUrl, Fitting, Grant};

pub use crate::{options::Options, user_management::UserManagement, users_table::UsersCheck};

/// The project's README is run too.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
