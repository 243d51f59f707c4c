//! What differs between MySQL 8 and MariaDB.
//!
//! Everything else in this module is the same for both. The lines for MariaDB were run on 10.11; **those for
//! MySQL were written from its reference manual and were not run**.
//!
//! What needs no code:
//!
//! - MySQL 8 signs users in by `caching_sha2_password`. Over TLS or a Unix socket the password is sent
//!   inside it. Without TLS the driver asks the server for an RSA key and trusts the one that it gets: whoever
//!   sits between can then learn the password, one more reason for `ssl-mode=disabled` on trusted
//!   networks alone.
//! - The tables are `utf8mb4_bin`, which both have and which compares as if spaces at the end were not there.
//!   What must not be compared so is `VARBINARY`. (`utf8mb4_0900_bin` is MySQL's alone,
//!   `utf8mb4_nopad_bin` is MariaDB's alone.)
//! - `FOR UPDATE` is the same; MariaDB has neither `FOR UPDATE OF` nor `FOR SHARE`, so no statement uses them.
//! - MySQL has no `INSERT … RETURNING`, so no statement uses it.
//! - With `innodb_snapshot_isolation` (on from MariaDB 11.6) an update of a row that changed since the
//!   snapshot answers 1020 where others would update the newest row.

use super::address::MysqlUrl;

/// Zero dates and values that do not fit are errors, and a table is made in the engine that is asked for or not
/// at all.
const SQL_MODE: &str = "STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,\
                        ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION";

/// After how long MariaDB ends a transaction whose client says nothing, so that a process that was stopped in
/// the middle of one holds no locks. MySQL has nothing of the kind.
const IDLE_TRANSACTION_SECONDS: u32 = 60;

/// Whose server it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flavour {
    Mysql,
    MariaDb,
}

/// A server's flavour and version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Server {
    pub(super) flavour: Flavour,
    version: (u32, u32),
}

impl Server {
    /// From what `VERSION()` answers: `8.4.3`, `10.11.19-MariaDB-0+deb12u1`.
    pub(super) fn parse(version: &str) -> Self {
        let flavour = if version.to_ascii_lowercase().contains("mariadb") {
            Flavour::MariaDb
        } else {
            Flavour::Mysql
        };
        // What a proxy or an old handshake puts in front of MariaDB's version.
        let version = version.strip_prefix("5.5.5-").unwrap_or(version);
        let mut numbers = version
            .split(|character: char| !character.is_ascii_digit())
            .map(|number| number.parse().unwrap_or(0));
        Self {
            flavour,
            version: (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)),
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self.flavour {
            Flavour::Mysql => "MySQL",
            Flavour::MariaDb => "MariaDB",
        }
    }

    /// The oldest version that is supported.
    const fn oldest(self) -> (u32, u32) {
        match self.flavour {
            Flavour::Mysql => (8, 0),
            Flavour::MariaDb => (10, 6),
        }
    }

    pub(super) fn is_supported(self) -> bool {
        self.version >= self.oldest()
    }

    /// The variable that holds the isolation of transactions.
    pub(super) fn isolation_variable(self) -> &'static str {
        // MariaDB took MySQL's name in 11.1 and will drop its own.
        if self.flavour == Flavour::MariaDb && self.version < (11, 1) {
            "tx_isolation"
        } else {
            "transaction_isolation"
        }
    }

    /// The statement that sets up a session, all in one round trip.
    pub(super) fn session(self, url: &MysqlUrl, autocommit: bool) -> String {
        let limits = match self.flavour {
            // For reads alone. What writes is bounded by the waits for locks and by the socket.
            Flavour::Mysql => format!("max_execution_time = {}", url.statement_timeout.as_millis()),
            Flavour::MariaDb => format!(
                "max_statement_time = {:.3}, idle_transaction_timeout = {IDLE_TRANSACTION_SECONDS}",
                url.statement_timeout.as_secs_f64()
            ),
        };
        format!(
            // The three of SET NAMES: a server may be told to overlook what the handshake asked for. Messages
            // in English, because the name of a key is read from one.
            "SET SESSION character_set_client = utf8mb4, character_set_results = utf8mb4, \
             collation_connection = utf8mb4_bin, lc_messages = 'en_US', sql_mode = '{SQL_MODE}', \
             time_zone = '+00:00', {isolation} = '{level}', innodb_lock_wait_timeout = {lock}, \
             lock_wait_timeout = {lock}, {limits}, autocommit = {autocommit}",
            isolation = self.isolation_variable(),
            level = url.isolation.name(),
            // The server counts in whole seconds.
            lock = url.lock_timeout.as_millis().div_ceil(1000),
            autocommit = u8::from(autocommit),
        )
    }

    /// Asks whether a node of a cluster takes statements. `None` where there are no such clusters.
    pub(super) const fn readiness(self) -> Option<&'static str> {
        match self.flavour {
            // The status says "off" also where there is no cluster.
            Flavour::MariaDb => Some(
                "SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS \
                 WHERE VARIABLE_NAME = 'WSREP_READY' AND EXISTS (SELECT 1 \
                 FROM information_schema.GLOBAL_VARIABLES \
                 WHERE VARIABLE_NAME = 'WSREP_ON' AND VARIABLE_VALUE = 'ON')",
            ),
            // Percona's cluster answers 1047 to the first statement, and no node reads from a table for it.
            Flavour::Mysql => None,
        }
    }
}

