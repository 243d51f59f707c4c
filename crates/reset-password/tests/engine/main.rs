//! The engine on each database: what a reset does, what a login does, what is recorded.
//!
//! Each test is made for SQLite, PostgreSQL and MariaDB, unless it is about one of them or about none.

#[macro_use]
#[path = "../support/each_database.rs"]
mod each_database;
#[path = "../support/mod.rs"]
mod support;

mod api_keys;
mod audit;
mod audit_chains;
mod audit_life;
mod audit_records;
mod audit_roles;
mod confirm_races;
mod credential_pairs;
mod disk_full;
mod failed_login_faults;
mod failed_login_races;
mod failed_login_records;
mod failed_logins;
mod failpoints;
mod faults;
mod filling;
mod injection;
mod keys;
mod locks;
mod login;
mod login_beside_reset;
mod lost_answers;
mod messages;
mod new_database;
mod primary_lost;
mod race;
mod randomness;
mod replay;
mod reports;
mod requests;
mod reset;
mod retention;
mod round_trips;
mod server_killed;
mod size;
mod statement_faults;
mod tampering;
mod trail_mark;
mod unsynced;
mod upgrade;
mod webhooks;
