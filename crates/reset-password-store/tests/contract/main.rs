//! What every store must do: one body of tests, run unchanged on each database.
//!
//! Each test is made for SQLite, in a file and in memory, for PostgreSQL and for MariaDB. With
//! `RESET_PASSWORD_LONG` all of them also run on the other versions, behind a pooler and on a cluster.

#[macro_use]
mod fixture;

mod api_keys;
mod chains;
mod events;
mod failures;
mod messages;
mod migration;
mod others;
mod redeem;
mod reports;
mod requests;
mod resets;
mod settings;
mod trail;
mod transactions;
mod users;
mod webhooks;
