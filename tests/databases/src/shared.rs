//! One server for all tests of a program, or of a whole test command.

use std::{env, sync::OnceLock};

use crate::{Family, Kind, Server};

/// A server that lives as long as this program, started when it is first asked for.
///
/// Where the test command started one of the kind's family ([`given`]), it is that one, whatever its version: the
/// same tests can be run with each. Whoever asks for a kind that is fetched means that version and no other.
#[must_use]
pub fn shared(kind: Kind) -> &'static Server {
    static POSTGRES14: OnceLock<Server> = OnceLock::new();
    static POSTGRES15: OnceLock<Server> = OnceLock::new();
    static POSTGRES18: OnceLock<Server> = OnceLock::new();
    static MARIADB10_11: OnceLock<Server> = OnceLock::new();
    static MARIADB11_4: OnceLock<Server> = OnceLock::new();

    if !kind.is_fetched()
        && let Some(server) = given(kind.family())
    {
        return server;
    }
    let own = match kind {
        Kind::Postgres14 => &POSTGRES14,
        Kind::Postgres15 => &POSTGRES15,
        Kind::Postgres18 => &POSTGRES18,
        Kind::MariaDb10_11 => &MARIADB10_11,
        Kind::MariaDb11_4 => &MARIADB11_4,
    };
    own.get_or_init(|| Server::start(kind))
}

/// The server that the environment names (`TEST_POSTGRES_URL`, `TEST_MYSQL_URL`: the superuser's URL), if it
/// names one of that family. The test command that started it sets the variable.
#[must_use]
pub fn given(family: Family) -> Option<&'static Server> {
    static POSTGRES: OnceLock<Server> = OnceLock::new();
    static MARIADB: OnceLock<Server> = OnceLock::new();

    let url = env::var(family.variable()).ok()?;
    let given = match family {
        Family::Postgres => &POSTGRES,
        Family::MariaDb => &MARIADB,
    };
    Some(given.get_or_init(|| Server::running(&url)))
}