/// The name of the key in a message that says that it would be broken. The rest of the message holds the value.
pub(super) fn duplicate_key(message: &str) -> String {
    // The value comes first and may hold the same words, so the last ones count.
    let name = message.rsplit_once(" for key ").map(|(_, name)| name);
    let name = name.unwrap_or("").trim_matches(['\'', '`', '"']);
    // MySQL puts the table's name before it since 8.0.19.
    let name = name.rsplit_once('.').map_or(name, |(_, name)| name);
    let is_name = |character: char| character.is_alphanumeric() || "_-$".contains(character);
    if name.is_empty() || !name.chars().all(is_name) {
        return "a unique key".to_owned();
    }
    name.to_owned()
}

/// What an error number that one of the two alone has, or both with other meanings, says.
pub(super) mod code {
    /// `max_statement_time` of MariaDB, `max_execution_time` of MySQL.
    pub(in super::super) const STATEMENT_TIMEOUT: [u16; 2] = [1969, 3024];
    /// A session that was killed: MariaDB, MySQL; MySQL closed one that was idle, before 8.0.24 without a word.
    pub(in super::super) const KILLED: [u16; 3] = [1927, 3169, 4031];
    /// With snapshot isolation on MariaDB: the row changed since it was read. MySQL never says it.
    pub(in super::super) const CHANGED_SINCE_READ: u16 = 1020;
    /// MariaDB: the table is in the dictionary and not in the engine.
    pub(in super::super) const NOT_IN_ENGINE: u16 = 1932;
    /// A node of a Galera cluster that does not take statements.
    pub(in super::super) const NODE_NOT_READY: u16 = 1047;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_tells_the_flavour() {
        let supported = |version| {
            let server = Server::parse(version);
            (server.flavour, server.is_supported())
        };
        assert_eq!(supported("8.0.40"), (Flavour::Mysql, true));
        assert_eq!(supported("9.2.0-commercial"), (Flavour::Mysql, true));
        assert_eq!(supported("5.7.44-log"), (Flavour::Mysql, false));
        assert_eq!(
            supported("10.11.19-MariaDB-0+deb12u1"),
            (Flavour::MariaDb, true)
        );
        assert_eq!(supported("5.5.5-10.5.8-MariaDB"), (Flavour::MariaDb, false));
        assert_eq!(supported("11.4.2-MariaDB-log"), (Flavour::MariaDb, true));
        assert_eq!(supported("?"), (Flavour::Mysql, false));
        assert_eq!(
            Server::parse("11.4.2-MariaDB").isolation_variable(),
            "transaction_isolation"
        );
        assert_eq!(
            Server::parse("10.6.1-MariaDB").isolation_variable(),
            "tx_isolation"
        );
    }

    #[test]
    fn of_a_duplicate_only_the_key_is_told() {
        for message in [
            "Duplicate entry 'a@example.com' for key 'users_email'",
            "Duplicate entry 'a@example.com' for key 'users.users_email'",
            "Duplicate entry 'x' for key 'a@example.com' for key 'users_email'",
        ] {
            assert_eq!(duplicate_key(message), "users_email");
        }
        for message in [
            "Duplicate entry 'a@example.com'",
            " for key 'a@example.com' and",
            "",
        ] {
            assert_eq!(duplicate_key(message), "a unique key");
        }
    }
}
