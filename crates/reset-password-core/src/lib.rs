//! What a password reset is.
//!
//! The core knows no SQL, no HTTP and no host language; it reads no clock and makes no randomness in
//! place: a [`Clock`], a [`Random`] and a [`store::Store`] come in. [`Engine`] holds the use cases;
//! each reads like the list of steps in the project's design.

#![forbid(unsafe_code)]

pub mod address_rule;
pub mod admission;
pub mod api_key;
pub mod audit;
pub mod caller;
pub mod clock;
pub mod credential;
pub mod email;
pub mod engine;
pub mod error;
pub mod event;
pub mod failed_logins;
pub mod key;
pub mod keyring;
pub mod lifetime;
pub mod message;
pub mod password;
pub mod process;
pub mod public_address;
pub mod random;
pub mod report;
pub mod reset;
pub mod retention;
pub mod retirement;
pub mod store;
pub mod suppression;
pub mod token;
pub mod user;
pub mod webhook;

mod id;
mod invisible;
mod request_limit;

pub use crate::{
    api_key::{ApiKey, NewApiKey, Scope},
    audit::{AuditRecord, AuditVerdict, AuditWriter},
    caller::Caller,
    clock::{Clock, Timestamp},
    engine::{Config, Engine, RequestIdentity},
    error::{Code, Detail, Error, ErrorInfo},
    event::{Event, EventList},
    key::Key,
    keyring::{Keyring, Keys},
    message::{Message, MessageKind, MessageList, WaitingMessages},
    password::{PasswordCheck, hash::Argon2Params, policy::Policy},
    random::{Random, RandomError},
    reset::{PasswordReset, ResetUrl, TokenCheck},
    store::Store,
    token::Token,
    user::{CreateUser, ListUsers, Order, UpdateUser, User, UserList},
    webhook::{NewWebhookEndpoint, UpdateWebhookEndpoint, WebhookEndpoint, WebhookStatus},
};
