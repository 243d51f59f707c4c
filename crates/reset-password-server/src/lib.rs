//! The reset-password engine as a small HTTP service.
//!
//! It answers two contracts: `/user_management/…`, which the vendor's SDKs speak, and
//! `/auth/reset-password/{resetToken}`. Handlers are thin: they read, call the engine and map. Where they are asked for,
//! it shows the pages of a reset ([`reset_password_web`]) and sends
//! its mails ([`reset_password_mail`]) as well. What happens it tells the endpoints that the operator registered
//! ([`reset_password_webhooks`]).

#![forbid(unsafe_code)]

mod answer;
mod call;
mod client;
mod config;
mod connection;
mod delivery;
mod events;
mod fields;
mod framing;
mod health;
mod journal;
mod json;
mod known_keys;
mod layers;
mod listener;
mod maia;
mod maintenance;
mod metrics;
mod openapi;
mod pages;
mod problem;
mod resets;
mod routes;
mod server;
mod service;
mod throttle;
mod tls;
mod users;
mod webhook_delivery;
mod webhook_endpoints;
mod wire;

pub use crate::{
    config::{Config, TlsFiles},
    routes::openapi,
    server::serve,
};
