//! Webhooks: the feed's events, sent to the endpoints that the operator registered.
//!
//! [`Webhooks::deliver`] takes what an endpoint is to be told, signs each event as the specification of Standard Webhooks
//! has it and as the vendor's SDKs expect it, sends it by HTTPS to a public address, and says what became of it.

#![forbid(unsafe_code)]

mod resolver;
mod sender;
mod signature;
mod webhooks;

pub use crate::webhooks::{Delivered, WebhookConfig, Webhooks};
