//! The databases that are slow to start, or to be fetched first.

use std::env;

use crate::fixture::{Backend, Fixture, Kind, Test};

/// Every test of the contract.
fn all() -> impl Iterator<Item = &'static Test> {
    [
        crate::api_keys::ALL,
        crate::chains::ALL,
        crate::events::ALL,
        crate::failures::ALL,
        crate::messages::ALL,
        crate::migration::ALL,
        crate::redeem::ALL,
        crate::requests::ALL,
        crate::reports::ALL,
        crate::resets::ALL,
        crate::settings::ALL,
        crate::trail::ALL,
        crate::transactions::ALL,
        crate::users::ALL,
        crate::webhooks::ALL,
    ]
    .into_iter()
    .flatten()
}

/// Runs the contract on a server that says that it has this version.
fn run_on(backend: Backend, version: &str) {
    if env::var_os("RESET_PASSWORD_LONG").is_none() {
        return;
    }
    let server = Fixture::on(backend).database.server().unwrap();
    let found = server.ask("SELECT version()");
    assert!(found.contains(version), "{found} is not {version}");
    for (name, test) in all() {
        println!("{name} on {backend:?}");
        test(&Fixture::on(backend));
    }
}

#[test]
fn pgbouncer() {
    run_on(Backend::PgBouncer, "PostgreSQL 15.");
}

#[test]
fn postgres_14() {
    run_on(Backend::Server(Kind::Postgres14), "PostgreSQL 14.");
}

#[test]
fn postgres_18() {
    run_on(Backend::Server(Kind::Postgres18), "PostgreSQL 18.");
}

#[test]
fn mariadb_11_4() {
    run_on(Backend::Server(Kind::MariaDb11_4), "11.4.");
}

#[test]
fn galera() {
    run_on(Backend::Galera, "10.11.");
}
