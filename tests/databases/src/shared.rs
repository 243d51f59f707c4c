//! One server for all tests of a program, or of a whole test command.

use std::{env, sync::OnceLock};

use crate::{Family, Kind, Server};

/// A server that lives as long as this program, started when it is first asked for.
///
/// Where the environment names a server for the kind's family (`TEST_POSTGRES_URL`,
/// `TEST_MYSQL_URL`: the superuser's URL), it is that one, whatever its version: the same tests
/// can be run with each. The test command that started it sets the variable.
#[must_use]
pub fn shared(kind: Kind) -> &'static Server {
    static POSTGRES14: OnceLock<Server> = OnceLock::new();
    static POSTGRES15: OnceLock<Server> = OnceLock::new();
    static POSTGRES18: OnceLock<Server> = OnceLock::new();
    static MARIADB10_11: OnceLock<Server> = OnceLock::new();
    static MARIADB11_4: OnceLock<Server> = OnceLock::new();
    static GIVEN_POSTGRES: OnceLock<Server> = OnceLock::new();
    static GIVEN_MARIADB: OnceLock<Server> = OnceLock::new();

    if let Ok(url) = env::var(kind.family().variable()) {
        let given = match kind.family() {
            Family::Postgres => &GIVEN_POSTGRES,
            Family::MariaDb => &GIVEN_MARIADB,
        };
        return given.get_or_init(|| Server::running(&url));
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
